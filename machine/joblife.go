package machine

import (
	"cmp"
	"slices"
	"time"
)

// withJob changes the job called id, or adds it; one of that name that has ended and is not listed makes way for it.
// The slice is the caller's own.
func withJob(jobs []Job, id string, at time.Time, change func(*Job)) []Job {
	i := slices.IndexFunc(jobs, func(j Job) bool { return j.ID == id })
	if i >= 0 && !jobs[i].Listed && jobs[i].End != JobAlive {
		jobs = slices.Delete(jobs, i, i+1)
		i = -1
	}
	if i < 0 {
		jobs = append(jobs, Job{ID: id, FirstSeen: at})
		i = len(jobs) - 1
	}
	change(&jobs[i])
	return jobs
}

// setStatus gives a job one of QMP's words for its status.
func setStatus(j *Job, status string, at time.Time) {
	j.Status = status
	j.Paused = status == "paused" || status == "standby"
	j.Ready = status == "ready" || status == "standby"
	switch status {
	case "created", "running", "paused", "ready", "standby":
		if j.End != JobAlive { // another job of that name: the end of the listing of the first was missed
			j.End, j.Ended, j.Error, j.aborting, j.FirstSeen, j.History = JobAlive, time.Time{}, "", false, at, nil
		}
	case "aborting":
		j.aborting = true
	case "concluded":
		endJob(j, outcome(j), at)
	}
	if j.Paused || j.End != JobAlive {
		j.Rate, j.Left, j.samples = Maybe[float64]{}, Maybe[time.Duration]{}, nil
	}
}

// cancelledError is what a job's error says when somebody cancelled it: the C library's words for ECANCELED.
const cancelledError = "Operation canceled"

// outcome is how a concluded job ended, as far as it can be told.
func outcome(j *Job) JobEnd {
	switch {
	case j.Error == cancelledError:
		return JobCancelled
	case j.End != JobAlive:
		return j.End
	case j.Error != "" || j.aborting:
		return JobFailed
	}
	return JobCompleted
}

func endJob(j *Job, end JobEnd, at time.Time) {
	if j.End == JobAlive {
		j.Ended = at
	}
	j.End = end
	j.Rate, j.Left, j.samples = Maybe[float64]{}, Maybe[time.Duration]{}, nil
}

// unlist takes note that the server does not list the job any more.
func unlist(j *Job, at time.Time) {
	if !j.Listed && j.End != JobAlive {
		return
	}
	j.Listed = false
	if j.End == JobAlive {
		endJob(j, JobGone, at)
	}
}

// setProgress takes the job's progress and measures its rate and the time left.
func setProgress(j *Job, current, total int64, at time.Time) {
	j.Current, j.Total = current, total
	if !j.Active() {
		return
	}
	j.samples = sampled(j.samples, progress{at, current})
	first, last := j.samples[0], j.samples[len(j.samples)-1]
	span := last.at.Sub(first.at)
	if span < rateLeast {
		return
	}
	rate := perSecond(last.current-first.current, span)
	j.Rate, j.Left = Known(rate), timeLeft(total-current, rate)
	if j.Ready {
		j.Left = Maybe[time.Duration]{}
	}
	if n := len(j.History); n == 0 || at.Sub(j.History[n-1].At) >= historyEvery {
		j.History = appendCapped(j.History, Point{at, rate}, historyPoints)
	}
}

// sampled is the samples of the last rateWindow with a new one. Progress that went back starts afresh.
func sampled(samples []progress, p progress) []progress {
	next := make([]progress, 0, len(samples)+1)
	for _, s := range samples {
		if p.at.Sub(s.at) <= rateWindow && !p.at.Before(s.at) {
			next = append(next, s)
		}
	}
	n := len(next)
	switch {
	case n > 0 && p.current < next[n-1].current:
		next = next[:0]
	case n > 1 && p.at.Sub(next[n-2].at) < sampleEvery:
		next = next[:n-1]
	}
	return append(next, p)
}

// timeLeft is how long the rest takes at a rate; not known when nothing moves.
func timeLeft(rest int64, rate float64) Maybe[time.Duration] {
	if rate <= 0 {
		return Maybe[time.Duration]{}
	}
	left := clampedDuration(float64(max(0, rest)) / rate * 1e9)
	if left > leftMost {
		return Maybe[time.Duration]{}
	}
	return Known(left)
}

// ordered puts what the server lists first, as it was first seen, and then the rest, the latest end first.
func ordered(jobs []Job) []Job {
	slices.SortStableFunc(jobs, func(a, b Job) int {
		switch {
		case a.Listed && b.Listed:
			return 0
		case a.Listed:
			return -1
		case b.Listed:
			return 1
		}
		return cmp.Compare(b.Ended.UnixNano(), a.Ended.UnixNano())
	})
	return jobs
}

// forgetOld drops jobs that ended long ago, and all but the latest when there are many.
func forgetOld(jobs []Job, now time.Time) []Job {
	gone := 0
	old := func(j Job) bool {
		if j.Listed || j.End == JobAlive {
			return false
		}
		gone++
		return gone > keepEndedMost || now.Sub(j.Ended) > KeepEnded
	}
	if !slices.ContainsFunc(jobs, old) {
		return jobs
	}
	gone = 0
	return slices.DeleteFunc(slices.Clone(jobs), old)
}

// reduceJob folds the events of jobs.
func reduceJob(s *Snapshot, e Event, at time.Time) Stale {
	var d jobEvent
	if object(e.Data, &d) != nil {
		return StaleOf(QueryJobs, QueryBlockJobs)
	}
	id := d.ID
	if id == "" {
		id = d.Device
	}
	if id == "" {
		return StaleOf(QueryJobs, QueryBlockJobs)
	}
	s.Jobs = ordered(withEventJob(slices.Clone(s.Jobs), id, e.Name, d, at))
	stale := StaleOf(QueryJobs, QueryBlockJobs)
	if d.Status == "null" || e.Name == "BLOCK_JOB_COMPLETED" || e.Name == "BLOCK_JOB_CANCELLED" {
		stale |= StaleOf(QueryBlock) // the end of a block job changes the graph
	}
	return stale
}

type jobEvent struct {
	ID, Device, Type, Status string
	Error, Operation         string
	Len, Offset, Speed       *count
}

func withEventJob(jobs []Job, id, event string, d jobEvent, at time.Time) []Job {
	// The last events of a job come after its end: they must not make a new one.
	i := slices.IndexFunc(jobs, func(j Job) bool { return j.ID == id })
	if i >= 0 && jobs[i].End != JobAlive && d.Status != "created" {
		d.apply(&jobs[i], event, at)
		return jobs
	}
	if i < 0 && d.Status == "null" {
		return jobs
	}
	return withJob(jobs, id, at, func(j *Job) {
		if event == "JOB_STATUS_CHANGE" {
			j.Listed = true
		}
		d.apply(j, event, at)
	})
}

func (d jobEvent) apply(j *Job, event string, at time.Time) {
	if d.Type != "" {
		j.Type = d.Type
	}
	if d.Len != nil && d.Offset != nil {
		j.Block = true
		setProgress(j, int64(*d.Offset), int64(*d.Len), at)
	}
	if d.Speed != nil {
		j.SpeedLimit = maybe(d.Speed)
	}
	switch event {
	case "JOB_STATUS_CHANGE":
		if d.Status != "null" {
			setStatus(j, d.Status, at)
			return
		}
		j.Status = d.Status
		unlist(j, at)
	case "BLOCK_JOB_READY":
		j.Listed = true
		setStatus(j, "ready", at)
	case "BLOCK_JOB_PENDING":
		j.Listed = true
		setStatus(j, "pending", at)
	case "BLOCK_JOB_COMPLETED":
		j.Error = d.Error
		if d.Error == "" {
			endJob(j, JobCompleted, at)
		} else {
			endJob(j, JobFailed, at)
		}
	case "BLOCK_JOB_CANCELLED":
		endJob(j, JobCancelled, at)
	case "BLOCK_JOB_ERROR":
		j.Block, j.Listed = true, true
		j.IOStatus = "failed"
		j.Error = ioErrorText(d.Operation, "", "", false)
	}
}
