package qmpconn

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Direction is which way a traced message went.
type Direction int

// The two directions.
const (
	Sent Direction = iota
	Received
)

func (d Direction) String() string {
	if d == Sent {
		return "sent"
	}
	return "received"
}

// Options change how a connection is made. The zero value is right for a QEMU monitor.
type Options struct {
	// NegotiationTimeout bounds the wait for the greeting and the negotiation; 0 means 5 s.
	NegotiationTimeout time.Duration
	// MaxMessage is the longest message accepted, in bytes; 0 means 256 MiB.
	MaxMessage int64
	// GuestAgent talks to a QEMU guest agent, which sends no greeting, has no capabilities and knows no ids.
	GuestAgent bool
	// Single is for a process that runs one command after another and looks at no events. Nothing reads but the call
	// that waits, so one goroutine at a time uses the connection, and a call whose context ends takes the connection
	// with it; out-of-band commands are not asked for. Such a process has a goroutine less to wake, and QEMU less to
	// set up: a tenth of a millisecond each.
	Single bool
	// First, unless nil, is an in-band command that goes out together with qmp_capabilities: that spares a wait for the
	// server. It must change nothing, for a server that never answers the negotiation may still run it. Conn.First is the
	// call.
	First *Command
	// Trace, unless nil, sees the bytes of each message: before it is written, after it was read. It is called
	// from several goroutines, must not change the bytes and must not call back into the connection.
	Trace func(Direction, []byte)
}

func (o Options) negotiationTimeout() time.Duration {
	if o.NegotiationTimeout > 0 {
		return o.NegotiationTimeout
	}
	return 5 * time.Second
}

// inFlight is how many in-band commands QEMU lets wait in one monitor before it stops reading from it.
const inFlight = 8

// A Conn is one negotiated connection to a QMP server. Its methods may be called from several goroutines, unless it is
// Options.Single. One goroutine reads; Close, or the peer's end, ends it.
type Conn struct {
	nc       net.Conn
	addr     string
	opts     Options
	in       *receiver
	greeting Greeting
	first    *Call         // Options.First, once it was sent
	oob      bool          // the server agreed to out-of-band commands
	slots    chan struct{} // one element for each in-band command that the server still has
	writing  chan struct{} // holds one element while a message is written
	events   feed
	done     chan struct{} // closed when the reader has ended

	mu     sync.Mutex // guards everything below
	calls  callTable
	cause  error // why the connection is ending or has ended
	stale  bool  // a guest agent may still answer an abandoned call
	broken error // why nothing can be written any more, while the reader takes in what has arrived
}

// Dial connects to a server and negotiates. The error is a *BusyError when the server accepts and then says nothing
// until the negotiation's deadline.
func Dial(ctx context.Context, addr Address, opts Options) (*Conn, error) {
	nc, err := dialPatiently(ctx, addr, opts.negotiationTimeout())
	if busy := new(BusyError); errors.As(err, &busy) {
		return nil, busy
	}
	if err != nil {
		return nil, &OpError{Op: "dial", Addr: addr.String(), Err: bareError(err)}
	}
	return newConn(ctx, nc, addr.String(), opts)
}

// NewConn negotiates on an open connection, which it takes over: it is closed when the negotiation fails.
func NewConn(ctx context.Context, nc net.Conn, opts Options) (*Conn, error) {
	addr := ""
	if remote := nc.RemoteAddr(); remote != nil {
		addr = remote.String()
	}
	return newConn(ctx, nc, addr, opts)
}

func newConn(ctx context.Context, nc net.Conn, addr string, opts Options) (*Conn, error) {
	c := &Conn{
		nc:      nc,
		addr:    addr,
		opts:    opts,
		slots:   make(chan struct{}, inFlight),
		writing: make(chan struct{}, 1),
		done:    make(chan struct{}),
	}
	if opts.GuestAgent {
		c.slots = make(chan struct{}, 1) // with no ids, replies are told apart by their order alone
	}
	announce(ctx)
	if err := c.negotiate(ctx); err != nil {
		nc.Close()
		return nil, err
	}
	if !opts.Single {
		go c.read()
	}
	return c, nil
}

// bareError strips what the net package writes around a system error: this package says it in its own words.
func bareError(err error) error {
	if op := new(net.OpError); errors.As(err, &op) {
		err = op.Err
	}
	if sys := new(os.SyscallError); errors.As(err, &sys) {
		err = sys.Err
	}
	return err
}

// Greeting returns what the server said of itself; it is zero for a guest agent.
func (c *Conn) Greeting() Greeting { return c.greeting }

// First returns the call that Options.First made. It is nil where that did not reach the server's commands: for a guest
// agent, and for a server that began the negotiation anew.
func (c *Conn) First() *Call { return c.first }

// OutOfBand reports whether the server agreed to take out-of-band commands.
func (c *Conn) OutOfBand() bool { return c.oob }

// Subscribe returns the events from now on. The first subscription of a connection starts with the events since the
// negotiation, 64 at most.
func (c *Conn) Subscribe(buffer int) *Subscription { return c.events.subscribe(buffer) }

// Done is closed when the connection has ended and every call and subscription with it.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err says why the connection ended: an *OpError that wraps ErrClosed or ErrPeerClosed, or a *ProtocolError. It is
// nil while the connection lives.
func (c *Conn) Err() error {
	select {
	case <-c.done:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.cause
	default:
		return nil
	}
}

// Close ends the connection and every call that waits on it. It returns when nothing of the connection is left.
func (c *Conn) Close() error {
	c.fail(c.opError("read", ErrClosed))
	if c.opts.Single && c.Err() == nil {
		c.finish()
	}
	<-c.done
	return nil
}

// fail makes the reader end; the first cause stays.
func (c *Conn) fail(cause error) {
	c.mu.Lock()
	if c.cause == nil {
		c.cause = cause
	}
	c.mu.Unlock()
	c.nc.Close()
}

func (c *Conn) opError(op string, err error) *OpError {
	return &OpError{Op: op, Addr: c.addr, Err: err}
}

// read reads until the connection ends.
func (c *Conn) read() {
	for c.readOne() {
	}
}

// readOne reads one message and hands it to whom it belongs. False: the connection has ended, and everything with it.
func (c *Conn) readOne() bool {
	m, err := c.in.next()
	if err == nil {
		err = c.dispatch(m)
	}
	if err == nil {
		return true
	}
	c.fail(c.readError(err))
	c.finish()
	return false
}

// finish ends everything that waits on a connection that has failed. Whoever reads calls it, once.
func (c *Conn) finish() {
	c.failCalls()
	c.events.stop()
	close(c.done)
}

// readFor reads until a call has ended. The end of ctx ends the connection: the rest of a message may be on its way.
func (c *Conn) readFor(ctx context.Context, call *Call) {
	stop := interruptible(ctx, func(at time.Time) error {
		c.mu.Lock()
		c.broken = ctx.Err()
		c.mu.Unlock()
		return c.nc.SetReadDeadline(at)
	})
	defer stop()
	for !call.ended() && c.readOne() {
	}
}

// readError is the cause that a failed read gives the connection's end.
func (c *Conn) readError(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if protocol := new(ProtocolError); errors.As(err, &protocol) {
		return protocol
	}
	if c.broken != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = c.broken
	}
	return c.opError("read", bareError(err))
}

// failCalls ends every call that waits for a reply. The connection's cause is set: no further call is registered.
func (c *Conn) failCalls() {
	c.mu.Lock()
	defer c.mu.Unlock()
	cause := endCause(c.cause)
	for _, call := range c.calls.takeAll() {
		call.end(nil, &OpError{Op: call.name, Addr: c.addr, Unknown: true, Err: cause})
	}
}

// dispatch hands one message to whom it belongs.
func (c *Conn) dispatch(m message) error {
	switch {
	case m.event != "":
		c.events.publish(Event{Name: m.event, Data: m.data, Time: eventTime(m.timestamp)})
	case m.greeting != nil:
		return &ProtocolError{Addr: c.addr, Reason: "a second greeting: the server behind this connection was replaced"}
	default:
		c.answer(m)
	}
	return nil
}

// answer ends the call that m answers. A reply to no call of ours is dropped.
func (c *Conn) answer(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := c.calls.match(m, c.oob)
	if call == nil {
		return
	}
	if !call.oob {
		<-c.slots
	}
	if m.refusal != nil {
		call.end(nil, m.refusal)
	} else {
		call.end(m.result, nil)
	}
}

// write sends one message. The number is how many of its bytes went out.
func (c *Conn) write(ctx context.Context, msg []byte, file *os.File) (int, error) {
	c.trace(msg)
	return c.transmit(ctx, msg, file)
}

// trace shows a message that is about to be sent.
func (c *Conn) trace(msg []byte) {
	if c.opts.Trace != nil {
		c.opts.Trace(Sent, bytes.TrimSuffix(msg, []byte("\n")))
	}
}

// transmit sends bytes, and says how many of them went out.
func (c *Conn) transmit(ctx context.Context, msg []byte, file *os.File) (int, error) {
	stop := interruptible(ctx, c.nc.SetWriteDeadline)
	defer stop()
	n, err := 0, error(nil)
	if file != nil {
		n, err = writeFile(c.nc, msg, file)
	}
	if err == nil && n < len(msg) {
		var more int
		more, err = c.nc.Write(msg[n:])
		n += more
	}
	if err == nil && n < len(msg) {
		err = io.ErrShortWrite
	}
	return n, err
}

// interruptible makes the end of ctx interrupt reads or writes under way, by a deadline in the past. The function
// that it returns ends that, and takes the deadline back.
func interruptible(ctx context.Context, setDeadline func(time.Time) error) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	set := make(chan struct{})
	off := context.AfterFunc(ctx, func() {
		defer close(set)
		_ = setDeadline(time.Unix(1, 0)) // it fails on a closed connection only
	})
	return func() {
		if !off() {
			<-set
			_ = setDeadline(time.Time{})
		}
	}
}
