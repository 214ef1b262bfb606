package qmpconn

import (
	"context"
	"encoding/json"
)

// A Call is a command that has been sent.
type Call struct {
	conn  *Conn
	id    uint64 // as the server knows it
	order uint64 // among the connection's calls
	name  string
	oob   bool
	lone  bool            // sent without its id: its reply is the next one without
	want  json.RawMessage // unless nil, the only return value that answers the call

	abandoned bool          // nobody waits any more, but the server still has it; guarded by the connection's lock
	done      chan struct{} // closed when the fields below are final
	result    json.RawMessage
	err       error
}

// Wait returns the command's return value as Conn.Execute does. When ctx ends first, the call is given up: its reply
// will be dropped, and it keeps its place among the commands in flight until then.
func (c *Call) Wait(ctx context.Context) (json.RawMessage, error) {
	if c.conn.opts.Single {
		c.conn.readFor(ctx, c)
	}
	select {
	case <-c.done:
		return c.result, c.err
	case <-ctx.Done():
		return c.conn.abandon(c, ctx.Err())
	}
}

// ended reports whether the call has its reply, or will have none.
func (c *Call) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// end makes a reply final. Whoever takes a call out of the table calls it, once.
func (c *Call) end(result json.RawMessage, err error) {
	c.result, c.err = result, err
	close(c.done)
}

// A callTable holds the calls that the server has not answered. Its user locks it.
type callTable struct {
	last    uint64 // the order of the latest call
	pending map[uint64]*Call
	wantIDs bool // no call goes without
}

// shortIDs are the ids that in-band calls share, from 1. QEMU takes a message from its socket byte by byte and needs some
// microseconds for each, so an id is one digit, and a call that is alone goes without: servers answer in order. An id is
// free again when its call is answered: one that was given up keeps its place until then, and there are more ids than
// places.
const shortIDs = 9

func (t *callTable) add(c Call) *Call {
	if t.pending == nil {
		t.pending = make(map[uint64]*Call)
	}
	t.last++
	c.order, c.done = t.last, make(chan struct{})
	c.id = t.freeID(c)
	c.lone = !c.oob && len(t.pending) == 0 && !t.wantIDs
	t.pending[c.id] = &c
	return &c
}

// freeID returns an id under which nothing but this call can be answered. The reply to an out-of-band call that was given
// up may still come, so its id never comes back.
func (t *callTable) freeID(c Call) uint64 {
	if c.oob {
		return shortIDs + c.order
	}
	id := (c.order-1)%shortIDs + 1
	for t.pending[id] != nil {
		id = id%shortIDs + 1
	}
	return id
}

func (t *callTable) remove(c *Call) bool {
	if t.pending[c.id] != c {
		return false
	}
	delete(t.pending, c.id)
	return true
}

// abandon marks a pending call as given up; an out-of-band call is forgotten at once. False: it has ended already.
func (t *callTable) abandon(c *Call) bool {
	if t.pending[c.id] != c {
		return false
	}
	c.abandoned = true
	if c.oob {
		delete(t.pending, c.id)
	}
	return true
}

func (t *callTable) takeAll() []*Call {
	all := make([]*Call, 0, len(t.pending))
	for _, c := range t.pending {
		all = append(all, c)
	}
	t.pending = nil
	return all
}

// match takes out the call that m answers; nil when it answers none. A reply without id, which is how servers answer
// what came without or could not be read, and how a guest agent always answers, belongs to the oldest call: servers
// answer in order. Out-of-band commands stand outside that order, and come into question last.
func (t *callTable) match(m message, outOfBand bool) *Call {
	var c *Call
	if m.id != nil {
		if id, ok := callID(m.id); ok && t.pending[id] != nil && !t.pending[id].lone {
			c = t.pending[id]
		}
	} else {
		c = t.oldest(outOfBand)
	}
	if c == nil || c.want != nil && string(c.want) != string(m.result) {
		return nil
	}
	delete(t.pending, c.id)
	return c
}

func (t *callTable) oldest(inBandFirst bool) *Call {
	var first *Call
	for _, c := range t.pending {
		switch {
		case first == nil:
			first = c
		case inBandFirst && c.oob != first.oob:
			if first.oob {
				first = c
			}
		case c.order < first.order:
			first = c
		}
	}
	return first
}
