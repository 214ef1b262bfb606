package qmpconn

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrClosed says that this side closed the connection or the session.
var ErrClosed = errors.New("closed on this side")

// ErrPeerClosed says that the server closed the connection, or ended.
var ErrPeerClosed = errors.New("closed by the server")

// ErrNotReady says that a session has no connection at the moment.
var ErrNotReady = errors.New("not connected at the moment")

// ErrNotAgent says that a guest agent was expected where QEMU's own monitor answers.
var ErrNotAgent = errors.New("this is QEMU's monitor, and no guest agent")

// ErrNotSent says that a command cannot be sent as it is: the caller's mistake. The connection is as good as before.
var ErrNotSent = errors.New("this command cannot be sent")

// An Error is a command that the server refused.
type Error struct {
	Class string          // QEMU's error class; nearly always GenericError since 1.2
	Desc  string          // the server's sentence, for people only
	Data  json.RawMessage // details that servers before 1.2 add; nil otherwise
}

func (e *Error) Error() string {
	if e.Class == "" || e.Class == "GenericError" {
		return e.Desc
	}
	return e.Class + ": " + e.Desc
}

// QMPClass returns the error class, for callers that do not import this package.
func (e *Error) QMPClass() string { return e.Class }

// A ProtocolError is a peer that does not speak QMP. The connection is closed.
type ProtocolError struct {
	Addr   string
	Reason string
	Text   string // the beginning of what the peer sent, as it came
}

func (e *ProtocolError) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s does not speak QMP: %s", e.Addr, e.Reason)
	}
	return fmt.Sprintf("%s does not speak QMP: %s: it sent %q", e.Addr, e.Reason, e.Text)
}

// An OpError is a failure of the transport, of a call's context, or of a call that could not be sent.
type OpError struct {
	Op      string // "dial", "negotiate" before the greeting, "read", or the name of the command
	Addr    string
	Unknown bool // the command was sent and its reply has not come: nobody here knows whether it took effect
	Err     error
}

func (e *OpError) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Addr != "" && !errors.As(e.Err, new(*ProtocolError)) { // which begins with it
		b.WriteString(": " + e.Addr)
	}
	b.WriteString(": " + e.Err.Error())
	if e.Unknown {
		b.WriteString("; the command was sent and its outcome is unknown")
	}
	return b.String()
}

// Unwrap returns the cause: ErrClosed, ErrPeerClosed, ErrNotReady, what is an ErrNotSent, an error of the context, or the system's.
func (e *OpError) Unwrap() error { return e.Err }

// A BusyError is a server that accepted the connection and then said nothing: a monitor talks to one client at a
// time, and greets the next one when the first leaves.
type BusyError struct {
	Addr   string
	Waited time.Duration
	PID    int    // the process that holds the monitor; 0 when the kernel does not tell
	Name   string // that process's name, "" when unknown
	Agent  bool   // a guest agent was expected
}

func (e *BusyError) Error() string {
	switch {
	case e.PID != 0:
		return fmt.Sprintf("%s: the socket is open, but another client holds this monitor: pid %d (%s)", e.Addr, e.PID, e.Name)
	case e.Agent:
		return fmt.Sprintf("%s: the socket is open, but no guest agent answered within %v: it may not be running, or another client holds the socket", e.Addr, e.Waited)
	}
	return fmt.Sprintf("%s: the socket is open, but no greeting came within %v: another client may hold this monitor, or it is not QMP", e.Addr, e.Waited)
}
