package demo

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Serve accepts clients until the machine has quit, and then returns nil, or until the context ends, and then returns
// its error. Either way the listener is closed and every connection is over when it returns.
func (m *Machine) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var clients sync.WaitGroup
	defer clients.Wait()
	clients.Go(func() {
		select {
		case <-ctx.Done():
		case <-m.done:
		}
		_ = ln.Close()
	})
	for {
		nc, err := ln.Accept()
		switch {
		case err == nil:
			clients.Go(func() { _ = m.ServeConn(ctx, nc) }) // a client that breaks off is its own affair
		case m.gone():
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			cancel()
			return err
		}
	}
}

// ServeConn serves one client until it leaves or the machine has quit, and then returns nil, or until the context ends
// or the connection breaks. The connection is closed when it returns.
func (m *Machine) ServeConn(ctx context.Context, nc net.Conn) error {
	defer nc.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = nc.Close() })()

	c := &client{machine: m, nc: nc, out: newOutbox(nc)}
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.out.write()
	}()
	ticking := make(chan struct{})
	go func() {
		defer close(ticking)
		m.keepTime(ctx)
	}()
	m.join(c)
	err := c.read()
	m.leave(c)
	c.out.finish()
	<-written
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	cancel()
	<-ticking
	if m.gone() && !errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// keepTime lets the machine live on while its clients are silent.
func (m *Machine) keepTime(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.done:
			return
		case <-m.clock.After(m.pace):
			m.mu.Lock()
			m.advance()
			m.mu.Unlock()
		}
	}
}

// join greets a client and lets it see events once it has negotiated.
func (m *Machine) join(c *client) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.out.push(appendJSON(nil, m.greeting()), false)
	m.clients = append(m.clients, c)
	if m.gone() {
		c.hangUp()
	}
}

func (m *Machine) leave(c *client) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, other := range m.clients {
		if other == c {
			m.clients = append(m.clients[:i:i], m.clients[i+1:]...)
			return
		}
	}
}

// end is what quit does to the process: every client sees the end of the stream.
func (m *Machine) end() {
	if m.gone() {
		return
	}
	close(m.done)
	for _, c := range m.clients {
		c.hangUp()
	}
}

func (m *Machine) gone() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// hangUp makes the client's reader stop, whatever it waits for. What is to be sent still is, if the client reads it.
func (c *client) hangUp() {
	_ = c.nc.SetReadDeadline(time.Unix(1, 0))
	c.out.finish()
}
