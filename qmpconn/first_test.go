package qmpconn

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// first is the option to send query-status with the negotiation.
func first() Options { return Options{Single: true, First: &Command{Name: "query-status"}} }

// returned waits for what the server returned to Options.First.
func returned(t *testing.T, c *Conn) string {
	t.Helper()
	value, err := c.First().Wait(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// TestFirstGoesOutBeforeTheNegotiationIsAnswered: the server replies only when it has both, and events come between.
func TestFirstGoesOutBeforeTheNegotiationIsAnswered(t *testing.T) {
	for _, single := range []bool{true, false} {
		var negotiation qmptest.Request
		var traced []string
		opts := first()
		opts.Single = single
		opts.Trace = func(d Direction, msg []byte) {
			if d == Sent {
				traced = append(traced, string(msg))
			}
		}
		c, server := dialScript(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
			switch r.Command {
			case "qmp_capabilities":
				negotiation = r
				return nil
			case "query-status":
				return []string{negotiation.Return("{}"), qmptest.Event("STOP", ""), r.Return("1")}
			}
			return []string{r.Return("2")}
		}}, opts)
		if got := returned(t, c); got != "1" {
			t.Errorf("returned %s", got)
		}
		if got := execute(t, c, "query-name"); got != "2" {
			t.Errorf("the next command returned %s", got)
		}
		if got := server.Requests(); len(got) != 3 || len(traced) != 3 || traced[1] != string(got[1].Raw) {
			t.Errorf("sent %v, traced %s", got, traced)
		}
	}
}

func TestFirstMayBeRefused(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		return []string{r.Error("CommandNotFound", "no")}
	}), first())
	if _, err := c.First().Wait(testContext(t)); err == nil || err.Error() != "CommandNotFound: no" {
		t.Errorf("got %v", err)
	}
}

func TestFirstWithARefusedNegotiationHasNotRun(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
		return []string{r.Error("GenericError", "no way")}
	}})
	_, err := Dial(testContext(t), Address{"unix", server.Socket()}, first())
	op := new(OpError)
	if !errors.As(err, &op) || op.Unknown || !strings.Contains(err.Error(), "refused qmp_capabilities: no way") {
		t.Errorf("got %v", err)
	}
}

// TestFirstOfAServerThatGreetsTwice: what QEMU 7.2 forgets between two greetings did not run, and may be sent again; what
// it answers all the same is not.
func TestFirstOfAServerThatGreetsTwice(t *testing.T) {
	none := qmptest.Request{} // a reply to it has no id
	for name, server := range map[string]struct {
		replies  func(second qmptest.Request) []string
		answered bool
	}{
		"forgets": {func(second qmptest.Request) []string { return []string{second.Return("{}")} }, false},
		"refuses": {func(second qmptest.Request) []string {
			return []string{none.Error("CommandNotFound", "early"), second.Return("{}")}
		}, false},
		"answers": {func(second qmptest.Request) []string {
			return []string{none.Return("{}"), none.Return("1"), second.Error("CommandNotFound", "twice")}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			negotiations := 0
			c, _ := dialScript(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
				switch {
				case r.Command == "query-status":
					return nil
				case r.Command != "qmp_capabilities":
					return []string{r.Return("2")}
				}
				if negotiations++; negotiations == 1 {
					return []string{qmptest.GreetingToday}
				}
				return server.replies(r)
			}}, first())
			if (c.First() != nil) != server.answered {
				t.Errorf("answered: %v", c.First() != nil)
			}
			if c.First() != nil {
				if got := returned(t, c); got != "1" {
					t.Errorf("returned %s", got)
				}
			}
			if got := execute(t, c, "query-name"); got != "2" {
				t.Errorf("the next command returned %s", got)
			}
		})
	}
}

// TestFirstOfASilentServerMayHaveRun names the command and says so.
func TestFirstOfASilentServerMayHaveRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := NewConn(t.Context(), qmptest.Pipe(t, silent(qmptest.GreetingToday)), first())
		opFailure(t, err, os.ErrDeadlineExceeded, true)
		if !strings.HasPrefix(err.Error(), "query-status: ") {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, err := NewConn(t.Context(), qmptest.Pipe(t, silent("")), first())
		if busy := new(BusyError); !errors.As(err, &busy) {
			t.Errorf("got %v", err)
		}
	})
}

func TestFirstThatCannotBeSent(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(answer("1")))
	_, err := Dial(testContext(t), Address{"unix", server.Socket()}, Options{First: &Command{Name: "stop", Arguments: []byte("1")}})
	opFailure(t, err, ErrNotSent, false)
	if n := len(server.Requests()); n != 0 {
		t.Errorf("the server got %d requests", n)
	}
}

func TestFirstIsNotSentToAGuestAgent(t *testing.T) {
	opts := first()
	opts.GuestAgent = true
	c, server := dialScript(t, qmptest.Agent(answer("1")), opts)
	if c.First() != nil || len(server.Requests()) != 1 {
		t.Errorf("sent %v", server.Requests())
	}
}
