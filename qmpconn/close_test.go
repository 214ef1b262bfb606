package qmpconn

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// silent is a server that reads and says nothing beyond its greeting.
func silent(greeting string) qmptest.Script {
	return qmptest.Script{Greeting: greeting, Handler: func(qmptest.Request) []string { return nil }}
}

// A goneConn is a connection whose peer has left since what can still be read was sent.
type goneConn struct{ net.Conn }

func (goneConn) Write([]byte) (int, error) {
	return 0, &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}
}

func TestPeerClosesBehindItsGreeting(t *testing.T) {
	for _, opts := range []Options{{}, first()} {
		_, err := NewConn(testContext(t), goneConn{qmptest.Pipe(t, silent(qmptest.GreetingToday))}, opts)
		opFailure(t, err, ErrPeerClosed, false)
	}
}

// TestPeerClosesInEveryPhase lets the server hang up at each point of a connection's life.
func TestPeerClosesInEveryPhase(t *testing.T) {
	hangUpAt := func(command string) qmptest.Script {
		return qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
			if r.Command == command {
				return []string{qmptest.Hangup}
			}
			return []string{r.Return("{}")}
		}}
	}
	for _, c := range []struct {
		name    string
		script  qmptest.Script
		dialed  bool
		unknown bool
	}{
		{"before the greeting", qmptest.Script{Greeting: qmptest.Hangup}, false, false},
		{"in the negotiation", hangUpAt("qmp_capabilities"), false, false},
		{"during a call", hangUpAt("quit"), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := qmptest.Serve(t, c.script)
			conn, err := Dial(testContext(t), Address{"unix", server.Socket()}, Options{NegotiationTimeout: patience})
			if (err == nil) != c.dialed {
				t.Fatalf("dial: %v", err)
			}
			if err == nil {
				_, err = conn.Execute(testContext(t), Command{Name: "quit"})
				wait(t, "the connection's end", conn.Done())
				opFailure(t, conn.Err(), ErrPeerClosed, false)
				_, late := conn.Execute(testContext(t), Command{Name: "cont"})
				opFailure(t, late, ErrPeerClosed, false)
			}
			opFailure(t, err, ErrPeerClosed, c.unknown)
		})
	}
}

// TestCancelInEveryPhaseOfTheNegotiation ends the context while the server is silent.
func TestCancelInEveryPhaseOfTheNegotiation(t *testing.T) {
	for _, greeting := range []string{"", qmptest.GreetingToday[:20], qmptest.GreetingToday} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			pipe := qmptest.Pipe(t, silent(greeting))
			go func() {
				_, err := NewConn(ctx, pipe, Options{})
				failed <- err
			}()
			synctest.Wait()
			cancel()
			opFailure(t, <-failed, context.Canceled, false)
			if _, err := pipe.Write([]byte("x")); err == nil {
				t.Error("the connection is still open")
			}
		})
	}
}

// TestNegotiationHasADeadlineOfItsOwn waits for it in the bubble's time.
func TestNegotiationHasADeadlineOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		greeting string
		limit    time.Duration
		busy     bool
	}{
		{"", 0, true},
		{"", time.Hour, true},
		{qmptest.GreetingToday[:40], 0, true},
		{qmptest.GreetingToday, 0, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, err := NewConn(t.Context(), qmptest.Pipe(t, silent(c.greeting)), Options{NegotiationTimeout: c.limit})
			want := c.limit
			if want == 0 {
				want = 5 * time.Second
			}
			if waited := time.Since(began); waited != want {
				t.Errorf("waited %v, want %v", waited, want)
			}
			if busy := new(BusyError); errors.As(err, &busy) != c.busy {
				t.Errorf("got %T %v", err, err)
			}
			if !c.busy {
				opFailure(t, err, os.ErrDeadlineExceeded, false)
				if !strings.Contains(err.Error(), "did not answer qmp_capabilities within 5s") {
					t.Error(err)
				}
			}
		})
	}
}

// TestCloseInEveryPhase closes on this side while calls are at every stage.
func TestCloseInEveryPhase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		c := pipeConn(t, qmptest.Today(func(qmptest.Request) []string {
			<-block
			return nil
		}), Options{})
		events := c.Subscribe(1)
		failed := make(chan error)
		for range 10 { // waiting for a reply, in the write, behind the write, for a place
			go func() {
				_, err := c.Execute(t.Context(), Command{Name: "query"})
				failed <- err
			}()
		}
		synctest.Wait()
		c.Close()
		close(block)
		unknown := 0
		for range 10 {
			err := <-failed
			op := new(OpError)
			if !errors.As(err, &op) || !errors.Is(err, ErrClosed) {
				t.Errorf("got %T %v", err, err)
				continue
			}
			if op.Unknown {
				unknown++
			}
		}
		if unknown == 0 || unknown > 2 {
			t.Errorf("%d outcomes are unknown; one command was sent whole, one in part", unknown)
		}
		if _, open := <-events.C(); open {
			t.Error("the subscription is open")
		}
		c.Close()
		opFailure(t, c.Err(), ErrClosed, false)
	})
}

func TestErrIsNilWhileTheConnectionLives(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(nil), Options{})
	if err := c.Err(); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestDialFails(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		addr Address
		want error
	}{
		{Address{"unix", filepath.Join(dir, "none")}, os.ErrNotExist},
		{Address{"fd", "9999"}, nil},
		{Address{"fd", "x"}, nil},
	} {
		_, err := Dial(testContext(t), c.addr, Options{})
		op := new(OpError)
		if !errors.As(err, &op) || op.Op != "dial" || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%v: %T %v", c.addr, err, err)
		}
	}
}

// TestDialTCP goes through a real TCP socket of this host.
func TestDialTCP(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ends := make(chan net.Conn, 1)
	go func() {
		nc, err := listener.Accept()
		if err == nil {
			_, err = nc.Write([]byte(qmptest.GreetingToday + `{"return": {}}`))
		}
		if err != nil {
			t.Error(err)
		}
		ends <- nc
	}()
	addr, err := ParseAddress(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(testContext(t), addr, Options{NegotiationTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if path := c.PeerExecutable(); path != "" {
		t.Errorf("a TCP peer's binary is %q", path)
	}
	if _, err := c.Execute(testContext(t), Command{Name: "getfd", File: os.Stdin}); !errors.Is(err, errNoFile) {
		t.Errorf("got %v", err)
	}
	(<-ends).Close()
	wait(t, "the connection's end", c.Done())
	opFailure(t, c.Err(), ErrPeerClosed, false)
}
