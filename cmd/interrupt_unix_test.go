//go:build unix

package cmd

import (
	"bytes"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// An impatient person presses Ctrl-C again and again until the run ends: in its first moments it does not watch yet.
type impatient struct {
	pressing sync.Once
	gone     chan struct{}
	hands    sync.WaitGroup
}

// newImpatient keeps this process alive under the signals that no run watches for.
func newImpatient(t *testing.T) *impatient {
	t.Helper()
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, os.Interrupt)
	p := &impatient{gone: make(chan struct{})}
	t.Cleanup(func() {
		close(p.gone)
		p.hands.Wait()
		signal.Stop(caught)
	})
	return p
}

func (p *impatient) press() {
	p.pressing.Do(func() {
		p.hands.Go(func() {
			again := time.NewTicker(5 * time.Millisecond)
			defer again.Stop()
			for {
				select {
				case <-again.C:
					_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
				case <-p.gone:
					return
				}
			}
		})
	})
}

// answer is a server's handler that answers nothing, and has the run interrupted when a command arrives.
func (p *impatient) answer(qmptest.Request) []string {
	p.press()
	return nil
}

func TestAnInterruptEndsAtOnce(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(newImpatient(t).answer))
	code, stdout, stderr := run(t, server.Socket(), "query-status")
	if code != exitInterrupted || stdout != "" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	contains(t, stderr, "interrupted", "query-status was sent, and changes nothing")
}

func TestAnInterruptWhileTheSchemaIsAskedForHasSentNothing(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(newImpatient(t).answer))
	code, stdout, stderr := run(t, server.Socket(), "block_resize", "device=a", "size=1")
	if code != exitInterrupted || stdout != "" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	if stderr != "error: interrupted\nnothing was sent\n" {
		t.Errorf("stderr %q", stderr)
	}
}

func TestAnInterruptBetweenPipedCommandsSaysWhatWasDone(t *testing.T) {
	for _, flags := range [][]string{nil, {"--keep-going"}} {
		server := qmptest.Serve(t, qmptest.Today(func(r qmptest.Request) []string { return []string{r.Return("1")} }))
		input, typed := io.Pipe()
		answered := &watched{want: "1\n", seen: newImpatient(t).press}
		go func() { _, _ = io.WriteString(typed, "query-name\n") }()
		var stderr bytes.Buffer
		code := Main(append(flags, server.Socket()), input, answered, &stderr)
		if code != exitInterrupted {
			t.Errorf("%v: exit code %d", flags, code)
		}
		contains(t, stderr.String(), "interrupted", "nothing more was sent after 1 command")
		_ = typed.Close()
	}
}

// watched calls seen when what is written is what is wanted.
type watched struct {
	want string
	seen func()
}

func (w *watched) Write(text []byte) (int, error) {
	if string(text) == w.want {
		w.seen()
	}
	return len(text), nil
}

// TestASignalThatTheStarterIgnoresEndsNothing: nohup ignores SIGHUP for what it starts, and a script's shell SIGINT for what
// it starts in the background.
func TestASignalThatTheStarterIgnoresEndsNothing(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	taken := make(chan os.Signal, 1)
	signal.Notify(taken, syscall.SIGTERM) // so that one which comes too early does not end the test
	defer signal.Stop(taken)
	ctx, stop := interruptible(t.Context())
	defer stop()
	late := time.After(30 * time.Second)
	for ctx.Err() == nil {
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		case <-late:
			t.Fatal("SIGTERM is not heeded")
		}
	}
	if !signal.Ignored(syscall.SIGHUP) {
		t.Error("SIGHUP is ignored no more")
	}
}
