package demo

import (
	"cmp"
	"slices"
)

func jobCommands() map[string]handler {
	return map[string]handler{
		"query-jobs":          query((*Machine).queryJobs),
		"query-block-jobs":    query((*Machine).queryBlockJobs),
		"job-pause":           jobVerb((*Machine).pauseJob),
		"job-resume":          jobVerb((*Machine).resumeJob),
		"job-cancel":          jobVerb((*Machine).cancelJob),
		"job-complete":        jobVerb((*Machine).completeJob),
		"job-finalize":        jobVerb((*Machine).finalizeJob),
		"job-dismiss":         jobVerb((*Machine).dismissJob),
		"block-job-pause":     jobVerb((*Machine).pauseJob),
		"block-job-resume":    jobVerb((*Machine).resumeJob),
		"block-job-complete":  jobVerb((*Machine).completeJob),
		"block-job-finalize":  jobVerb((*Machine).finalizeJob),
		"block-job-dismiss":   jobVerb((*Machine).dismissJob),
		"block-job-cancel":    command((*Machine).blockJobCancel),
		"block_job_cancel":    command((*Machine).blockJobCancel),
		"block-job-set-speed": command((*Machine).blockJobSetSpeed),
		"block_job_set_speed": command((*Machine).blockJobSetSpeed),
	}
}

func (m *Machine) queryJobs() any {
	list := []object{}
	for _, j := range m.jobs {
		o := object{
			{"current-progress", int64(j.offset)}, {"status", j.status}, {"total-progress", int64(j.length)},
			{"type", j.kind}, {"id", j.id},
		}
		list = append(list, o.and(j.err != "", "error", j.err))
	}
	return list
}

func (m *Machine) queryBlockJobs() any {
	list := []object{}
	for _, j := range m.jobs {
		o := object{
			{"auto-finalize", j.autoFinalize}, {"io-status", j.ioStatus}, {"device", j.id}, {"auto-dismiss", j.autoDismiss},
			{"busy", j.status == "running"}, {"len", int64(j.length)}, {"offset", int64(j.offset)},
			{"status", j.status}, {"paused", j.paused()}, {"speed", j.speed}, {"ready", j.ready()}, {"type", j.kind},
		}
		list = append(list, o.and(j.err != "", "error", j.err))
	}
	return list
}

// jobVerb makes a handler of what can be done to a job. Commands named block-job-… have their own words for a job
// that is not there.
func jobVerb(do func(*Machine, *job) error) handler {
	return command(func(m *Machine, a struct{ ID, Device string }) (any, error) {
		j := m.job(cmp.Or(a.ID, a.Device))
		if j != nil {
			return nil, do(m, j)
		}
		if a.ID != "" {
			return nil, refuse("Job not found")
		}
		return nil, errNoJob(a.Device)
	})
}

func errNoJob(device string) *refusal {
	r := refuse("Block job '%s' not found", device).before("DeviceNotActive", member{"device", device}).
		worded("No active block job on device '" + device + "'")
	r.class = deviceNotActive
	return r
}

// allow refuses a verb in all but the given states.
func (j *job) allow(verb string, states ...string) error {
	if slices.Contains(states, j.status) {
		return nil
	}
	return refuse("Job '%s' in state '%s' cannot accept command verb '%s'", j.id, j.status, verb)
}

func (m *Machine) pauseJob(j *job) error {
	if err := j.allow("pause", "created", "running", "paused", "ready", "standby"); err != nil {
		return err
	}
	switch j.status {
	case "paused", "standby":
		return refuse("Job is already paused")
	case "ready":
		m.setStatus(j, "standby")
	default:
		m.setStatus(j, "paused")
	}
	return nil
}

func (m *Machine) resumeJob(j *job) error {
	if err := j.allow("resume", "created", "running", "paused", "ready", "standby"); err != nil {
		return err
	}
	switch j.status {
	case "paused":
		j.ioStatus = "ok"
		m.setStatus(j, "running")
	case "standby":
		m.setStatus(j, "ready")
	default:
		return refuse("Can't resume a job that was not paused")
	}
	return nil
}

// cancelJob stops a job for good: with job-cancel, one that is ready too.
func (m *Machine) cancelJob(j *job) error { return m.cancel(j, true) }

func (m *Machine) cancel(j *job, force bool) error {
	if err := j.allow("cancel", "created", "running", "paused", "ready", "standby", "waiting", "pending"); err != nil {
		return err
	}
	if j.cancelling {
		return errInUse(j.id, "Job '"+j.id+"' is being cancelled already")
	}
	j.cancelling = true
	j.forced = force
	if j.status == "pending" {
		m.after(tick, func() { m.stopJob(j) })
	}
	return nil
}

func (m *Machine) completeJob(j *job) error {
	if err := j.allow("complete", "ready"); err != nil {
		return err
	}
	j.completing = true
	return nil
}

func (m *Machine) finalizeJob(j *job) error {
	if err := j.allow("finalize", "pending"); err != nil {
		return err
	}
	m.finalize(j)
	return nil
}

func (m *Machine) dismissJob(j *job) error {
	if err := j.allow("dismiss", "concluded"); err != nil {
		return err
	}
	m.dismiss(j)
	return nil
}

func (m *Machine) blockJobCancel(a struct {
	Device string
	Force  bool
}) (any, error) {
	j := m.job(a.Device)
	if j == nil {
		return nil, errNoJob(a.Device)
	}
	return nil, m.cancel(j, a.Force)
}

func (m *Machine) blockJobSetSpeed(a struct {
	Device       string
	Speed, Value int64
}) (any, error) {
	j := m.job(a.Device)
	if j == nil {
		return nil, errNoJob(a.Device)
	}
	if err := j.allow("set-speed", "created", "running", "paused", "ready", "standby"); err != nil {
		return nil, err
	}
	speed := a.Speed + a.Value // the one is today's member, the other that of 2012
	if speed < 0 {
		return nil, errValue("speed", "a non-negative value")
	}
	j.speed = speed
	return nil, nil
}
