package demo

import (
	"errors"
	"io"
	"net"
)

// A client is one monitor: a connection with a negotiation of its own.
type client struct {
	machine *Machine
	nc      net.Conn
	out     *outbox
	ready   bool // negotiated; guarded by machine.mu
	oob     bool // negotiated out-of-band execution; guarded by machine.mu
}

// read executes what the client sends, one message after the other, until it stops sending. A client that does not
// read its replies is not read from.
func (c *client) read() error {
	in := newDecoder(c.nc)
	for {
		c.out.room()
		v, err := in.next()
		if bad := (*syntaxError)(nil); err != nil && !errors.As(err, &bad) {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		c.machine.handle(c, v, err)
		if c.machine.gone() {
			return nil
		}
	}
}

// handle answers one message: a value, or input that is none. Everything that happens is in the order of this lock.
func (m *Machine) handle(c *client, v any, syntax error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance()
	c.out.push(appendJSON(nil, m.answer(c, v, syntax)), false)
	if m.quitting {
		m.end()
	}
}

// emit sends an event to every client that has negotiated. Data without members is left out, as QEMU does.
func (m *Machine) emit(name string, data ...member) {
	payload := object(data)
	if m.old {
		e := m.schema.Event(name)
		if e == nil {
			return
		}
		payload = prune(e.Data, payload).(object)
	}
	micros := m.at.UnixMicro()
	event := object{
		{"timestamp", object{{"seconds", micros / 1e6}, {"microseconds", micros % 1e6}}},
		{"event", name},
	}
	if len(payload) > 0 {
		event = append(event, member{"data", payload})
	}
	line := appendJSON(nil, event)
	for _, c := range m.clients {
		if c.ready {
			c.out.push(line, true)
		}
	}
}
