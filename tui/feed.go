package tui

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/syntax"
)

// news is everything that happened since the last news. It comes at most framesPerSecond times a second, whatever the
// server sends.
type news struct {
	now      time.Time
	snapshot machine.Snapshot
	link     qmpconn.Link
	events   []qmpconn.Event
	dropped  uint64 // events that were lost so far, because they came faster than they could be read
	values   bool   // values for completion have come
}

// eventBuffer is how many events may wait to be read.
const eventBuffer = 4096

// A feed owns every goroutine of the dashboard beside Bubble Tea's own: it moves events, link states and snapshots to the
// program, and carries out requests. They end with its context.
type feed struct {
	running  sync.WaitGroup
	ctx      context.Context
	end      context.CancelCauseFunc
	config   Config
	watcher  *machine.Watcher
	known    *knowledge
	program  *tea.Program
	relearn  chan struct{} // a new link: the schema may be another
	learned  chan struct{} // closed when the first attempt to learn it has ended
	gathered news          // of the pump alone
	dirty    bool          // there is news that a person waits for
	fresh    bool          // there is a new snapshot: figures that change all the time
}

func newFeed(ctx context.Context, end context.CancelCauseFunc, config Config, watcher *machine.Watcher, known *knowledge) *feed {
	return &feed{
		ctx: ctx, end: end, config: config, watcher: watcher, known: known,
		relearn: make(chan struct{}, 1), learned: make(chan struct{}),
	}
}

func (f *feed) start() {
	f.do(f.watch)
	f.do(f.learn)
	f.do(f.pump)
	f.do(f.dump)
	f.do(func() { _ = f.known.live.Run(f.ctx) })
}

// wait returns when every goroutine of the feed has ended.
func (f *feed) wait() { f.running.Wait() }

// do runs work on a goroutine of its own. A panic there ends the dashboard, so that the terminal is put right first.
func (f *feed) do(work func()) {
	f.running.Go(func() {
		defer func() {
			if reason := recover(); reason != nil {
				f.end(&panicError{reason, debug.Stack()})
			}
		}()
		work()
	})
}

// A panicError is a panic of a goroutine of the feed.
type panicError struct {
	reason any
	stack  []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("%v\n\n%s", e.reason, e.stack) }

// perform sends a request, once, whatever happens. Its outcome comes to the program as a message.
func (f *feed) perform(number int, r request) {
	f.do(func() {
		r = f.refined(r)
		began := time.Now()
		returned, err := f.config.Session.Execute(f.ctx, qmpconn.Command{Name: r.command, Arguments: r.arguments, OOB: r.oob})
		f.known.live.Ran(r.command)
		f.program.Send(outcome{number, r, returned, err, time.Since(began)})
	})
}

// refined is a request with its arguments bound again by the types of properties that the server tells. Without an answer
// it judges the arguments as they are.
func (f *feed) refined(r request) request {
	if r.typed == nil {
		return r
	}
	schema := f.known.schema()
	question, ok := r.typed.Question(schema)
	if !ok {
		return r
	}
	properties := question.Ask(f.ctx, f.config.Session)
	if properties == nil {
		return r
	}
	if bound, diagnostics := r.typed.BindWith(schema, properties); !syntax.Failed(diagnostics) {
		r.arguments = bound.Arguments
	}
	return r
}

// patience is how long the watcher waits for the schema before it begins without one.
const patience = 2 * time.Second

// watch runs the watcher, when it can be known which commands the server has.
func (f *feed) watch() {
	waited := time.NewTimer(patience)
	defer waited.Stop()
	select {
	case <-f.learned:
	case <-waited.C:
	case <-f.ctx.Done():
		return
	}
	f.watcher.Run(f.ctx)
}

// learn fetches the schema, after each new link.
func (f *feed) learn() {
	for first := true; ; first = false {
		select {
		case <-f.relearn:
		case <-f.ctx.Done():
			return
		}
		if schema, err := f.config.Schema(f.ctx); err == nil {
			f.known.learn(schema)
		}
		f.known.tried.Store(true)
		if first {
			close(f.learned)
		} else {
			f.watcher.Refresh(machine.StaleAll)
		}
	}
}

func (f *feed) pump() {
	events := f.config.Session.Subscribe(eventBuffer)
	defer events.Close()
	links := f.config.Session.Links()
	defer links.Close()
	snapshots, end := f.watcher.Subscribe()
	defer end()
	frame := time.NewTicker(time.Second / framesPerSecond)
	defer frame.Stop()
	in := inlets{events.C(), links.C(), snapshots}
	for f.ctx.Err() == nil {
		select {
		case event, ok := <-in.events:
			if !ok {
				in.events = nil // the session was closed: the last picture stays
				continue
			}
			f.event(event)
		case link, ok := <-in.links:
			if !ok {
				in.links = nil
				continue
			}
			f.link(link)
		case f.gathered.snapshot = <-in.snapshots:
			f.fresh = true
		case <-f.known.live.Changed():
			f.dirty, f.gathered.values = true, true
		case now := <-frame.C:
			f.tell(now, events.Dropped())
		case <-f.ctx.Done():
		}
	}
}

// inlets are what the pump reads from. One that has ended is nil.
type inlets struct {
	events    <-chan qmpconn.Event
	links     <-chan qmpconn.Link
	snapshots <-chan machine.Snapshot
}

func (f *feed) event(event qmpconn.Event) {
	f.dirty = true
	f.gathered.events = append(f.gathered.events, event)
	if event.Name == qmpconn.GapEvent {
		f.watcher.Refresh(machine.StaleAll)
		f.known.live.Expire()
		return
	}
	f.watcher.Event(machine.Event{Name: event.Name, Data: event.Data, Time: event.Time, Received: time.Now()})
	f.known.live.Event(event.Name)
}

func (f *feed) link(link qmpconn.Link) {
	f.dirty = true
	f.gathered.link = link
	f.watcher.Link(machineLink(link))
	if link.State == qmpconn.Ready {
		select {
		case f.relearn <- struct{}{}:
		default:
		}
	}
}

// calm is the least time between two pictures of which only figures differ: nobody reads faster.
const calm = 300 * time.Millisecond

// tell sends the news, or once a second the time alone, because ages and the clock are drawn from it.
func (f *feed) tell(now time.Time, dropped uint64) {
	due := f.dirty || f.fresh && now.Sub(f.gathered.now) >= calm
	if !due && now.Truncate(time.Second).Equal(f.gathered.now.Truncate(time.Second)) {
		return
	}
	if dropped > f.gathered.dropped { // nobody knows what they said
		f.watcher.Refresh(machine.StaleAll)
	}
	f.gathered.now, f.gathered.dropped = now, dropped
	f.program.Send(f.gathered)
	f.gathered.events, f.gathered.values, f.dirty, f.fresh = nil, false, false, false
}

// machineLink says of a link what machine wants to know.
func machineLink(link qmpconn.Link) machine.Link {
	out := machine.Link{Since: link.Since, Attempt: link.Attempt, Retry: link.Retry}
	switch link.State {
	case qmpconn.Connecting:
		out.State = machine.LinkConnecting
	case qmpconn.Negotiating:
		out.State = machine.LinkNegotiating
	case qmpconn.Ready:
		out.State = machine.LinkReady
	case qmpconn.Lost:
		out.State = machine.LinkLost
	case qmpconn.Closed:
		out.State = machine.LinkClosed
	}
	if link.Err != nil {
		out.Err = link.Err.Error()
	}
	return out
}
