package qmpconn

import "encoding/json"

// A call waits for one reply. Whoever takes it out of the table ends it, once.
type call struct {
	id        uint64
	name      string
	oob       bool
	abandoned bool            // nobody waits any more, but the server still has it
	want      json.RawMessage // unless nil, the only return value that answers the call
	done      chan reply      // takes one reply without waiting
}

type reply struct {
	result json.RawMessage
	err    error
}

func (c *call) end(r reply) {
	if !c.abandoned {
		c.done <- r
	}
}

// A callTable holds the calls that the server has not answered. Its user locks it.
type callTable struct {
	last    uint64
	pending map[uint64]*call
}

func (t *callTable) add(c call) *call {
	if t.pending == nil {
		t.pending = make(map[uint64]*call)
	}
	t.last++
	c.id, c.done = t.last, make(chan reply, 1)
	t.pending[c.id] = &c
	return &c
}

func (t *callTable) remove(c *call) bool {
	if t.pending[c.id] != c {
		return false
	}
	delete(t.pending, c.id)
	return true
}

// abandon marks a pending call as given up; an out-of-band call is forgotten at once. False: it has ended already.
func (t *callTable) abandon(c *call) bool {
	if t.pending[c.id] != c {
		return false
	}
	c.abandoned = true
	if c.oob {
		delete(t.pending, c.id)
	}
	return true
}

func (t *callTable) takeAll() []*call {
	all := make([]*call, 0, len(t.pending))
	for _, c := range t.pending {
		all = append(all, c)
	}
	t.pending = nil
	return all
}

// match takes out the call that m answers; nil when it answers none. A reply without id, which is how servers answer
// what they could not read, and how a guest agent always answers, belongs to the oldest call: servers answer in
// order. Out-of-band commands stand outside that order, and come into question last.
func (t *callTable) match(m message, outOfBand bool) *call {
	var c *call
	if m.id != nil {
		if id, ok := callID(m.id); ok {
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

func (t *callTable) oldest(inBandFirst bool) *call {
	var first *call
	for _, c := range t.pending {
		switch {
		case first == nil:
			first = c
		case inBandFirst && c.oob != first.oob:
			if first.oob {
				first = c
			}
		case c.id < first.id:
			first = c
		}
	}
	return first
}
