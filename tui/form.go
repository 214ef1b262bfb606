package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/render"
)

// A form asks for a few values and makes a request of them.
type form struct {
	title  func(f facts) string // of now: the machine's name may come while the form is open
	fields []field
	// finish makes the request; the error says which value is wrong and how it would be right.
	finish func(f facts, values []string) (request, error)
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
	inputs []entry
	at     int
	wrong  string
}

func newFormOverlay(to form) *formOverlay {
	o := &formOverlay{form: to}
	for _, f := range to.fields {
		o.inputs = append(o.inputs, newEntry(f.value))
	}
	return o
}

func (o *formOverlay) key(m *model, msg tea.KeyPressMsg) *request {
	switch msg.String() {
	case "esc", "ctrl+c":
		m.overlay = nil
		m.say(noticePlain, "nothing was sent")
	case "tab", "down":
		o.turn(1)
	case "shift+tab", "up":
		o.turn(-1)
	case "enter":
		o.submit(m)
	default:
		o.wrong = ""
		o.inputs[o.at].key(msg)
	}
	return nil
}

// click moves to a field.
func (o *formOverlay) click(_ *model, _, y int) *request {
	if y >= 1 && y <= len(o.inputs) {
		o.at = y - 1
	}
	return nil
}

func (o *formOverlay) paste(_ *model, text string) { o.inputs[o.at].insert(text) }

func (o *formOverlay) turn(by int) { o.at = (o.at + by + len(o.inputs)) % len(o.inputs) }

func (o *formOverlay) request(f facts) (request, error) {
	values := make([]string, len(o.inputs))
	for i := range o.inputs {
		values[i] = strings.TrimSpace(o.inputs[i].value())
	}
	return o.form.finish(f, values)
}

func (o *formOverlay) submit(m *model) {
	r, err := o.request(m.facts)
	if err != nil {
		o.wrong = err.Error()
		return
	}
	m.ask(r)
	if m.overlay == overlay(o) { // nothing was asked: it is sent
		m.overlay = nil
	}
}

func (o *formOverlay) view(f facts, w, _ int) []string {
	width := min(w-4, 64)
	label := 0
	for _, fl := range o.form.fields {
		label = max(label, render.Width(fl.label))
	}
	var lines []string
	for i, fl := range o.form.fields {
		lines = append(lines, f.theme.Paint(render.RoleKey, render.Fit(fl.label, label))+"  "+
			o.inputs[i].view(f, width-label-6, i == o.at))
	}
	lines = append(lines, strings.Repeat(" ", label+2)+f.theme.Paint(render.RoleDim, o.form.fields[o.at].hint), "")
	lines = append(lines, o.sends(f, width-4)...)
	keys := "enter sends · esc leaves it"
	if len(o.inputs) > 1 {
		keys = "tab next · " + keys
	}
	lines = append(lines, f.theme.Paint(render.RoleDim, keys))
	return dialog(f, o.form.title(f), lines, width)
}

// sends is the command as the values stand, or what is wrong with them.
func (o *formOverlay) sends(f facts, w int) []string {
	role, words := render.RoleAccent, ""
	r, err := o.request(f)
	switch {
	case err == nil:
		words = "sends: " + r.line()
	case o.wrong != "":
		role, words = render.RoleBad, render.Clean(o.wrong)
	default:
		role, words = render.RoleDim, render.Clean(err.Error())
	}
	lines := render.Wrap(words, w)
	for i := range lines {
		lines[i] = f.theme.Paint(role, lines[i])
	}
	return lines
}
