package editor

import (
	"io"
	"os"
	"sync"

	"github.com/chzyer/readline"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// A terminal is switched between its usual mode, raw mode while a line is read, in which each key is delivered as it
// is pressed, and quiet mode between lines, in which Ctrl-C is a signal and other keys wait.
type terminal struct {
	in  *os.File
	out io.Writer

	mu     sync.Mutex // guards what follows
	usual  *readline.State
	mode   terminalMode
	closed bool
}

type terminalMode int

const (
	usualMode terminalMode = iota
	quietMode
	rawMode
)

// The sequences that make the terminal put pastes in brackets, and stop it.
const (
	bracketsOn  = "\x1b[?2004h"
	bracketsOff = "\x1b[?2004l"
)

// enter switches to a mode. The mode in which the terminal was found is kept as the usual one.
func (t *terminal) enter(mode terminalMode) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mode == t.mode || t.closed {
		return nil
	}
	if mode == usualMode {
		t.mode = mode
		io.WriteString(t.out, bracketsOff)
		return readline.Restore(int(t.in.Fd()), t.usual)
	}
	state, err := readline.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return err
	}
	if t.mode == usualMode {
		t.usual = state
		io.WriteString(t.out, bracketsOn)
	}
	if t.mode = mode; mode == quietMode {
		return quiet(int(t.in.Fd()))
	}
	return nil
}

// close enters the usual mode for good.
func (t *terminal) close() {
	t.enter(usualMode)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

// present is the mode that the terminal is in.
func (t *terminal) present() terminalMode {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mode
}

// again enters the mode once more when somebody else has left it: the shell that stopped and continued us.
func (t *terminal) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mode == usualMode {
		return
	}
	readline.MakeRaw(int(t.in.Fd()))
	if t.mode == quietMode {
		quiet(int(t.in.Fd()))
	}
	io.WriteString(t.out, bracketsOn)
}
