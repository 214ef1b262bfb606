package machine

import (
	"context"
	"encoding/json"
	"sync"
)

// A Caller sends one command and waits for its return value. An error that has the method QMPClass() string is a
// refusal by the server; any other means that there was no answer.
type Caller interface {
	Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error)
}

// Options say what a watcher may do.
type Options struct {
	// Has reports whether the server has a command; nil: every command is tried once. It is called again after each
	// new link, and must not wait.
	Has func(command string) bool

	// MigrationEvents allows the watcher to switch on the migration capability "events", which changes a setting of
	// the machine. Without it, or where the server refuses, migrations are polled for.
	MigrationEvents bool

	// ReadOnly forbids every command that changes anything, MigrationEvents included.
	ReadOnly bool

	Mode Mode
}

// A Mode is how much a watcher looks at.
type Mode int

// The modes.
const (
	Full  Mode = iota // everything in a snapshot
	Cheap             // name, version and run state only: a few commands at the start, then one now and then
)

// A Watcher keeps a snapshot of one machine fresh.
type Watcher struct {
	caller  Caller
	options Options

	mu       sync.Mutex // guards what follows
	snapshot Snapshot
}

// NewWatcher returns a watcher that does nothing until Run.
func NewWatcher(caller Caller, options Options) *Watcher {
	return &Watcher{caller: caller, options: options}
}

// Run asks and publishes until ctx is done. It has one command in flight at most, and returns when that has
// returned too.
func (w *Watcher) Run(ctx context.Context) { <-ctx.Done() }

// Event tells the watcher of an event. It never waits.
func (w *Watcher) Event(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.snapshot, _ = Reduce(w.snapshot, e)
}

// Link tells the watcher of a change of the link. While it is not ready nothing is asked; when it becomes ready
// everything is asked again. It never waits.
func (w *Watcher) Link(l Link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.snapshot.Link = l
}

// Refresh asks the given queries again soon, as after a command of one's own. It never waits.
func (w *Watcher) Refresh(stale Stale) {}

// SetMode changes how much is looked at. It never waits.
func (w *Watcher) SetMode(m Mode) {}

// Snapshot returns the latest snapshot.
func (w *Watcher) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.snapshot
}

// Subscribe returns a channel that holds the latest snapshot that has not been read, and a function that ends the
// subscription. A slow reader misses snapshots and holds nobody up. The channel is never closed.
func (w *Watcher) Subscribe() (<-chan Snapshot, func()) {
	return make(chan Snapshot, 1), func() {}
}
