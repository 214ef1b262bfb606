//go:build unix

package cmd

import (
	"bytes"
	"io"
	"os"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// interrupt is a server's handler that answers nothing, and interrupts this process when a command arrives.
func interrupt(qmptest.Request) []string {
	_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	return nil
}

func TestAnInterruptEndsAtOnce(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(interrupt))
	code, stdout, stderr := run(t, server.Socket(), "query-status")
	if code != exitInterrupted || stdout != "" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	contains(t, stderr, "interrupted", "query-status was sent: QEMU may still carry it out")
}

func TestAnInterruptWhileTheSchemaIsAskedForHasSentNothing(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(interrupt))
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
		answered := &watched{want: "1\n", seen: func() { _ = syscall.Kill(os.Getpid(), syscall.SIGINT) }}
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
