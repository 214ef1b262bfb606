package machine

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

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

	settled bool      // a reply, not only an event, said that it has ended, or that there is none
	known   []string  // the capabilities that the server has, sorted; nil when not told
	track   passTrack // what the next look is compared with
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
	Switchover        Maybe[int64]         // bytes a second that the user says are there while the guest stands still; 0: not said
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
	CacheMissRate float64 // share of the pages of the last pass that were not in the cache, 0 to 1
	EncodingRate  float64 // plain size by size sent
	Overflow      int64   // pages whose delta was no smaller than they are
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
	Began    time.Time // by this host's clock, as all times
	Ended    time.Time // when the server looked again at what is dirty
	Left     int64     // bytes dirty at its end: what the guest would have to stand still for
	Sent     float64   // bytes a second on the wire during the pass
	Dirtied  float64   // bytes a second; a page dirtied twice counts once
	Limits   Limits    // at its end
	Throttle int       // percent, at its end
	Mixed    bool      // the bandwidth limit changed while it ran: it tells nothing of how the next will do
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

type transferReply struct {
	Transferred, Remaining, Total count
	Duplicate, Normal             count
	PageSize                      count  `json:"page-size"`
	SyncCount                     *count `json:"dirty-sync-count"`
	DirtyPages                    *count `json:"dirty-pages-rate"`
	Mbps                          *float64
	PagesPerSecond                *float64 `json:"pages-per-second"`
	PostcopyRequests              count    `json:"postcopy-requests"`
	MultifdBytes                  count    `json:"multifd-bytes"`
}

func (r *transferReply) transfer() Transfer {
	if r == nil {
		return Transfer{}
	}
	return Transfer{
		Transferred: int64(r.Transferred), Remaining: int64(r.Remaining), Total: int64(r.Total),
		Duplicate: int64(r.Duplicate), Normal: int64(r.Normal), PageSize: int64(r.PageSize),
	}
}

type migrateReply struct {
	Status           string
	RAM, Disk        *transferReply
	TotalTime        *count `json:"total-time"`
	SetupTime        *count `json:"setup-time"`
	Downtime         *count
	ExpectedDowntime *count   `json:"expected-downtime"`
	Throttle         *count   `json:"cpu-throttle-percentage"`
	Error            string   `json:"error-desc"`
	Blocked          []string `json:"blocked-reasons"`
	Blocktime        *count   `json:"postcopy-blocktime"`
	Compression      *struct {
		Pages, Busy count
		Size        count   `json:"compressed-size"`
		Rate        float64 `json:"compression-rate"`
	}
	XBZRLE *struct {
		Size     count `json:"cache-size"`
		Bytes    count
		Pages    count
		MissRate float64 `json:"cache-miss-rate"`
		Encoding float64 `json:"encoding-rate"`
		Overflow count
	} `json:"xbzrle-cache"`
}

// absorbMigrate folds query-migrate. A server tells the figures of a transfer only while it runs, or has completed:
// after a failure the last ones seen stay.
func absorbMigrate(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r migrateReply
	if err := object(reply, &r); err != nil {
		return err
	}
	m := s.Migration
	if r.Status == "" || r.Status == "none" || r.startsAfter(m) {
		m = Migration{Limits: m.Limits, Capabilities: m.Capabilities, known: m.known}
	}
	wasActive := m.Active()
	m.Status, m.Error, m.Blocked = r.Status, r.Error, r.Blocked
	m.Incoming = r.RAM == nil && (m.Incoming || m.Active() && s.Run.State == "inmigrate" ||
		strings.HasPrefix(r.Status, "postcopy-")) // of which a source has figures
	r.figures(&m)
	switch {
	case m.Active() && m.Started.IsZero():
		m.Started = at.Add(-m.TotalTime.Or(0))
	case wasActive && !m.Active():
		m.Ended = at
	}
	if m.Active() && r.RAM != nil {
		m = m.looked(r.RAM.SyncCount != nil, at)
	}
	m.settled = !m.Active()
	m.Verdict = judge(m, at)
	s.Migration = m
	return nil
}

// startsAfter reports whether the reply is about a migration that began after the one known.
func (r *migrateReply) startsAfter(m Migration) bool {
	earlier := r.TotalTime != nil && maybeMillis(r.TotalTime).Value < m.TotalTime.Or(0) ||
		r.RAM != nil && int64(r.RAM.Transferred) < m.RAM.Transferred
	next := Migration{Status: r.Status}
	switch {
	case m.Active():
		return earlier && next.Active()
	case !m.settled: // its end came by an event, and its last figures come only now
		return earlier
	}
	return next.Active() || r.Status != m.Status || r.TotalTime != nil && m.TotalTime != maybeMillis(r.TotalTime)
}

// figures takes over what the reply tells.
func (r *migrateReply) figures(m *Migration) {
	keep(&m.TotalTime, maybeMillis(r.TotalTime))
	keep(&m.SetupTime, maybeMillis(r.SetupTime))
	keep(&m.Downtime, maybeMillis(r.Downtime))
	keep(&m.PostcopyBlock, maybeMillis(r.Blocktime))
	m.ExpectedDowntime = maybeMillis(r.ExpectedDowntime)
	if r.Throttle != nil {
		m.Throttle = Known(int(*r.Throttle))
	}
	if c := r.Compression; c != nil {
		m.Compression = Known(Compression{int64(c.Pages), int64(c.Busy), int64(c.Size), c.Rate})
	}
	if x := r.XBZRLE; x != nil {
		m.XBZRLE = Known(XBZRLE{
			int64(x.Size), int64(x.Bytes), int64(x.Pages), x.MissRate, x.Encoding, int64(x.Overflow),
		})
	}
	if r.Disk != nil {
		m.Disk = r.Disk.transfer()
	}
	ram := r.RAM
	if ram == nil {
		return
	}
	m.RAM = ram.transfer()
	m.PostcopyRequests, m.MultifdBytes = int64(ram.PostcopyRequests), int64(ram.MultifdBytes)
	m.PageRate = maybePtr(ram.PagesPerSecond)
	if ram.Mbps != nil {
		m.Throughput = Known(min(max(0, *ram.Mbps), mbpsMost) * 1e6 / 8)
	}
	if ram.DirtyPages != nil && ram.PageSize > 0 {
		m.DirtyRate = Known(float64(*ram.DirtyPages) * float64(ram.PageSize))
	}
	if ram.SyncCount != nil {
		m.Passes = int(*ram.SyncCount) - m.track.recounts
	}
}

// mbpsMost is more than anything can send, and can still be reckoned with.
const mbpsMost = 1e12

// keep takes a figure that was told, and leaves the one before where none was.
func keep[T any](have *Maybe[T], told Maybe[T]) {
	if told.Known {
		*have = told
	}
}

func absorbMigrateParameters(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r struct {
		Bandwidth   *count `json:"max-bandwidth"`
		Switchover  *count `json:"avail-switchover-bandwidth"`
		Downtime    *count `json:"downtime-limit"`
		Postcopy    *count `json:"max-postcopy-bandwidth"`
		MaxThrottle *count `json:"max-cpu-throttle"`
	}
	if err := object(reply, &r); err != nil {
		return err
	}
	s.Migration.Limits = Limits{
		Bandwidth: maybe(r.Bandwidth), Switchover: maybe(r.Switchover), Downtime: maybeMillis(r.Downtime),
		PostcopyBandwidth: maybe(r.Postcopy),
	}
	if r.MaxThrottle != nil {
		s.Migration.Limits.MaxThrottle = Known(int(*r.MaxThrottle))
	}
	s.Migration.Verdict = judge(s.Migration, at)
	return nil
}

func absorbMigrateCapabilities(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r []struct {
		Capability string
		State      bool
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	on, known := []string{}, []string{}
	for _, c := range r {
		known = append(known, c.Capability)
		if c.State {
			on = append(on, c.Capability)
		}
	}
	slices.Sort(on)
	slices.Sort(known)
	s.Migration.Capabilities, s.Migration.known = on, known
	s.Migration.Verdict = judge(s.Migration, at)
	return nil
}

// reduceMigration folds MIGRATION and MIGRATION_PASS, which come only where the capability "events" is on.
func reduceMigration(s *Snapshot, e Event, at time.Time) Stale {
	var d struct{ Status string }
	if e.Name != "MIGRATION" || object(e.Data, &d) != nil || d.Status == "" {
		return StaleOf(QueryMigrate)
	}
	m := s.Migration
	before := m.Active()
	m.Status = d.Status
	began, ended := !before && m.Active(), before && !m.Active()
	if began {
		m = Migration{Status: d.Status, Started: at, Limits: m.Limits, Capabilities: m.Capabilities, known: m.known}
	}
	stale := StaleOf(QueryMigrate)
	switch {
	case began:
		m.Incoming = s.Run.State == "inmigrate"
		stale |= StaleOf(QueryMigrateParameters, QueryMigrateCapabilities)
	case ended:
		m.Ended = at
		stale |= StaleOf(QueryStatus)
	}
	m.Verdict = judge(m, at)
	s.Migration = m
	return stale
}
