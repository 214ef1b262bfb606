package demo

import (
	"net"
	"sync"
	"time"
)

// backlog is how many bytes may wait for a client that does not read, before its commands have to wait too and its
// events are dropped.
const backlog = 1 << 20

// farewell is how long a client may take to read what is left when the connection ends.
const farewell = 2 * time.Second

// An outbox holds what is to be sent to one client, in order, so that the machine never waits for the network.
type outbox struct {
	nc net.Conn

	mu     sync.Mutex // guards the fields below
	wake   sync.Cond  // of mu: something below has changed
	queue  []byte
	closed bool // nothing is added any more; what is there is still sent
	broken bool // nothing is sent any more
}

func newOutbox(nc net.Conn) *outbox {
	o := &outbox{nc: nc}
	o.wake.L = &o.mu
	return o
}

// push adds a message. One that may be dropped is, when the client has not read for long.
func (o *outbox) push(message []byte, mayDrop bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || mayDrop && len(o.queue) > backlog {
		return
	}
	o.queue = append(append(o.queue, message...), "\r\n"...)
	o.wake.Broadcast()
}

// room waits until the client has read enough to be given more, or never will.
func (o *outbox) room() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) > backlog && !o.closed && !o.broken {
		o.wake.Wait()
	}
}

// finish lets the writer end once everything is sent.
func (o *outbox) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.wake.Broadcast()
	_ = o.nc.SetWriteDeadline(time.Now().Add(farewell))
}

// write sends until finish, or until the connection breaks. Its goroutine is ServeConn's.
func (o *outbox) write() {
	for {
		chunk := o.take()
		if chunk == nil {
			return
		}
		if _, err := o.nc.Write(chunk); err != nil {
			o.mu.Lock()
			o.broken, o.closed, o.queue = true, true, nil
			o.wake.Broadcast()
			o.mu.Unlock()
			return
		}
	}
}

// take waits for something to send. It returns nil at the end.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && !o.closed {
		o.wake.Wait()
	}
	chunk := o.queue
	o.queue = nil
	o.wake.Broadcast()
	return chunk
}
