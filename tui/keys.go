package tui

import (
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A global is a key that works on every screen.
type global struct {
	key.Binding
	do func() tea.Cmd
}

// on makes a global key; the first of its keys is the one that is shown, unless shown names another.
func on(help, shown string, do func() tea.Cmd, keys ...string) global {
	return global{key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, help)), do}
}

// everywhere are the keys of every screen.
func (m *model) everywhere() []global {
	still := func(f func()) func() tea.Cmd {
		return func() tea.Cmd { f(); return nil }
	}
	all := []global{
		on("pane", "tab", still(func() { m.turn(1) }), "tab"),
		on("pane before", "shift+tab", still(func() { m.turn(-1) }), "shift+tab", "left", "h"),
		on("pane after", "→ l", still(func() { m.turn(1) }), "right", "l"),
		on("up", "↑ k", still(func() { m.move(-1) }), "up", "k"),
		on("down", "↓ j", still(func() { m.move(1) }), "down", "j"),
		on("page up", "pgup", still(func() { m.move(-10) }), "pgup"),
		on("page down", "pgdn", still(func() { m.move(10) }), "pgdown"),
		on("zoom", "z", still(func() { m.zoomed = !m.zoomed }), "z"),
		on("detail", "enter", still(m.showDetail), "enter"),
		on("filter", "/", still(m.startFilter), "/"),
		on("command", ":", still(m.startCommand), ":"),
		on("redial", "R", still(m.config.Session.Redial), "R"),
		on("help", "?", still(func() { m.overlay = newHelp(m) }), "?"),
		on("leave", "q", func() tea.Cmd { return tea.Quit }, "q", "ctrl+c"),
		on("suspend", "ctrl+z", func() tea.Cmd { return tea.Suspend }, "ctrl+z"),
	}
	for id := range paneCount {
		n := strconv.Itoa(int(id) + 1)
		all = append(all, on(m.panes[id].title(m.facts), n, still(func() { m.focus = id }), n))
	}
	return all
}

// turn moves the focus to the next pane, or the one before.
func (m *model) turn(by int) {
	m.focus = (m.focus + paneID(by) + paneCount) % paneCount
}

func (m *model) move(rows int) { m.panes[m.focus].move(m.facts, rows) }

func (m *model) showDetail() {
	if title, lines, ok := m.panes[m.focus].detail(m.facts, max(min(m.w-8, 100), 20)); ok {
		m.overlay = &text{title: title, lines: lines}
	}
}

func (m *model) click(at tea.Mouse) {
	if m.overlay != nil {
		return
	}
	l := arrange(m.w, m.h, m.focus, m.zoomed)
	if id, ok := l.at(at.X, at.Y); ok {
		m.focus = id
		m.panes[id].choose(m.facts, at.Y-l.panes[id].y-1)
	} else if l.tabs && at.Y == l.tabRow.y {
		m.focus = m.tabAt(at.X)
	}
}

func (m *model) wheel(at tea.Mouse) {
	rows := 3
	if at.Button == tea.MouseWheelUp {
		rows = -3
	}
	if scroller, ok := m.overlay.(*text); ok {
		scroller.scroll(rows)
		return
	}
	l := arrange(m.w, m.h, m.focus, m.zoomed)
	if id, ok := l.at(at.X, at.Y); ok && m.overlay == nil {
		m.panes[id].move(m.facts, rows)
	}
}
