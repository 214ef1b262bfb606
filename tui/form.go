package tui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A form asks for a few values and makes a request of them.
type form struct {
	title  string
	fields []field
	// finish makes the request; the error says which value is wrong and how it would be right.
	finish func(values []string) (request, error)
}

// A field is one value of a form.
type field struct {
	label string
	value string // what it begins with
	hint  string // what may stand in it
}

// A formOverlay is a form being filled in.
type formOverlay struct {
	form   form
	inputs []textinput.Model
	at     int
	wrong  string
}

func newFormOverlay(to form) *formOverlay {
	o := &formOverlay{form: to}
	for i, f := range to.fields {
		input := newInput(f.value)
		if i == 0 {
			input.Focus()
		}
		o.inputs = append(o.inputs, input)
	}
	return o
}

// newInput is a line of text to edit. Its cursor does not blink: a picture that nobody changes is not drawn again.
func newInput(value string) textinput.Model {
	input := textinput.New()
	input.Prompt = ""
	styles := input.Styles()
	styles.Cursor.Blink = false
	input.SetStyles(styles)
	input.SetValue(value)
	input.CursorEnd()
	return input
}

func (o *formOverlay) key(m *model, msg tea.KeyPressMsg) (*request, bool, tea.Cmd) {
	switch msg.String() {
	case "esc", "ctrl+c":
		m.say(noticePlain, "nothing was sent")
		return nil, true, nil
	case "tab", "down":
		return nil, false, o.turn(1)
	case "shift+tab", "up":
		return nil, false, o.turn(-1)
	case "enter":
		if o.at < len(o.inputs)-1 {
			return nil, false, o.turn(1)
		}
		return o.submit(m)
	}
	o.wrong = ""
	var cmd tea.Cmd
	o.inputs[o.at], cmd = o.inputs[o.at].Update(msg)
	return nil, false, cmd
}

func (o *formOverlay) turn(by int) tea.Cmd {
	o.inputs[o.at].Blur()
	o.at = (o.at + by + len(o.inputs)) % len(o.inputs)
	return o.inputs[o.at].Focus()
}

func (o *formOverlay) submit(m *model) (*request, bool, tea.Cmd) {
	values := make([]string, len(o.inputs))
	for i := range o.inputs {
		values[i] = strings.TrimSpace(o.inputs[i].Value())
	}
	r, err := o.form.finish(values)
	if err != nil {
		o.wrong = err.Error()
		return nil, false, nil
	}
	if r = r.grave(m.facts.name()); r.question != "" {
		m.overlay = &question{request: r}
		return nil, false, nil
	}
	return &r, true, nil
}

func (o *formOverlay) view(f facts, w, _ int) []string {
	width := min(w-4, 64)
	label := 0
	for _, fl := range o.form.fields {
		label = max(label, render.Width(fl.label))
	}
	var lines []string
	for i, fl := range o.form.fields {
		o.inputs[i].SetWidth(max(width-label-8, 10))
		lines = append(lines, f.theme.Paint(render.RoleKey, render.Fit(fl.label, label))+"  "+o.inputs[i].View())
		if i == o.at && fl.hint != "" {
			lines = append(lines, strings.Repeat(" ", label+2)+f.theme.Paint(render.RoleDim, fl.hint))
		}
	}
	values := make([]string, len(o.inputs))
	for i := range o.inputs {
		values[i] = strings.TrimSpace(o.inputs[i].Value())
	}
	if r, err := o.form.finish(values); err == nil {
		lines = append(lines, "")
		for _, line := range render.Wrap("sends: "+syntax.Mask(r.line(), nil), width-4) {
			lines = append(lines, f.theme.Paint(render.RoleAccent, line))
		}
	}
	if o.wrong != "" {
		lines = append(lines, f.theme.Paint(render.RoleBad, render.Truncate(o.wrong, width-4)))
	}
	lines = append(lines, f.theme.Paint(render.RoleDim, "enter sends · tab next · esc leaves it"))
	return dialog(f, o.form.title, lines, width)
}
