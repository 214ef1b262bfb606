package tui

import (
	"strings"

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
		return q.agree(m)
	case "n", "N", "esc", "q", "enter", "ctrl+c":
		q.refuse(m)
	}
	return nil
}

// click presses a button.
func (q *question) click(m *model, x, y int) *request {
	lines, yes, no := q.layout(m.facts, m.w)
	switch {
	case y != len(lines)-2:
	case x >= yes && x < yes+render.Width(q.yesButton()):
		return q.agree(m)
	case x >= no && x < no+len(noButton):
		q.refuse(m)
	}
	return nil
}

func (q *question) agree(m *model) *request {
	m.overlay = nil
	if c, ok := q.back.(*commandLine); ok {
		m.overlay = c // it shows the reply
	}
	return &q.request
}

func (q *question) refuse(m *model) {
	m.overlay = q.back
	m.say(noticePlain, "nothing was sent")
}

// noButton is the button that sends nothing.
const noButton = "[ no ]"

func (q *question) yesButton() string {
	if q.request.yes == "" {
		return "[ y send it ]"
	}
	return "[ y " + q.request.yes + " ]"
}

func (q *question) view(f facts, w, _ int) []string {
	lines, _, _ := q.layout(f, w)
	return lines
}

// layout is what is drawn, and the columns where the buttons begin in the row above the border.
func (q *question) layout(f facts, w int) (lines []string, yes, no int) {
	width := min(w-4, 56)
	for _, line := range render.Wrap("sends: "+q.request.line(), width-4) {
		lines = append(lines, f.theme.Paint(render.RoleAccent, line))
	}
	lines = append(lines, render.Wrap(q.request.because, width-4)...)
	no = width - 2 - len(noButton)
	yes = no - 2 - render.Width(q.yesButton())
	lines = append(lines, strings.Repeat(" ", max(yes-2, 0))+
		f.theme.Paint(render.RoleWarn, q.yesButton())+"  "+f.theme.Paint(render.RoleWarn, noButton))
	return dialog(f, q.request.question, lines, width), yes, no
}
