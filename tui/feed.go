package tui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
)

// news is everything that happened since the last news. It comes at most framesPerSecond times a second, whatever the
// server sends.
type news struct {
	now      time.Time
	snapshot machine.Snapshot
	link     qmpconn.Link
	events   []qmpconn.Event
	dropped  uint64 // events that were lost so far, because they came faster than they could be read
}

// eventBuffer is how many events may wait to be read.
const eventBuffer = 4096

// A feed moves events, link states and snapshots to the program. It owns its goroutines; they end with its context.
type feed struct {
	running  sync.WaitGroup
	config   Config
	watcher  *machine.Watcher
	schema   *schemaBox
	program  *tea.Program
	relearn  chan struct{} // a new link: the schema may be another
	gathered news
	dirty    bool
}

func startFeed(ctx context.Context, config Config, watcher *machine.Watcher, schema *schemaBox, program *tea.Program) *feed {
	f := &feed{config: config, watcher: watcher, schema: schema, program: program, relearn: make(chan struct{}, 1)}
	for _, work := range []func(context.Context){watcher.Run, f.learn, f.pump} {
		f.running.Go(func() { work(ctx) })
	}
	return f
}

// wait returns when every goroutine of the feed has ended.
func (f *feed) wait() { f.running.Wait() }

// learn fetches the schema, now and after each new link.
func (f *feed) learn(ctx context.Context) {
	for {
		select {
		case <-f.relearn:
		case <-ctx.Done():
			return
		}
		if f.config.Schema == nil {
			continue
		}
		if schema, err := f.config.Schema(ctx); err == nil {
			f.schema.set(schema)
			f.watcher.Refresh(^machine.Stale(0))
		}
	}
}

func (f *feed) pump(ctx context.Context) {
	events := f.config.Session.Subscribe(eventBuffer)
	defer events.Close()
	links := f.config.Session.Links()
	defer links.Close()
	snapshots, end := f.watcher.Subscribe()
	defer end()
	frame := time.NewTicker(time.Second / framesPerSecond)
	defer frame.Stop()
	for {
		select {
		case event, ok := <-events.C():
			if !ok {
				return
			}
			f.event(event)
		case link, ok := <-links.C():
			if !ok {
				return
			}
			f.link(link)
		case f.gathered.snapshot = <-snapshots:
			f.dirty = true
		case now := <-frame.C:
			f.tell(now, events.Dropped())
		case <-ctx.Done():
			return
		}
	}
}

func (f *feed) event(event qmpconn.Event) {
	f.dirty = true
	f.gathered.events = append(f.gathered.events, event)
	if event.Name != qmpconn.GapEvent {
		f.watcher.Event(machine.Event{Name: event.Name, Data: event.Data, Time: event.Time})
	}
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

// tell sends the news, or once a second the time alone, because ages and the clock are drawn from it.
func (f *feed) tell(now time.Time, dropped uint64) {
	if !f.dirty && now.Truncate(time.Second).Equal(f.gathered.now.Truncate(time.Second)) {
		return
	}
	f.gathered.now, f.gathered.dropped = now, dropped
	f.program.Send(f.gathered)
	f.gathered.events, f.dirty = nil, false
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
