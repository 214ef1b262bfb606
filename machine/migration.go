package machine

import "time"

// Migration is the state of the machine's latest migration.
type Migration struct {
	Status   string // QMP's MigrationStatus: "active", "completed", …; "" or "none" when there was none
	Incoming bool   // the machine is the destination; figures about the transfer are the source's and not known here

	Started time.Time // when it was first seen; zero when it never ran while we watched
	Ended   time.Time // when its end was seen; zero before

	RAM  Transfer // guest memory
	Disk Transfer // block migration of old servers; all zero otherwise

	Passes     int            // over the guest's memory, counted from 1 while the first runs; 0: not told, nor inferred
	Throughput Maybe[float64] // bytes a second on the wire; the server's figure, or ours where it has none
	DirtyRate  Maybe[float64] // bytes of memory a second that the guest dirties, as the server measured at the last pass boundary
	PageRate   Maybe[float64] // pages a second sent

	ExpectedDowntime Maybe[time.Duration] // the server's guess
	Downtime         Maybe[time.Duration] // how long the guest stood still; known when completed
	SetupTime        Maybe[time.Duration]
	TotalTime        Maybe[time.Duration]

	Limits       Limits
	Capabilities []string   // those switched on, sorted
	Throttle     Maybe[int] // percent that auto-converge takes from the vCPUs

	PostcopyRequests int64                // page faults the destination asked for
	PostcopyBlock    Maybe[time.Duration] // how long the destination's vCPUs waited for pages
	Compression      Maybe[Compression]
	XBZRLE           Maybe[XBZRLE]
	MultifdBytes     int64 // bytes sent over multifd channels

	Error   string   // the server's words on why it failed, or ""
	Blocked []string // why it cannot be started, where the server says

	History []MigrationPoint // over the whole migration, oldest first; thinned out as it grows
	Ends    []Pass           // finished passes, oldest first; of a very long migration the latest
	Verdict Verdict
}

// Transfer counts what was sent of one kind of memory. All are bytes unless said.
type Transfer struct {
	Transferred int64 // on the wire
	Remaining   int64 // still to send
	Total       int64
	Duplicate   int64 // pages that held one value only, and were sent as such
	Normal      int64 // pages sent whole
	PageSize    int64 // 0 when not told
}

// Limits are the settings that decide when a migration converges. What a server does not tell is not known.
type Limits struct {
	Bandwidth         Maybe[int64]         // bytes a second; 0: none
	Downtime          Maybe[time.Duration] // how long the guest may stand still
	PostcopyBandwidth Maybe[int64]         // bytes a second; 0: none
	MaxThrottle       Maybe[int]           // percent that auto-converge may go up to
}

// Compression is that of migration threads, until 9.0.
type Compression struct {
	Pages          int64
	Busy           int64   // times no thread was free
	CompressedSize int64   // bytes
	Rate           float64 // plain size by compressed size
}

// XBZRLE is delta compression of pages.
type XBZRLE struct {
	CacheSize     int64 // bytes
	Bytes         int64 // sent
	Pages         int64
	CacheMiss     int64
	CacheMissRate float64
	EncodingRate  float64
	Overflow      int64
}

// A MigrationPoint is one look at a running migration.
type MigrationPoint struct {
	At         time.Time
	Throughput float64 // bytes a second
	DirtyRate  float64 // bytes a second
	Remaining  int64   // bytes
	Pass       int
}

// A Pass is one finished walk over the guest's dirty memory.
type Pass struct {
	Number   int       // from 1
	Began    time.Time //
	Ended    time.Time // when the server looked again at what is dirty
	Left     int64     // bytes dirty at its end: what the guest would have to stand still for
	Sent     float64   // bytes a second on the wire during the pass
	Dirtied  float64   // bytes a second: Left over how long the pass took. A page dirtied twice counts once
	Limits   Limits    // at its end
	Throttle int       // percent, at its end
	Mixed    bool      // bandwidth limit or throttle changed while it ran: not comparable with the pass before
}

// Active reports whether a migration is under way, on either side.
func (m Migration) Active() bool {
	switch m.Status {
	case "", "none", "completed", "failed", "cancelled":
		return false
	}
	return true
}

// Fraction is how much of the guest's memory need not be sent any more, from 0 to 1; false when that is not known. It
// goes back at the end of a pass by what the guest has dirtied meanwhile.
func (m Migration) Fraction() (float64, bool) {
	total := m.RAM.Total + m.Disk.Total
	switch {
	case m.Status == "completed":
		return 1, true
	case total <= 0:
		return 0, false
	}
	return min(1, max(0, 1-float64(m.RAM.Remaining+m.Disk.Remaining)/float64(total))), true
}
