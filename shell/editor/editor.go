package editor

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

// An Editor reads lines and prints lines above the one being read. All methods but the reading ones may be called from
// any goroutine, also while a line is being read; one line is read at a time.
//
// While no line is being read Ctrl-C is SIGINT, and other keys wait for the next line. Programs that are to use the
// terminal run between Suspend and Resume.
type Editor interface {
	// ReadLine reads an entry of one or more rows, without the last line end. It fails with ErrInterrupt on Ctrl-C,
	// with io.EOF on Ctrl-D, at the end of the input, and when the terminal hung up or the process is asked to
	// terminate: what had been typed until then is thrown away. When ctx ends, so does the reading, likewise.
	ReadLine(ctx context.Context) (string, error)
	// ReadSecret reads a line that is not shown, not kept in the history and cannot be yanked later.
	ReadSecret(ctx context.Context, prompt string) (string, error)
	// Ask asks a question. Only "y" and "yes" are a yes; whatever else is typed, or not typed, is a no.
	Ask(ctx context.Context, question string) (bool, error)
	// Print prints whole lines, above the line that is being read if there is one. A line end is added if missing.
	Print(text string)
	// Write prints like Print. The start of a line is kept until its end comes, or until a line is read.
	io.Writer
	// SetPrompt changes what stands before the line, also while it is being read. It may have styles.
	SetPrompt(prompt string)
	// SetStatus shows text in a row of its own below what is printed, while no line is being read. "" takes it away.
	SetStatus(text string)
	// Refresh asks the callbacks again and draws the line again, for when their answers have changed.
	Refresh()
	// Suspend leaves the terminal to others: it is in its usual mode, its keys are not read, and what is printed
	// waits. Resume takes it back and prints that. They nest, and work between lines as in the middle of one.
	Suspend()
	Resume()
	// Size is the terminal's, in cells: 80x24 where there is none.
	Size() (width, height int)
	// Interactive reports whether a person can edit: false for the plain reader.
	Interactive() bool
	// Close ends a pending ReadLine, prints what waits and leaves the terminal as it was.
	Close() error
}

// ErrInterrupt is what ReadLine returns on Ctrl-C.
var ErrInterrupt = errors.New("interrupted")

// Config says how to read lines. The zero value of everything but In and Out is useful.
type Config struct {
	In, Out  *os.File
	Terminal string // the value of TERM; "dumb" and "" mean one that cannot move its cursor
	// Glyph is a character of the same width that the terminal draws in the place of one that it lacks. nil: it lacks none.
	Glyph        func(rune) rune
	Prompt       string // before the first row, may have styles
	Continuation string // before the others
	Theme        Theme
	History      *History // nil keeps none

	// Complete says what could stand at byte cursor of line.
	Complete func(line string, cursor int) Completion
	// Hint says in a line what is at the cursor.
	Hint func(line string, cursor int) string
	// Ghost proposes what could follow the line, for Right to accept.
	Ghost func(line string) string
	// Highlight gives parts of the line a style. The spans are in the order of their starts; styles of spans that
	// overlap are joined.
	Highlight func(line string, cursor int) []Span
	// Open reports whether something in the line is still open, so that Enter goes to its next row.
	Open func(line string) bool
	// Remember says what the history keeps of a line, "" for nothing. Without it, that is the line.
	Remember func(line string) string
	// Keys are called for F1 to F12, C-o, C-q, C-v and C-x, and return the line as it is to be then.
	Keys map[string]func(line string, cursor int) string
}

// A Theme is styles, each the parameters of an SGR sequence; "" is none.
type Theme struct {
	Ghost     string // text that is not there yet
	Hint      string
	Candidate string // a menu's texts
	Column    string // and what stands beside them
	Faint     string // a candidate better not chosen
	Selected  string // the chosen one
	Title     string // the menu's last row
	Match     string // what a history search has found
}

// DefaultTheme is a theme for any background. Without colour it keeps to bold, faint and reverse.
func DefaultTheme(colour bool) Theme {
	t := Theme{Ghost: "2", Hint: "2", Candidate: "", Column: "2", Faint: "2;9", Selected: "7", Title: "2", Match: "4"}
	if colour {
		t.Ghost, t.Hint, t.Column, t.Title = "90", "90", "36", "90"
		t.Faint = "90;9"
	}
	return t
}

// New starts an editor, or the plain reader where the input or the output is not a terminal that can be drawn on.
func New(cfg Config) (Editor, error) {
	if !canDraw(cfg) {
		return newPlain(cfg), nil
	}
	return newLineEditor(cfg)
}

// canDraw reports whether there is a terminal on which the cursor can be moved.
func canDraw(cfg Config) bool {
	return cfg.Terminal != "" && cfg.Terminal != "dumb" && isTerminal(cfg.In) && isTerminal(cfg.Out)
}

// remember adds a line to the history.
func (c Config) remember(line string) error {
	if c.History == nil {
		return nil
	}
	if c.Remember != nil {
		line = c.Remember(line)
	}
	return c.History.Add(line)
}

// isYes reports whether an answer is a clear yes.
func isYes(answer string) bool {
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// wholeLines returns text with a line end behind it.
func wholeLines(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
