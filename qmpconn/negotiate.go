package qmpconn

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"
)

// A Version is a QEMU version.
type Version struct{ Major, Minor, Micro int }

func (v Version) String() string {
	return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) + "." + strconv.Itoa(v.Micro)
}

// AtLeast reports whether v is major.minor or later.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// A Greeting is what a server says of itself first.
type Greeting struct {
	Version      Version
	Package      string   // the distributor's version, "" for none
	Capabilities []string // what may be negotiated: "oob", or nothing at all
	Raw          json.RawMessage
}

// parseGreeting reads the value of the member QMP. What it lacks stays zero: a server need not offer capabilities.
// It is read by hand, for it is in the way of every command: the machinery of encoding/json costs a process that runs
// one command more than the whole exchange.
func parseGreeting(raw json.RawMessage) (g Greeting, ok bool) {
	g.Raw = raw
	version, ok := member(raw, "version")
	if !ok {
		return g, false
	}
	qemu, _ := member(version, "qemu")
	g.Version = Version{number(qemu, "major"), number(qemu, "minor"), number(qemu, "micro")}
	distributor, _ := member(version, "package")
	g.Package, _ = text(distributor)
	capabilities, _ := member(raw, "capabilities")
	eachElement(capabilities, func(capability json.RawMessage) {
		if name, ok := text(capability); ok {
			g.Capabilities = append(g.Capabilities, name)
		}
	})
	return g, true
}

// number returns a member of a valid JSON object; 0 when it is no whole number.
func number(object json.RawMessage, name string) int {
	value, _ := member(object, name)
	n, _ := strconv.Atoi(string(value)) // 0 for what is no number
	return n
}

// negotiate brings the connection to the point where commands may be sent, under a deadline of its own.
func (c *Conn) negotiate(ctx context.Context) error {
	timeout := c.opts.negotiationTimeout()
	if err := c.nc.SetDeadline(time.Now().Add(timeout)); err != nil {
		return c.opError("negotiate", bareError(err))
	}
	stop := interruptible(ctx, c.nc.SetDeadline)
	err := c.handshake(ctx)
	stop()
	switch protocol := new(ProtocolError); {
	case ctx.Err() != nil:
		return c.unagreed(ctx.Err())
	case err == nil:
		err = c.nc.SetDeadline(time.Time{})
	case errors.As(err, &protocol):
		return protocol
	case errors.Is(err, os.ErrDeadlineExceeded) && c.greeting.Raw == nil:
		busy := &BusyError{Addr: c.addr, Waited: timeout, Agent: c.opts.GuestAgent}
		busy.PID, busy.Name = holder(c.nc, c.addr)
		return busy
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = &stuckError{timeout}
	case isReset(err): // a write that came too late; the receiver has its own word for the end of a read
		err = ErrPeerClosed
	}
	return c.unagreed(bareError(err))
}

// unagreed is a failure of the negotiation, of which Options.First is a part once it was sent.
func (c *Conn) unagreed(err error) *OpError {
	failed := c.opError("negotiate", err)
	if c.greeting.Raw != nil {
		failed.Op = "qmp_capabilities"
	}
	if c.first != nil {
		failed.Op, failed.Unknown = c.first.name, true
	}
	return failed
}

// A stuckError is a server that greets and then says nothing more.
type stuckError struct{ waited time.Duration }

func (e *stuckError) Error() string {
	return fmt.Sprintf("greeted, but did not answer qmp_capabilities within %v", e.waited)
}

func (e *stuckError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

func (c *Conn) handshake(ctx context.Context) error {
	if c.opts.GuestAgent {
		return c.syncAgent(ctx)
	}
	c.in = newReceiver(c.nc, c.addr, c.opts)
	m, err := c.in.next()
	for err == nil && m.event != "" { // QEMU 7.2, when a client connects while it starts: RESUME, and then the greeting
		if err = c.dispatch(m); err == nil {
			m, err = c.in.next()
		}
	}
	if err != nil {
		return err
	}
	if m.greeting == nil {
		return &ProtocolError{Addr: c.addr, Reason: "its first message is no greeting", Text: excerpt(m.raw)}
	}
	greeting, ok := parseGreeting(m.greeting)
	if !ok {
		return &ProtocolError{Addr: c.addr, Reason: "its greeting is malformed", Text: excerpt(m.greeting)}
	}
	c.greeting = greeting
	c.oob = !c.opts.Single && slices.Contains(c.greeting.Capabilities, "oob")
	return c.agree(ctx)
}

// agree sends qmp_capabilities, and Options.First behind it, and waits for the reply. Events may come before it. QEMU 7.2
// may set its monitor up twice when a client connects in the moment in which it starts: it then greets again, and has
// forgotten what it was sent.
func (c *Conn) agree(ctx context.Context) error {
	c.calls.wantIDs = c.oob && !c.greeting.Version.AtLeast(3, 0) // QEMU 2.12 wants them then
	err := c.sendCapabilities(ctx)
	again := false
	for err == nil {
		var m message
		switch m, err = c.in.next(); {
		case err != nil:
		case again && m.id == nil && m.refusal != nil && c.first != nil:
			c.forgetFirst() // it came before the second negotiation
		case m.refusal != nil:
			c.forgetFirst() // there is no command that it would take
			return fmt.Errorf("it refused qmp_capabilities: %w", m.refusal)
		case m.result != nil:
			if m.id != nil {
				c.forgetFirst() // servers answer in order: the second negotiation's reply says that it had no other
			}
			return nil
		case m.greeting != nil:
			// Should the first reply come all the same, the second must not be taken for that of a command.
			again, c.calls.wantIDs = true, true
			_, err = c.write(ctx, c.capabilities(`,"id":0`), nil)
		default:
			err = c.dispatch(m)
		}
	}
	return err
}

// capabilities is the command that ends the negotiation.
func (c *Conn) capabilities(id string) []byte {
	command := `{"execute":"qmp_capabilities"`
	if c.oob { // QEMU 1.1 refuses any argument
		command += `,"arguments":{"enable":["oob"]}`
	}
	return []byte(command + id + "}\n")
}

// sendCapabilities sends qmp_capabilities, and Options.First in the same packet.
func (c *Conn) sendCapabilities(ctx context.Context) error {
	capabilities := c.capabilities("")
	if c.opts.First == nil {
		_, err := c.write(ctx, capabilities, nil)
		return err
	}
	msg, err := c.encode(*c.opts.First)
	if err == nil {
		err = c.enter(ctx, false)
	}
	if err != nil {
		return err
	}
	call, err := c.register(Call{name: c.opts.First.Name})
	if err != nil {
		return err
	}
	msg = c.complete(msg, call)
	c.trace(capabilities)
	c.trace(msg)
	n, err := c.transmit(ctx, append(capabilities, msg...), nil)
	if n > 0 {
		c.first = call
	}
	return err
}

// forgetFirst takes Options.First for not sent: the server did not run it.
func (c *Conn) forgetFirst() {
	if c.first != nil {
		c.take(c.first)
		c.first = nil
	}
}

// agentSync returns the command that a guest agent answers with its own argument behind a byte 0xFF, and that
// argument. The byte in front makes the agent drop what half a message a client before us may have left.
func agentSync() (msg []byte, id json.RawMessage) {
	id = strconv.AppendInt(nil, time.Now().UnixNano()&(1<<53-1), 10)
	msg = append([]byte("\xff"+`{"execute":"guest-sync-delimited","arguments":{"id":`), id...)
	return append(msg, "}}\n"...), id
}

// syncAgent skips what an agent still says to clients before us.
func (c *Conn) syncAgent(ctx context.Context) error {
	msg, id := agentSync()
	if _, err := c.write(ctx, msg, nil); err != nil {
		return err
	}
	buffered := bufio.NewReader(c.nc)
	const greeting = `{"QMP"`
	if begin, _ := buffered.Peek(len(greeting)); string(begin) == greeting { // why there is no more, skipMark finds too
		return ErrNotAgent
	}
	if err := skipMark(buffered); err != nil {
		return err
	}
	c.in = newReceiver(buffered, c.addr, c.opts)
	for {
		m, err := c.in.next()
		if err != nil {
			return err
		}
		if string(m.result) == string(id) {
			return nil
		}
	}
}

// skipMark reads past the first byte 0xFF.
func skipMark(in *bufio.Reader) error {
	for {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) || isReset(err) {
			return ErrPeerClosed
		}
		if err != nil || b == 0xFF {
			return err
		}
	}
}

// resync makes a guest agent's next reply ours again after a call was abandoned: without ids, a late reply would
// answer the wrong call. The caller holds c.writing.
func (c *Conn) resync(ctx context.Context) error {
	c.mu.Lock()
	stale := c.stale
	c.mu.Unlock()
	if !stale {
		return nil
	}
	msg, id := agentSync()
	call, err := c.register(Call{name: "guest-sync-delimited", oob: true, want: id})
	if err != nil {
		return err
	}
	if n, err := c.write(ctx, msg, nil); err != nil {
		if err := c.sendFailed(ctx, call, n, len(msg), err); err != nil {
			return err
		}
	}
	if _, err = call.Wait(ctx); err == nil {
		c.mu.Lock()
		c.stale = false
		c.mu.Unlock()
	}
	return err
}
