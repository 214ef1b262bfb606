package editor

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// A frame is what stands below the printed lines: the line that is being typed and what belongs to it, or one row
// that says what is going on.
type frame struct {
	prompt       string
	continuation string
	line         string
	cursor       int // byte of line
	spans        []Span
	ghost        string // faint behind the end of the line
	hint         string // in the row below
	anchor       int    // byte of line under which the hint and the menu stand
	menu         *menu
	notice       string // in the row below, in place of the hint and the menu
}

// A screen draws one frame at the bottom of what is printed, each time in one write, and prints lines above it. It
// moves the cursor only relative to where it left it.
type screen struct {
	out   io.Writer
	size  func() (width, height int)
	busy  func() bool // more keys are waiting: the frame after them will do
	theme Theme
	glyph func(rune) rune // what is drawn in the place of a character; nil: that character

	mu        sync.Mutex // guards everything below, and the writes to out
	width     int
	height    int
	frame     frame
	shown     bool // there is a frame to draw
	dirty     bool // the frame has changed since it was drawn
	drawn     bool // the rows below are on the screen, under the cursor
	widths    []int
	cursorRow int
	cursorCol int
	menuTop   int // the first candidate that the menu shows
	suspended bool
	waiting   backlog // lines to print with the next frame, or after the suspension
	last      time.Time
	timer     *time.Timer // prints what is waiting; nil when it is not running
	closed    bool
}

// eraseBelow erases the row of the cursor, at its start, and all below it. Erasing downwards from the top left cell makes
// tmux keep what was there, so this stands one to the right meanwhile.
const eraseBelow = "\x1b[2K\x1b[C\x1b[J\r"

// A window may get narrower between the moment in which it was measured and the one in which the terminal draws. Rows below
// the cursor are cut then: they are as many as were written, so the cursor finds its way back up. Those above it break, as
// they would if they had been there before: that is what resized goes by.
const (
	cutRows   = "\x1b[?7l"
	breakRows = "\x1b[?7h"
)

// framePause is the least time between two frames that only printing asks for.
const framePause = 16 * time.Millisecond

func newScreen(out io.Writer, theme Theme, size func() (int, int)) *screen {
	s := &screen{out: out, theme: theme, size: size}
	s.measure()
	return s
}

// measure asks for the size of the window. It reports whether it is another one than before.
func (s *screen) measure() bool {
	w, h := s.size()
	if w <= 0 || h <= 0 {
		w, h = 80, 24
	}
	changed := w != s.width || h != s.height
	s.width, s.height = w, h
	return changed
}

// show makes f the frame.
func (s *screen) show(f frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame, s.shown, s.dirty = f, true, true
	if s.busy == nil || !s.busy() {
		s.draw()
	}
}

// flush draws the frame if its last change was put off.
func (s *screen) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dirty {
		s.draw()
	}
}

// finish draws the line for the last time, without what belongs to typing, with text behind it, and leaves the
// cursor in the row below. A line with more rows than the window shows its first and last ones.
func (s *screen) finish(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.shown {
		return
	}
	f := s.frame
	s.frame, s.shown, s.dirty = frame{}, false, false
	if s.suspended {
		return
	}
	broken := s.resized()
	l := layout{width: s.width, prompt: f.prompt, continuation: f.continuation, line: f.line + text,
		spans: f.spans}
	rows := abridge(l.lay().rows, s.height)
	var b strings.Builder
	b.WriteString(s.home())
	if broken {
		b.WriteString(eraseBelow)
	}
	s.lines(&b, s.take())
	for _, r := range rows {
		s.row(&b, r)
		b.WriteString("\r\n")
	}
	b.WriteString("\x1b[J\x1b[?25h")
	s.drawn = false
	s.write(b.String())
}

// abridge leaves out the middle of rows that do not fit into a window.
func abridge(rows []row, height int) []row {
	keep := max(2, height-2) / 2
	if len(rows) <= max(height, 2*keep+1) {
		return rows
	}
	note := fmt.Sprintf("… %d rows …", len(rows)-2*keep)
	out := append([]row(nil), rows[:keep]...)
	out = append(out, row{note, ansi.StringWidth(note)})
	return append(out, rows[len(rows)-keep:]...)
}

// remove takes the frame away, and leaves the cursor where it began.
func (s *screen) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame, s.shown, s.dirty = frame{}, false, false
	s.erase(s.take())
}

// erase removes the rows of the frame from the screen and prints lines in their place.
func (s *screen) erase(lines string) {
	if s.suspended {
		return
	}
	var b strings.Builder
	if s.drawn {
		s.resized()
		b.WriteString(s.home())
		b.WriteString(eraseBelow + "\x1b[?25h")
	}
	s.drawn = false
	s.lines(&b, lines)
	s.write(b.String())
}

// print prints whole lines above the frame. They appear at once, or together with others a little later.
func (s *screen) print(lines string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed || !s.shown && !s.suspended:
		s.write(s.take() + lines)
		return
	case s.suspended:
		s.waiting.add(lines)
		return
	}
	s.waiting.add(lines)
	if wait := framePause - time.Since(s.last); wait <= 0 {
		s.draw()
	} else if s.timer == nil {
		s.timer = time.AfterFunc(wait, s.printWaiting)
	}
}

func (s *screen) printWaiting() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = nil
	if !s.waiting.empty() && !s.suspended {
		s.draw()
	}
}

func (s *screen) take() string { return s.waiting.take() }

// clear empties the window; the frame is drawn at its top.
func (s *screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.suspended {
		return
	}
	s.drawn = false
	s.write("\x1b[H\x1b[2J")
	s.draw()
}

// resize draws the frame again if the window has another size.
func (s *screen) resize() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.suspended && s.shown {
		s.draw()
	}
}

// redraw draws the frame where the cursor is, after something else has used the screen.
func (s *screen) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn = false
	if !s.suspended && s.shown {
		s.draw()
	}
}

// suspend takes the frame off the screen and holds what is printed from now on.
func (s *screen) suspend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase(s.take())
	s.suspended = true
}

// resume prints what was held and draws the frame again, if there is one.
func (s *screen) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspended = false
	s.measure()
	if s.shown {
		s.draw()
		return
	}
	s.write(s.take())
}

// close prints what is waiting; nothing is put off any more.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspended = false
	s.shown = false
	s.erase(s.take())
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
	}
}

func (s *screen) write(text string) {
	if text != "" {
		if s.glyph != nil {
			text = strings.Map(s.glyph, text)
		}
		io.WriteString(s.out, text) // a terminal that has gone is noticed by reading from it
	}
}

// resized works out, after a change of the window's size, in which row of the frame the cursor is now: a terminal
// breaks rows that have become too long. It reports whether that has happened. Then the rows have to be erased before
// they are drawn again: what is only written over is joined again when the window gets wider.
//
// Rows that a terminal moves up out of the window cannot be reached any more: they come back with a higher window.
func (s *screen) resized() (broken bool) {
	if !s.measure() || !s.drawn {
		return false
	}
	at := s.cursorCol / s.width
	for i := range min(s.cursorRow, len(s.widths)) {
		at += max(1, (s.widths[i]+s.width-1)/s.width)
	}
	s.cursorRow = min(at, s.height-1)
	s.widths = nil
	return true
}

// home moves the cursor to the frame's first cell.
func (s *screen) home() string {
	if !s.drawn || s.cursorRow == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", s.cursorRow)
}

// lines writes whole lines over what is on the screen. A line that ends in the last column leaves nothing to erase. A row
// is emptied before it is written over: a terminal may have broken it a moment ago, and would join it to the next again.
func (s *screen) lines(b *strings.Builder, text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		b.WriteString("\x1b[2K" + line)
		if w := ansi.StringWidth(line); w == 0 || w%s.width != 0 {
			b.WriteString("\x1b[K")
		}
		b.WriteString("\r\n")
	}
}

func (s *screen) row(b *strings.Builder, r row) {
	b.WriteString(r.text)
	if r.width < s.width {
		b.WriteString("\x1b[K")
	}
}

// draw writes what is waiting and then the frame, over the old one, in one write.
func (s *screen) draw() {
	s.dirty = false
	if s.suspended {
		return
	}
	broken := s.resized()
	s.last = time.Now()
	p := s.compose(s.frame)
	var b strings.Builder
	b.WriteString("\x1b[?25l")
	b.WriteString(s.home())
	if broken {
		b.WriteString(eraseBelow)
	}
	s.lines(&b, s.take())
	s.widths = s.widths[:0]
	for i, r := range p.rows {
		if i > 0 {
			b.WriteString("\r\n")
		}
		s.row(&b, r)
		if s.widths = append(s.widths, r.width); i == p.cursorRow {
			b.WriteString(cutRows)
		}
	}
	if last := p.rows[len(p.rows)-1]; last.width < s.width && (len(p.rows) > 1 || last.width > 0) {
		b.WriteString("\x1b[J")
	}
	b.WriteByte('\r')
	if up := len(p.rows) - 1 - p.cursorRow; up > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", up)
	}
	if p.cursorCol > 0 {
		fmt.Fprintf(&b, "\x1b[%dC", p.cursorCol)
	}
	b.WriteString(breakRows + "\x1b[?25h")
	s.cursorRow, s.cursorCol, s.drawn = p.cursorRow, p.cursorCol, true
	s.write(b.String())
}
