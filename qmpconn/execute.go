package qmpconn

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"time"
)

// A Command is one command for the server.
type Command struct {
	Name      string
	Arguments json.RawMessage // a JSON object; nil for none
	OOB       bool            // run out-of-band, ahead of the queue; only where OutOfBand, and for commands that allow it
	File      *os.File        // passed along with the command (getfd, add-fd) over a unix socket; it stays the caller's
}

// Execute runs one command and returns the text of its return value. The error is an *Error when the server refused,
// or an *OpError, which says in Unknown whether the command may have run; it wraps the context's error when ctx ended
// first. A call whose context ended leaves nothing behind but its place among the eight commands that may be in
// flight, until the server has answered it.
func (c *Conn) Execute(ctx context.Context, cmd Command) (json.RawMessage, error) {
	call, err := c.Send(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return call.Wait(ctx)
}

// Send sends one command and returns without waiting for its reply; commands sent one after the other reach the
// server in that order. It waits while eight in-band commands are in flight. Its error is an *OpError, which wraps
// ErrNotSent for a command that this server or connection cannot be sent.
func (c *Conn) Send(ctx context.Context, cmd Command) (*Call, error) {
	msg, err := c.encode(cmd)
	if err != nil {
		return nil, c.opError(cmd.Name, err)
	}
	if err := c.enter(ctx, cmd.OOB); err != nil {
		return nil, c.opError(cmd.Name, err)
	}
	call, err := c.send(ctx, cmd, msg)
	if err == nil {
		return call, nil
	}
	if call == nil {
		c.leave(cmd.OOB)
	}
	return nil, err
}

const (
	errName   unsendable = "a command needs a name"
	errObject unsendable = "the arguments are not one JSON object"
	errUTF8   unsendable = "the command is not UTF-8"
	errNoFile unsendable = "a file can be passed over a unix socket only"
	errNoOOB  unsendable = "this server takes no out-of-band commands on this connection: use \"execute\""
)

// An unsendable is a reason why a command cannot be sent.
type unsendable string

func (e unsendable) Error() string        { return string(e) }
func (e unsendable) Is(target error) bool { return target == ErrNotSent }

// encode returns the message up to its id.
func (c *Conn) encode(cmd Command) ([]byte, error) {
	if cmd.Name == "" {
		return nil, errName
	}
	if cmd.OOB && !c.oob {
		return nil, errNoOOB
	}
	if cmd.File != nil && !passesFiles(c.nc) {
		return nil, errNoFile
	}
	if cmd.Arguments != nil && !isObject(cmd.Arguments) {
		return nil, errObject
	}
	msg := make([]byte, 0, len(cmd.Arguments)+len(cmd.Name)+64)
	if cmd.OOB {
		msg = append(msg, `{"exec-oob":`...)
	} else {
		msg = append(msg, `{"execute":`...)
	}
	msg, ok := appendName(msg, cmd.Name)
	if !ok {
		return nil, errUTF8
	}
	if cmd.Arguments != nil {
		msg = append(msg, `,"arguments":`...)
		if msg, ok = appendASCII(msg, cmd.Arguments); !ok {
			return nil, errUTF8
		}
	}
	return msg, nil
}

// appendName appends a command's name as a JSON string. Nearly all are plain words.
func appendName(msg []byte, name string) ([]byte, bool) {
	for i := range len(name) {
		if b := name[i]; b < ' ' || b == '"' || b == '\\' {
			quoted, err := json.Marshal(name)
			if err != nil {
				return msg, false
			}
			return appendASCII(msg, quoted)
		}
	}
	msg, ok := appendASCII(append(msg, '"'), []byte(name))
	return append(msg, '"'), ok
}

func isObject(text json.RawMessage) bool {
	i := skipSpace(text, 0)
	return i < len(text) && text[i] == '{' && json.Valid(text)
}

// enter waits for a place among the commands in flight. Out-of-band commands need none.
func (c *Conn) enter(ctx context.Context, oob bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if oob {
		return nil
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.done:
		return c.ended()
	}
}

// ended is why no call can be sent any more; nil while calls can be.
func (c *Conn) ended() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return endCause(c.cause)
}

// endCause is the sentence for a command that came after the end.
func endCause(cause error) error {
	if op := new(OpError); errors.As(cause, &op) {
		return op.Err
	}
	return cause
}

// send registers a call and writes its message. The call is nil when it was not registered.
func (c *Conn) send(ctx context.Context, cmd Command, msg []byte) (*Call, error) {
	select {
	case c.writing <- struct{}{}:
		defer func() { <-c.writing }()
	case <-ctx.Done():
		return nil, c.opError(cmd.Name, ctx.Err())
	}
	if err := c.resync(ctx); err != nil {
		return nil, c.opError(cmd.Name, endCause(err))
	}
	call, err := c.register(Call{name: cmd.Name, oob: cmd.OOB})
	if err != nil {
		return nil, c.opError(cmd.Name, err)
	}
	msg = c.complete(msg, call)
	if n, err := c.write(ctx, msg, cmd.File); err != nil {
		return call, c.sendFailed(ctx, call, n, len(msg), err)
	}
	return call, nil
}

// complete ends the message that encode began.
func (c *Conn) complete(msg []byte, call *Call) []byte {
	if !c.opts.GuestAgent && !call.lone {
		msg = strconv.AppendUint(append(msg, `,"id":`...), call.id, 10)
	}
	return append(msg, "}\n"...)
}

func (c *Conn) leave(oob bool) {
	if !oob {
		<-c.slots
	}
}

func (c *Conn) register(call Call) (*Call, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.cause != nil:
		return nil, endCause(c.cause)
	case c.broken != nil:
		return nil, c.broken
	}
	call.conn = c
	return c.calls.add(call), nil
}

// sendFailed ends a call whose message did not go out whole. A part of a message makes the connection useless, for
// nothing can follow it; but what the server had still to say is read first.
func (c *Conn) sendFailed(ctx context.Context, call *Call, n, length int, err error) error {
	whole := n >= length-1 // all but the line feed
	if !c.take(call) {
		return nil // the reader ended the call: its reply says it all
	}
	cause := c.writeCause(ctx, err)
	if n > 0 || errors.Is(cause, ErrPeerClosed) {
		c.drain(cause)
	}
	failed := c.opError(call.name, cause)
	failed.Unknown = whole
	return failed
}

// writeCause says why a write failed: the context or this side may have ended it.
func (c *Conn) writeCause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if cause := c.ended(); cause != nil {
		return cause
	}
	if isReset(err) {
		return ErrPeerClosed
	}
	return bareError(err)
}

// drainTime is how long the reader may still look for replies after a write has failed.
const drainTime = time.Second

// drain lets the reader take in what has arrived already, and then ends the connection.
func (c *Conn) drain(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil {
		c.broken = cause
		_ = c.nc.SetReadDeadline(time.Now().Add(drainTime)) // it fails on a closed connection only
	}
}

// take removes a call that has not ended and gives its place back; false when it has ended.
func (c *Conn) take(call *Call) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.calls.remove(call) {
		return false
	}
	c.leave(call.oob)
	return true
}

// abandon gives a call up, unless its reply has come in this moment. An in-band call keeps its place until the
// server has answered it.
func (c *Conn) abandon(call *Call, cause error) (json.RawMessage, error) {
	c.mu.Lock()
	if c.calls.abandon(call) && c.opts.GuestAgent {
		c.stale = true
		if c.calls.remove(call) {
			c.leave(call.oob)
		}
	}
	given := call.abandoned
	c.mu.Unlock()
	if !given {
		<-call.done // whoever took it out of the table is ending it
		return call.result, call.err
	}
	failed := c.opError(call.name, cause)
	failed.Unknown = true
	return nil, failed
}
