package machine

import "time"

// A Job is one of the server's jobs, as query-jobs and query-block-jobs together tell it, or as its events did.
type Job struct {
	ID     string // on servers before 3.0 the device
	Type   string // "mirror", "stream", "snapshot-save", …; "" when only its events were seen yet
	Status string // QMP's JobStatus: "running", "ready", "concluded", …; made out of other figures on old servers

	Current int64 // progress; in bytes for block jobs, without a unit otherwise
	Total   int64 // what Current runs up to; it may grow while the guest writes; 0: not known yet
	Block   bool  // a block job: Current and Total are bytes, and it may have a speed limit

	SpeedLimit Maybe[int64]         // bytes a second; 0: none set
	Rate       Maybe[float64]       // progress a second, measured over the last seconds
	Left       Maybe[time.Duration] // until Current reaches Total at this rate; not known when paused or not moving

	Paused   bool   // by a user or an error
	Ready    bool   // may be completed
	IOStatus string // "ok", "failed", "nospace", or "" when not told
	Error    string // what went wrong, or ""

	AutoFinalize, AutoDismiss Maybe[bool]

	FirstSeen time.Time // when it was first seen
	End       JobEnd    // how it ended; JobAlive while it lives
	Ended     time.Time // when it ended; zero while it lives

	Actions []Action // what may be done with it in this status, with the commands that this server has
	History []Point  // the measured rate over time, oldest first
}

// A JobEnd says how a job ended.
type JobEnd int

// The ends of jobs.
const (
	JobAlive     JobEnd = iota // it has not ended
	JobCompleted               // it did what it was started for
	JobCancelled               // somebody ended it
	JobFailed                  // see Error
	JobGone                    // it is not there any more; how it ended was not seen
)

// String names the end in one word; "" while the job lives.
func (e JobEnd) String() string {
	switch e {
	case JobCompleted:
		return "completed"
	case JobCancelled:
		return "cancelled"
	case JobFailed:
		return "failed"
	case JobGone:
		return "gone"
	}
	return ""
}

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

// A Point is one measured figure.
type Point struct {
	At    time.Time
	Value float64
}

// Fraction is how much of the job is done, from 0 to 1; false when its total is not known.
func (j Job) Fraction() (float64, bool) {
	if j.Total <= 0 {
		return 0, false
	}
	return min(1, max(0, float64(j.Current)/float64(j.Total))), true
}

// Active reports whether the job lives and may move by itself: it is neither paused nor waiting to be dismissed.
func (j Job) Active() bool {
	if j.End != JobAlive || j.Paused {
		return false
	}
	switch j.Status {
	case "concluded", "null", "paused", "standby", "pending", "waiting":
		return false
	}
	return true
}
