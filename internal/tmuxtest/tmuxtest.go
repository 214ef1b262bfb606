// Package tmuxtest runs a program in a terminal of its own, types into it and looks at its screen. Each Session is a
// private tmux server that nothing else on the machine sees and that dies with the test, or with the test's process.
// It waits for what appears on the screen, woken by the program's output, and never for a length of time; what
// failed to appear within the deadline ends the test with the screen in the message.
//
// It refuses to skip: a machine without tmux fails the test.
package tmuxtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"
)

// Options say what terminal a program gets. The zero value is 80x24.
type Options struct {
	Width, Height int           // cells; 0 means 80 and 24
	Env           []string      // NAME=VALUE, beside the test's own environment
	Dir           string        // working directory; "" is the test's
	Deadline      time.Duration // of each wait; 0 means 60 seconds
}

// A Session is a program in a terminal. Its methods are for the test's goroutine, and end the test on failure.
type Session struct {
	t        testing.TB
	control  *control
	deadline time.Duration
	dir      string
}

// Start runs argv in a new terminal. The program and the server end with the test. When the program ends earlier,
// its last screen stays; what it wrote just before may be missing, because tmux lets go of the terminal at the program's
// end, read or not. A test that is about such words runs the program in a shell that waits for a line afterwards.
func Start(t testing.TB, opts Options, argv ...string) *Session {
	t.Helper()
	if len(argv) == 0 {
		t.Fatal("tmuxtest: no program")
	}
	dir, err := os.MkdirTemp("", "qtmux")
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{t: t, deadline: opts.Deadline, dir: dir}
	if s.deadline == 0 {
		s.deadline = 60 * time.Second
	}
	s.control, err = startControl(filepath.Join(dir, "s"), opts, argv)
	if err != nil {
		os.RemoveAll(dir)
		t.Fatalf("tmuxtest: %v", err)
	}
	t.Cleanup(func() {
		s.control.close()
		os.RemoveAll(dir)
	})
	return s
}

// For is the same session, whose failures end t: a test within the one that began it.
func (s *Session) For(t testing.TB) *Session {
	same := *s
	same.t = t
	return &same
}

// Type types text as it is. A line end in it is the Enter key.
func (s *Session) Type(text string) {
	s.t.Helper()
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			s.Press("Enter")
		}
		if part != "" {
			s.run("send-keys -l -- " + quote(part))
		}
	}
}

// Press presses keys by tmux's names: Enter, Tab, BTab, Escape, Up, Home, DC, PPage, F1, C-c, M-b, M-Enter.
func (s *Session) Press(keys ...string) {
	s.t.Helper()
	for _, key := range keys {
		s.run("send-keys " + quote(key))
	}
}

// Send sends bytes to the program as if the terminal had sent them, all in one piece. They must be ASCII.
func (s *Session) Send(bytes string) {
	s.t.Helper()
	var b strings.Builder
	b.WriteString("send-keys -H")
	for i := range len(bytes) {
		fmt.Fprintf(&b, " %02x", bytes[i])
	}
	s.run(b.String())
}

// Paste pastes text as a terminal does: in brackets where the program asked for them.
func (s *Session) Paste(text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, "paste")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.run("load-buffer -b p " + quote(path))
	s.run("paste-buffer -p -d -b p")
}

// Resize gives the terminal another size, in cells. It returns when the program can see it: tmux breaks the rows on the
// screen anew a moment before it tells.
func (s *Session) Resize(width, height int) {
	s.t.Helper()
	tty, err := os.Open(s.TTY())
	if err != nil {
		s.t.Fatal(err)
	}
	defer tty.Close()
	s.run(fmt.Sprintf("resize-window -x %d -y %d", width, height))
	done := s.wait(func() bool {
		w, h, err := term.GetSize(int(tty.Fd()))
		return err == nil && w == width && h == height
	})
	if !done {
		s.t.Fatalf("waited %v for a terminal of %dx%d", s.deadline, width, height)
	}
}

// TTY is the path of the device that the program has its terminal at.
func (s *Session) TTY() string {
	s.t.Helper()
	return s.display("#{pane_tty}")
}

// Signal sends a signal to the program.
func (s *Session) Signal(sig syscall.Signal) {
	s.t.Helper()
	process, err := os.FindProcess(s.Pid())
	if err == nil {
		err = process.Signal(sig)
	}
	if err != nil {
		s.t.Fatalf("signal %v: %v", sig, err)
	}
}

// Pid is the program's process id.
func (s *Session) Pid() int {
	s.t.Helper()
	return s.number(s.display("#{pane_pid}"))
}

// A Screen is what the terminal shows: its rows from top to bottom, without the blanks at their ends.
type Screen []string

// String is the rows, one line each, without the empty ones at the end.
func (sc Screen) String() string { return strings.TrimRight(strings.Join(sc, "\n"), "\n") }

// Contains reports whether some row holds text.
func (sc Screen) Contains(text string) bool { return sc.Row(text) >= 0 }

// Row is the number, from 0, of the lowest row that holds text, or -1.
func (sc Screen) Row(text string) int {
	for i := len(sc) - 1; i >= 0; i-- {
		if strings.Contains(sc[i], text) {
			return i
		}
	}
	return -1
}

// Last is the lowest row that is not empty.
func (sc Screen) Last() string {
	for i := len(sc) - 1; i >= 0; i-- {
		if sc[i] != "" {
			return sc[i]
		}
	}
	return ""
}

// Screen is what the terminal shows now.
func (s *Session) Screen() Screen { s.t.Helper(); return s.capture("capture-pane -p") }

// Styled is the screen with its colours and attributes, as escape sequences.
func (s *Session) Styled() Screen { s.t.Helper(); return s.capture("capture-pane -p -e") }

// History is the screen with everything above it that has scrolled away.
func (s *Session) History() Screen { s.t.Helper(); return s.capture("capture-pane -p -S - -E -") }

// Forget drops what has scrolled away.
func (s *Session) Forget() { s.t.Helper(); s.run("clear-history") }

// Cursor is where the cursor stands, counted from 0 at the top left.
func (s *Session) Cursor() (column, row int) {
	s.t.Helper()
	if _, err := fmt.Sscan(s.display("#{cursor_x} #{cursor_y}"), &column, &row); err != nil {
		s.t.Fatal(err)
	}
	return column, row
}

// Modes names what a full-screen program has changed of the terminal, as tmux tells it: "" when all is as at the start.
// Whether pasted text comes in brackets tmux does not tell.
func (s *Session) Modes() string {
	s.t.Helper()
	return strings.TrimSpace(s.display("#{?alternate_on,alternate-screen ,}#{?mouse_any_flag,mouse ,}#{?mouse_sgr_flag,mouse-sgr ,}" +
		"#{?cursor_flag,,cursor-hidden }#{?keypad_cursor_flag,cursor-keys ,}#{?keypad_flag,keypad ,}#{?scroll_region_upper,scroll-region,}"))
}

// WaitFor waits until some row holds text, and returns that screen.
func (s *Session) WaitFor(text string) Screen {
	s.t.Helper()
	return s.WaitUntil(fmt.Sprintf("%q", text), func(sc Screen) bool { return sc.Contains(text) })
}

// WaitGone waits until no row holds text.
func (s *Session) WaitGone(text string) Screen {
	s.t.Helper()
	return s.WaitUntil(fmt.Sprintf("%q to go", text), func(sc Screen) bool { return !sc.Contains(text) })
}

// WaitMatch waits until the screen, its rows joined by line ends, matches the regular expression.
func (s *Session) WaitMatch(expr string) Screen {
	s.t.Helper()
	re := regexp.MustCompile(expr)
	return s.WaitUntil("a match of "+expr, func(sc Screen) bool { return re.MatchString(sc.String()) })
}

// WaitUntil waits until the screen is as ok wants it; what says what that is, for the message when it never comes.
func (s *Session) WaitUntil(what string, ok func(Screen) bool) Screen {
	s.t.Helper()
	var last Screen
	done := s.wait(func() bool {
		last = s.Screen()
		return ok(last)
	})
	if !done {
		s.t.Fatalf("waited %v for %s; the screen (%s):\n%s", s.deadline, what, s.state(), frame(last))
	}
	return last
}

// WaitExit waits until the program has ended and returns its exit code, 128 plus the signal's number for a killed one.
func (s *Session) WaitExit() int {
	s.t.Helper()
	var end []string
	done := s.wait(func() bool {
		end = strings.Split(s.display("#{pane_dead},#{pane_dead_status},#{pane_dead_signal}"), ",")
		if end[0] == "1" && end[1] == "" && end[2] == "" {
			// The server misses a child's end now and then; the end of another child makes it look.
			s.run("run-shell -b true")
			return false
		}
		return end[0] == "1"
	})
	if !done {
		s.t.Fatalf("waited %v for the program's end; the screen:\n%s", s.deadline, frame(s.Screen()))
	}
	if end[2] != "" {
		return 128 + s.number(end[2])
	}
	return s.number(end[1])
}

// wait asks ok again whenever the terminal has changed, until it says yes or the deadline has passed.
func (s *Session) wait(ok func() bool) bool {
	limit := time.NewTimer(s.deadline)
	defer limit.Stop()
	for {
		if ok() {
			return true
		}
		// Not every change is announced (a program's end is not), so look now and then in any case.
		look := time.NewTimer(50 * time.Millisecond)
		select {
		case <-s.control.changed:
		case <-look.C:
		case <-limit.C:
			look.Stop()
			return ok()
		}
		look.Stop()
	}
}

func (s *Session) run(command string) []string {
	s.t.Helper()
	out, err := s.control.run(command)
	if err != nil {
		s.t.Fatalf("tmuxtest: %.80s: %v", command, err)
	}
	return out
}

func (s *Session) capture(command string) Screen { s.t.Helper(); return Screen(s.run(command)) }

func (s *Session) display(format string) string {
	s.t.Helper()
	return strings.Join(s.run("display-message -p "+quote(format)), "\n")
}

func (s *Session) number(text string) int {
	s.t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		s.t.Fatalf("tmuxtest: not a number: %v", err)
	}
	return n
}

func (s *Session) state() string {
	return s.display("#{window_width}x#{window_height}, cursor at column #{cursor_x} of row #{cursor_y}, " +
		"#{?pane_dead,ended with #{pane_dead_status},running}")
}

// frame draws a border that shows where rows end and how many there are.
func frame(sc Screen) string {
	var b strings.Builder
	for i, row := range sc {
		fmt.Fprintf(&b, "%3d │%s\n", i, row)
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
