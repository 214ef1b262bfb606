package completion

import "github.com/qmpsh/qmpsh/qapi"

// values are those that the engine knows itself, or else those of the cache.
func (l *lister) values(kind Kind, scope string) []Value {
	switch kind {
	case Address:
		return addresses(scope)
	case Driver:
		return l.engine.drivers()
	case EventName:
		return l.engine.events()
	}
	values, known := l.engine.live.Values(kind, scope)
	l.pending = l.pending || !known
	return values
}

// addresses says how the texts begin that QEMU takes apart itself.
func addresses(use string) []Value {
	socket := []Value{
		{Text: "tcp:", Partial: true, Help: "tcp:HOST:PORT"},
		{Text: "unix:", Partial: true, Help: "unix:PATH"},
		{Text: "fd:", Partial: true, Help: "fd:NAME, from getfd"},
		{Text: "file:", Partial: true, Help: "file:PATH[,offset=N]"},
		{Text: "exec:", Partial: true, Help: "exec:SHELL COMMAND, in quotes"},
		{Text: "rdma:", Partial: true, Help: "rdma:HOST:PORT"},
		{Text: "vsock:", Partial: true, Help: "vsock:CID:PORT"},
	}
	switch use {
	case "incoming":
		return append(socket, Value{Text: "defer", Help: "wait for migrate-incoming"})
	case "dump":
		return []Value{
			{Text: "file:", Partial: true, Help: "file:PATH"},
			{Text: "fd:", Partial: true, Help: "fd:NAME, from getfd"},
		}
	case "time":
		return []Value{
			{Text: "now", Help: "at once"},
			{Text: "never", Help: "it stays valid"},
			{Text: "+", Partial: true, Help: "+SECONDS from now"},
		}
	}
	return socket
}

// drivers lists the block drivers that the schema has.
func (e *Engine) drivers() []Value {
	c := e.schema.Command("blockdev-add")
	if c == nil {
		return nil
	}
	m := c.Args.Member("driver")
	if m == nil {
		return nil
	}
	enum, ok := m.Type.(*qapi.Enum)
	if !ok {
		return nil
	}
	values := make([]Value, len(enum.Values))
	for i, v := range enum.Values {
		values[i] = Value{Text: v.Name, Deprecated: v.Features.Has(qapi.Deprecated)}
	}
	return values
}

// events lists the events that the schema has.
func (e *Engine) events() []Value {
	events := e.schema.Events()
	values := make([]Value, len(events))
	for i, event := range events {
		values[i] = Value{Text: event.Name, Help: e.summary(event.Name), Deprecated: event.Features.Has(qapi.Deprecated)}
	}
	return values
}
