package qmpconn

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// A dialer makes connections in memory to a script, and fails while it is down.
type dialer struct {
	t      *testing.T
	script qmptest.Script

	mu    sync.Mutex // guards everything below
	down  error
	pipes []net.Conn
	times []time.Time // of every attempt
}

func (d *dialer) dial(ctx context.Context) (*Conn, error) {
	d.mu.Lock()
	d.times = append(d.times, time.Now())
	if d.down != nil {
		defer d.mu.Unlock()
		return nil, d.down
	}
	pipe := qmptest.Pipe(d.t, d.script)
	d.pipes = append(d.pipes, pipe)
	d.mu.Unlock()
	return NewConn(ctx, pipe, Options{})
}

func (d *dialer) setDown(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = err
}

// cut breaks the latest connection.
func (d *dialer) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pipes[len(d.pipes)-1].Close()
}

var errDown = &OpError{Op: "dial", Err: errors.New("refused")}

func states(links *LinkSubscription) (all []LinkState) {
	for {
		select {
		case l, open := <-links.C():
			if !open {
				return all
			}
			all = append(all, l.State)
		default:
			return all
		}
	}
}

// wantStates checks what a subscription has seen. It may have come late: then it lacks the first states.
func wantStates(t *testing.T, links *LinkSubscription, want ...LinkState) {
	t.Helper()
	got := states(links)
	if len(got) == 0 || len(got) > len(want) || !slices.Equal(got, want[len(want)-len(got):]) {
		t.Errorf("the link went through %v, want %v or its end", got, want)
	}
}

func TestSessionRedials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dialer{t: t, script: qmptest.Today(answer("1"))}
		s := NewSession(t.Context(), d.dial, SessionOptions{})
		links := s.Links()
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantStates(t, links, Connecting, Negotiating, Ready)

		d.setDown(errDown)
		d.cut()
		synctest.Wait()
		if l := s.Link(); l.State != Lost || !l.Retry.After(time.Now()) || l.Err == nil || l.Greeting.Version.Major != 7 || l.Down.IsZero() {
			t.Errorf("link %+v", l)
		}
		_, err := s.Call(t.Context(), "query", nil)
		opFailure(t, err, ErrNotReady, false)
		time.Sleep(time.Second) // of the bubble
		synctest.Wait()
		if l := s.Link(); l.State != Lost || l.Attempt < 1 || !errors.Is(l.Err, errDown) {
			t.Errorf("link %+v", l)
		}
		d.setDown(nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if l := s.Link(); l.State != Ready || !l.Down.IsZero() || l.Err != nil || l.Attempt != 0 || l.Since.IsZero() {
			t.Errorf("link %+v", l)
		}
		if got, err := s.Call(t.Context(), "query", nil); err != nil || string(got) != "1" {
			t.Errorf("got %s, %v", got, err)
		}
		s.Close()
		all := states(links)
		if n := len(all); n == 0 || all[n-1] != Closed {
			t.Errorf("the link went through %v", all)
		}
		if _, open := <-links.C(); open {
			t.Error("the link's subscription is open")
		}
	})
}

func TestSessionBacksOffWithJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dialer{t: t, down: errDown}
		s := NewSession(t.Context(), d.dial, SessionOptions{MinBackOff: time.Second, MaxBackOff: 8 * time.Second})
		defer s.Close()
		time.Sleep(time.Minute)
		synctest.Wait()
		d.mu.Lock()
		defer d.mu.Unlock()
		limit := time.Second
		uneven := false
		for i := 1; i < len(d.times); i++ {
			wait := d.times[i].Sub(d.times[i-1])
			if wait < limit/2 || wait > limit {
				t.Errorf("wait %d was %v, want %v to %v", i, wait, limit/2, limit)
			}
			uneven = uneven || wait%(limit/2) != 0
			limit = min(2*limit, 8*time.Second)
		}
		if len(d.times) < 8 || !uneven {
			t.Errorf("attempts at %v", d.times)
		}
	})
}

func TestSessionRedialDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dialer{t: t, script: qmptest.Today(nil), down: errDown}
		s := NewSession(t.Context(), d.dial, SessionOptions{MinBackOff: time.Hour, MaxBackOff: time.Hour})
		defer s.Close()
		if err := s.Ready(t.Context()); !errors.Is(err, errDown) {
			t.Errorf("got %v", err)
		}
		began := time.Now()
		d.setDown(nil)
		s.Redial()
		synctest.Wait()
		if l := s.Link(); l.State != Ready || time.Since(began) != 0 {
			t.Errorf("link %+v after %v", l, time.Since(began))
		}
		s.Redial() // while it is ready: nothing happens, now or at the next loss
		s.Redial()
		d.setDown(errDown)
		d.cut()
		synctest.Wait()
		if n := len(d.times); n != 2 {
			t.Errorf("%d attempts, want 2", n)
		}
	})
}

func TestSessionNeverSendsTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := 0
		d := &dialer{t: t, script: qmptest.Today(func(r qmptest.Request) []string {
			seen++
			return []string{qmptest.Hangup}
		})}
		s := NewSession(t.Context(), d.dial, SessionOptions{})
		defer s.Close()
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := s.Execute(t.Context(), Command{Name: "migrate"})
		opFailure(t, err, ErrPeerClosed, true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if l := s.Link(); l.State != Ready || seen != 1 {
			t.Errorf("link %v, the servers saw the command %d times", l.State, seen)
		}
	})
}

func TestSessionSubscriptionMarksTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
			return []string{qmptest.Event("BEFORE", ""), r.Return("{}"), qmptest.Event("BEHIND", "")}
		}}
		d := &dialer{t: t, script: script}
		s := NewSession(t.Context(), d.dial, SessionOptions{})
		events := s.Subscribe(16)
		synctest.Wait()
		lost := time.Now()
		d.cut()
		time.Sleep(time.Minute)
		synctest.Wait()
		s.Close()
		var got []string
		for e := range events.C() {
			got = append(got, e.Name)
			if e.Name == GapEvent && !e.Time.Equal(lost) {
				t.Errorf("the gap is of %v, want %v", e.Time, lost)
			}
		}
		want := []string{"BEFORE", "BEHIND", GapEvent, "BEFORE", "BEHIND"}
		if len(got) != len(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}

func TestSessionClosesInEveryPhase(t *testing.T) {
	for _, c := range []struct {
		name   string
		script qmptest.Script
		down   error
		want   LinkState
	}{
		{"lost", qmptest.Script{}, errDown, Lost},
		{"negotiating", silent(""), nil, Negotiating},
		{"ready", qmptest.Today(nil), nil, Ready},
	} {
		for _, byContext := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				d := &dialer{t: t, script: c.script, down: c.down}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				s := NewSession(ctx, d.dial, SessionOptions{MinBackOff: time.Hour})
				events := s.Subscribe(1)
				synctest.Wait()
				if l := s.Link(); l.State != c.want {
					t.Errorf("%s: link %v", c.name, l.State)
				}
				if byContext {
					cancel()
				}
				s.Close()
				if _, open := <-events.C(); open {
					t.Errorf("%s: the subscription is open", c.name)
				}
				if err := s.Ready(t.Context()); !errors.Is(err, ErrClosed) {
					t.Errorf("%s: %v", c.name, err)
				}
				_, err := s.Execute(t.Context(), Command{Name: "query"})
				opFailure(t, err, ErrClosed, false)
				late := s.Links()
				if l := <-late.C(); l.State != Closed {
					t.Errorf("%s: link %v", c.name, l.State)
				}
				late.Close()
				s.Close()
			})
		}
	}
}

func TestSlowLinkSubscriptionKeepsTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dialer{t: t, down: errDown}
		s := NewSession(t.Context(), d.dial, SessionOptions{MinBackOff: time.Second, MaxBackOff: time.Second})
		slow, gone := s.Links(), s.Links()
		gone.Close()
		gone.Close()
		time.Sleep(time.Minute)
		s.Close()
		all := states(slow)
		if n := len(all); n != linkBuffer || all[n-1] != Closed || all[n-2] != Lost {
			t.Errorf("kept %v", all)
		}
	})
}
