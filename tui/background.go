package tui

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/render"
)

// A background asks the terminal, once, which colour its background has, and is the keyboard meanwhile: it keeps the
// answer from being taken for keys, however slowly that comes, and says when nothing more will come, so that the
// terminal is not left before. The answer is a message like any other; a terminal that gives none changes nothing.
//
// Behind the question goes another that every terminal answers, what kind it is: one that does not know the first is
// recognised by that.
type background struct {
	*os.File // the keyboard
	screen   io.Writer
	send     func(tea.Msg) // to the program: the key that was taken for an answer at first
	done     chan struct{} // closed when nothing more will come

	mu    sync.Mutex // guards what follows
	asked time.Time  // zero: not yet
	over  bool       // done is closed
	held  []byte     // the beginning of an answer, or of a key
	reads int        // how often the keyboard was read
}

// inquiry asks for the colour, and then for the kind.
const inquiry = ansi.RequestBackgroundColor + ansi.RequestPrimaryDeviceAttributes

// answerTime is how long a terminal may take to answer. A network's slowest round trip is shorter.
const answerTime = 2 * time.Second

// The time for which the first byte of an answer may be there alone before it is the key Esc: while one is expected, and
// on a terminal that did not answer in time, where it is the usual one.
const escapeTime, lateEscapeTime = 250 * time.Millisecond, 50 * time.Millisecond

// newBackground is nil where there is nothing to ask: without colours, where $COLORFGBG tells, and on terminals that are
// always dark or that print what they do not know.
func newBackground(config Config, send func(tea.Msg)) *background {
	keyboard, ok := config.Input.(*os.File)
	term := setting(config.Environ, "TERM")
	if !ok || runtime.GOOS == "windows" || config.Theme.Profile() <= render.Mono || setting(config.Environ, "COLORFGBG") != "" ||
		term == "linux" || term == "ansi" || strings.HasPrefix(term, "vt") {
		return nil
	}
	return &background{File: keyboard, screen: config.Output, send: send, done: make(chan struct{})}
}

// keyboard is what the program reads in the place of its keyboard.
func (b *background) keyboard(plain io.Reader) io.Reader {
	if b == nil {
		return plain
	}
	return b
}

// ask sends the question. The terminal must be raw, and be read from.
func (b *background) ask() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	b.asked = time.Now()
	if _, err := io.WriteString(b.screen, inquiry); err != nil {
		b.finish()
	}
}

// settle waits until nothing more will come from the terminal. A question that was not asked by now is not asked.
func (b *background) settle() {
	if b == nil {
		return
	}
	b.mu.Lock()
	if b.asked.IsZero() {
		b.finish()
	}
	left := time.NewTimer(time.Until(b.asked.Add(answerTime)))
	b.mu.Unlock()
	defer left.Stop()
	select {
	case <-b.done:
	case <-left.C:
	}
}

// close lets everyone go on who waits.
func (b *background) close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish()
}

func (b *background) finish() {
	if !b.over {
		b.over = true
		close(b.done)
	}
}

// Read reads the keyboard. It returns nothing, and no error, where all that came is the beginning of an answer.
func (b *background) Read(p []byte) (int, error) {
	keep := min(answerMost, len(p)/2) // room for what was held back
	n, err := b.File.Read(p[:len(p)-keep])
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.finish()
	}
	b.reads++
	n = copy(p, b.sift(p[:n]))
	if string(b.held) == "\x1b" {
		read, alone := b.reads, escapeTime
		if time.Since(b.asked) > answerTime {
			alone = lateEscapeTime
		}
		time.AfterFunc(alone, func() { b.release(read) })
	}
	return n, err
}

// release makes the key Esc of what was taken for the beginning of an answer, when nothing was read since.
func (b *background) release(read int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reads == read && string(b.held) == "\x1b" {
		b.held = nil
		b.send(tea.KeyPressMsg{Code: tea.KeyEscape})
	}
}

// sift returns what can be handed on of what was read: keys, and answers in one piece each.
func (b *background) sift(read []byte) []byte {
	if len(b.held) == 0 && b.over {
		return read
	}
	ready := make([]byte, 0, len(b.held)+len(read))
	for _, c := range read {
		b.held = append(b.held, c)
		switch answerOf(b.held) {
		case answerBegun:
			continue
		case answerWhole:
			ready, b.held = append(ready, b.held...), b.held[:0]
			if c == 'c' {
				b.finish()
			}
			continue
		case answerNone:
			ready = append(ready, b.held[:len(b.held)-1]...)
		case answerBroken: // what was held is no key
		}
		if b.held = b.held[:0]; c == ansi.ESC {
			b.held = append(b.held, c)
		} else {
			ready = append(ready, c)
		}
	}
	return ready
}

// themeOn is a theme for the background that a terminal told of.
func themeOn(theme render.Theme, told tea.BackgroundColorMsg) render.Theme {
	if told.Color == nil || theme.Light() != told.IsDark() {
		return theme
	}
	return render.NewTheme(theme.Profile(), !told.IsDark())
}

// An answer says what bytes of the keyboard are.
type answer int

const (
	answerNone answer = iota
	answerBegun
	answerWhole
	answerBroken
)

// answerMost is more bytes than any answer has.
const answerMost = 64

// The beginnings of the two answers: of the colour, as in ESC ] 11 ; rgb:ffff/ffff/ffff BEL, or with ESC \ at its end, and
// of the kind, as in ESC [ ? 1 ; 2 c. No key begins like them.
const colourBegins, kindBegins = "\x1b]11;", "\x1b[?"

// answerOf says what the bytes are, that were nothing but the beginning of an answer before the last of them.
func answerOf(held []byte) answer {
	last := held[len(held)-1]
	begins := func(with string) bool {
		return bytes.HasPrefix(held, []byte(with)) || strings.HasPrefix(with, string(held))
	}
	switch colour := begins(colourBegins); {
	case !colour && !begins(kindBegins):
		return answerNone
	case len(held) > answerMost:
		return answerBroken
	case colour && (last == ansi.BEL || bytes.HasSuffix(held, []byte("\x1b\\"))), !colour && last == 'c':
		return answerWhole
	case colour && len(held) > len(colourBegins) && !strings.ContainsRune("rgba:/#0123456789abcdefABCDEF\x1b", rune(last)),
		!colour && len(held) > len(kindBegins) && !strings.ContainsRune("0123456789;", rune(last)):
		return answerBroken
	}
	return answerBegun
}
