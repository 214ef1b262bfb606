package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// A filterLine takes the text that the rows of a pane must hold. The pane follows while it is typed.
type filterLine struct {
	input textinput.Model
	pane  pane
}

func (m *model) startFilter() {
	p := m.panes[m.focus]
	if !p.filter("") {
		m.say(noticePlain, "this pane has nothing to filter")
		return
	}
	input := newInput("")
	input.Focus()
	m.overlay = &filterLine{input, p}
}

func (l *filterLine) key(_ *model, msg tea.KeyPressMsg) (*request, bool, tea.Cmd) {
	switch msg.String() {
	case "enter":
		return nil, true, nil
	case "esc", "ctrl+c":
		l.pane.filter("")
		return nil, true, nil
	}
	var cmd tea.Cmd
	l.input, cmd = l.input.Update(msg)
	l.pane.filter(l.input.Value())
	return nil, false, cmd
}

func (l *filterLine) view(f facts, w, _ int) []string {
	l.input.SetWidth(min(w-12, 40))
	return dialog(f, "Filter "+l.pane.title(f), []string{l.input.View()}, min(w-4, 50))
}
