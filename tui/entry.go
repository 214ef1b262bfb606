package tui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
)

// An entry is one line of text being typed. It reads no clipboard: what a terminal pastes comes as text.
type entry struct {
	text []rune
	at   int // the cursor, in runes
	from int // the first rune shown
}

func newEntry(text string) entry {
	e := entry{}
	e.set(text)
	return e
}

func (e *entry) value() string { return string(e.text) }

// set takes another text, the cursor behind it.
func (e *entry) set(text string) {
	e.text = []rune(text)
	e.at = len(e.text)
}

// before is the text before the cursor.
func (e *entry) before() string { return string(e.text[:e.at]) }

// insert puts text at the cursor, on one line and without control characters.
func (e *entry) insert(text string) {
	added := []rune(render.Clean(text))
	e.text = append(e.text[:e.at:e.at], append(added, e.text[e.at:]...)...)
	e.at += len(added)
}

// remove takes the runes between two places out, and leaves the cursor there.
func (e *entry) remove(from, to int) {
	e.text = append(e.text[:from:from], e.text[to:]...)
	e.at = from
}

// key edits the text; false for keys that mean nothing here.
func (e *entry) key(msg tea.KeyPressMsg) bool {
	end := len(e.text)
	switch msg.String() {
	case "left", "ctrl+b":
		e.at = max(e.at-1, 0)
	case "right", "ctrl+f":
		e.at = min(e.at+1, end)
	case "home", "ctrl+a":
		e.at = 0
	case "end", "ctrl+e":
		e.at = end
	case "alt+b", "ctrl+left":
		e.at = e.wordBefore()
	case "alt+f", "ctrl+right":
		e.at = e.wordAfter()
	case "backspace", "ctrl+h":
		e.remove(max(e.at-1, 0), e.at)
	case "delete", "ctrl+d":
		e.remove(e.at, min(e.at+1, end))
	case "ctrl+w", "alt+backspace":
		e.remove(e.wordBefore(), e.at)
	case "alt+d":
		e.remove(e.at, e.wordAfter())
	case "ctrl+u":
		e.remove(0, e.at)
	case "ctrl+k":
		e.remove(e.at, end)
	default:
		if msg.Text == "" {
			return false
		}
		e.insert(msg.Text)
	}
	return true
}

func (e *entry) wordBefore() int {
	at := e.at
	for at > 0 && unicode.IsSpace(e.text[at-1]) {
		at--
	}
	for at > 0 && !unicode.IsSpace(e.text[at-1]) {
		at--
	}
	return at
}

func (e *entry) wordAfter() int {
	at := e.at
	for at < len(e.text) && unicode.IsSpace(e.text[at]) {
		at++
	}
	for at < len(e.text) && !unicode.IsSpace(e.text[at]) {
		at++
	}
	return at
}

// view is the text in w cells, the part around the cursor where it is longer. The cursor is shown with the focus.
func (e *entry) view(f facts, w int, focused bool) string {
	e.from = min(e.from, e.at)
	for render.Width(string(e.text[e.from:e.at])) > max(w-2, 0) {
		e.from++
	}
	if !focused {
		return render.Fit(string(e.text[e.from:]), w)
	}
	under, rest := " ", ""
	if e.at < len(e.text) {
		under, rest = string(e.text[e.at]), string(e.text[e.at+1:])
	}
	line := string(e.text[e.from:e.at]) + f.theme.Paint(render.RoleSelected, under) + rest
	return render.Truncate(line, w) + strings.Repeat(" ", max(w-render.Width(line), 0))
}
