// Package qmptalk is the smallest QMP client, for tests of packages that may not import qmpconn but have to ask a real
// server. One call at a time; events are thrown away. It refuses to be used by the program.
package qmptalk

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"testing"
	"time"
)

// patience is how long a server on a busy machine may take to answer.
const patience = 60 * time.Second

// A Talk is a connection to a QMP server after the negotiation.
type Talk struct {
	Greeting Greeting

	conn net.Conn
	in   *json.Decoder
}

// A Greeting is what the server said first.
type Greeting struct {
	Version struct {
		QEMU    struct{ Major, Minor, Micro int }
		Package string
	}
}

// An Error is a refusal by the server.
type Error struct{ Class, Desc string }

// Error implements error.
func (e *Error) Error() string { return e.Desc }

// QMPClass returns the error class, such as "CommandNotFound".
func (e *Error) QMPClass() string { return e.Class }

// Dial connects to a unix socket and negotiates. The connection is closed with the test.
func Dial(tb testing.TB, socket string) *Talk {
	tb.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	t := &Talk{conn: conn, in: json.NewDecoder(conn)}
	var greeting struct{ QMP *Greeting }
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		tb.Fatal(err)
	}
	if err := t.in.Decode(&greeting); err != nil || greeting.QMP == nil {
		tb.Fatalf("%s: no greeting: %v", socket, err)
	}
	t.Greeting = *greeting.QMP
	if _, err := t.Call(tb.Context(), "qmp_capabilities", nil); err != nil {
		tb.Fatal(err)
	}
	return t
}

// Call sends a command and returns what it returns. A refusal is an *Error.
func (t *Talk) Call(_ context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	if err := t.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	message := map[string]any{"execute": name}
	if len(arguments) > 0 {
		message["arguments"] = arguments
	}
	if err := json.NewEncoder(t.conn).Encode(message); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for {
		var reply struct {
			Return json.RawMessage
			Error  *Error
		}
		if err := t.in.Decode(&reply); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if reply.Error != nil {
			return nil, reply.Error
		}
		if reply.Return != nil {
			return reply.Return, nil
		}
	}
}

// Close closes the connection before its test ends.
func (t *Talk) Close() { _ = t.conn.Close() }
