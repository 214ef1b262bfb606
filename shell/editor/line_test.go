package editor

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"
)

// onTerminal starts an editor on a terminal of its own; what it writes can be read from the other end.
func onTerminal(tb testing.TB) (ed Editor, far *os.File) {
	tb.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		tb.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		tb.Fatal(err)
	}
	ed, err = New(Config{In: slave, Out: slave, Terminal: "xterm", Prompt: "> ", Complete: words,
		Highlight: func(line string, _ int) []Span { return []Span{{0, len(line), "31"}} }})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ed.Close()
		slave.Close()
		master.Close()
	})
	return ed, master
}

// readTo reads from a terminal until a text has come.
func readTo(tb testing.TB, far *os.File, text string) {
	tb.Helper()
	var seen strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(seen.String(), text) {
		n, err := far.Read(buf)
		if err != nil {
			tb.Fatalf("%v after %q", err, seen.String())
		}
		seen.Write(buf[:n])
	}
}

func TestCloseEndsAPendingLineAndLeavesNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	ed, far := onTerminal(t)
	result := make(chan error, 1)
	go func() {
		line, err := ed.ReadLine(context.Background())
		if line != "" {
			t.Errorf("the half-typed line %q came back", line)
		}
		result <- err
	}()
	readTo(t, far, "> ")
	if _, err := far.WriteString("half"); err != nil {
		t.Fatal(err)
	}
	readTo(t, far, "half")
	if err := ed.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-result:
		if !errors.Is(err, io.EOF) {
			t.Errorf("error %v, want EOF", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("ReadLine still waits")
	}
	if _, err := ed.ReadLine(context.Background()); !errors.Is(err, io.EOF) {
		t.Errorf("reading after the end: %v, want EOF", err)
	}
	goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("os/signal.signal_recv"), goleak.IgnoreTopFunction("os/signal.loop"))
}

// BenchmarkKey is the time from a key press to its frame at the other end of the terminal.
func BenchmarkKey(b *testing.B) {
	ed, far := onTerminal(b)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if _, err := ed.ReadLine(context.Background()); err != nil && !errors.Is(err, ErrInterrupt) {
				return
			}
		}
	}()
	readTo(b, far, "\x1b[?25h")
	n := 0
	for b.Loop() {
		if n++; n%60 == 0 {
			b.StopTimer()
			far.WriteString("\x15") // back to an empty line
			readTo(b, far, "\x1b[?25h")
			b.StartTimer()
		}
		far.WriteString("x")
		readTo(b, far, "\x1b[?25h")
	}
	b.StopTimer()
	ed.Close()
	<-ended
}
