package qmpconn

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
)

// dialQEMU connects to a real server.
func dialQEMU(t *testing.T, socket string, opts Options) *Conn {
	t.Helper()
	opts.NegotiationTimeout = patience
	addr, err := ParseAddress(socket)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(testContext(t), addr, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestQEMU(t *testing.T) {
	qemu := qemutest.Start(t)
	c := dialQEMU(t, "unix:"+qemu.Socket+",server=on,wait=off", Options{})
	if g := c.Greeting(); g.Version.Major == 0 || !json.Valid(g.Raw) {
		t.Errorf("greeting %+v", g)
	}
	events := c.Subscribe(8)

	t.Run("a return", func(t *testing.T) {
		var status struct{ Running bool }
		if err := json.Unmarshal([]byte(execute(t, c, "query-status")), &status); err != nil || !status.Running {
			t.Errorf("got %+v, %v", status, err)
		}
	})
	t.Run("a refusal", func(t *testing.T) {
		_, err := c.Execute(testContext(t), Command{Name: "no-such-command-😀"})
		refusal := new(Error)
		if !errors.As(err, &refusal) || refusal.Class != "CommandNotFound" || !strings.Contains(refusal.Desc, "😀") {
			t.Errorf("got %T %v", err, err)
		}
	})
	t.Run("the schema", func(t *testing.T) {
		if schema := execute(t, c, "query-qmp-schema"); len(schema) < 100_000 || !json.Valid([]byte(schema)) {
			t.Errorf("got %d bytes", len(schema))
		}
	})
	t.Run("out of band", func(t *testing.T) {
		if _, err := c.Execute(testContext(t), Command{Name: "query-yank", OOB: true}); err != nil {
			t.Error(err)
		}
	})
	t.Run("events come before the reply", func(t *testing.T) {
		for _, name := range []string{"stop", "cont"} {
			execute(t, c, name)
			want := map[string]string{"stop": "STOP", "cont": "RESUME"}[name]
			if e := lastEvent(events); e.Name != want || e.Time.IsZero() {
				t.Errorf("by the time %s had returned, the last event was %+v", name, e)
			}
		}
	})
	t.Run("quit", func(t *testing.T) {
		if _, err := c.Execute(testContext(t), Command{Name: "quit"}); err != nil {
			opFailure(t, err, ErrPeerClosed, true)
		}
		wait(t, "the connection's end", c.Done())
		opFailure(t, c.Err(), ErrPeerClosed, false)
		if code := qemu.Wait(); code != 0 {
			t.Errorf("QEMU ended with %d: %s", code, qemu.Stderr())
		}
	})
}

func TestQEMUTakesFiles(t *testing.T) {
	qemu := qemutest.Start(t)
	c := dialQEMU(t, qemu.Socket, Options{})
	file, err := os.Create(filepath.Join(t.TempDir(), "passed"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := c.Execute(testContext(t), Command{Name: "getfd", Arguments: []byte(`{"fdname": "f"}`), File: file}); err != nil {
		t.Error(err)
	}
	var added struct {
		Set int `json:"fdset-id"`
		FD  int
	}
	value, err := c.Execute(testContext(t), Command{Name: "add-fd", Arguments: []byte(`{"fdset-id": 7}`), File: file})
	if err != nil || json.Unmarshal(value, &added) != nil || added.Set != 7 {
		t.Fatalf("got %s, %v", value, err)
	}
	behind, err := os.Readlink("/proc/" + strconv.Itoa(qemu.PID()) + "/fd/" + strconv.Itoa(added.FD))
	if err != nil || behind != file.Name() {
		t.Errorf("QEMU has %q open, %v; want %q", behind, err, file.Name())
	}
	if _, err := file.WriteString("still ours"); err != nil {
		t.Error(err)
	}
	if _, err := c.Execute(testContext(t), Command{Name: "getfd", Arguments: []byte(`{"fdname": "g"}`)}); err == nil {
		t.Error("getfd worked without a file")
	}
	file.Close()
	_, err = c.Execute(testContext(t), Command{Name: "getfd", Arguments: []byte(`{"fdname": "g"}`), File: file})
	if op := new(OpError); !errors.As(err, &op) || op.Unknown || !strings.Contains(err.Error(), "the file to pass") {
		t.Errorf("got %T %v", err, err)
	}
	execute(t, c, "query-status") // nothing was sent, nothing is broken
}

func TestQEMUPrettyOverTCP(t *testing.T) {
	qemu := qemutest.Start(t, "-chardev", "socket,id=tcp,host=127.0.0.1,port=0,server=on,wait=off", "-mon", "chardev=tcp,mode=control,pretty=on")
	var chardevs []struct{ Label, Filename string }
	if err := json.Unmarshal([]byte(execute(t, dialQEMU(t, qemu.Socket, Options{}), "query-chardev")), &chardevs); err != nil {
		t.Fatal(err)
	}
	for _, dev := range chardevs {
		if dev.Label != "tcp" { // its name is disconnected:tcp:127.0.0.1:PORT,server=on
			continue
		}
		c := dialQEMU(t, strings.TrimPrefix(dev.Filename, "disconnected:"), Options{})
		if got := execute(t, c, "query-status"); !strings.Contains(got, "\n") || !json.Valid([]byte(got)) {
			t.Errorf("got %s", got)
		}
		return
	}
	t.Errorf("no chardev of ours in %+v", chardevs)
}

func TestQEMUManyCommandsInFlight(t *testing.T) {
	c := dialQEMU(t, qemutest.Start(t).Socket, Options{})
	var callers sync.WaitGroup
	for caller := range 12 {
		callers.Go(func() {
			for i := range 50 {
				name := "no-such-" + strconv.Itoa(caller) + "-" + strconv.Itoa(i)
				_, err := c.Execute(testContext(t), Command{Name: name})
				if refusal := new(Error); !errors.As(err, &refusal) || !strings.Contains(refusal.Desc, name+" ") {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	callers.Wait()
}

func TestQEMUIsKilledDuringACall(t *testing.T) {
	qemu := qemutest.Start(t)
	c := dialQEMU(t, qemu.Socket, Options{})
	execute(t, c, "query-status")
	qemu.Kill()
	_, err := c.Execute(testContext(t), Command{Name: "cont"})
	if op := new(OpError); !errors.As(err, &op) || !errors.Is(err, ErrPeerClosed) {
		t.Errorf("got %T %v", err, err)
	}
	wait(t, "the connection's end", c.Done())
}

func TestSessionFollowsARestartedQEMU(t *testing.T) {
	dir := qemutest.Dir(t)
	first := qemutest.StartIn(t, dir)
	addr := Address{"unix", first.Socket}
	s := Connect(t.Context(), addr, Options{NegotiationTimeout: patience}, SessionOptions{})
	defer s.Close()
	if err := s.Ready(testContext(t)); err != nil {
		t.Fatal(err)
	}
	events, links := s.Subscribe(16), s.Links()
	first.Kill()
	awaitLink(t, links, Lost)
	second := qemutest.StartIn(t, dir)
	s.Redial()
	awaitLink(t, links, Ready)
	awaitEvent(t, events, GapEvent)
	if _, err := s.Call(testContext(t), "stop", nil); err != nil {
		t.Error(err)
	}
	awaitEvent(t, events, "STOP")
	if s.Conn() == nil || second.PID() == first.PID() {
		t.Error("the link is ready and has no connection")
	}
}

// lastEvent returns the latest of the events that have arrived.
func lastEvent(events *Subscription) (last Event) {
	for {
		select {
		case last = <-events.C():
		default:
			return last
		}
	}
}

func awaitLink(t *testing.T, links *LinkSubscription, want LinkState) {
	t.Helper()
	ctx := testContext(t)
	var last Link
	for last.State != want {
		select {
		case last = <-links.C():
		case <-ctx.Done():
			t.Fatalf("the link never was %v: %+v", want, last)
		}
	}
}

// awaitEvent skips what comes before an event: a server that has just started may still say RESUME.
func awaitEvent(t *testing.T, events *Subscription, want string) Event {
	t.Helper()
	ctx := testContext(t)
	for {
		select {
		case e := <-events.C():
			if e.Name == want {
				return e
			}
		case <-ctx.Done():
			t.Fatalf("no event %s", want)
		}
	}
}

func TestStorageDaemon(t *testing.T) {
	c := dialQEMU(t, qemutest.StartStorageDaemon(t).Socket, Options{})
	if got := execute(t, c, "query-block-jobs"); got != "[]" {
		t.Errorf("got %s", got)
	}
}
