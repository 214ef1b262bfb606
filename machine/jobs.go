package machine

import (
	"encoding/json"
	"slices"
	"time"
)

// A Job is one of the server's jobs, as query-jobs and query-block-jobs together tell it, or as its events did.
type Job struct {
	ID     string // on servers before 2.7 the device
	Type   string // "mirror", "stream", "snapshot-save", …; "" when only its events were seen yet
	Status string // QMP's JobStatus: "running", "ready", "concluded", …; concluded from other figures on old servers

	Current int64 // progress; in bytes for block jobs, without a unit otherwise
	Total   int64 // what Current runs up to; it may grow while the guest writes; 0: not known yet
	Block   bool  // a block job: Current and Total are bytes, and it may have a speed limit

	SpeedLimit Maybe[int64]         // bytes a second; 0: none set
	Rate       Maybe[float64]       // progress a second, measured over the last seconds
	Left       Maybe[time.Duration] // until Current reaches Total at this rate; not known when paused or not moving

	Paused   bool   // by somebody, or by an error
	Ready    bool   // may be completed
	IOStatus string // "ok", "failed", "nospace", or "" when not told
	Error    string // what went wrong, or ""

	AutoFinalize, AutoDismiss Maybe[bool]

	FirstSeen time.Time // when it was first seen
	End       JobEnd    // how it ended; JobAlive while it runs
	Ended     time.Time // when its end was seen; zero while it runs
	Listed    bool      // the server still lists it: an ended job may be waiting to be dismissed

	History []Point // the measured rate over time, oldest first

	inBlockJobs bool       // the last query-block-jobs listed it
	aborting    bool       // its events said that it is aborting
	samples     []progress // what Rate is measured over, oldest first
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

// String names the end in one word; "" while the job runs.
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

// KeepEnded is how long a snapshot keeps a job that the server lists no more.
const KeepEnded = 5 * time.Minute

const (
	keepEndedMost = 20                   // jobs that the server lists no more
	rateWindow    = 8 * time.Second      // the time over which a job's rate is measured
	rateLeast     = time.Second          // less than this gives no rate
	sampleEvery   = time.Second / 5      // samples closer together replace each other
	historyEvery  = time.Second          // between the points of a job's history
	historyPoints = 120                  // of a job and of a disk
	leftMost      = 365 * 24 * time.Hour // a time left beyond this is as good as never
)

// A Point is one measured figure.
type Point struct {
	At    time.Time
	Value float64
}

type progress struct {
	at      time.Time
	current int64
}

// Fraction is how much of the job is done, from 0 to 1; false when its total is not known.
func (j Job) Fraction() (float64, bool) {
	if j.Total <= 0 {
		return 0, false
	}
	return min(1, max(0, float64(j.Current)/float64(j.Total))), true
}

// Active reports whether the job moves by itself: it has not ended, is not paused, and waits for nobody.
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

// absorbBlockJobs folds what query-block-jobs knows of block jobs. Only on servers without query-jobs it says which
// jobs there are: the same moment has to answer for the whole list.
func absorbBlockJobs(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r []blockJobReply
	if err := array(reply, &r); err != nil {
		return err
	}
	jobs := slices.Clone(s.Jobs)
	for i := range jobs {
		jobs[i].inBlockJobs = false
	}
	for _, b := range r {
		jobs = withJob(jobs, b.Device, at, func(j *Job) { b.apply(j, at) })
	}
	if s.fresh[QueryJobs].At.IsZero() {
		for i := range jobs {
			if !jobs[i].inBlockJobs {
				unlist(&jobs[i], at)
			}
		}
	}
	s.Jobs = ordered(jobs)
	return nil
}

type blockJobReply struct {
	Type, Device, Status, Error string
	Len, Offset                 count
	Speed                       *count
	Paused, Ready               bool
	IOStatus                    string `json:"io-status"`
	AutoFinalize                *bool  `json:"auto-finalize"`
	AutoDismiss                 *bool  `json:"auto-dismiss"`
}

func (b blockJobReply) apply(j *Job, at time.Time) {
	j.Listed, j.inBlockJobs, j.Block = true, true, true
	j.Type, j.IOStatus = b.Type, b.IOStatus
	j.SpeedLimit = maybe(b.Speed)
	j.AutoFinalize, j.AutoDismiss = maybePtr(b.AutoFinalize), maybePtr(b.AutoDismiss)
	if b.Error != "" {
		j.Error = b.Error
	}
	status := b.Status
	switch {
	case status != "":
	case b.Paused:
		status = "paused"
	case b.Ready:
		status = "ready"
	default:
		status = "running"
	}
	setStatus(j, status, at)
	j.Paused = b.Paused
	j.Ready = b.Ready
	setProgress(j, int64(b.Offset), int64(b.Len), at)
}

// absorbJobs folds query-jobs, which says what jobs there are on every server that has it.
func absorbJobs(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r []struct {
		ID, Type, Status, Error string
		Current                 count `json:"current-progress"`
		Total                   count `json:"total-progress"`
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	jobs := slices.Clone(s.Jobs)
	listed := make(map[string]bool, len(r))
	for _, b := range r {
		listed[b.ID] = true
		jobs = withJob(jobs, b.ID, at, func(j *Job) {
			j.Listed = true
			j.Type = b.Type
			j.Block = j.Block || blockJobType(b.Type)
			if b.Error != "" {
				j.Error = b.Error
			}
			setStatus(j, b.Status, at)
			setProgress(j, int64(b.Current), int64(b.Total), at)
		})
	}
	for i := range jobs {
		if !listed[jobs[i].ID] {
			unlist(&jobs[i], at)
		}
	}
	s.Jobs = ordered(jobs)
	return nil
}

// blockJobType reports whether the progress of jobs of a type counts bytes.
func blockJobType(t string) bool {
	switch t {
	case "commit", "stream", "mirror", "backup":
		return true
	}
	return false
}
