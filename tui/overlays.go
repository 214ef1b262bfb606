package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A question stands before a request that can do harm. Only a clear yes sends it.
type question struct{ request request }

func (q *question) key(m *model, msg tea.KeyPressMsg) (*request, bool, tea.Cmd) {
	switch msg.String() {
	case "y", "Y":
		return &q.request, true, nil
	case "n", "N", "esc", "q", "enter", "ctrl+c":
		m.say(noticePlain, "nothing was sent")
		return nil, true, nil
	}
	return nil, false, nil
}

func (q *question) view(f facts, w, _ int) []string {
	width := min(w-4, 56)
	lines := render.Wrap("sends: "+shownLine(q.request), width-4)
	for i := range lines {
		lines[i] = f.theme.Paint(render.RoleAccent, lines[i])
	}
	lines = append(lines, render.Wrap(q.request.because, width-4)...)
	yes := q.request.yes
	if yes == "" {
		yes = "send it"
	}
	buttons := "[ y " + yes + " ]  [ no ]"
	lines = append(lines, f.theme.Paint(render.RoleWarn, render.PadLeft(buttons, width-4)))
	return dialog(f, q.request.question, lines, width)
}

// A text is something to read, longer than the screen perhaps.
type text struct {
	title string
	lines []string
	top   int
	shown int // lines of the last view
}

func (t *text) key(_ *model, msg tea.KeyPressMsg) (*request, bool, tea.Cmd) {
	switch msg.String() {
	case "esc", "q", "enter", "?", "ctrl+c":
		return nil, true, nil
	case "up", "k":
		t.scroll(-1)
	case "down", "j":
		t.scroll(1)
	case "pgup":
		t.scroll(-t.shown)
	case "pgdown", "space":
		t.scroll(t.shown)
	}
	return nil, false, nil
}

func (t *text) scroll(by int) { t.top = max(min(t.top+by, len(t.lines)-t.shown), 0) }

func (t *text) view(f facts, w, h int) []string {
	width := 24 + render.Width(t.title)
	for _, line := range t.lines {
		width = max(width, render.Width(line)+4)
	}
	width = min(width, w-2)
	t.shown = max(min(len(t.lines), h-5), 1)
	t.scroll(0)
	lines := append([]string{}, t.lines[t.top:min(t.top+t.shown, len(t.lines))]...)
	foot := "esc closes"
	if len(t.lines) > t.shown {
		foot = "↑ ↓ scroll · " + foot
	}
	lines = append(lines, f.theme.Paint(render.RoleDim, foot))
	return dialog(f, t.title, lines, width)
}

// newHelp makes the help out of the same key map that handles the keys.
func newHelp(m *model) *text {
	t := &text{title: "Keys"}
	line := func(key, what string) {
		t.lines = append(t.lines, m.facts.theme.Paint(render.RoleAccent, render.Fit(key, 12))+" "+what)
	}
	if offered := m.offered(); len(offered) > 0 {
		t.lines = append(t.lines, m.facts.theme.Paint(render.RoleHeader, m.panes[m.focus].title(m.facts)))
		for _, a := range offered {
			line(a.Help().Key, a.Help().Desc)
		}
		t.lines = append(t.lines, "")
	}
	t.lines = append(t.lines, m.facts.theme.Paint(render.RoleHeader, "Everywhere"))
	for _, g := range m.everywhere() {
		line(g.Help().Key, g.Help().Desc)
	}
	t.lines = append(t.lines, "", "q leaves the dashboard and never touches the machine.")
	return t
}

// settle tells what became of a request. An answer to an earlier request than the last does not hide the last one's.
func (m *model) settle(o outcome) {
	m.watcher.Refresh(^machine.Stale(0))
	took := render.Duration(o.took)
	switch {
	case o.err != nil && o.number == m.sent:
		m.say(noticeBad, "sent: "+shownLine(o.request)+": "+o.err.Error())
	case o.number == m.sent:
		m.say(noticeSent, "sent: "+shownLine(o.request)+"  ok "+took)
	}
	if c, ok := m.overlay.(*commandLine); ok {
		c.reply(m.facts, o, m.w)
	} else if o.err == nil && len(strings.Trim(string(o.returned), "{} \n")) > 0 {
		m.showReturn(o)
	}
}
