package demo_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

// serve serves a machine over TCP until the test ends.
func serve(t *testing.T, m *demo.Machine) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Serve: %v", err)
		}
	})
	return ln
}

// The bytes are those that Python's qemu.qmp 0.0.6, and qmp-shell on it, send: no blank between members, no id for the
// negotiation, an id of its own for each command, and commands sent before replies have come.
func TestWhatQMPShellSends(t *testing.T) {
	nc := connect(t, serve(t, demo.New(demo.Options{})))
	in := bufio.NewReader(nc)
	read := func() (message map[string]any) {
		t.Helper()
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(line), &message); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if _, event := message["event"]; !event {
				return message
			}
			message = nil
		}
	}
	greeting := read()["QMP"].(map[string]any)
	if version := greeting["version"].(map[string]any); version["package"] == nil || version["qemu"] == nil {
		t.Errorf("the greeting is %v", greeting)
	}
	if _, err := io.WriteString(nc, `{"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}`); err != nil {
		t.Fatal(err)
	}
	if reply := read(); reply["return"] == nil || reply["error"] != nil {
		t.Errorf("negotiation: %v", reply)
	}
	commands := []string{
		`{"execute":"query-commands","id":"__qmp#00000"}`, `{"execute":"human-monitor-command","arguments":{"command-line":"help"},"id":"__qmp#00001"}`,
		`{"execute":"query-status","arguments":{},"id":"__qmp#00002"}`, `{"execute":"stop","arguments":{},"id":"__qmp#00003"}`,
		`{"exec-oob":"query-yank","arguments":{},"id":"__qmp#00004"}`, `{"execute":"nope","arguments":{},"id":"__qmp#00005"}`,
	}
	if _, err := io.WriteString(nc, strings.Join(commands, "")); err != nil {
		t.Fatal(err)
	}
	for i := range commands {
		reply := read()
		if reply["id"] != fmt.Sprintf("__qmp#%05d", i) || (reply["error"] != nil) != (i == 5) {
			t.Errorf("reply %d is %v", i, reply)
		}
	}
}

// A client that sends and does not read is not read from for ever, and slows nobody else down.
func TestAClientThatDoesNotRead(t *testing.T) {
	m := demo.New(demo.Options{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- m.Serve(context.Background(), ln) }()
	deaf := connect(t, ln)
	if err := deaf.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	stuck := make(chan struct{})
	go func() {
		defer close(stuck)
		_, _ = io.WriteString(deaf, `{"execute":"qmp_capabilities"}`)
		for range 100000 {
			if _, err := io.WriteString(deaf, `{"execute":"query-qmp-schema"}`); err != nil {
				return
			}
		}
	}()
	other := connect(t, ln)
	in := bufio.NewReader(other)
	if _, err := io.WriteString(other, `{"execute":"qmp_capabilities"}`+strings.Repeat(`{"execute":"stop"}{"execute":"cont"}`, 500)); err != nil {
		t.Fatal(err)
	}
	for replies := 0; replies < 1001; {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, `{"return"`) {
			replies++
		}
	}
	// Nor does it keep the machine from ending.
	if _, err := io.WriteString(other, `{"execute":"quit"}`); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		t.Errorf("the client that quit: %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	_ = deaf.Close()
	<-stuck
}

func TestTheContextEndsServing(t *testing.T) {
	m, clock := newMachine(demo.Options{})
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.ServeConn(ctx, theirs) }()
	in := bufio.NewReader(ours)
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-served; !errors.Is(err, context.Canceled) {
		t.Errorf("ServeConn: %v", err)
	}
	if _, err := in.ReadString('\n'); err == nil {
		t.Error("the connection is still open")
	}
	// The machine is there for the next one.
	k := dial(t, m, clock)
	k.want(`{"execute":"qmp_capabilities"}`, `{"return": {}}`)
	k.do("quit", `{}`)
	if err := m.ServeConn(context.Background(), halfOpen(t)); err != nil {
		t.Errorf("serving after quit: %v", err)
	}
}

// halfOpen is the machine's end of a connection whose other end only reads.
func halfOpen(t *testing.T) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(io.Discard, ours)
	}()
	t.Cleanup(func() {
		_ = ours.Close()
		<-read
	})
	return theirs
}

// On the host's clock the machine lives without being asked.
func TestItLivesByItself(t *testing.T) {
	nc := connect(t, serve(t, demo.New(demo.Options{Speed: 200})))
	in := bufio.NewReader(nc)
	if _, err := io.WriteString(nc, `{"execute":"qmp_capabilities"}`); err != nil {
		t.Fatal(err)
	}
	for want := "BLOCK_JOB_READY"; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if eventName(line) == want {
			return
		}
	}
}
