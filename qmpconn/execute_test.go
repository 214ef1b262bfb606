package qmpconn

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// holding is a server that answers nothing until it is asked to release: then it answers everything it has, latest
// first, and the release. Out-of-band commands are answered at once.
func holding() qmptest.Script {
	var held []qmptest.Request
	return qmptest.Today(func(r qmptest.Request) []string {
		switch {
		case r.OOB && r.Command == "release":
			var all []string
			for i := len(held) - 1; i >= 0; i-- {
				all = append(all, held[i].Return(strconv.Quote(held[i].Command)))
			}
			held = nil
			return append(all, r.Return("true"))
		case r.OOB:
			return []string{r.Return("{}")}
		}
		held = append(held, r)
		return nil
	})
}

// pipeConn negotiates with a script in memory.
func pipeConn(t *testing.T, script qmptest.Script, opts Options) *Conn {
	t.Helper()
	c, err := NewConn(t.Context(), qmptest.Pipe(t, script), opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReplyAfterCancelIsDropped(t *testing.T) {
	c, _ := dialScript(t, holding(), Options{})
	one, err := c.Send(testContext(t), Command{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = one.Wait(ctx)
	opFailure(t, err, context.Canceled, true)

	two, err := c.Send(testContext(t), Command{Name: "two"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Execute(testContext(t), Command{Name: "release", OOB: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := two.Wait(testContext(t)); err != nil || string(got) != `"two"` {
		t.Errorf("got %s, %v", got, err)
	}
	if n := c.unanswered(); n != 0 || len(c.slots) != 0 {
		t.Errorf("%d calls and %d places were left behind", n, len(c.slots))
	}
}

func (c *Conn) unanswered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls.pending)
}

func TestCancelledBeforeItIsSent(t *testing.T) {
	c, server := dialScript(t, qmptest.Today(nil), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Execute(ctx, Command{Name: "stop"})
	opFailure(t, err, context.Canceled, false)
	execute(t, c, "cont")
	if r := server.Requests(); len(r) != 2 || r[1].Command != "cont" {
		t.Errorf("the server saw %+v", r)
	}
}

func TestEightInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeConn(t, holding(), Options{})
		defer c.Close()
		var sent sync.WaitGroup
		for i := range 10 {
			sent.Go(func() {
				if got, err := c.Execute(t.Context(), Command{Name: "c" + strconv.Itoa(i)}); err != nil || string(got) != `"c`+strconv.Itoa(i)+`"` {
					t.Errorf("got %s, %v", got, err)
				}
			})
		}
		synctest.Wait()
		if n := c.unanswered(); n != inFlight {
			t.Errorf("%d commands are in flight, want %d", n, inFlight)
		}
		// Out-of-band commands overtake.
		if _, err := c.Execute(t.Context(), Command{Name: "query-yank", OOB: true}); err != nil {
			t.Error(err)
		}
		for range 2 {
			if _, err := c.Execute(t.Context(), Command{Name: "release", OOB: true}); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		sent.Wait()
	})
}

func TestAbandonedCallsKeepTheirPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeConn(t, holding(), Options{})
		defer c.Close()
		ctx, cancel := context.WithCancel(t.Context())
		for range inFlight {
			call, err := c.Send(ctx, Command{Name: "old"})
			if err != nil {
				t.Fatal(err)
			}
			go call.Wait(ctx)
		}
		cancel()
		synctest.Wait()
		if len(c.slots) != inFlight {
			t.Errorf("%d places are taken, want %d: the server still has the commands", len(c.slots), inFlight)
		}
		done := make(chan error)
		go func() {
			_, err := c.Execute(t.Context(), Command{Name: "new"})
			done <- err
		}()
		synctest.Wait()
		select {
		case err := <-done:
			t.Errorf("a ninth command ended with %v", err)
		default:
		}
		for range 2 {
			if _, err := c.Execute(t.Context(), Command{Name: "release", OOB: true}); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestCancelInAStuckWrite is a server that has stopped reading.
func TestCancelInAStuckWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		c := pipeConn(t, qmptest.Today(func(r qmptest.Request) []string {
			<-release
			return []string{r.Return("{}")}
		}), Options{})
		defer c.Close()
		first, err := c.Send(t.Context(), Command{Name: "first"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		stuck := make(chan error)
		for range 2 { // one in the write, one that waits for its turn
			go func() {
				_, err := c.Execute(ctx, Command{Name: "stuck"})
				stuck <- err
			}()
		}
		synctest.Wait()
		cancel()
		for range 2 {
			opFailure(t, <-stuck, context.Canceled, false)
		}
		close(release)
		if _, err := first.Wait(t.Context()); err != nil {
			t.Errorf("the command before: %v", err)
		}
		if _, err := c.Execute(t.Context(), Command{Name: "last"}); err != nil {
			t.Errorf("nothing was written, and yet the next command fails: %v", err)
		}
	})
}

// TestCancelInTheMiddleOfAMessage leaves half a message in the stream, which nothing can follow.
func TestCancelInTheMiddleOfAMessage(t *testing.T) {
	c, _ := dialScript(t, holding(), Options{})
	blocked, err := c.Send(testContext(t), Command{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	// The server reads, so the message must be cut short by hand.
	if _, err := c.nc.Write([]byte(`{"execute": "ha`)); err != nil {
		t.Fatal(err)
	}
	half, err := c.register(Call{name: "half", oob: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	opFailure(t, c.sendFailed(ctx, half, 15, 20, os.ErrDeadlineExceeded), context.Canceled, false)
	_, err = c.Execute(testContext(t), Command{Name: "next"})
	opFailure(t, err, context.Canceled, false)
	_, err = blocked.Wait(testContext(t))
	opFailure(t, err, context.Canceled, true)
	wait(t, "the connection's end", c.Done())
}

func TestNotSentWhenItCannotBe(t *testing.T) {
	old, server := dialScript(t, qmptest.In2012(nil), Options{})
	for _, c := range []struct {
		cmd  Command
		want error
	}{
		{Command{}, errName},
		{Command{Name: "a\xff"}, errUTF8},
		{Command{Name: "a\"\n\\é"}, nil},
		{Command{Name: "a", Arguments: json.RawMessage(`[]`)}, errObject},
		{Command{Name: "a", Arguments: json.RawMessage(`{} {"execute":"quit"}`)}, errObject},
		{Command{Name: "a", Arguments: json.RawMessage(`{`)}, errObject},
		{Command{Name: "a", Arguments: json.RawMessage(``)}, errObject},
		{Command{Name: "a", Arguments: json.RawMessage("{\"a\":\"\xff\"}")}, errUTF8},
		{Command{Name: "query-yank", OOB: true}, errNoOOB},
	} {
		_, err := old.Execute(testContext(t), c.cmd)
		if !errors.Is(err, c.want) || errors.Is(err, ErrNotSent) != (c.want != nil) {
			t.Errorf("%+v: %v, want %v", c.cmd, err, c.want)
		}
	}
	if n := len(server.Requests()); n != 2 {
		t.Errorf("the server saw %d messages, want 2", n)
	}
	inMemory := pipeConn(t, qmptest.Today(nil), Options{})
	defer inMemory.Close()
	_, err := inMemory.Execute(testContext(t), Command{Name: "getfd", File: os.Stdin})
	opFailure(t, err, errNoFile, false)
}

// The ids of in-band calls come back, but never while the server still has a call under them.
func TestIDsAreShortAndBelongToOneCall(t *testing.T) {
	var table callTable
	calls := []*Call{table.add(Call{name: "stuck"})}
	table.abandon(calls[0])
	lost := table.add(Call{name: "lost", oob: true})
	table.abandon(lost)
	for i := range 100 {
		oob := i%5 == 0
		c := table.add(Call{oob: oob})
		if c.id == calls[0].id || c.id == lost.id || !oob && (c.id == 0 || c.id > 9) {
			t.Fatalf("call %d (out-of-band %v) has id %d; %d and %d are taken", i, oob, c.id, calls[0].id, lost.id)
		}
		calls = append(calls, c)
		if len(table.pending) < inFlight {
			continue
		}
		if first := table.oldest(false); first != calls[0] {
			t.Fatalf("the oldest is call %d, want %d", first.order, calls[0].order)
		}
		for _, done := range calls[1:] {
			table.remove(done)
		}
		calls = calls[:1]
	}
}
