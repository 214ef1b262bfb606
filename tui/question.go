package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
)

// A question stands before a request that can do harm. Only a clear yes sends it.
type question struct {
	request request
	back    overlay // what the question came from: there a no leads back to
}

func (q *question) key(m *model, msg tea.KeyPressMsg) *request {
	switch msg.String() {
	case "y", "Y":
		m.overlay = nil
		if c, ok := q.back.(*commandLine); ok {
			m.overlay = c // it shows the reply
		}
		return &q.request
	case "n", "N", "esc", "q", "enter", "ctrl+c":
		m.overlay = q.back
		m.say(noticePlain, "nothing was sent")
	}
	return nil
}

func (q *question) view(f facts, w, _ int) []string {
	width := min(w-4, 56)
	var lines []string
	for _, line := range render.Wrap("sends: "+q.request.line(), width-4) {
		lines = append(lines, f.theme.Paint(render.RoleAccent, line))
	}
	lines = append(lines, render.Wrap(q.request.because, width-4)...)
	yes := q.request.yes
	if yes == "" {
		yes = "send it"
	}
	lines = append(lines, f.theme.Paint(render.RoleWarn, render.PadLeft("[ y "+yes+" ]  [ no ]", width-4)))
	return dialog(f, q.request.question, lines, width)
}
