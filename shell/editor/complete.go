package editor

import (
	"strings"
	"unicode"
)

// longestStyled bounds the lines that the callbacks see on every key, in bytes: a huge paste is typed on plainly.
const longestStyled = 64 << 10

// query asks for what could stand at the cursor.
func (e *lineEditor) query(b buffer) (c Completion) {
	line := b.String()
	e.safely("Complete", e.cfg.Complete != nil && len(line) <= longestStyled, func() {
		c = e.cfg.Complete(line, b.offset())
	})
	if c.Start < 0 || c.End < c.Start || c.End > len(line) {
		return Completion{}
	}
	return c
}

// complete answers Tab without a menu: the only candidate is put in, what all have in common likewise, and otherwise
// the menu opens.
func (e *lineEditor) complete(b buffer) buffer {
	c := e.query(b)
	switch {
	case len(c.Candidates) == 0 && !c.Waiting:
		return b
	case len(c.close()) == 1 && !c.Waiting:
		if after := c.apply(b, 0); after.String() != b.String() || len(c.Candidates) == 1 {
			return after
		}
	}
	e.menu = newMenu(c, b)
	typed := b.String()[c.Start:max(c.Start, min(c.End, b.offset()))]
	if common := c.common(); len(common) > len(typed) && strings.HasPrefix(common, typed) {
		// The menu is asked for again, with what it says for the longer word.
		b = Completion{Start: c.Start, End: c.End, Candidates: []Candidate{{Text: common}}}.apply(b, 0)
		e.narrow(b)
	}
	return b
}

// typed follows a typed character with an open menu.
func (e *lineEditor) typed(b buffer, blank bool) {
	e.recall = nil
	if e.menu != nil && blank {
		e.menu = nil
	}
	e.narrow(b)
}

// narrow asks again for an open menu. It closes when nothing is left to choose.
func (e *lineEditor) narrow(b buffer) {
	if e.menu == nil {
		return
	}
	c := e.query(b)
	if c.Waiting {
		e.menu = newMenu(c, b)
		return
	}
	if len(c.Candidates) == 0 {
		e.menu = nil
		return
	}
	if len(c.Candidates) == 1 && c.apply(b, 0).String() == b.String() {
		e.menu = nil
		return
	}
	e.menu = newMenu(c, b)
}

// menuKey carries out a key while the menu is open. A key with another meaning closes it, keeps what was chosen, and
// is carried out as usual.
func (e *lineEditor) menuKey(k key, b buffer) (after buffer, done bool) {
	m := e.menu
	switch k.code {
	case keyTab, keyDown:
		e.menu = m.choose(1)
	case keyBackTab, keyUp:
		e.menu = m.choose(-1)
	case keyPageDown:
		e.menu = m.choose(menuRows)
	case keyPageUp:
		e.menu = m.choose(-menuRows)
	case keyEscape, keyAbort:
		e.menu = nil
		return m.typed, true
	case keyAccept:
		e.menu = nil
		return b, true
	case keyRedraw:
		if m.selected < 0 {
			e.narrow(b)
		}
		return b, true
	case keyBackspace, keyText:
		after, _, _ = b.edit(k, "")
		e.narrow(after)
		return after, true
	default:
		e.menu = nil
		return b, false
	}
	return e.menu.line(), true
}

func (e *lineEditor) ghost(b buffer) (ghost string) {
	if e.mode.bare || !b.atEnd() || len(b.line) == 0 || e.menu != nil || e.search != nil {
		return ""
	}
	line := b.String()
	e.safely("Ghost", e.cfg.Ghost != nil && len(line) <= longestStyled, func() { ghost = e.cfg.Ghost(line) })
	return ghost
}

// draw shows the line as it is now.
func (e *lineEditor) draw() {
	e.mu.Lock()
	f := frame{prompt: e.prompt, continuation: e.cfg.Continuation}
	e.mu.Unlock()
	if e.mode.bare {
		f.prompt = e.mode.prompt
	}
	if !e.mode.secret {
		f.line, f.cursor = e.buf.String(), e.buf.offset()
	}
	if !e.mode.bare {
		e.decorate(&f)
	}
	e.screen.show(f)
}

// decorate adds what the callbacks say of the line.
func (e *lineEditor) decorate(f *frame) {
	small := len(f.line) <= longestStyled
	e.safely("Highlight", e.cfg.Highlight != nil && small, func() { f.spans = e.cfg.Highlight(f.line, f.cursor) })
	switch {
	case e.search != nil:
		f.notice = e.search.notice()
		if n := e.search.length; n > 0 {
			f.spans = []Span{{f.cursor, f.cursor + n, e.cfg.Theme.Match}}
		}
		return
	case e.menu != nil:
		f.menu, f.anchor = e.menu, e.menu.completion.Start
		return
	}
	f.anchor = len(strings.TrimRightFunc(f.line[:f.cursor], func(r rune) bool { return !unicode.IsSpace(r) }))
	e.safely("Hint", e.cfg.Hint != nil && small && f.line != "", func() { f.hint = e.cfg.Hint(f.line, f.cursor) })
	f.ghost = e.ghost(e.buf)
}
