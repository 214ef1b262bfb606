package qmpconn

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/qemutest"
)

// startHolder starts another process that holds a server's monitor.
func startHolder(t *testing.T, socket string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+socket)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the other client got no greeting: %v", err)
	}
	return cmd
}

func TestBusyMonitorNamesItsHolder(t *testing.T) {
	qemu := qemutest.Start(t)
	holder := startHolder(t, qemu.Socket)
	addr := Address{"unix", qemu.Socket}
	_, err := Dial(testContext(t), addr, Options{NegotiationTimeout: 200 * time.Millisecond})
	busy := new(BusyError)
	if !errors.As(err, &busy) {
		t.Fatalf("got %T %v", err, err)
	}
	name := filepath.Base(os.Args[0])
	name = name[:min(len(name), 15)] // the kernel keeps no more
	if busy.PID != holder.Process.Pid || busy.Name != name || !strings.Contains(err.Error(), "another client holds this monitor: pid") {
		t.Errorf("got %+v, want pid %d (%s)", busy, holder.Process.Pid, name)
	}
}

// TestFullQueueIsABusyMonitor has so many clients waiting that the system refuses another one.
func TestFullQueueIsABusyMonitor(t *testing.T) {
	qemu := qemutest.Start(t)
	holder := startHolder(t, qemu.Socket)
	var waiting []net.Conn
	defer func() {
		for _, nc := range waiting {
			nc.Close()
		}
	}()
	for {
		nc, err := net.Dial("unix", qemu.Socket)
		if errors.Is(err, syscall.EAGAIN) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if waiting = append(waiting, nc); len(waiting) > 10_000 {
			t.Fatal("the queue has no end")
		}
	}
	addr := Address{"unix", qemu.Socket}
	_, err := Dial(testContext(t), addr, Options{NegotiationTimeout: 100 * time.Millisecond})
	if busy := new(BusyError); !errors.As(err, &busy) || busy.PID != holder.Process.Pid {
		t.Errorf("got %T %v, want a BusyError of pid %d", err, err, holder.Process.Pid)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Dial(ctx, addr, Options{})
	opFailure(t, err, context.Canceled, false)
	for range 50 {
		ctx, cancel := context.WithTimeout(t.Context(), 21*time.Millisecond) // just after another look at the queue
		_, err = Dial(ctx, addr, Options{})
		opFailure(t, err, context.DeadlineExceeded, false)
		if ctx.Err() == nil {
			t.Error("the wait ended before its context: whoever gave it cannot tell a time-out")
		}
		cancel()
	}
}

func TestPeerExecutable(t *testing.T) {
	qemu := qemutest.Start(t)
	c, err := Dial(testContext(t), Address{"unix", qemu.Socket}, Options{NegotiationTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if path := c.PeerExecutable(); !strings.HasPrefix(filepath.Base(path), "qemu-system-") {
		t.Errorf("the server's binary is %q", path)
	}
}
