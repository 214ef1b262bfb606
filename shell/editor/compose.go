package editor

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// A picture is a frame as rows of the screen, no more than the window has.
type picture struct {
	rows      []row
	cursorRow int
	cursorCol int
}

// compose lays a frame out for the window: the rows of the line around the cursor, and what stands below them.
func (s *screen) compose(f frame) picture {
	r := layout{width: s.width, prompt: f.prompt, continuation: f.continuation, line: f.line, cursor: f.cursor,
		anchor: f.anchor, spans: f.spans, limit: s.height}.lay()
	if f.ghost != "" && f.cursor == len(f.line) {
		last := &r.rows[len(r.rows)-1]
		*last = s.ghost(*last, f.ghost)
	}
	below := s.below(f, r, s.height-min(len(r.rows), max(1, s.height/2)))
	room := max(1, s.height-len(below))
	if over := len(r.rows) - room; over > 0 {
		top := min(over, r.cursorRow)
		r.rows = r.rows[top : top+room]
		r.cursorRow -= top
	}
	rows := append(r.rows, below...)
	if len(rows) > s.height {
		rows = rows[:s.height]
	}
	return picture{rows, r.cursorRow, r.cursorCol}
}

// room is how wide what is not typed may be. The columns to its right stay empty, so that a terminal does not break these
// rows at each step when the window's edge is dragged: broken ones are more, and push what is above them up and out. A
// narrow window needs its columns.
func (s *screen) room() int { return s.width - 1 - max(0, s.width-50)/8 }

// ghost puts faint text behind a row, as far as it fits.
func (s *screen) ghost(r row, text string) row {
	text, _, _ = strings.Cut(text, "\n")
	text = ansi.Truncate(inert(text), max(0, s.room()-r.width), "")
	return row{r.text + styled(s.theme.Ghost, text), r.width + ansi.StringWidth(text)}
}

// below is what stands under the line, in at most height rows.
func (s *screen) below(f frame, r rows, height int) []row {
	switch {
	case height < 1:
		return nil
	case f.notice != "":
		text := ansi.Truncate(f.notice, s.room(), "…")
		return []row{{text, ansi.StringWidth(text)}}
	case f.menu != nil && height > 1:
		out, top := f.menu.rows(s.room(), height, r.anchorCol, s.menuTop, s.theme)
		s.menuTop = top
		return out
	case f.hint != "":
		text := ansi.Truncate(inert(f.hint), s.room(), "…")
		width := ansi.StringWidth(text)
		indent := max(0, min(r.anchorCol, s.room()-width))
		return []row{{strings.Repeat(" ", indent) + styled(s.theme.Hint, text), indent + width}}
	}
	return nil
}
