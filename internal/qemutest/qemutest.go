// Package qemutest starts real QEMUs for tests. Every QEMU runs under TCG in a directory of its own and ends with its
// test, whatever happens to the test. A missing QEMU fails the test: the main path is never skipped. The package
// refuses to speak QMP, so that it can serve the tests of the package that does.
package qemutest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a QEMU may take to open its socket or to end on a busy machine.
const patience = 60 * time.Second

// rest is how long a QEMU whose socket listens may take to come to rest.
const rest = 3 * time.Second

// A QEMU is a running server that a test owns.
type QEMU struct {
	Socket string // path of the QMP unix socket; it is listening when Start returns
	Dir    string // a directory for the test's images and sockets, removed at its end; the path is short

	tb     testing.TB
	cmd    *exec.Cmd
	stderr *output
	done   chan struct{} // closed when the process has ended and was waited for
	err    error         // what Wait said; read after done

	listened time.Time // when its socket was first seen to listen
}

// Start runs qemu-system-x86_64 under TCG with no devices, no display and a QMP socket, plus the given arguments, and
// waits until the socket listens. Without a -machine or -M among the arguments the machine is "none".
func Start(tb testing.TB, args ...string) *QEMU {
	tb.Helper()
	return StartIn(tb, Dir(tb), args...)
}

// StartIn is Start with a directory that the caller made, such as one that holds the machine's images.
func StartIn(tb testing.TB, dir string, args ...string) *QEMU {
	tb.Helper()
	all := []string{"-display", "none", "-nodefaults", "-accel", "tcg"}
	if !has(args, "-machine", "-M") {
		all = append(all, "-machine", "none")
	}
	socket := filepath.Join(dir, "qmp.sock")
	all = append(all, "-qmp", "unix:"+socket+",server=on,wait=off")
	return run(tb, dir, socket, "qemu-system-x86_64", append(all, args...)...)
}

// StartStorageDaemon runs qemu-storage-daemon with a QMP socket and the given arguments.
func StartStorageDaemon(tb testing.TB, args ...string) *QEMU {
	tb.Helper()
	dir := Dir(tb)
	socket := filepath.Join(dir, "qmp.sock")
	all := append([]string{
		"--chardev", "socket,id=qmp,path=" + socket + ",server=on,wait=off", "--monitor", "chardev=qmp",
	}, args...)
	return run(tb, dir, socket, "qemu-storage-daemon", all...)
}

// Dir makes a directory with a path short enough for unix sockets in it, and removes it with the test.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Image makes a disk image with qemu-img and returns its path.
func Image(tb testing.TB, dir, name, format, size string, options ...string) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	args := append([]string{"create", "-q", "-f", format}, options...)
	out, err := exec.CommandContext(tb.Context(), need(tb, "qemu-img"), append(args, path, size)...).CombinedOutput()
	if err != nil {
		tb.Fatalf("qemu-img create %s: %v\n%s", path, err, out)
	}
	return path
}

// PID is the process id of the server.
func (q *QEMU) PID() int { return q.cmd.Process.Pid }

// Done is closed when the server has ended.
func (q *QEMU) Done() <-chan struct{} { return q.done }

// Stderr is what the server has written to its standard error and output.
func (q *QEMU) Stderr() string { return q.stderr.String() }

// Kill ends the server at once, as a crash would, and waits until it is gone.
func (q *QEMU) Kill() {
	_ = q.cmd.Process.Kill()
	<-q.done
}

// Wait waits until the server has ended by itself and returns its exit code. It fails the test when that takes long.
func (q *QEMU) Wait() int {
	q.tb.Helper()
	select {
	case <-q.done:
	case <-time.After(patience):
		q.tb.Fatalf("QEMU still runs after %v", patience)
	}
	return q.cmd.ProcessState.ExitCode()
}

func run(tb testing.TB, dir, socket, program string, args ...string) *QEMU {
	tb.Helper()
	q := &QEMU{Socket: socket, Dir: dir, tb: tb, stderr: new(output), done: make(chan struct{})}
	q.cmd = exec.CommandContext(context.WithoutCancel(tb.Context()), need(tb, program), args...)
	q.cmd.Dir = dir
	q.cmd.Stdout, q.cmd.Stderr = q.stderr, q.stderr
	endWithUs(q.cmd)
	if err := q.cmd.Start(); err != nil {
		tb.Fatalf("start %s: %v", program, err)
	}
	go func() {
		q.err = q.cmd.Wait()
		close(q.done)
	}()
	tb.Cleanup(q.Kill)
	q.awaitSocket(program)
	return q
}

func (q *QEMU) awaitSocket(program string) {
	q.tb.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !q.ready() {
		select {
		case <-tick.C:
		case <-q.done:
			q.tb.Fatalf("%s ended before its socket listened: %v\n%s", program, q.err, q.Stderr())
		case <-deadline:
			q.tb.Fatalf("%s opened no socket within %v\n%s", program, patience, q.Stderr())
		}
	}
}

// ready reports whether a client may connect. A guest may keep QEMU busy for as long as it likes: one that will not
// come to rest is let go after a while.
func (q *QEMU) ready() bool {
	if !listening(q.Socket) {
		return false
	}
	if q.listened.IsZero() {
		q.listened = time.Now()
	}
	return settled(q.PID()) || time.Since(q.listened) > rest
}

func need(tb testing.TB, program string) string {
	tb.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		tb.Fatalf("%s is missing, and this test is about the real one: run make deps, or install QEMU", program)
	}
	return path
}

func has(args []string, names ...string) bool {
	for _, arg := range args {
		for _, name := range names {
			if strings.TrimPrefix(arg, "-") == strings.TrimPrefix(name, "-") {
				return true
			}
		}
	}
	return false
}

// output collects what a process writes. The mutex guards buf.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
