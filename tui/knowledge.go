package tui

import (
	"sync/atomic"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/qapi"
)

// A knowledge is what is known of the server besides its state: its schema, and values for completion. The model and the
// watcher ask it from goroutines of their own; nothing here waits.
type knowledge struct {
	docs   func(*qapi.Schema) qapi.Docs
	live   *completion.Refresher
	latest atomic.Pointer[learned]
	tried  atomic.Bool // the schema was asked for once, or is known
}

// A learned is a schema with the completion that is built on it.
type learned struct {
	schema *qapi.Schema
	engine *completion.Engine
}

func newKnowledge(config Config) *knowledge {
	k := &knowledge{docs: config.Docs, live: completion.NewRefresher(config.Session, nil)}
	k.latest.Store(&learned{nil, completion.New(nil, nil, k.live, completion.Options{})})
	return k
}

// learn takes the schema of a new link.
func (k *knowledge) learn(schema *qapi.Schema) {
	var docs qapi.Docs
	if k.docs != nil {
		docs = k.docs(schema)
	}
	k.live.SetSchema(schema)
	defer k.tried.Store(true)
	k.latest.Store(&learned{schema, completion.New(schema, docs, k.live, completion.Options{})})
}

// schema is nil while it is not known.
func (k *knowledge) schema() *qapi.Schema { return k.latest.Load().schema }

// has reports whether the server has a command; while that is not known, it may be tried.
func (k *knowledge) has(command string) bool {
	s := k.schema()
	return s == nil || s.Command(command) != nil
}

// complete says what could stand at the cursor, a byte offset of the line.
func (k *knowledge) complete(line string, cursor int) completion.Result {
	return k.latest.Load().engine.Complete(line, cursor)
}
