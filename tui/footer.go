package tui

import (
	"strings"

	"github.com/qmpsh/qmpsh/render"
)

// A noticeKind says how a notice looks.
type noticeKind int

const (
	noticePlain noticeKind = iota
	noticeSent
	noticeGood
	noticeBad
)

// A notice is one line about what was done last.
type notice struct {
	kind noticeKind
	text string
}

func (m *model) say(kind noticeKind, text string) { m.notice = notice{kind, text} }

func (n notice) view(f facts) string {
	role := render.RoleDim
	switch n.kind {
	case noticeSent:
		role = render.RoleAccent
	case noticeGood:
		role = render.RoleGood
	case noticeBad:
		role = render.RoleBad
	}
	return " " + f.theme.Paint(role, render.Clean(n.text))
}

// footer shows the keys that matter here, as many as there is room for; help and leaving always.
func (m *model) footer(w int) string {
	last := []string{"? help", "q leave"}
	hints := make([]string, 0, 16)
	for _, a := range m.offered() {
		hints = append(hints, a.Help().Key+" "+a.Help().Desc)
	}
	hints = append(hints, "tab pane", "z zoom", "enter detail", "/ filter", ": command")
	room := w - 1
	for _, hint := range last {
		room -= len(hint) + 2
	}
	line := " "
	for _, hint := range hints {
		if cells := render.Width(hint) + 2; cells <= room {
			line += m.hint(hint) + "  "
			room -= cells
		}
	}
	for _, hint := range last {
		line += m.hint(hint) + "  "
	}
	return line
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
	names := [paneCount]string{"Status", "Jobs", "Migr", "Chr", "Block", "Events"}
	name := names[id]
	if id == m.focus && m.facts.theme.SGR(render.RoleSelected) == "" {
		name = "[" + name + "]"
	}
	if w < 58 {
		return " " + string(rune('1'+id)) + name
	}
	return " " + string(rune('1'+id)) + " " + name + " "
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
