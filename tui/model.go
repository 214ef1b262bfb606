package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
)

// A model is the dashboard's state. Bubble Tea calls its methods one at a time.
type model struct {
	ctx     context.Context
	config  Config
	watcher *machine.Watcher
	schema  *schemaBox

	facts   facts
	panes   [paneCount]pane
	events  *eventPane
	w, h    int
	focus   paneID
	zoomed  bool
	overlay overlay // nil: none
	notice  notice
	sent    int    // requests sent so far
	frame   string // the picture, when it is not stale
	stale   bool
}

// An overlay is what lies over the panes and takes the keys: a question, a form, help, a detail, the command line.
type overlay interface {
	// key handles a key. Done closes the overlay; what is not nil of r is sent.
	key(m *model, msg tea.KeyPressMsg) (r *request, done bool, cmd tea.Cmd)
	// view draws the overlay for a screen of w by h cells.
	view(f facts, w, h int) []string
}

func newModel(ctx context.Context, config Config, watcher *machine.Watcher, schema *schemaBox) *model {
	events := newEventPane()
	m := &model{ctx: ctx, config: config, watcher: watcher, schema: schema, events: events, stale: true}
	m.panes = [paneCount]pane{
		paneStatus:    &statusPane{},
		paneJobs:      &jobsPane{},
		paneMigration: &migrationPane{},
		paneChardevs:  &chardevPane{},
		paneBlock:     &blockPane{},
		paneEvents:    events,
	}
	m.facts = facts{
		target: config.Target, readOnly: config.ReadOnly, theme: config.Theme,
		link: config.Session.Link(), has: schema.has, snapshot: watcher.Snapshot(),
	}
	return m
}

// Init implements tea.Model. The feed starts by itself.
func (m *model) Init() tea.Cmd { return nil }

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
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.MouseClickMsg:
		m.click(msg.Mouse())
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
}

// press handles a key: of the overlay, of every screen, of the pane in focus.
func (m *model) press(msg tea.KeyPressMsg) tea.Cmd {
	if m.overlay != nil {
		r, done, cmd := m.overlay.key(m, msg)
		if done {
			m.overlay = nil
		}
		if r != nil {
			return tea.Batch(cmd, m.send(*r))
		}
		return cmd
	}
	for _, g := range m.everywhere() {
		if key.Matches(msg, g.Binding) {
			return g.do()
		}
	}
	for _, a := range m.offered() {
		if key.Matches(msg, a.Binding) {
			return m.follow(a.intent)
		}
	}
	return nil
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
func (m *model) follow(to intent) tea.Cmd {
	switch to := to.(type) {
	case viewMove:
		to()
	case form:
		m.overlay = newFormOverlay(to)
	case request:
		if to = to.grave(m.facts.name()); to.question != "" {
			m.overlay = &question{request: to}
			return nil
		}
		return m.send(to)
	}
	return nil
}

// View implements tea.Model. The picture is drawn again only when something changed.
func (m *model) View() tea.View {
	if m.stale && m.w > 0 {
		m.frame = strings.Join(m.picture(), "\n")
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
	s.put(l.header, []string{header(m.facts, m.w)})
	if l.tabs {
		s.put(l.tabRow, []string{m.tabRow(m.w)})
	}
	for id, r := range l.panes {
		if r.w > 0 {
			s.put(r, m.boxed(paneID(id), r))
		}
	}
	s.put(l.notice, []string{m.notice.view(m.facts)})
	s.put(l.footer, []string{m.footer(m.w)})
	lines := s.lines()
	if lost(m.facts.link) {
		copy(lines[1:], faded(m.facts, lines[1:]))
	}
	if m.overlay != nil {
		lines = over(lines, m.overlay.view(m.facts, m.w, m.h), m.w, m.h)
	}
	return lines
}

func (m *model) boxed(id paneID, r rect) []string {
	p, focused := m.panes[id], id == m.focus
	return box(m.facts, id, p.title(m.facts), p.view(m.facts, r.w-2, r.h-2, focused), r.w, r.h, focused)
}
