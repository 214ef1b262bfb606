package machine

import (
	"slices"
	"time"
)

// A plan says what is asked when, on one link.
type plan struct {
	asked    [queryCount]time.Time // when the query was last answered, or failed; zero: not yet
	stale    [queryCount]time.Time // since when its part is known to be stale; zero: it is not
	inFlight Stale                 // the query that waits for an answer
	overtook Stale                 // went stale while it waited
	dropped  Stale                 // its last reply was not used, because it was overtaken
	again    Stale                 // has brought nothing: what is asked only once has not been asked then
	lacking  Stale                 // the server said that it has no such command

	triedEvents bool                    // migrate-set-capabilities was sent
	commands    [MostCommands]time.Time // when the last commands were sent, a ring
	oldest      int                     // in commands
	rest        time.Time               // until when the server is left alone
}

// pause is how long to wait before any command: a second after the one that is MostCommands back, and as long as the
// server is given a rest.
func (p *plan) pause(now time.Time) time.Duration {
	pause := p.rest.Sub(now)
	if oldest := p.commands[p.oldest]; !oldest.IsZero() {
		pause = max(pause, oldest.Add(time.Second).Sub(now))
	}
	return pause
}

// sent takes note of a command.
func (p *plan) sent(t task, now time.Time) {
	p.commands[p.oldest] = now
	p.oldest = (p.oldest + 1) % len(p.commands)
	if t.events {
		p.triedEvents = true
		return
	}
	p.inFlight, p.overtook = StaleOf(t.query), 0
	p.stale[t.query] = time.Time{}
}

// answered gives the server a rest by how long it took.
func (p *plan) answered(took time.Duration, now time.Time) {
	p.rest = now.Add(min(restMost, restFactor*took))
}

// outdated reports whether the reply that has come is not to be used, because its part went stale after it was asked
// for. No reply is dropped twice in a row, or a flood of events would keep a part from ever being refreshed.
func (p *plan) outdated(q Query) bool {
	if !p.overtook.Has(q) || p.dropped.Has(q) {
		p.dropped &^= StaleOf(q)
		return false
	}
	p.dropped |= StaleOf(q)
	return true
}

// done takes note that q was answered, one way or another.
func (p *plan) done(q Query, now time.Time) {
	p.asked[q] = now
	p.inFlight = 0
	p.again &^= StaleOf(q)
}

// unused takes note that q has brought nothing: its reply was dropped, or did not come.
func (p *plan) unused(q Query, now time.Time) {
	p.done(q, now)
	p.again |= StaleOf(q)
}

// mark takes note that parts have gone stale.
func (p *plan) mark(stale Stale, now time.Time) {
	p.overtook |= stale & p.inFlight
	for q := range queryCount {
		if stale.Has(q) && p.stale[q].IsZero() {
			p.stale[q] = now
		}
	}
}

// earliest is the query that is due first, and when; false when none ever is. It notes what the server lacks.
func (p *plan) earliest(s *Snapshot, mode Mode, has func(string) bool) (Query, time.Time, bool) {
	var best Query
	var when time.Time
	found := false
	for q := range queryCount {
		if !has(q.Command()) {
			s.fresh[q].Absent = true
			continue
		}
		due, ok := p.due(q, s, mode)
		if !ok || found && !due.Before(when) {
			continue
		}
		best, when, found = q, due, true
	}
	return best, when, found
}

// due is when q has to be asked; false when it has not.
func (p *plan) due(q Query, s *Snapshot, mode Mode) (time.Time, bool) {
	switch {
	case p.lacking.Has(q), mode == Cheap && q > QueryVersion, !p.useful(q, s):
		return time.Time{}, false
	case p.asked[q].IsZero():
		return time.Time{}, true
	case q.once():
		return p.asked[q], p.again.Has(q) // in its turn: if it fails again and again, others are asked all the same
	}
	due := p.asked[q].Add(every(q, s, mode))
	if stale := p.stale[q]; !stale.IsZero() && stale.Before(due) {
		due = stale
	}
	return due, true
}

// useful reports whether the answer to q would be used: some queries stand in for others.
func (p *plan) useful(q Query, s *Snapshot) bool {
	switch q {
	case QueryOldCPUs:
		return s.fresh[QueryCPUs].Absent
	case QueryKVM:
		return s.fresh[QueryAccelerators].At.IsZero()
	case QueryAccelTypes:
		return s.Identity.Accelerator == "" && !p.asked[QueryKVM].IsZero() && !p.again.Has(QueryKVM)
	}
	return true
}

// once reports whether the answer to q stays the same as long as the server runs, or asking disturbs the guest.
func (q Query) once() bool {
	switch q {
	case QueryName, QueryVersion, QueryUUID, QueryTarget, QueryAccelerators, QueryKVM, QueryAccelTypes, QueryMachineType,
		QueryOldCPUs:
		return true
	}
	return false
}

// every is how often q is asked when no event asks for it sooner: quickly while a job or a migration runs, slowly while
// nothing does, and more slowly where events tell.
func every(q Query, s *Snapshot, mode Mode) time.Duration {
	if s.fresh[q].Absent {
		return time.Minute
	}
	switch q {
	case QueryStatus:
		return statusEvery(s, mode)
	case QueryBlockJobs, QueryJobs:
		return jobsEvery(s)
	case QueryMigrate:
		return migrateEvery(&s.Migration)
	case QueryMigrateParameters:
		if s.Migration.Active() { // no event says that somebody changed a limit
			return time.Second
		}
		return 30 * time.Second
	case QueryChardev:
		return 5 * time.Second
	case QueryBlock:
		return 20 * time.Second
	case QueryBlockStats:
		return statsEvery(s.Disks)
	case QueryMigrateCapabilities, QueryBalloon:
		return 30 * time.Second
	}
	return time.Minute
}

func statusEvery(s *Snapshot, mode Mode) time.Duration {
	switch {
	case s.Run.State == "finish-migrate", s.Run.State == "save-vm", s.Run.State == "restore-vm":
		return 500 * time.Millisecond // it passes soon, and no event says into what
	case mode == Cheap:
		return 15 * time.Second
	case s.Busy():
		return 2 * time.Second
	}
	return 10 * time.Second
}

func jobsEvery(s *Snapshot) time.Duration {
	listed := false
	for i := range s.Jobs {
		if s.Jobs[i].Active() {
			return 500 * time.Millisecond
		}
		listed = listed || s.Jobs[i].Listed
	}
	switch {
	case listed:
		return 3 * time.Second
	case s.fresh[QueryJobs].At.IsZero(): // a server without JOB_STATUS_CHANGE
		return 2 * time.Second
	}
	return 10 * time.Second
}

// migrateEvery looks more often at the beginning of a migration: passes are long in a long one.
func migrateEvery(m *Migration) time.Duration {
	switch {
	case m.Active() && m.TotalTime.Or(0) < time.Minute:
		return 250 * time.Millisecond
	case m.Active():
		return 500 * time.Millisecond
	}
	if slices.Contains(m.Capabilities, "events") {
		return 15 * time.Second
	}
	return 3 * time.Second
}

// statsEvery looks closely at disks that are in use.
func statsEvery(disks []Disk) time.Duration {
	for i := range disks {
		io := &disks[i].IO
		if io.ReadOps.Or(0) > 0 || io.WriteOps.Or(0) > 0 || io.ReadRate.Or(0) > 0 || io.WriteRate.Or(0) > 0 {
			return time.Second
		}
	}
	if len(disks) == 0 {
		return 30 * time.Second
	}
	return 5 * time.Second
}

// relinked is the last picture, of which nothing may be compared any more with what comes over a new link: it may be
// another machine, or the same after a restart.
func relinked(s Snapshot) Snapshot {
	s.Silent = time.Time{}
	s.Run.relinked = true
	s.Jobs = append([]Job(nil), s.Jobs...)
	for i := range s.Jobs {
		s.Jobs[i].samples = nil
	}
	s.Disks = append([]Disk(nil), s.Disks...)
	for i := range s.Disks {
		s.Disks[i].IO.At = time.Time{}
	}
	s.Migration.track = passTrack{}
	for q := range s.fresh {
		s.fresh[q].Absent = false
	}
	s.fresh[QueryJobs].At = time.Time{}
	return s
}
