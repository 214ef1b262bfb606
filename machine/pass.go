package machine

import "time"

const (
	passesKept       = 256         // finished passes of one migration
	pointsKept       = 600         // of a migration's history, which is thinned out beyond that
	throughputWindow = time.Second // the time over which the throughput is measured
)

// passTrack is what the next look at a running migration is compared with. Its times are Started plus the server's own
// total-time where that is told: the moment the server looked, not the moment we heard of it.
type passTrack struct {
	at          time.Time // of the last look; zero: none yet
	pass        int       // which ran then
	remaining   int64
	transferred int64
	pages       int64   // bytes of guest memory dealt with
	rate        float64 // bytes a second, as the server told

	began     time.Time    // of the running pass
	beganAt   int64        // transferred then
	beganOn   int64        // pages then
	dirty     int64        // bytes to deal with then
	recounts  int          // how often the server looked what is dirty without an end of a pass
	partial   bool         // the running pass began before we looked
	mixed     bool         // the bandwidth limit changed since it began
	bandwidth Maybe[int64] // the limit last known

	moved  time.Time  // when transferred last grew
	recent []progress // transferred over the last throughputWindow
}

// looked takes note of a look at a running migration, and closes passes that have ended since the one before. counted
// says that the server counts the passes; where it does not, a pass ends where what remains grows.
func (m Migration) looked(counted bool, at time.Time) Migration {
	if m.TotalTime.Known {
		at = m.Started.Add(m.TotalTime.Value)
	}
	anew := m.track.at.IsZero() || m.Passes < m.track.pass
	if counted {
		m = m.recounted(anew)
	}
	t := m.track
	if !counted {
		m.Passes = max(1, t.pass)
		if !t.at.IsZero() && m.RAM.Remaining > t.remaining+m.RAM.Total/1000 {
			m.Passes++
		}
	}
	changed := m.Limits.Bandwidth.Known && t.bandwidth.Known && t.bandwidth != m.Limits.Bandwidth
	m.track.mixed = t.mixed || changed
	switch {
	case anew:
		t = m.firstLook(at)
	case m.Status == "active" && m.Passes > t.pass:
		m, t = m.passEnded(at)
	}
	t.mixed = t.mixed || changed // on which side of a boundary is not known: both passes are mixed
	keep(&t.bandwidth, m.Limits.Bandwidth)
	if m.RAM.Transferred > t.transferred || t.moved.IsZero() {
		t.moved = at
	}
	t.at, t.pass, t.remaining = at, m.Passes, m.RAM.Remaining
	t.transferred, t.pages, t.rate = m.RAM.Transferred, m.RAM.pages(), m.Throughput.Or(0)
	t.recent = recentOf(t.recent, progress{at, m.RAM.Transferred})
	m.track = t
	first := t.recent[0]
	if span := at.Sub(first.at); span >= throughputWindow*4/5 {
		m.Throughput = Known(perSecond(m.RAM.Transferred-first.current, span))
	}
	m.History = thinned(m.History, MigrationPoint{
		At: at, Throughput: m.Throughput.Or(0), DirtyRate: m.DirtyRate.Or(0), Remaining: m.RAM.Remaining, Pass: m.Passes,
	})
	return m
}

// pages is how many bytes of guest memory were dealt with, pages of one value included.
func (t Transfer) pages() int64 { return (t.Duplicate + t.Normal) * t.PageSize }

func (m Migration) firstLook(at time.Time) passTrack {
	t := passTrack{
		began: at, beganAt: m.RAM.Transferred, beganOn: m.RAM.pages(), dirty: m.RAM.Remaining, partial: m.Passes > 1,
		recounts: m.track.recounts,
	}
	if m.Passes == 1 && m.TotalTime.Known {
		t.began, t.beganAt, t.beganOn, t.dirty = m.Started.Add(m.SetupTime.Or(0)), 0, 0, m.RAM.Total
	}
	return t
}

// recounted takes off the passes that the server has counted and that are none. A server looks again at what is dirty when
// a pass ends, because what remains fits into the downtime limit; QEMU 11.1 does so ten times a second once the guest
// could go on by postcopy, and counts that.
func (m Migration) recounted(anew bool) Migration {
	t := &m.track
	none := 0
	switch {
	case anew:
		m.Passes += t.recounts
		t.recounts = 0
		none = m.earlyRecounts()
	case m.Status == "active":
		none = m.recounts()
	}
	m.Passes -= none
	t.recounts += none
	return m
}

// recounts is how many passes that the server has counted since the last look are none. Where it counts too many, one has
// ended when as much was dealt with as was dirty at its beginning.
func (m Migration) recounts() int {
	t, passes := m.track, m.Passes-m.track.pass
	fits := m.fits(max(m.Throughput.Or(0), t.rate))
	undone := t.remaining - (m.RAM.pages() - t.pages)
	switch {
	case passes < 1 || m.RAM.PageSize <= 0 || !fits.Known || undone/fitsMost <= fits.Value:
		return 0
	case m.RAM.pages()-t.beganOn < t.dirty:
		return passes
	}
	return passes - 1
}

// earlyRecounts is the same at the first look: as long as not as much was dealt with as there is memory, it is in its first
// pass.
func (m Migration) earlyRecounts() int {
	fits := m.fits(m.Throughput.Or(0))
	if m.Passes < 2 || m.RAM.PageSize <= 0 || !fits.Known || (m.RAM.Total-m.RAM.pages())/fitsMost <= fits.Value {
		return 0
	}
	return m.Passes - 1
}

// fitsMost allows for a server that knows the rate of sending no better than we do.
const fitsMost = 4

// passEnded closes the pass that ran at the last look, or, when several have ended since then, the last of them.
func (m Migration) passEnded(at time.Time) (Migration, passTrack) {
	t, next := m.track, m.track
	interval, steps := at.Sub(t.at), m.Passes-t.pass
	p := Pass{
		Number: m.Passes - 1, Began: t.began, Left: m.leftAtBoundary(steps),
		Limits: m.Limits, Throttle: m.Throttle.Or(0), Mixed: t.mixed || t.partial,
	}
	// Where in the interval the boundary lies, from 0 to 1, by what was dealt with before and after it.
	part := 1.0
	if dealt := m.RAM.pages() - t.pages; dealt > 0 {
		part = max(0, 1-float64(p.Left-m.RAM.Remaining)/float64(dealt))
	}
	p.Ended = t.at.Add(time.Duration(part * float64(interval)))
	sent := m.RAM.Transferred - t.transferred
	next.beganAt = t.transferred + int64(part*float64(sent))
	if steps == 1 {
		p.Sent = rateOver(next.beganAt-t.beganAt, p.Ended.Sub(t.began))
	} else {
		p.Began = p.Ended.Add(-p.Ended.Sub(t.at) / time.Duration(steps))
		p.Sent = rateOver(sent, interval)
	}
	p.Dirtied = m.DirtyRate.Or(rateOver(p.Left, p.Ended.Sub(p.Began)))
	m.Ends = appendCapped(m.Ends, p, passesKept)
	next.beganOn, next.dirty = t.pages+int64(part*float64(m.RAM.pages()-t.pages)), p.Left
	next.began, next.mixed, next.partial = p.Ended, false, false
	return m, next
}

// leftAtBoundary is what was dirty when the last pass ended. A look comes some time after the boundary, when part of the
// new pass has been sent already. How much is known, because the server ends a pass as soon as what remains fits into
// the downtime limit: of what was dealt with since the last look, all that remained then but what fits belongs to the
// pass that ended, and the rest to the new one. Where several have ended, each dealt with all but what fits. The server
// learns the rate of sending ten times a second: what fits is reckoned by the lower of the rates at the two looks.
func (m Migration) leftAtBoundary(steps int) int64 {
	remaining := m.RAM.Remaining
	dealt := m.RAM.pages() - m.track.pages
	if dealt <= 0 || steps < 1 || m.track.mixed {
		return remaining
	}
	n, fits := int64(steps), m.fits(min(m.Throughput.Or(0), m.track.rate)).Or(0)
	unsent := min(fits, m.track.remaining)
	left := (dealt+remaining-m.track.remaining+unsent)/n + fits/n*(n-1)
	most := remaining + max(0, min(m.RAM.Transferred-m.track.transferred, dealt/n))
	return min(max(left, remaining), most)
}

// fits is how many bytes the server would send within the downtime limit at a rate.
func (m Migration) fits(rate float64) Maybe[int64] {
	if s := m.Limits.Switchover.Or(0); s > 0 {
		rate = float64(s)
	}
	if !m.Limits.Downtime.Known {
		return Maybe[int64]{}
	}
	return Known(int64(min(rate*m.Limits.Downtime.Value.Seconds(), 1<<62)))
}

func rateOver(n int64, interval time.Duration) float64 {
	if interval <= 0 || n <= 0 {
		return 0
	}
	return perSecond(n, interval)
}

// recentOf is the samples that the window needs, with a new one: those within it, and the one just before.
func recentOf(samples []progress, p progress) []progress {
	for len(samples) > 1 && p.at.Sub(samples[1].at) >= throughputWindow {
		samples = samples[1:]
	}
	return appendCapped(samples, p, 64)
}

// thinned is history with one more point. When there are too many, every second of the older half goes.
func thinned(history []MigrationPoint, p MigrationPoint) []MigrationPoint {
	if len(history) < pointsKept {
		return appendCapped(history, p, pointsKept)
	}
	half := len(history) / 2
	next := make([]MigrationPoint, 0, pointsKept)
	for i := 0; i < half; i += 2 {
		next = append(next, history[i])
	}
	return append(append(next, history[half:]...), p)
}
