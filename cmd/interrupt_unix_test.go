//go:build unix

package cmd

import (
	"bytes"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/qmpsh/qmpsh/internal/qemutest"
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

// TestARunThatAsksForASecretEndsAtOnce: a read from a terminal would wait for a key, and leave the terminal without echo.
func TestARunThatAsksForASecretEndsAtOnce(t *testing.T) {
	q := qemutest.Start(t)
	for _, tt := range []struct {
		name, timeout, keys, said string
		code                      int
	}{
		{"Ctrl-C", "1m", "ses\x03", "interrupted", exitInterrupted},
		{"--timeout", "2s", "ses", "timed out", exitTimeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			master, slave, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer master.Close()
			defer slave.Close()
			before, err := term.GetState(int(slave.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			const prompt = "password (not shown): "
			stderr, told := answer(t, prompt, func() { _, _ = io.WriteString(master, tt.keys) })
			code := Main([]string{q.Socket, "--timeout", tt.timeout, "set_password", "protocol=vnc", "password=?"}, slave, io.Discard, stderr)
			stderr.Close()
			if text := <-told; code != tt.code || !strings.HasSuffix(text, "error: "+tt.said+"\nnothing was sent\n") {
				t.Errorf("exit code %d, stderr %q", code, text)
			}
			if after, err := term.GetState(int(slave.Fd())); err != nil || !reflect.DeepEqual(before, after) {
				t.Errorf("the terminal was left as %v, %v; it was %v", after, err, before)
			}
		})
	}
}

// answer does something when a text was written to a file, and tells everything that was when the file is closed.
func answer(t *testing.T, text string, do func()) (written *os.File, told <-chan string) {
	t.Helper()
	read, written, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 1)
	go func() {
		defer read.Close()
		var have []byte
		for done := false; err == nil; {
			var n int
			more := make([]byte, 1<<10)
			n, err = read.Read(more)
			have = append(have, more[:n]...)
			if !done && bytes.Contains(have, []byte(text)) {
				done = true
				do()
			}
		}
		all <- string(have)
	}()
	return written, all
}
