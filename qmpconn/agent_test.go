package qmpconn

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

func TestAgentHasNoGreetingAndNoIDs(t *testing.T) {
	c, server := dialScript(t, qmptest.Agent(answer(`{"version": "7.2"}`)), Options{GuestAgent: true})
	if got := execute(t, c, "guest-info"); got != `{"version": "7.2"}` {
		t.Errorf("got %s", got)
	}
	if c.Greeting().Raw != nil || c.OutOfBand() {
		t.Error("an agent greeted")
	}
	for _, r := range server.Requests() {
		if r.ID != nil || r.Command == "qmp_capabilities" {
			t.Errorf("sent %s", r.Raw)
		}
	}
}

// TestAgentLeftoversAreSkipped is an agent that still answers a client before us, with half a message first.
func TestAgentLeftoversAreSkipped(t *testing.T) {
	script := qmptest.Agent(answer(`"ours"`))
	script.Greeting = `urn": 1}` + "\n" + `{"return": "theirs"}` + "\n\xff" + `{"return": 17}` + "\n" + `{"error": {"class": "GenericError", "desc": "late"}}`
	c, _ := dialScript(t, script, Options{GuestAgent: true})
	if got := execute(t, c, "guest-ping"); got != `"ours"` {
		t.Errorf("got %s", got)
	}
}

// TestAgentLateReplyAnswersNobody abandons a call whose reply comes when the next one waits.
func TestAgentLateReplyAnswersNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		c := pipeConn(t, qmptest.Agent(func(r qmptest.Request) []string {
			if r.Command == "guest-never" {
				t.Error("a command was sent whose caller had gone")
			}
			if r.Command == "guest-slow" {
				<-release
			}
			return []string{r.Return(`"` + r.Command + `"`)}
		}), Options{GuestAgent: true})
		defer c.Close()
		opFailure(t, giveUp(t, c, "guest-slow"), context.Canceled, true)
		// This one is given up while the connection waits to be in step again: it is never sent.
		opFailure(t, giveUp(t, c, "guest-never"), context.Canceled, false)
		got := make(chan string)
		go func() {
			value, err := c.Execute(t.Context(), Command{Name: "guest-ping"})
			if err != nil {
				t.Error(err)
			}
			got <- string(value)
		}()
		synctest.Wait()
		close(release)
		if value := <-got; value != `"guest-ping"` {
			t.Errorf("got %s", value)
		}
	})
}

// giveUp runs a command in a bubble until everything waits, and then cancels it.
func giveUp(t *testing.T, c *Conn, name string) error {
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := c.Execute(ctx, Command{Name: name})
		failed <- err
	}()
	synctest.Wait()
	cancel()
	return <-failed
}

func TestAgentCommandWithoutReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeConn(t, qmptest.Agent(func(r qmptest.Request) []string {
			if r.Command == "guest-shutdown" { // it answers a failure only
				return nil
			}
			return []string{r.Return("{}")}
		}), Options{GuestAgent: true})
		defer c.Close()
		opFailure(t, giveUp(t, c, "guest-shutdown"), context.Canceled, true)
		if _, err := c.Execute(t.Context(), Command{Name: "guest-ping"}); err != nil {
			t.Error(err)
		}
	})
}

func TestAgentThatDoesNotRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := NewConn(t.Context(), qmptest.Pipe(t, silent("")), Options{GuestAgent: true})
		if busy := new(BusyError); !errors.As(err, &busy) || !busy.Agent {
			t.Errorf("got %T %v", err, err)
		}
	})
}

func TestAMonitorIsNoAgent(t *testing.T) {
	_, err := NewConn(testContext(t), qmptest.Pipe(t, qmptest.Today(nil)), Options{GuestAgent: true})
	opFailure(t, err, ErrNotAgent, false)
}
