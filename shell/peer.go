package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// A peer is the machine at the other end and everything that is known of it. Its goroutines run from start to stop.
type peer struct {
	shell   *shell
	target  *Target
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	watcher *machine.Watcher
	live    *completion.Refresher
	known   atomic.Pointer[knowledge]
	called  atomic.Pointer[string] // what the machine said first that its name is
	loaded  chan struct{}          // closed when the schema was first loaded, or could not be
	seen    chan struct{}          // closed when the run state and the name were first seen
	calls   calls
	dropped uint64      // events that came too fast, as far as told; of followEvents
	news    chan func() // what is to be told behind the events that have come before it
}

// knowledge is what depends on the server's schema. It does not change.
type knowledge struct {
	schema *qapi.Schema // nil while it is not known
	docs   qapi.Docs
	origin string
	engine *completion.Engine
	err    error // why there is no schema
}

func newPeer(ctx context.Context, s *shell, target *Target) *peer {
	p := &peer{shell: s, target: target, loaded: make(chan struct{}), seen: make(chan struct{}), news: make(chan func())}
	p.ctx, p.cancel = context.WithCancel(ctx)
	p.watcher = machine.NewWatcher(target.Session, machine.Options{Has: p.has, ReadOnly: s.cfg.ReadOnly, Mode: machine.Cheap})
	p.live = completion.NewRefresher(target.Session, nil)
	p.called.Store(new(string))
	p.know(nil, "", nil)
	return p
}

// know makes a schema the one that lines are bound and completed by.
func (p *peer) know(schema *qapi.Schema, origin string, err error) {
	k := &knowledge{schema: schema, origin: origin, err: err}
	if schema != nil && p.target.Docs != nil {
		k.docs = p.target.Docs(schema)
	}
	k.engine = completion.New(schema, k.docs, p.live, completion.Options{Directives: offered(p.shell.cfg), Local: p.target.Local})
	p.known.Store(k)
}

func (p *peer) schema() *qapi.Schema { return p.known.Load().schema }

// has reports whether the server has a command; as long as nobody knows, it may.
func (p *peer) has(command string) bool {
	schema := p.schema()
	return schema == nil || schema.Command(command) != nil
}

func (p *peer) start() {
	// The subscriptions begin here, so that nothing is missed until the goroutines run.
	links, events := p.target.Session.Links(), p.target.Session.Subscribe(4096)
	p.running.Go(func() { p.followLinks(links) })
	p.running.Go(func() { p.followEvents(events) })
	p.running.Go(func() { p.followState() })
	p.running.Go(func() { p.watcher.Run(p.ctx) })
	p.running.Go(func() {
		if err := p.live.Run(p.ctx); err != nil && p.ctx.Err() == nil {
			p.shell.tell(render.RoleWarn, "completion shows no live values any more: "+render.Clean(err.Error()))
		}
	})
}

// stop ends the session and everything that waits on it.
func (p *peer) stop() {
	p.cancel()
	p.target.Session.Close()
	p.running.Wait()
	p.calls.wait()
}

// settle waits a moment for what the first prompt shows.
func (p *peer) settle(limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for _, done := range []chan struct{}{p.loaded, p.seen} {
		select {
		case <-done:
		case <-timer.C:
			return
		}
	}
}

// followLinks tells of the link as it comes and goes, and learns the server's schema when it comes.
func (p *peer) followLinks(links *qmpconn.LinkSubscription) {
	defer links.Close()
	var lost time.Time
	first := true
	for link := range links.C() {
		p.watcher.Link(watched(link))
		switch link.State {
		case qmpconn.Ready:
			p.askName()
			p.learn()
			if first {
				first = false
				close(p.loaded)
			} else {
				p.live.Expire()
				p.shell.tellAt(time.Now(), render.RoleGood, fmt.Sprintf("link is back after %s; events may be missing",
					render.Age(time.Since(lost))))
			}
			lost = time.Time{}
		case qmpconn.Lost:
			if lost.IsZero() {
				lost = link.Since
				p.tellBehindEvents(render.RoleBad, "link lost: "+p.lostBecause(link.Err)+" · redialling")
			}
		}
		p.shell.showPrompt()
	}
}

// lostBecause says why a link was lost.
func (p *peer) lostBecause(err error) string {
	var busy *qmpconn.BusyError
	switch {
	case errors.Is(err, qmpconn.ErrPeerClosed):
		return p.target.Address + " closed by QEMU"
	case errors.As(err, &busy):
		return render.Clean(busy.Error())
	case err == nil:
		return p.target.Address
	}
	return render.Clean(err.Error())
}

// learn loads the schema, unless the server is the one whose schema is known already.
func (p *peer) learn() {
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	schema, origin, err := p.target.Schema(ctx)
	switch {
	case p.ctx.Err() != nil:
		return
	case err != nil:
		if p.schema() == nil {
			p.know(nil, "", err)
			p.shell.ed.Refresh()
		}
		p.shell.tell(render.RoleWarn, "the server's schema is not known, so lines are sent unchecked: "+render.Clean(err.Error()))
		return
	}
	p.live.SetSchema(schema) // before the engine that asks it for values
	p.know(schema, origin, nil)
	p.shell.ed.Refresh()
}

// tellBehindEvents tells something when the events that have come before it have been told: a SHUTDOWN says why the link
// was lost.
func (p *peer) tellBehindEvents(role render.Role, text string) {
	at := time.Now()
	select {
	case p.news <- func() { p.shell.tellAt(at, role, text) }:
	case <-p.ctx.Done():
	}
}

// followEvents hands each event to everybody whom it concerns.
func (p *peer) followEvents(events *qmpconn.Subscription) {
	defer events.Close()
	for {
		select {
		case e, open := <-events.C():
			if !open {
				return
			}
			p.event(e, events)
		case tell := <-p.news:
			for range len(events.C()) {
				p.event(<-events.C(), events)
			}
			tell()
		}
	}
}

func (p *peer) event(e qmpconn.Event, from *qmpconn.Subscription) {
	if e.Name == "" || e.Name == qmpconn.GapEvent {
		return // the link's own lines tell of it
	}
	p.watcher.Event(machine.Event{Name: e.Name, Data: e.Data, Time: e.Time, Received: time.Now()})
	p.live.Event(e.Name)
	p.shell.events.event(p.shell.printer(), e)
	if n := from.Dropped(); n != p.dropped {
		p.shell.events.missed(n - p.dropped)
		p.dropped = n
	}
}

// followState keeps the prompt up to date.
func (p *peer) followState() {
	snapshots, end := p.watcher.Subscribe()
	defer end()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	seen := false
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.live.Changed():
			p.shell.ed.Refresh()
		case snap := <-snapshots:
			p.shell.showPrompt()
			if !seen && p.asked(snap, machine.QueryStatus) && p.asked(snap, machine.QueryName) {
				seen = true
				close(p.seen)
			}
		case <-tick.C:
			if p.target.Session.Link().State != qmpconn.Ready {
				p.shell.showPrompt()
			}
		}
	}
}

// asked reports whether a snapshot knows what a query returns, or that it returns nothing.
func (p *peer) asked(snap machine.Snapshot, q machine.Query) bool {
	return !snap.Fresh(q).At.IsZero() || !p.has(q.Command())
}

// name is what the machine is called.
func (p *peer) name() string {
	if name := p.ownName(); name != "" {
		return name
	}
	return p.target.Label
}

// ownName is what the machine says its name is, "" while it has not, or has none.
func (p *peer) ownName() string {
	if name := p.watcher.Snapshot().Identity.Name; name != "" {
		return render.Clean(name)
	}
	return *p.called.Load()
}

// askName asks for the name at once, so that the first prompt has it: the watcher takes its time.
func (p *peer) askName() {
	ctx, cancel := context.WithTimeout(p.ctx, time.Second)
	defer cancel()
	returned, err := p.target.Session.Call(ctx, "query-name", nil)
	var answer struct{ Name string }
	if err == nil && json.Unmarshal(returned, &answer) == nil && answer.Name != "" {
		name := render.Clean(answer.Name)
		p.called.Store(&name)
	}
}

// server says which program answers.
func (p *peer) server() string {
	g := p.target.Session.Link().Greeting
	if g.Version == (qmpconn.Version{}) {
		return ""
	}
	text := "QEMU " + g.Version.String()
	if pkg, _, _ := strings.Cut(g.Package, " "); pkg != "" {
		text += " (" + pkg + ")"
	}
	return text
}

// watched is a link as the watcher wants it told.
func watched(l qmpconn.Link) machine.Link {
	states := map[qmpconn.LinkState]machine.LinkState{
		qmpconn.Connecting: machine.LinkConnecting, qmpconn.Negotiating: machine.LinkNegotiating,
		qmpconn.Ready: machine.LinkReady, qmpconn.Lost: machine.LinkLost, qmpconn.Closed: machine.LinkClosed,
	}
	out := machine.Link{State: states[l.State], Since: l.Since, Attempt: l.Attempt, Retry: l.Retry}
	if l.Err != nil {
		out.Err = l.Err.Error()
	}
	return out
}
