package machine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"
)

// A Caller sends one command and waits for its return value. An error that has the method QMPClass() string is a
// refusal by the server; any other means that there was no answer.
type Caller interface {
	Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error)
}

// Options say what a watcher may do.
type Options struct {
	// Has reports whether the server has a command; nil: every command is tried once. It is asked before each
	// command, and must not wait.
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
	Cheap             // name, version and run state only: three commands at first, then events and one now and then
)

// MostCommands is how many commands a second a watcher sends to one machine at the quickest.
const MostCommands = 12

const (
	restFactor   = 4               // after a command, the server is left alone for so many times as long as it took
	restMost     = 5 * time.Second // but no longer than this
	restUnlinked = time.Second     // after a command that got no answer
)

// A Watcher keeps a snapshot of one machine fresh. Events come first; what they do not tell is asked for, quickly while
// a job or a migration runs and slowly while nothing does. It has one command in flight at most, waits longer for a
// server that is slow, and never sends a command that the server lacks.
type Watcher struct {
	caller  Caller
	options Options
	wake    chan struct{} // something has become due; holds one

	mu       sync.Mutex // guards what follows; never held while waiting
	mode     Mode
	snapshot Snapshot
	plan     plan
	cancel   context.CancelFunc // ends the command in flight; nil when there is none
	readers  []chan Snapshot
}

// NewWatcher returns a watcher that does nothing until Run.
func NewWatcher(caller Caller, options Options) *Watcher {
	return &Watcher{caller: caller, options: options, mode: options.Mode, wake: make(chan struct{}, 1)}
}

// Run asks and publishes until ctx is done, and returns when the command in flight has returned too. It is called once.
func (w *Watcher) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		task, wait, ok := w.next(time.Now())
		if ok && wait <= 0 {
			w.do(ctx, task)
			continue
		}
		var due <-chan time.Time
		if ok {
			timer.Reset(wait)
			due = timer.C
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-due:
		}
	}
}

// next is what to do next, and how long to wait before it; false when there is nothing before something happens.
func (w *Watcher) next(now time.Time) (task, time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.snapshot.Link.State != LinkReady {
		return task{}, 0, false
	}
	if w.wantsEvents() {
		return task{events: true}, w.plan.pause(now), true
	}
	q, due, ok := w.plan.earliest(&w.snapshot, w.mode, w.has)
	return task{query: q}, max(due.Sub(now), w.plan.pause(now)), ok
}

func (w *Watcher) has(command string) bool { return w.options.Has == nil || w.options.Has(command) }

// wantsEvents reports whether migration events should be switched on now: once a link, and not during a migration,
// when no server allows it.
func (w *Watcher) wantsEvents() bool {
	m := &w.snapshot.Migration
	return w.options.MigrationEvents && !w.options.ReadOnly && w.mode == Full && !w.plan.triedEvents && !m.Active() &&
		slices.Contains(m.known, "events") && !slices.Contains(m.Capabilities, "events") && w.has("migrate-set-capabilities")
}

// A task is one command to send: a query, or the switching on of migration events.
type task struct {
	query  Query
	events bool
}

// command is what is sent for the task.
func (t task) command() (name string, arguments json.RawMessage) {
	if t.events {
		return "migrate-set-capabilities", json.RawMessage(`{"capabilities":[{"capability":"events","state":true}]}`)
	}
	switch t.query {
	case QueryMachineType:
		arguments = json.RawMessage(`{"path":"/machine","property":"type"}`)
	case QueryAccelTypes:
		arguments = json.RawMessage(`{"implements":"accel","abstract":false}`)
	}
	return t.query.Command(), arguments
}

// do sends one command, waits for its answer and publishes what follows from it.
func (w *Watcher) do(ctx context.Context, t task) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.mu.Lock()
	if w.snapshot.Link.State != LinkReady {
		w.mu.Unlock()
		return
	}
	sent := time.Now()
	w.cancel = cancel
	w.plan.sent(t, sent)
	name, arguments := t.command()
	w.mu.Unlock()

	silence := time.AfterFunc(SilentAfter, func() { w.silent(ctx, sent) })
	reply, err := w.caller.Call(ctx, name, arguments)
	silence.Stop()

	w.mu.Lock()
	defer w.mu.Unlock()
	w.cancel = nil
	if ctx.Err() != nil { // the link is gone, or we are to end
		return
	}
	now := time.Now()
	w.plan.answered(now.Sub(sent), now)
	w.answer(t, reply, err, sent, now)
}

// silent takes note that the command sent at the given time is still without an answer.
func (w *Watcher) silent(ctx context.Context, sent time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil || w.cancel == nil {
		return
	}
	w.snapshot.At, w.snapshot.Silent = time.Now(), sent
	w.publish()
}

// answer folds what came back. The lock is held.
func (w *Watcher) answer(t task, reply json.RawMessage, err error, sent, now time.Time) {
	var refusal interface{ QMPClass() string }
	refused := errors.As(err, &refusal)
	if err == nil || refused {
		w.snapshot.Silent = time.Time{}
	} else {
		w.plan.rest = now.Add(restUnlinked)
	}
	defer w.publish()
	switch {
	case t.events:
		w.plan.mark(StaleOf(QueryMigrateCapabilities), now)
	case err == nil && w.plan.outdated(t.query):
		// Something happened since it was sent: the reply may be from before that.
		w.plan.unused(t.query, now)
		return
	case err == nil:
		next, err := Absorb(w.snapshot, t.query, reply, now)
		if err != nil {
			w.failed(t.query, err)
			break
		}
		next.fresh[t.query].Took = now.Sub(sent)
		w.snapshot = next
	case refused && refusal.QMPClass() == "CommandNotFound":
		w.plan.lacking |= StaleOf(t.query)
		w.snapshot.fresh[t.query] = Freshness{Absent: true}
	case refused:
		w.refusedQuery(t.query, refusal.QMPClass(), err)
	default:
		w.failed(t.query, err)
		w.plan.unused(t.query, now)
		return
	}
	if !t.events {
		w.plan.done(t.query, now)
	}
}

// refusedQuery takes note of a refusal: a machine without a balloon says DeviceNotActive, or KVMMissingCap.
func (w *Watcher) refusedQuery(q Query, class string, err error) {
	w.failed(q, err)
	w.snapshot.fresh[q].Absent = q.once() || class == "DeviceNotActive" || class == "KVMMissingCap"
	if q == QueryBalloon {
		w.snapshot.Memory.Balloon = Maybe[int64]{}
	}
}

func (w *Watcher) failed(q Query, err error) {
	w.snapshot.fresh[q].Err = err.Error()
}

// Event tells the watcher of an event. It never waits.
func (w *Watcher) Event(e Event) {
	now := time.Now()
	if e.Received.IsZero() {
		e.Received = now
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var stale Stale
	w.snapshot, stale = Reduce(w.snapshot, e)
	w.mark(stale, now)
	w.publish()
}

// Link tells the watcher of a change of the link. While it is not ready nothing is asked, and a command in flight is
// given up; when it becomes ready everything is asked again. It never waits.
func (w *Watcher) Link(l Link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.snapshot.Link
	w.snapshot.Link, w.snapshot.At = l, time.Now()
	switch {
	case l.State != LinkReady:
		w.snapshot.Silent = time.Time{}
		if w.cancel != nil {
			w.cancel()
		}
	case was.State != LinkReady:
		w.snapshot = relinked(w.snapshot)
		w.plan = plan{commands: w.plan.commands, oldest: w.plan.oldest}
	}
	w.publish()
	w.nudge()
}

// Refresh asks the given queries again soon, as after a command of one's own, or when events were missed. It never
// waits.
func (w *Watcher) Refresh(stale Stale) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mark(stale, time.Now())
}

// SetMode changes how much is looked at. It never waits.
func (w *Watcher) SetMode(m Mode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mode = m
	w.nudge()
}

func (w *Watcher) mark(stale Stale, now time.Time) {
	if stale == 0 {
		return
	}
	w.plan.mark(stale, now)
	w.nudge()
}

func (w *Watcher) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Snapshot returns the latest snapshot.
func (w *Watcher) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.snapshot
}

// Subscribe returns a channel that holds the latest snapshot that has not been read, the present one to begin with, and
// a function that ends the subscription. A slow reader misses snapshots and holds nobody up. The channel is never
// closed.
func (w *Watcher) Subscribe() (<-chan Snapshot, func()) {
	reader := make(chan Snapshot, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	reader <- w.snapshot
	w.readers = append(w.readers, reader)
	return reader, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.readers = slices.DeleteFunc(w.readers, func(r chan Snapshot) bool { return r == reader })
	}
}

// publish replaces what each reader has not read yet. The lock is held, so nobody else sends.
func (w *Watcher) publish() {
	for _, r := range w.readers {
		select {
		case <-r:
		default:
		}
		r <- w.snapshot
	}
}
