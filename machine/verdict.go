package machine

import "time"

// An Outlook is what becomes of a migration, in one word.
type Outlook int

// The outlooks. docs/migration-verdict.md says how they are told apart.
const (
	OutlookNone       Outlook = iota // there is no migration
	OutlookIncoming                  // we are the destination: only the source knows
	OutlookEarly                     // too few passes ended under the present settings to judge
	OutlookConverging                // what is left falls pass by pass; it will end in about Left
	OutlookSlow                      // as OutlookConverging, but it will take longer than it has taken
	OutlookStalled                   // what is left does not fall any more: it will not end like this
	OutlookFinishing                 // what is left fits into the downtime limit: the guest moves any moment, or stands still already
	OutlookStuck                     // nothing has been sent for a while
	OutlookPostcopy                  // the guest runs on the destination; the rest of its memory follows in about Left
	OutlookWaiting                   // somebody has to act: continue a switchover, recover a postcopy, unplug a device
	OutlookCompleted
	OutlookFailed
	OutlookCancelled
)

// A Verdict says whether a migration will converge, and if not, what would change that. It is judged when a pass
// ends, not on momentary figures.
type Verdict struct {
	Outlook Outlook
	At      time.Time            // when it was judged
	Left    Maybe[time.Duration] // until the guest has moved (or, in postcopy, all its memory), at the present pace

	First, Last      int                  // the passes judged; 0 when none
	LeastLeft        int64                // bytes: the least that one of these passes left
	MostLeft         int64                // bytes: the most that one of them left
	Sending          float64              // bytes a second on the wire over the last pass
	Dirtied          float64              // bytes a second over the last pass
	Fits             Maybe[int64]         // bytes that can be sent within the downtime limit at that rate: what has to be reached
	MorePasses       int                  // how many passes are still needed, where it converges
	BandwidthIsLimit bool                 // the bandwidth limit is what holds the sending back; otherwise the wire or the host does
	NeedDowntime     Maybe[time.Duration] // the downtime limit that would let it finish at the next pass boundary
	NeedBandwidth    Maybe[float64]       // the bandwidth, bytes a second, that would do so with the present downtime limit
	Postcopy         Remedy
	AutoConverge     Remedy
}

// A Remedy says how a way out of a stalled migration stands.
type Remedy int

// The remedies' states.
const (
	RemedyUnknown   Remedy = iota // the server did not tell
	RemedyLacking                 // the server has no such capability
	RemedyRestart                 // switched off, and it cannot be switched on while a migration runs: cancel, switch on, start again
	RemedyReady                   // switched on: postcopy can be started now; auto-converge is at work
	RemedyExhausted               // auto-converge throttles as far as it may, and it is not enough
)
