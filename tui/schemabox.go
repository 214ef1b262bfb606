package tui

import (
	"sync/atomic"

	"github.com/qmpsh/qmpsh/qapi"
)

// A schemaBox holds the schema once it is known. The watcher asks it on a goroutine of its own.
type schemaBox struct {
	schema atomic.Pointer[qapi.Schema]
}

func newSchemaBox() *schemaBox { return new(schemaBox) }

// get returns nil while the schema is not known.
func (b *schemaBox) get() *qapi.Schema { return b.schema.Load() }

func (b *schemaBox) set(s *qapi.Schema) { b.schema.Store(s) }

// has reports whether the server has a command; while that is not known, it may be tried.
func (b *schemaBox) has(command string) bool {
	s := b.get()
	return s == nil || s.Command(command) != nil
}
