package machine

import (
	"math"
	"slices"
	"time"
)

// An Outlook is what becomes of a migration, in one word.
type Outlook int

// The outlooks. docs/migration-verdict.md says how they are told apart.
const (
	OutlookNone       Outlook = iota // there is no migration
	OutlookIncoming                  // we are the destination: only the source knows
	OutlookEarly                     // too few passes have ended to judge
	OutlookConverging                // what passes leave falls; it will end in about Left
	OutlookSlow                      // as OutlookConverging, but it will take longer than it has taken
	OutlookStalled                   // what passes leave does not fall any more: it will not end like this
	OutlookFinishing                 // what is left fits into the downtime limit: the guest moves any moment, or stands still already
	OutlookStuck                     // nothing has been sent for a while
	OutlookPostcopy                  // the guest runs on the destination; the rest of its memory follows in about Left
	OutlookWaiting                   // somebody has to act: continue a switchover, recover a postcopy, unplug a device
	OutlookCompleted
	OutlookFailed
	OutlookCancelled
)

// String names the outlook in one word; "" for OutlookNone.
func (o Outlook) String() string {
	if o < 0 || int(o) > int(OutlookCancelled) {
		return ""
	}
	return [...]string{
		"", "incoming", "early", "converging", "slow", "stalled", "finishing", "stuck", "postcopy", "waiting", "completed",
		"failed", "cancelled",
	}[o]
}

// A Verdict says whether a migration will converge, and if not, what would change that. It is judged when a pass
// ends, not on momentary figures.
type Verdict struct {
	Outlook  Outlook
	Status   string               // of the migration it is about
	Error    string               // the server's words on why it failed, or ""
	At       time.Time            // when it was judged
	Left     Maybe[time.Duration] // until the guest has moved (or, in postcopy, all its memory), at the present pace
	Pass     int                  // the one that runs; 0 when not known
	PassLeft Maybe[time.Duration] // until the running pass ends, when there is more to tell

	First, Last int     // the passes judged; 0 when none
	LastLeft    int64   // bytes that the last pass left
	LeastLeft   int64   // bytes: the least that one of these passes left
	MostLeft    int64   // bytes: the most that one of them left
	Sending     float64 // bytes a second on the wire over the last pass, or now where the limit has changed since
	Dirtied     float64 // bytes a second over the last pass
	MorePasses  int     // how many passes are still needed, where it converges

	Limits           Limits               // at the time of judging
	Fits             Maybe[int64]         // bytes that can be sent within the downtime limit at that rate: what has to be reached
	BandwidthIsLimit bool                 // the bandwidth limit is what holds the sending back; otherwise the wire or the host does
	NeedDowntime     Maybe[time.Duration] // the downtime limit that would let it finish at the next pass boundary
	NeedBandwidth    Maybe[float64]       // the bandwidth, bytes a second, that would do so with the present downtime limit
	Postcopy         Remedy
	AutoConverge     Remedy
	Throttle         Maybe[int]    // percent that auto-converge takes now
	Still            time.Duration // how long nothing has been sent, when OutlookStuck
}

// A Remedy says how a way out of a stalled migration stands.
type Remedy int

// The remedies' states.
const (
	RemedyUnknown   Remedy = iota // the server did not tell
	RemedyLacking                 // the server has no such capability
	RemedyRestart                 // switched off, and it cannot be switched on while a migration runs: cancel, switch on, start again
	RemedyReady                   // switched on: postcopy can be started now; auto-converge is at work and may throttle further
	RemedyExhausted               // auto-converge throttles as far as it may
)

const (
	stuckAfter    = 10 * time.Second // without a byte sent
	windowTime    = 3 * time.Second  // short passes are judged over at least this time: a single one is noise
	passesMost    = 50               // needing more passes than this is as good as never
	fallLeast     = 0.985            // passes that leave more than this part of what the ones before them left do not fall
	fallAtOnce    = 0.9              // the same for the first two passes, which prove little
	limitReached  = 0.85             // sending at this part of the bandwidth limit is sending at the limit
	advisedMargin = 1.1              // what is advised is this much more than what would just do
)

// judge says what becomes of m.
func judge(m Migration, at time.Time) Verdict {
	v := Verdict{Status: m.Status, Error: m.Error, At: at, Limits: m.Limits, Throttle: m.Throttle}
	switch m.Status {
	case "postcopy-paused", "postcopy-recover-setup", "postcopy-recover": // it is the destination where the guest hangs
	default:
		if m.Incoming && m.Active() {
			v.Outlook = OutlookIncoming
			return v
		}
	}
	switch m.Status {
	case "", "none", "colo":
	case "completed":
		v.Outlook = OutlookCompleted
	case "failed", "failing":
		v.Outlook = OutlookFailed
	case "cancelled", "cancelling":
		v.Outlook = OutlookCancelled
	case "setup":
		v.Outlook = OutlookEarly
	case "device", "postcopy-device":
		v.Outlook = OutlookFinishing
	case "pre-switchover", "wait-unplug", "postcopy-paused", "postcopy-recover-setup", "postcopy-recover":
		v.Outlook = OutlookWaiting
	case "postcopy-active":
		v.Outlook = OutlookPostcopy
		v.Left = timeLeft(m.RAM.Remaining, m.Throughput.Or(0))
		v.stuck(m, at)
	default:
		v.precopy(m, at)
	}
	return v
}

// stuck overrules the outlook when nothing was sent for a while.
func (v *Verdict) stuck(m Migration, at time.Time) {
	if moved := m.track.moved; !moved.IsZero() && at.Sub(moved) > stuckAfter {
		v.Outlook, v.Left, v.Still = OutlookStuck, Maybe[time.Duration]{}, at.Sub(moved)
	}
}

// precopy judges a migration whose guest still runs here.
func (v *Verdict) precopy(m Migration, at time.Time) {
	v.Outlook, v.Pass = OutlookEarly, m.Passes
	v.Sending, v.Dirtied = m.Throughput.Or(0), m.DirtyRate.Or(0)
	judged := window(m.Ends, 2, windowTime)
	if len(judged) > 0 {
		v.passes(judged)
		if last := judged[len(judged)-1]; last.Limits.Bandwidth == m.Limits.Bandwidth && !last.Mixed {
			v.Sending = meanSent(judged)
		}
	}
	limit := float64(v.Limits.Bandwidth.Or(0))
	v.BandwidthIsLimit = limit > 0 && v.Sending >= limitReached*limit
	v.Fits = m.fits(v.Sending)
	v.PassLeft = timeLeft(m.RAM.Remaining-v.Fits.Or(0), m.Throughput.Or(0))
	v.remedies(m)
	if len(judged) > 0 {
		v.needs(judged[len(judged)-1].Left)
		v.converges(m.Ends, m.Started, at)
	}
	v.stuck(m, at)
}

// window is the last passes that can be compared: at least that many after a first one to compare with, and as many as
// it takes to span the given time, as far back as they go. What a pass left tells nothing when the bandwidth changed
// while it ran, but the next can be compared with it.
func window(ends []Pass, least int, span time.Duration) []Pass {
	if len(ends) == 0 {
		return nil
	}
	last := len(ends) - 1
	first := last
	for first > 0 && !ends[first].Mixed && (last-first < least || ends[last].Ended.Sub(ends[first].Ended) < span) {
		first--
	}
	return ends[first:]
}

// passes notes what the judged passes left.
func (v *Verdict) passes(judged []Pass) {
	last := judged[len(judged)-1]
	v.First, v.Last = judged[0].Number, last.Number
	v.LastLeft, v.LeastLeft, v.MostLeft = last.Left, last.Left, last.Left
	for _, p := range judged {
		v.LeastLeft, v.MostLeft = min(v.LeastLeft, p.Left), max(v.MostLeft, p.Left)
	}
	v.Dirtied = last.Dirtied
}

// meanSent is the rate over all the passes but those that ran at another bandwidth.
func meanSent(judged []Pass) float64 {
	var sent, took float64
	for _, p := range judged {
		if !p.Mixed && p.Limits.Bandwidth == judged[len(judged)-1].Limits.Bandwidth {
			seconds := p.Ended.Sub(p.Began).Seconds()
			sent += p.Sent * seconds
			took += seconds
		}
	}
	if took <= 0 {
		return judged[len(judged)-1].Sent
	}
	return sent / took
}

// needs works out which limit would let it finish when the next pass ends: the most that these passes left has to fit.
func (v *Verdict) needs(last int64) {
	most := float64(max(last, v.MostLeft)) * advisedMargin
	if v.Fits.Known && last <= v.Fits.Value {
		return
	}
	if v.Sending > 0 && v.Limits.Switchover.Or(0) <= 0 {
		const step = 100 * time.Millisecond
		need := clampedDuration(math.Ceil(most/v.Sending*float64(time.Second/step)) * float64(step))
		v.NeedDowntime = Known(need)
	}
	if limit := v.Limits.Downtime; limit.Known && limit.Value > 0 {
		const step = 1 << 20
		v.NeedBandwidth = Known(math.Ceil(most/limit.Value.Seconds()/step) * step)
	}
}

// converges judges whether what passes leave still falls, and when it will fit into the downtime limit.
func (v *Verdict) converges(ends []Pass, started, at time.Time) {
	last := ends[len(ends)-1]
	if v.Fits.Known && last.Left <= v.Fits.Value {
		v.Outlook = OutlookFinishing
		return
	}
	long, short := window(ends, 4, 2*windowTime), window(ends, 2, windowTime)
	ratio := meanFall(long)
	switch passes := len(long) - 1; {
	case last.Limits.Bandwidth != v.Limits.Bandwidth, passes == 0, passes == 1 && ratio > fallAtOnce:
		return // the next pass will tell
	case max(ratio, meanFall(short)) > fallLeast: // a fall has to last
		v.Outlook = OutlookStalled
		return
	case !v.Fits.Known || v.Sending <= 0:
		v.Outlook = OutlookConverging // where to is not known
		return
	}
	left, more := v.whenFits(last, ratio)
	if more > passesMost {
		v.Outlook = OutlookStalled
		return
	}
	v.Outlook, v.MorePasses = OutlookConverging, more
	if left > last.Ended.Sub(started) {
		v.Outlook = OutlookSlow
	}
	v.Left = Known(max(0, left-at.Sub(last.Ended)))
}

// meanFall is the factor by which each pass left less than the one before it.
func meanFall(judged []Pass) float64 {
	first, last := judged[0], judged[len(judged)-1]
	if first.Left <= 0 || last.Number <= first.Number {
		return 1
	}
	return math.Pow(float64(last.Left)/float64(first.Left), 1/float64(last.Number-first.Number))
}

// whenFits is how long after the end of the last pass what is left will fit into the downtime limit, and after how many
// more passes, when each leaves ratio times what the one before it left. It gives up beyond passesMost.
func (v *Verdict) whenFits(last Pass, ratio float64) (after time.Duration, more int) {
	left, sum := float64(last.Left), 0.0
	for left > float64(v.Fits.Value) && more <= passesMost {
		sum += left / v.Sending
		left *= ratio
		more++
	}
	return clampedDuration(sum * 1e9), more
}

// remedies says how the capabilities stand that would help. They can only be switched while no migration runs.
func (v *Verdict) remedies(m Migration) {
	v.Postcopy = remedy(m, "postcopy-ram")
	v.AutoConverge = remedy(m, "auto-converge")
	most := m.Limits.MaxThrottle.Or(99)
	if v.AutoConverge == RemedyReady && m.Throttle.Or(0) >= most {
		v.AutoConverge = RemedyExhausted
	}
}

func remedy(m Migration, capability string) Remedy {
	switch {
	case m.known == nil:
		return RemedyUnknown
	case slices.Contains(m.Capabilities, capability):
		return RemedyReady
	case slices.Contains(m.known, capability):
		return RemedyRestart
	}
	return RemedyLacking
}
