package completion

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
)

// The pace of the cache.
const (
	pause     = 20 * time.Millisecond // between two queries
	patience  = 10 * time.Second      // for one query
	atLeast   = time.Second           // what an event made stale is not asked for again before
	lifetime  = 15 * time.Second      // what no event makes stale is asked for again after
	afterward = 3 * time.Second       // what failed is not tried again before
	mostKept  = 400                   // entries
)

// A Caller asks the server. A refusal by the server is an error with a method QMPClass() string.
type Caller interface {
	Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error)
}

// A Refresher is a cache of live values that is filled in the background: what Values was asked for and does not know,
// Run asks the server for, one query at a time and not many in a second. Its queries are such that change nothing, and
// only those that the schema has.
type Refresher struct {
	caller  Caller
	changed chan struct{}
	wake    chan struct{}

	mu     sync.Mutex // guards what follows
	schema *qapi.Schema
	cache  map[key]*entry
	wanted []key // the newest last
	clock  int   // counts accesses, to forget what was not used for longest
}

type key struct {
	kind  Kind
	scope string
}

// An entry is what is known of one kind in one scope.
type entry struct {
	values  []Value
	known   bool
	stale   bool // by an event
	queued  bool
	marks   int // how often it was made stale, to notice that during a query
	fetched time.Time
	retry   time.Time // not before
	used    int
}

// NewRefresher returns an empty cache. The schema may be nil until SetSchema.
func NewRefresher(caller Caller, schema *qapi.Schema) *Refresher {
	return &Refresher{
		caller: caller, schema: schema, cache: map[key]*entry{},
		changed: make(chan struct{}, 1), wake: make(chan struct{}, 1),
	}
}

// Changed yields when values have come that Values did not have before; several changes may yield once.
func (r *Refresher) Changed() <-chan struct{} { return r.changed }

// SetSchema forgets everything and goes on with the schema of another server.
func (r *Refresher) SetSchema(schema *qapi.Schema) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.schema, r.cache, r.wanted = schema, map[key]*entry{}, nil
}

// Values implements Live.
func (r *Refresher) Values(kind Kind, scope string) (values []Value, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := sourceOf(kind)
	if s.fetch == nil || !hasAny(r.schema, s.commands) {
		return nil, true
	}
	k := key{kind, scope}
	e := r.cache[k]
	if e == nil {
		r.makeRoom()
		e = &entry{}
		r.cache[k] = e
	}
	r.clock++
	e.used = r.clock
	now := time.Now()
	age := now.Sub(e.fetched)
	old := !e.known || e.stale && age >= atLeast || !s.static && age >= lifetime
	if old && !e.queued && !now.Before(e.retry) {
		e.queued = true
		r.wanted = append(r.wanted, k)
		signal(r.wake)
	}
	return e.values, e.known && !(e.stale && age >= atLeast)
}

// makeRoom forgets the entry that was not used for longest when there are too many.
func (r *Refresher) makeRoom() {
	if len(r.cache) < mostKept {
		return
	}
	var oldest key
	least := r.clock + 1
	for k, e := range r.cache {
		if e.used < least && !e.queued {
			oldest, least = k, e.used
		}
	}
	delete(r.cache, oldest)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Event makes stale what an event of the server says has changed.
func (r *Refresher) Event(name string) {
	r.mark(func(k Kind, e *entry) {
		if sourceOf(k).changedBy(name) {
			e.stale = true
		}
	})
}

// Ran makes stale what a command that the user ran may have changed: everything that is not fixed for the life of the
// server, unless the command only asks.
func (r *Refresher) Ran(command string) {
	if onlyAsks(command) {
		return
	}
	r.Expire()
}

// Expire makes everything stale that can change, as after a link was lost and is back.
func (r *Refresher) Expire() {
	r.mark(func(k Kind, e *entry) {
		if !sourceOf(k).static {
			e.stale, e.fetched, e.retry = true, time.Time{}, time.Time{}
		}
	})
}

// mark goes over the entries that hold something, or are about to.
func (r *Refresher) mark(each func(Kind, *entry)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, e := range r.cache {
		before := *e
		if each(k.kind, e); e.stale && !before.stale || e.fetched != before.fetched {
			e.marks++
		}
	}
}

// Run fills the cache until the context ends, and returns its error.
func (r *Refresher) Run(ctx context.Context) error {
	for {
		k, schema, ok := r.next()
		if !ok {
			select {
			case <-r.wake:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		r.fetch(ctx, k, schema)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// next takes what was wanted last.
func (r *Refresher) next() (k key, schema *qapi.Schema, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.wanted) == 0 {
		return key{}, nil, false
	}
	last := len(r.wanted) - 1
	k, r.wanted = r.wanted[last], r.wanted[:last]
	return k, r.schema, true
}

// fetch asks for one kind in one scope, and keeps the answer.
func (r *Refresher) fetch(ctx context.Context, k key, schema *qapi.Schema) {
	marks := r.marks(k)
	a := asker{ctx: ctx, caller: r.caller, schema: schema}
	values, err := sourceOf(k.kind).fetch(&a, k.scope)
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.cache[k]
	if e == nil || r.schema != schema {
		return
	}
	e.queued = false
	now := time.Now()
	var refused interface{ QMPClass() string }
	if err != nil && !errors.As(err, &refused) {
		e.retry = now.Add(afterward)
		return
	}
	e.values, e.known, e.fetched, e.stale = values, true, now, e.marks != marks
	if e.stale {
		e.fetched = time.Time{}
	}
	signal(r.changed)
}

func (r *Refresher) marks(k key) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.cache[k]; e != nil {
		return e.marks
	}
	return 0
}

// An asker asks the server for the values of one kind.
type asker struct {
	ctx    context.Context
	caller Caller
	schema *qapi.Schema
}

func (a *asker) has(command string) bool { return hasAny(a.schema, []string{command}) }

// hasAny reports whether the schema has one of the commands.
func hasAny(s *qapi.Schema, commands []string) bool {
	for _, command := range commands {
		if s != nil && s.Command(command) != nil {
			return true
		}
	}
	return false
}

// errRefused guards the promise that a key press changes nothing.
var errRefused = errors.New("not a query")

// ask runs one query, at the pace of the cache, and decodes its return. A command that the server does not have leaves
// into as it is, and so does a question that would do harm.
func (a *asker) ask(command, arguments string, into any) error {
	if !onlyAsks(command) && !onlyAsksHMP(command, arguments) {
		return errRefused
	}
	if _, harmful := qapi.HarmOf(command, json.RawMessage(arguments)); harmful || !a.has(command) {
		return nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.ctx.Done():
		return a.ctx.Err()
	}
	ctx, cancel := context.WithTimeout(a.ctx, patience)
	defer cancel()
	var object json.RawMessage // nil for none
	if arguments != "" {
		object = json.RawMessage(arguments)
	}
	raw, err := a.caller.Call(ctx, command, object)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// onlyAsks reports whether a command changes nothing.
func onlyAsks(command string) bool {
	switch command {
	case "qom-list", "qom-get", "qom-list-get", "qom-list-types", "qom-list-properties", "device-list-properties",
		"trace-event-get-state":
		return true
	}
	return strings.HasPrefix(command, "query-") || strings.HasPrefix(command, "x-query-")
}

// onlyAsksHMP reports whether it is one of the lines of the human monitor that are asked for here.
func onlyAsksHMP(command, arguments string) bool {
	return command == "human-monitor-command" &&
		(arguments == askHelp || arguments == askNetwork || arguments == askDevices)
}
