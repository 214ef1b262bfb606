package editor

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/term"
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

// Whatever an editor is doing when it is closed, or its terminal hangs up, it ends, leaves the terminal as it was, and
// races with none of those who use it.
func TestCloseAtAnyMoment(t *testing.T) {
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 1))
		master, slave, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		before, err := term.GetState(int(slave.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		ed, err := New(Config{In: slave, Out: slave, Terminal: "xterm", Prompt: "> ", Complete: words})
		if err != nil {
			t.Fatal(err)
		}
		var users, drain sync.WaitGroup
		drain.Go(func() { io.Copy(io.Discard, master) })
		if random.IntN(8) > 0 { // or else it is closed before anything was read
			use(ed, random, &users)
			for _, c := range random.Perm(30)[:random.IntN(30)] {
				master.WriteString([]string{"a", "big ", "\r", "\x03", "\x12", "\t", "de\t", "\x1b", "\x1b[A", "{"}[c%10])
			}
		}
		if random.IntN(2) == 0 { // the hang-up's way: the input ends first
			ed.(*lineEditor).in.Close()
			users.Wait()
		}
		ed.Close()
		users.Wait()
		if after, err := term.GetState(int(slave.Fd())); err != nil || *after != *before {
			t.Errorf("seed %d: the terminal is %v, was %v (%v)", seed, after, before, err)
		}
		slave.Close()
		master.Close()
		drain.Wait()
	}
}

// use reads lines with little patience until the input ends, while others print, refresh, and borrow the terminal.
func use(ed Editor, random *rand.Rand, users *sync.WaitGroup) {
	patience := make([]time.Duration, 1000)
	for i := range patience {
		patience[i] = time.Duration(random.IntN(2000)) * time.Microsecond
	}
	users.Go(func() {
		for i := 0; ; i++ {
			ctx, stop := context.WithTimeout(context.Background(), patience[i%len(patience)])
			_, err := ed.ReadLine(ctx)
			stop()
			if errors.Is(err, io.EOF) {
				return
			}
		}
	})
	users.Go(func() {
		for range 20 {
			ed.Print("news")
			ed.SetPrompt("one> ")
			ed.SetPrompt("other> ")
			ed.Refresh()
		}
	})
	users.Go(func() {
		for range 3 {
			ed.Suspend()
			ed.Resume()
		}
	})
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
