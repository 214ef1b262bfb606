package machine

// Verb is what may be done with a job.
type Verb string

// The verbs.
const (
	Pause    Verb = "pause"
	Resume   Verb = "resume"
	Cancel   Verb = "cancel"
	Complete Verb = "complete"
	Finalize Verb = "finalize"
	Dismiss  Verb = "dismiss"
	SetSpeed Verb = "set-speed"
)

// An Action is a verb and the command that does it on this server.
type Action struct {
	Verb    Verb
	Command string // "job-pause", "block-job-set-speed", …
	Member  string // the command's member that takes the job's ID: "id" or "device"
	Value   string // the member that takes the speed, bytes a second: "speed" or "value"; "" for other verbs
}

// Actions lists what may be done with the job in its present status, each with a command that the server has. Which
// status allows which verb is as measured on 7.2, which refuses what is not listed here. Cancelling a mirror
// that is ready keeps a complete copy where the server can do that.
func (j Job) Actions(has func(command string) bool) []Action {
	var actions []Action
	for _, v := range []Verb{Pause, Resume, Complete, Finalize, Cancel, SetSpeed, Dismiss} {
		if !j.allows(v) {
			continue
		}
		for _, a := range j.commands(v) {
			if has(a.Command) {
				actions = append(actions, a)
				break
			}
		}
	}
	return actions
}

// allows reports whether the job's status allows the verb.
func (j Job) allows(v Verb) bool {
	if j.End != JobAlive {
		return v == Dismiss && j.Listed && j.Status == "concluded"
	}
	switch j.Status {
	case "created", "running", "paused", "ready", "standby":
		switch v {
		case Pause:
			return !j.Paused
		case Resume:
			return j.Paused
		case Cancel:
			return true
		case SetSpeed:
			return j.Block
		case Complete:
			return j.Ready // while paused, too, on recent servers
		}
	case "waiting":
		return v == Cancel
	case "pending":
		return v == Cancel || v == Finalize
	}
	return false
}

// commands lists what could do the verb, best first. Where the job is known by the general commands those are better:
// the block-job ones are on their way out. Of old servers, the block-job ones take a device.
func (j Job) commands(v Verb) []Action {
	general := Action{Verb: v, Command: "job-" + string(v), Member: "id"}
	if v == Finalize || v == Dismiss {
		return []Action{general, {Verb: v, Command: "block-job-" + string(v), Member: "id"}}
	}
	block := Action{Verb: v, Command: "block-job-" + string(v), Member: "device"}
	switch {
	case v == SetSpeed:
		block.Value = "speed"
		return []Action{block, {Verb: v, Command: "block_job_set_speed", Member: "device", Value: "value"}}
	case !j.Block:
		return []Action{general}
	case v == Cancel && j.Ready:
		return []Action{block, general}
	case v == Cancel:
		return []Action{general, block, {Verb: v, Command: "block_job_cancel", Member: "device"}}
	}
	return []Action{general, block}
}
