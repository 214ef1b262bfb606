package editor

import (
	"io"
	"os"
	"sync"

	"github.com/chzyer/readline"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// A terminal is switched between its usual mode and the one in which each key is delivered as it is pressed.
type terminal struct {
	in  *os.File
	out io.Writer

	mu    sync.Mutex // guards what follows
	usual *readline.State
	raw   bool
}

// The sequences that make the terminal put pastes in brackets, and stop it.
const (
	bracketsOn  = "\x1b[?2004h"
	bracketsOff = "\x1b[?2004l"
)

// enter switches to raw mode.
func (t *terminal) enter() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.raw {
		return nil
	}
	state, err := readline.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return err
	}
	t.usual, t.raw = state, true
	io.WriteString(t.out, bracketsOn)
	return nil
}

// leave switches back to the mode in which enter found the terminal.
func (t *terminal) leave() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.raw {
		return nil
	}
	t.raw = false
	io.WriteString(t.out, bracketsOff)
	return readline.Restore(int(t.in.Fd()), t.usual)
}

// again enters raw mode once more when somebody else has left it: the shell that stopped and continued us.
func (t *terminal) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.raw {
		readline.MakeRaw(int(t.in.Fd()))
		io.WriteString(t.out, bracketsOn)
	}
}
