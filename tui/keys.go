package tui

import (
	"cmp"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A global is a key that works on every screen.
type global struct {
	key.Binding
	do func() tea.Cmd
}

// on makes a global key, with what help shows of it.
func on(help, shown string, do func() tea.Cmd, keys ...string) global {
	return global{key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, help)), do}
}

// everywhere are the keys of every screen.
func (m *model) everywhere() []global {
	still := func(f func()) func() tea.Cmd {
		return func() tea.Cmd { f(); return nil }
	}
	all := make([]global, 0, 24)
	for id := range paneCount {
		n := strconv.Itoa(int(id) + 1)
		all = append(all, on(paneNames[id], n, still(func() { m.focus = id }), n))
	}
	return append(all,
		on("next pane", "tab → l", still(func() { m.turn(1) }), "tab", "right", "l"),
		on("pane before", "← h", still(func() { m.turn(-1) }), "shift+tab", "left", "h"),
		on("up", "↑ k", still(func() { m.move(-1) }), "up", "k"),
		on("down", "↓ j", still(func() { m.move(1) }), "down", "j"),
		on("page up", "pgup", still(func() { m.move(-page) }), "pgup", "ctrl+b", "ctrl+u"),
		on("page down", "pgdn", still(func() { m.move(page) }), "pgdown", "space", "ctrl+f", "ctrl+d"),
		on("first row", "home g", still(func() { m.move(-farAway) }), "home", "g"),
		on("last row", "end G", still(func() { m.move(farAway) }), "end", "G"),
		on("zoom the pane", "z", still(func() { m.zoomed = !m.zoomed }), "z"),
		on("detail", "enter", still(m.showDetail), "enter"),
		on("filter the pane's rows", "/", still(m.startFilter), "/"),
		on("command line", ":", still(m.startCommand), ":"),
		on("drop the filter, then the zoom", "esc", still(m.widen), "esc"),
		on("redial a lost link now", "R", still(m.hands.redial), "R"),
		on("help", "?", still(m.showHelp), "?", "f1"),
		on("leave; never touches the machine", "q", m.leave, "q", "ctrl+c", "f10"),
		on("draw the screen anew", "ctrl+l", func() tea.Cmd { return tea.ClearScreen }, "ctrl+l"),
		on("suspend this program", "ctrl+z", func() tea.Cmd { return m.settled(tea.Suspend) }, "ctrl+z"),
	)
}

// farAway is more rows than any pane has, page stands for as many as it shows.
const farAway, page = 1 << 20, 1 << 19

// widen takes back what leaves something out: the filter of the pane first, then the zoom.
func (m *model) widen() {
	if now, _ := m.panes[m.focus].filter(nil); now != "" {
		all := ""
		m.panes[m.focus].filter(&all)
		return
	}
	m.zoomed = false
}

// turn moves the focus to the next pane, or the one before.
func (m *model) turn(by int) {
	m.focus = (m.focus + paneID(by) + paneCount) % paneCount
}

func (m *model) move(rows int) { m.panes[m.focus].move(m.facts, rows) }

// showDetail opens what there is to tell about the chosen row. It stays fresh while it is open.
func (m *model) showDetail() {
	p := m.panes[m.focus]
	if title, _, ok := p.detail(m.facts, m.w); ok {
		r := newReader(title, nil)
		r.content = func(f facts, w int) []string {
			now, lines, _ := p.detail(f, w)
			if _, rows := p.filter(nil); rows && now != r.title {
				return nil // the row has gone, and another one is chosen
			}
			r.title = cmp.Or(now, r.title)
			return lines
		}
		m.overlay = r
		return
	}
	m.say(noticePlain, "there is nothing to tell more of here")
}

func (m *model) click(at tea.Mouse) tea.Cmd {
	l := arrange(m.w, m.h, m.focus, m.zoomed)
	if at.Button != tea.MouseLeft || l.small || m.leaving {
		return nil
	}
	if m.overlay != nil {
		m.clickOverlay(l, at)
		return nil
	}
	if at.Y == l.footer.y {
		return m.clickHint(at.X)
	}
	if id, ok := l.at(at.X, at.Y); ok {
		m.focus = id
		m.panes[id].choose(m.facts, at.Y-l.panes[id].y-1)
	} else if l.tabs && at.Y == l.tabRow.y {
		m.focus = m.tabAt(at.X)
	}
	return nil
}

// clickOverlay hands a click on the overlay to it. What it makes of that is as if its key was pressed.
func (m *model) clickOverlay(l layout, at tea.Mouse) {
	o, ok := m.overlay.(clicked)
	if !ok {
		return
	}
	_, x, y := m.overlaid(l)
	if r := o.click(m, at.X-x, at.Y-y); r != nil {
		m.send(*r)
	}
}

func (m *model) wheel(at tea.Mouse) {
	rows := 3
	if at.Button == tea.MouseWheelUp {
		rows = -3
	}
	switch o := m.overlay.(type) {
	case *reader:
		o.scroll(rows)
		return
	case *commandLine:
		o.scroll(rows)
		return
	}
	l := arrange(m.w, m.h, m.focus, m.zoomed)
	if id, ok := l.at(at.X, at.Y); ok && m.overlay == nil {
		m.focus = id // the row that moves is to be seen
		m.panes[id].move(m.facts, rows)
	}
}
