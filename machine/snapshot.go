package machine

import (
	"fmt"
	"time"
)

// A Snapshot is what is known of one machine at one moment. It is a value: neither it nor anything it refers to
// changes after it was published, and nobody who reads one may change what it refers to.
//
// Units are bytes, bytes a second and time.Duration everywhere. Times are of this host's clock.
type Snapshot struct {
	At   time.Time // when this snapshot was made
	Link Link      // the connection, as the owner of the watcher told it

	// Silent is zero while the server answers. When a command has been without an answer for longer than
	// [SilentAfter], it is the time at which that command was sent: "not answering for" is the time since then.
	Silent time.Time

	Identity  Identity
	Run       Run
	CPUs      []CPU // by index; empty when not known
	Memory    Memory
	Jobs      []Job  // living ones in the order they were first seen, then ended ones, the latest end first
	Disks     []Disk // block devices as the guest has them, in the server's order
	Migration Migration
	Chardevs  []Chardev // by label, byte by byte
	LastEvent EventMark // the latest event, whatever it was

	fresh [queryCount]Freshness
}

// SilentAfter is how long a command may be without an answer before a snapshot says that the server is not answering.
const SilentAfter = 2 * time.Second

// Fresh says when, and whether, the part of the snapshot that q refreshes was last refreshed.
func (s Snapshot) Fresh(q Query) Freshness {
	if q >= queryCount {
		return Freshness{}
	}
	return s.fresh[q]
}

// Answering reports whether the server answered what it was asked, as far as can be told.
func (s Snapshot) Answering() bool { return s.Silent.IsZero() }

// Busy reports whether something runs that deserves a close look: a job that moves, or a migration.
func (s Snapshot) Busy() bool {
	for i := range s.Jobs {
		if s.Jobs[i].Active() {
			return true
		}
	}
	return s.Migration.Active()
}

// A Maybe is a figure that a server may not have told, or that cannot be computed yet.
type Maybe[T any] struct {
	Value T    // meaningless unless Known
	Known bool // the figure was told or measured
}

// Known is a figure that is known.
func Known[T any](v T) Maybe[T] { return Maybe[T]{Value: v, Known: true} }

// Or returns the figure, or otherwise where it is not known.
func (m Maybe[T]) Or(otherwise T) T {
	if m.Known {
		return m.Value
	}
	return otherwise
}

// A Link is the state of the connection to the server, as told by whoever holds it.
type Link struct {
	State   LinkState
	Since   time.Time // when this state began
	Attempt int       // how often a lost link has been redialled; 0 when it is not lost
	Retry   time.Time // when the next attempt is due; zero when none is
	Err     string    // why the link was lost, or ""
}

// A LinkState is one of the states a link passes through.
type LinkState int

// The states of a link. A watcher that was told nothing assumes LinkReady.
const (
	LinkReady LinkState = iota
	LinkConnecting
	LinkNegotiating
	LinkLost
	LinkClosed
)

// String names the state: "ready", "lost", ….
func (s LinkState) String() string {
	switch s {
	case LinkReady:
		return "ready"
	case LinkConnecting:
		return "connecting"
	case LinkNegotiating:
		return "negotiating"
	case LinkLost:
		return "lost"
	case LinkClosed:
		return "closed"
	}
	return "unknown"
}

// Freshness says how old one part of a snapshot is.
type Freshness struct {
	At     time.Time     // when the last good reply came; zero: never
	Took   time.Duration // how long the server took for it
	Absent bool          // this server cannot answer the query, or there is nothing to ask about (no balloon, say)
	Err    string        // why the latest attempt failed; "" after a good reply
}

// An EventMark names an event and says when it came.
type EventMark struct {
	Name string    // "" when none was seen
	At   time.Time // of this host's clock
}

// String is the figure, or "?".
func (m Maybe[T]) String() string {
	if m.Known {
		return fmt.Sprint(m.Value)
	}
	return "?"
}
