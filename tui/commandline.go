package tui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A commandLine takes one line of the prompt's language, with its completion, and shows the reply below.
type commandLine struct {
	input   textinput.Model
	menu    completion.Result
	chosen  int // in the menu, -1: none
	wrong   []string
	replied []string
}

// menuRows is how many candidates are shown at a time.
const menuRows = 8

func (m *model) startCommand() {
	c := &commandLine{input: newInput(""), chosen: -1}
	c.input.Focus()
	m.overlay = c
}

func (c *commandLine) key(m *model, msg tea.KeyPressMsg) (*request, bool, tea.Cmd) {
	switch msg.String() {
	case "esc", "ctrl+c":
		if len(c.menu.Candidates) > 0 {
			c.menu, c.chosen = completion.Result{}, -1
			return nil, false, nil
		}
		return nil, true, nil
	case "tab", "down":
		c.complete(m, 1)
		return nil, false, nil
	case "shift+tab", "up":
		c.complete(m, -1)
		return nil, false, nil
	case "enter":
		if c.chosen >= 0 {
			c.accept()
			return nil, false, nil
		}
		return c.submit(m)
	}
	c.wrong, c.menu, c.chosen = nil, completion.Result{}, -1
	var cmd tea.Cmd
	c.input, cmd = c.input.Update(msg)
	return nil, false, cmd
}

// complete opens the menu, takes what is the only candidate, or moves in the open menu.
func (c *commandLine) complete(m *model, by int) {
	if n := len(c.menu.Candidates); n > 0 {
		c.chosen = (c.chosen + by + n) % n
		return
	}
	engine := completion.New(m.schema.get(), m.config.Docs, m.config.Live, completion.Options{})
	c.menu = engine.Complete(c.input.Value(), c.cursor())
	c.chosen = 0
	switch len(c.menu.Candidates) {
	case 0:
		c.chosen = -1
	case 1:
		c.accept()
	}
}

// cursor is the cursor's place in bytes.
func (c *commandLine) cursor() int {
	return len(string([]rune(c.input.Value())[:c.input.Position()]))
}

// accept puts the chosen candidate into the line.
func (c *commandLine) accept() {
	line, span := c.input.Value(), c.menu.Span
	insert := c.menu.Candidates[c.chosen].Insert
	c.input.SetValue(line[:span.Start] + insert + line[span.End:])
	c.input.SetCursor(len([]rune(line[:span.Start] + insert)))
	c.menu, c.chosen = completion.Result{}, -1
}

// submit binds and checks the line, and sends it when nothing is wrong. What can do harm asks first.
func (c *commandLine) submit(m *model) (*request, bool, tea.Cmd) {
	line := syntax.Scan(c.input.Value())
	if line.Kind == syntax.Blank {
		return nil, true, nil
	}
	bound, diagnostics := line.Bind(m.schema.get())
	if line.Command == nil || line.Tail != nil || syntax.Failed(diagnostics) || len(bound.Asks) > 0 {
		c.wrong = c.explain(m.facts, line, diagnostics, m.w)
		return nil, false, nil
	}
	r := request{command: bound.Name, arguments: bound.Arguments}.grave(m.facts.name())
	if r.question != "" {
		m.overlay = &question{request: r}
		return nil, false, nil
	}
	c.replied = nil
	return &r, false, nil
}

func (c *commandLine) explain(f facts, line *syntax.Line, diagnostics []syntax.Diagnostic, w int) []string {
	if len(diagnostics) == 0 || line.Command == nil {
		return []string{"only a command can be run here; nothing was sent"}
	}
	var b strings.Builder
	d := diagnostics[0]
	printer := render.Printer{Terminal: true, Width: c.width(w) - 4, Theme: f.theme}
	if err := printer.Caret(&b, line.Source, d.Span.Start, d.Span.End, d.Message, d.Near, "nothing was sent"); err != nil {
		return []string{d.Message}
	}
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// reply shows what a request returned, under the line.
func (c *commandLine) reply(f facts, o outcome, w int) {
	c.replied = replyLines(f, o, c.width(w)-4)
	if o.err == nil {
		c.input.SetValue("")
	}
}

func replyLines(f facts, o outcome, w int) []string {
	if o.err != nil {
		return render.Wrap(render.CleanText("error: "+o.err.Error()), w)
	}
	var b strings.Builder
	printer := render.Printer{Terminal: true, Width: w, Theme: f.theme, Command: o.request.command}
	if err := printer.Return(&b, o.returned); err != nil {
		return []string{err.Error()}
	}
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// showReturn shows what a request returned that did not come from the command line.
func (m *model) showReturn(o outcome) {
	if m.overlay == nil {
		m.overlay = &text{title: o.request.command, lines: replyLines(m.facts, o, max(min(m.w-8, 100), 20))}
	}
}

func (c *commandLine) width(w int) int { return min(w-2, 110) }

func (c *commandLine) view(f facts, w, h int) []string {
	width := c.width(w)
	c.input.SetWidth(width - 8)
	lines := []string{f.theme.Paint(render.RoleAccent, ": ") + c.input.View()}
	room := h - 8
	lines = append(lines, c.menuLines(f, width-4, min(menuRows, room))...)
	lines = append(lines, c.wrong...)
	reply := c.replied
	if cut := len(reply) - (room - len(lines)); cut > 0 && len(reply) > cut {
		reply = append(append([]string{}, reply[:len(reply)-cut]...), f.theme.Paint(render.RoleDim, plural(cut, "more lines")))
	}
	lines = append(lines, reply...)
	lines = append(lines, f.theme.Paint(render.RoleDim, "enter sends · tab completes · esc closes"))
	return dialog(f, "Command to "+f.name(), lines, width)
}

func (c *commandLine) menuLines(f facts, w, rows int) []string {
	n := len(c.menu.Candidates)
	if n == 0 || rows < 1 {
		return nil
	}
	from := max(min(c.chosen-rows/2, n-rows), 0)
	name := 8
	for _, one := range c.menu.Candidates[from:min(from+rows, n)] {
		name = max(name, min(render.Width(one.Text), w/2))
	}
	var lines []string
	for i := from; i < min(from+rows, n); i++ {
		one := c.menu.Candidates[i]
		line := render.Fit(render.Clean(one.Text), name) + "  " + render.Clean(one.Type) + "  " + render.Clean(one.Help)
		lines = append(lines, marked(f, line, w, i == c.chosen))
	}
	return append(lines, f.theme.Paint(render.RoleDim, "─ "+plural(c.chosen+1, "of ")+plural(n, "")+"─ "+render.Clean(c.menu.Title)))
}
