package tui

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A noticeKind says how a notice looks.
type noticeKind int

const (
	noticePlain noticeKind = iota
	noticeSent
	noticeBad
)

// A notice is one line about what was done last.
type notice struct {
	kind noticeKind
	text string
	tail string // what became of it; it stays where the text has to be cut
}

func (m *model) say(kind noticeKind, text string) { m.notice = notice{kind: kind, text: text} }

// noticeLine is the row of the notice. A request without an answer says for how long.
func (m *model) noticeLine() string {
	role, tail := render.RoleDim, m.notice.tail
	switch m.notice.kind {
	case noticeSent:
		role = render.RoleAccent
	case noticeBad:
		role = render.RoleBad
	}
	if late := m.late(); late != "" && m.notice.kind == noticeSent {
		role, tail = render.RoleWarn, late
	}
	if tail != "" {
		tail = "  " + tail
	}
	return " " + m.facts.theme.Paint(role, render.Truncate(render.Clean(m.notice.text), max(m.w-2-render.Width(tail), 0))+tail)
}

// late says for how long the request that was sent last has had no answer, when that is worth a word.
func (m *model) late() string {
	if m.waiting == nil || m.facts.now.Sub(m.waiting.began) < machine.SilentAfter {
		return ""
	}
	return "no answer for " + since(m.facts, m.waiting.began)
}

// hints are the keys that matter here, with what they do: as many as there is room for; help and leaving always.
func (m *model) hints(w int) []string {
	last := []string{"? help", "q leave"}
	hints := make([]string, 0, 16)
	for _, a := range m.offered() {
		hints = append(hints, a.Help().Key+" "+a.Help().Desc)
	}
	hints = append(hints, ": command", "1-6 pane")
	if !arrange(m.w, m.h, m.focus, m.zoomed).tabs {
		hints = append(hints, "z zoom")
	}
	hints = append(hints, "enter detail", "/ filter")
	room := w - 1
	for _, hint := range last {
		room -= len(hint) + 2
	}
	shown := hints[:0]
	for _, hint := range hints {
		if cells := render.Width(hint) + 2; cells <= room {
			shown = append(shown, hint)
			room -= cells
		}
	}
	return append(shown, last...)
}

// footer is the row of the hints.
func (m *model) footer(w int) string {
	line := " "
	for _, hint := range m.hints(w) {
		line += m.hint(hint) + "  "
	}
	return line
}

// clickHint presses the key of the hint at a column of the footer.
func (m *model) clickHint(x int) tea.Cmd {
	at := 1
	for _, hint := range m.hints(m.w) {
		end := at + render.Width(hint)
		if x >= at && x < end {
			name, _, _ := strings.Cut(hint, " ")
			if name == "enter" {
				return m.press(tea.KeyPressMsg{Code: tea.KeyEnter})
			}
			r, _ := utf8.DecodeRuneInString(name)
			if string(r) == name {
				return m.press(tea.KeyPressMsg{Code: r, Text: name})
			}
		}
		at = end + 2
	}
	return nil
}

// hint paints a key and what it does.
func (m *model) hint(text string) string {
	k, what, _ := strings.Cut(text, " ")
	return m.facts.theme.Paint(render.RoleAccent, k) + " " + m.facts.theme.Paint(render.RoleDim, what)
}

// tabRow is the row of tabs of a small screen, the pane in focus marked.
func (m *model) tabRow(w int) string {
	line := ""
	for id := range paneCount {
		label := m.tab(id, w)
		role := render.RoleDim
		if id == m.focus {
			role = render.RoleSelected
		}
		line += m.facts.theme.Paint(role, label)
	}
	return line
}

// tab is the label of one tab: short names, so that all of them fit a narrow screen.
func (m *model) tab(id paneID, w int) string {
	short := [paneCount]string{"Status", "Jobs", "Migr", "Chars", "Block", "Events"}
	if w < 65 {
		return " " + string(rune('1'+id)) + " " + short[id]
	}
	return " " + string(rune('1'+id)) + " " + paneNames[id] + " "
}

// tabAt is the pane whose tab lies at a column.
func (m *model) tabAt(x int) paneID {
	for id := range paneCount {
		x -= render.Width(m.tab(id, m.w))
		if x < 0 {
			return id
		}
	}
	return m.focus
}
