package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
)

// A filterLine takes the text that the rows of a pane must hold. The pane follows while it is typed.
type filterLine struct {
	input entry
	pane  pane
	title string
}

func (m *model) startFilter() {
	p := m.panes[m.focus]
	now, ok := p.filter(nil)
	if !ok {
		m.say(noticePlain, "this pane has nothing to filter")
		return
	}
	m.overlay = &filterLine{newEntry(now), p, "Filter " + paneNames[m.focus]}
}

func (l *filterLine) low() {}

func (l *filterLine) key(m *model, msg tea.KeyPressMsg) *request {
	switch msg.String() {
	case "enter":
		m.overlay = nil
	case "esc", "ctrl+c":
		m.overlay = nil
		l.input.set("")
		l.follow()
	case "up":
		m.move(-1)
	case "down":
		m.move(1)
	case "pgup":
		m.move(-page)
	case "pgdown":
		m.move(page)
	default:
		l.input.key(msg)
		l.follow()
	}
	return nil
}

func (l *filterLine) paste(_ *model, text string) {
	l.input.insert(text)
	l.follow()
}

func (l *filterLine) follow() {
	text := l.input.value()
	l.pane.filter(&text)
}

func (l *filterLine) view(f facts, w, _ int) []string {
	width := min(w-4, 50)
	return dialog(f, l.title, []string{
		f.theme.Paint(render.RoleAccent, "/ ") + l.input.view(f, width-6, true),
		f.theme.Paint(render.RoleDim, "enter keeps it · esc shows all"),
	}, width)
}

// keeps reports whether a row with such words passes a filter. Capitals make no difference.
func keeps(filter string, words ...string) bool {
	if filter == "" {
		return true
	}
	for _, word := range words {
		if strings.Contains(strings.ToLower(word), strings.ToLower(filter)) {
			return true
		}
	}
	return false
}

// A rowFilter is the filter of a pane that has rows.
type rowFilter struct{ keep string }

// filter implements pane.
func (r *rowFilter) filter(text *string) (string, bool) {
	if text != nil {
		r.keep = *text
	}
	return r.keep, true
}

// mark shows in a title that rows are left out.
func (r *rowFilter) mark() string {
	if r.keep == "" {
		return ""
	}
	return " /" + render.Clean(r.keep)
}

// noFilter is for panes without rows.
type noFilter struct{}

func (noFilter) filter(*string) (string, bool) { return "", false }
