package qmpconn

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

func TestSingleAsksForNoOutOfBand(t *testing.T) {
	c, server := dialScript(t, qmptest.Today(nil), Options{Single: true})
	if got := string(server.Requests()[0].Raw); strings.Contains(got, "arguments") || c.OutOfBand() {
		t.Errorf("negotiated with %s, out-of-band %v", got, c.OutOfBand())
	}
	_, err := c.Execute(testContext(t), Command{Name: "query-yank", OOB: true})
	opFailure(t, err, errNoOOB, false)
}

func TestSingleRunsOneCommandAfterAnother(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		if r.Command == "no-such" {
			return []string{qmptest.Event("STOP", ""), r.Error("CommandNotFound", "no")}
		}
		return []string{qmptest.Event("RESUME", "") + r.Return(`"`+r.Command+`"`) + qmptest.Event("STOP", "")}
	}), Options{Single: true})
	for _, name := range []string{"one", "two"} {
		if got := execute(t, c, name); got != `"`+name+`"` {
			t.Errorf("%s returned %s", name, got)
		}
		refusal := new(Error)
		if _, err := c.Execute(testContext(t), Command{Name: "no-such"}); !errors.As(err, &refusal) {
			t.Errorf("got %T %v", err, err)
		}
	}
	if c.Err() != nil {
		t.Errorf("the connection has ended: %v", c.Err())
	}
	for range 2 {
		_ = c.Close()
	}
	opFailure(t, c.Err(), ErrClosed, false)
	_, err := c.Execute(testContext(t), Command{Name: "one"})
	opFailure(t, err, ErrClosed, false)
}

func TestSingleEndsWithItsContext(t *testing.T) {
	for _, half := range []string{"", `{"return": {"ha`} {
		ctx, cancel := context.WithCancel(testContext(t))
		c, server := dialScript(t, qmptest.Today(func(qmptest.Request) []string {
			cancel()
			return []string{half}
		}), Options{Single: true})
		_, err := c.Execute(ctx, Command{Name: "stop"})
		opFailure(t, err, context.Canceled, true)
		wait(t, "the connection's end", c.Done())
		_, err = c.Execute(testContext(t), Command{Name: "cont"})
		opFailure(t, err, context.Canceled, false)
		if n := len(server.Requests()); n != 2 {
			t.Errorf("the server got %d requests, want qmp_capabilities and stop", n)
		}
	}
}

func TestSingleSeesTheServerGo(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(qmptest.Request) []string {
		return []string{qmptest.Hangup}
	}), Options{Single: true})
	_, err := c.Execute(testContext(t), Command{Name: "quit"})
	opFailure(t, err, ErrPeerClosed, true)
	_ = c.Close()
	opFailure(t, c.Err(), ErrPeerClosed, false)
}
