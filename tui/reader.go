package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
)

// A reader shows something to read, longer than the screen perhaps.
type reader struct {
	title   string
	content func(f facts, w int) []string // in w cells; nil when it is gone: what was shown last stays
	last    []string
	top     int
	shown   int // lines of the last view
}

func newReader(title string, content func(f facts, w int) []string) *reader {
	return &reader{title: title, content: content}
}

func (r *reader) key(m *model, msg tea.KeyPressMsg) *request {
	switch msg.String() {
	case "esc", "q", "enter", "?", "ctrl+c":
		m.overlay = nil
	case "up", "k":
		r.scroll(-1)
	case "down", "j":
		r.scroll(1)
	case "pgup", "ctrl+b", "ctrl+u":
		r.scroll(-r.shown)
	case "pgdown", "space", "ctrl+f", "ctrl+d":
		r.scroll(r.shown)
	case "home", "g":
		r.scroll(-farAway)
	case "end", "G":
		r.scroll(farAway)
	}
	return nil
}

// click closes the reader: beside it, or on the words at its foot that say so.
func (r *reader) click(m *model, x, y int) *request {
	lines := r.view(m.facts, m.w, m.h)
	if y == len(lines)-2 || y < 0 || y >= len(lines) || x < 0 || x >= render.Width(lines[0]) {
		m.overlay = nil
	}
	return nil
}

func (r *reader) scroll(by int) { r.top = max(min(r.top+by, len(r.last)-r.shown), 0) }

// readerWidth is how wide a reader's text may be.
const readerWidth = 100

func (r *reader) view(f facts, w, h int) []string {
	width := min(w-2, readerWidth+4)
	if lines := r.content(f, width-4); lines != nil {
		r.last = lines
	}
	r.shown = max(min(len(r.last), h-5), 1)
	r.scroll(0)
	lines := append([]string{}, r.last[r.top:min(r.top+r.shown, len(r.last))]...)
	foot := "esc closes"
	if len(r.last) > r.shown {
		foot = fmt.Sprintf("%d–%d of %d · ↑ ↓ scroll · %s", r.top+1, r.top+r.shown, len(r.last), foot)
	}
	lines = append(lines, f.theme.Paint(render.RoleDim, foot))
	need := render.Width(r.title) + 8
	for _, line := range r.last {
		need = max(need, render.Width(line)+4)
	}
	return dialog(f, r.title, lines, min(need, width))
}
