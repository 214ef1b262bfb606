package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A model is the dashboard's state. Bubble Tea calls its methods one at a time.
type model struct {
	hands   hands
	facts   facts
	panes   [paneCount]pane
	events  *eventPane
	w, h    int
	focus   paneID
	zoomed  bool
	overlay overlay // nil: none
	notice  notice
	sent    int      // requests sent so far
	waiting *pending // the request that has no answer yet
	typed   []string // lines of the command line, oldest first
	console bool     // the terminal is the Linux console
	leaving bool     // the dashboard ends: no key counts any more
	frame   string   // the picture, when it is not stale
	stale   bool
}

// hands are what the model acts with. None of them waits.
type hands struct {
	perform func(number int, r request) // carries a request out; an outcome comes as a message
	refresh func(machine.Stale)         // asks the server again
	redial  func()
	known   *knowledge

	background *background
}

// An overlay is what lies over the panes and takes the keys: a question, a form, help, a detail, the command line.
type overlay interface {
	// key handles a key. What is not nil is sent.
	key(m *model, msg tea.KeyPressMsg) *request
	// view draws the overlay for a screen of w by h cells.
	view(f facts, w, h int) []string
}

// A writer is an overlay that takes pasted text.
type writer interface{ paste(m *model, text string) }

// A clicked overlay has places that a click chooses. The place is counted from its top left.
type clicked interface {
	click(m *model, x, y int) *request
}

// A lowOverlay lies at the foot of the screen, so that it stays where it is while it grows.
type lowOverlay interface{ low() }

func newModel(config Config, hands hands) *model {
	m := &model{hands: hands, events: &eventPane{}, stale: true, console: onConsole(config.Environ)}
	m.panes = [paneCount]pane{
		paneStatus:    &statusPane{},
		paneJobs:      &jobsPane{},
		paneMigration: &migrationPane{},
		paneChardevs:  &chardevPane{},
		paneBlock:     &blockPane{},
		paneEvents:    m.events,
	}
	m.facts = facts{target: config.Target, readOnly: config.ReadOnly, theme: config.Theme, has: hands.known.has}
	return m
}

// Init implements tea.Model. The feed starts by itself. The terminal is raw by now, and the first picture comes later
// than the answer of a terminal that is near.
func (m *model) Init() tea.Cmd {
	m.hands.background.ask()
	return nil
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.stale = true
	switch msg := msg.(type) {
	case news:
		m.hear(msg)
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case outcome:
		m.settle(msg)
	case tea.BackgroundColorMsg:
		m.facts.theme = themeOn(m.facts.theme, msg)
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.PasteMsg:
		if w, ok := m.overlay.(writer); ok {
			w.paste(m, msg.Content)
		}
	case tea.MouseClickMsg:
		return m, m.click(msg.Mouse())
	case tea.MouseWheelMsg:
		m.wheel(msg.Mouse())
	default:
		m.stale = false
	}
	return m, nil
}

// hear takes in what the feed tells.
func (m *model) hear(n news) {
	m.facts.now, m.facts.link = n.now, n.link
	if !n.snapshot.At.IsZero() {
		m.facts.snapshot = n.snapshot
	}
	m.events.add(m.facts, n.events, n.dropped)
	c, ok := m.overlay.(*commandLine)
	if ok && n.values {
		c.recomplete(m)
	}
	if ok && c.held {
		c.submit(m)
	}
}

// press handles a key: of the overlay, of every screen, of the pane in focus.
func (m *model) press(msg tea.KeyPressMsg) tea.Cmd {
	if m.leaving {
		return nil
	}
	if m.overlay != nil {
		if r := m.overlay.key(m, msg); r != nil {
			m.send(*r)
		}
		if m.leaving {
			return m.leave()
		}
		return nil
	}
	for _, g := range m.everywhere() {
		if key.Matches(msg, g.Binding) {
			return g.do()
		}
	}
	for _, a := range m.panes[m.focus].actions(m.facts) {
		switch {
		case !key.Matches(msg, a.Binding):
			continue
		case a.changes && m.facts.readOnly:
			m.say(noticeBad, "not done, read-only: "+a.Help().Desc)
		default:
			m.follow(a.intent)
		}
		break
	}
	return nil
}

// leave ends the dashboard, once nothing more will come from the terminal that the next program would take for keys.
func (m *model) leave() tea.Cmd {
	m.leaving = true
	return m.settled(tea.Quit)
}

func (m *model) settled(then tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		m.hands.background.settle()
		return then()
	}
}

// offered are the actions of the pane in focus that may be taken.
func (m *model) offered() []action {
	var offered []action
	for _, a := range m.panes[m.focus].actions(m.facts) {
		if !a.changes || !m.facts.readOnly {
			offered = append(offered, a)
		}
	}
	return offered
}

// follow does what an action leads to. What can do harm asks first.
func (m *model) follow(to intent) {
	switch to := to.(type) {
	case viewMove:
		to()
	case form:
		m.overlay = newFormOverlay(to)
	case request:
		m.ask(to)
	}
}

// ask sends a request, or opens the question that stands before it.
func (m *model) ask(r request) {
	if r = r.grave(m.facts.name()); r.question == "" {
		m.send(r)
		return
	}
	m.overlay = &question{request: r, back: m.overlay}
}

// View implements tea.Model. The picture is drawn again only when something changed.
func (m *model) View() tea.View {
	if m.stale && m.w > 0 && m.h > 0 {
		m.frame = strings.Join(m.picture(), "\n")
		if m.console {
			m.frame = strings.Map(render.ConsoleRune, m.frame)
		}
		m.stale = false
	}
	v := tea.NewView(m.frame)
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "qmpsh " + m.facts.name()
	return v
}

// picture is the whole screen, one string a row.
func (m *model) picture() []string {
	l := arrange(m.w, m.h, m.focus, m.zoomed)
	if l.small {
		return tooSmall(m.w, m.h)
	}
	s := newScreen(m.w, m.h)
	s.put(l.header, header(m.facts, m.w))
	if l.tabs {
		s.put(l.tabRow, render.Fit(m.tabRow(m.w), m.w))
	}
	for id, r := range l.panes {
		if r.w > 0 {
			s.put(r, m.boxed(paneID(id), r)...)
		}
	}
	s.put(l.notice, render.Fit(m.noticeLine(), m.w))
	s.put(l.footer, render.Fit(m.footer(m.w), m.w))
	lines := s.lines()
	if lost(m.facts.link) {
		copy(lines[1:l.notice.y], faded(m.facts, lines[1:l.notice.y]))
	}
	if m.overlay == nil {
		return lines
	}
	shown, x, y := m.overlaid(l)
	return over(lines, shown, m.w, x, y)
}

// overlaid is the overlay and the cell where it begins: in the middle of the screen, or at its foot.
func (m *model) overlaid(l layout) (lines []string, x, y int) {
	lines = m.overlay.view(m.facts, m.w, m.h)
	width := 0
	for _, line := range lines {
		width = max(width, render.Width(line))
	}
	y = (m.h - len(lines)) / 2
	if _, low := m.overlay.(lowOverlay); low {
		y = l.notice.y - len(lines)
	}
	return lines, max((m.w-width)/2, 0), max(y, 0)
}

func (m *model) boxed(id paneID, r rect) []string {
	p, f, focused := m.panes[id], m.facts, id == m.focus
	if lost(f.link) {
		f.now = f.link.Down // a picture of then
	}
	lines := p.view(f, r.w-2, r.h-2, focused) // before the title, which says how far the pane is scrolled
	if f.agent() {
		lines = agentLines(f, id, r.w-2)
	}
	return box(f, id, p.title(f), lines, r.w, r.h, focused)
}
