package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A commandLine takes one line of the prompt's language, with its completion, and shows the reply above it.
type commandLine struct {
	input   entry
	menu    completion.Result
	open    bool // the menu is
	chosen  int
	wrong   []string
	replied *outcome
	back    int  // how far back in what was typed; 0: a new line
	top     int  // the first line shown of the reply
	held    bool // it is submitted as soon as it can be checked
}

// menuRows is how many candidates are shown at a time.
const menuRows = 8

func (m *model) startCommand() { m.overlay = &commandLine{} }

func (c *commandLine) low() {}

func (c *commandLine) key(m *model, msg tea.KeyPressMsg) *request {
	switch key := msg.String(); key {
	case "esc", "ctrl+c":
		if !c.open {
			m.overlay = nil
		}
		c.open = false
	case "tab":
		c.complete(m, 1)
	case "shift+tab":
		c.complete(m, -1)
	case "down", "up":
		by := map[string]int{"down": 1, "up": -1}[key]
		if c.open {
			c.complete(m, by)
		} else {
			c.recall(m.typed, -by)
		}
	case "pgdown", "pgup":
		c.scroll(map[string]int{"pgdown": menuRows, "pgup": -menuRows}[key])
	case "enter":
		if c.open && len(c.menu.Candidates) > 0 {
			c.accept()
		} else {
			c.open = false
			c.submit(m)
		}
	default:
		c.input.key(msg)
		c.edited(m)
	}
	return nil
}

// click takes the candidate that it is on.
func (c *commandLine) click(m *model, x, y int) *request {
	from, to := c.window(c.menuRoom(m.h))
	if at := from + y - 1; c.open && x >= 0 && x < c.width(m.w) && at >= from && at < to {
		c.chosen = at
		c.accept()
	}
	return nil
}

// scroll moves in the menu, or in the reply.
func (c *commandLine) scroll(rows int) {
	if c.open {
		c.chosen = max(min(c.chosen+rows, len(c.menu.Candidates)-1), 0)
		return
	}
	c.top = max(c.top+rows, 0)
}

func (c *commandLine) paste(m *model, text string) {
	c.input.insert(text)
	c.edited(m)
}

// edited follows a change of the line: an open menu goes on with what is typed now.
func (c *commandLine) edited(m *model) {
	c.wrong, c.held = nil, false
	if c.open {
		c.recomplete(m)
		c.chosen = 0
	}
}

// recall steps through what was typed before.
func (c *commandLine) recall(typed []string, by int) {
	c.back = max(min(c.back+by, len(typed)), 0)
	c.input.set("")
	if c.back > 0 {
		c.input.set(typed[len(typed)-c.back])
	}
}

// complete opens the menu, takes the only candidate that goes on like the word, or moves in the open menu.
func (c *commandLine) complete(m *model, by int) {
	if n := len(c.menu.Candidates); c.open && n > 0 {
		c.chosen = (c.chosen + by + n) % n
		return
	}
	c.menu = m.hands.known.complete(c.input.value(), len(c.input.before()))
	c.open, c.chosen = true, 0
	if c.menu.Prefixed == 1 && !c.menu.Pending {
		c.accept()
	}
}

// recomplete lists again what could stand at the cursor: the line has changed, or values have come.
func (c *commandLine) recomplete(m *model) {
	if !c.open {
		return
	}
	chosen := ""
	if c.chosen < len(c.menu.Candidates) {
		chosen = c.menu.Candidates[c.chosen].Text
	}
	c.menu = m.hands.known.complete(c.input.value(), len(c.input.before()))
	c.chosen = 0
	for i, one := range c.menu.Candidates {
		if one.Text == chosen {
			c.chosen = i
		}
	}
}

// accept puts the chosen candidate into the line.
func (c *commandLine) accept() {
	c.open = false
	if c.chosen >= len(c.menu.Candidates) {
		return
	}
	line, span, one := c.input.value(), c.menu.Span, c.menu.Candidates[c.chosen]
	insert := one.Insert
	if one.Blank && span.End == len(line) {
		insert += " "
	}
	c.input.set(line[:span.Start] + insert + line[span.End:])
	c.input.at = len([]rune(line[:span.Start] + insert))
}

// submit binds and checks the line, and sends it when nothing is wrong. What can do harm asks first. What is typed before
// it is known what the server can do waits for that: unchecked it might mean something else.
func (c *commandLine) submit(m *model) {
	switch strings.TrimSpace(c.input.value()) {
	case "q", "q!": // as in the editors that have such a line; no command of QEMU's is called so
		m.leaving = true
		return
	}
	if c.held = !m.hands.known.tried.Load(); c.held {
		c.wrong = []string{"asking what this QEMU can do…"}
		return
	}
	c.wrong = nil
	line := syntax.Scan(c.input.value())
	if line.Kind == syntax.Blank {
		m.overlay = nil
		return
	}
	bound, diagnostics := line.Bind(m.hands.known.schema())
	switch {
	case line.Command == nil || line.Tail != nil:
		c.wrong = []string{"only a command can be run here, without a tail: the prompt can do more", "nothing was sent"}
	case len(bound.Asks) > 0:
		c.wrong = []string{"a secret can be typed at the prompt only", "nothing was sent"}
	case syntax.Failed(diagnostics):
		c.wrong = explain(m.facts, line, diagnostics, c.width(m.w)-4)
	default:
		if len(line.Secrets(m.hands.known.schema())) == 0 {
			m.typed = append(m.typed, line.Source)
		}
		c.replied, c.back = nil, 0
		r := request{command: bound.Name, arguments: bound.Arguments, oob: bound.OOB}
		if _, open := line.Question(m.hands.known.schema()); open {
			r.typed = line
		}
		m.ask(r)
	}
}

// explain says what is wrong with a line, with a mark under it.
func explain(f facts, line *syntax.Line, diagnostics []syntax.Diagnostic, w int) []string {
	problems := make([]render.Problem, len(diagnostics))
	for i, d := range diagnostics {
		problems[i] = render.Problem{Start: d.Span.Start, End: d.Span.End, Message: d.Message, Near: d.Suggestions(), Warning: d.Warning}
	}
	var b strings.Builder
	printer := render.Printer{Terminal: true, Width: w, Theme: f.theme}
	if err := printer.Problems(&b, line.Source, problems, "nothing was sent"); err != nil {
		return []string{render.Clean(err.Error())}
	}
	return textLines(b.String())
}

// reply shows what a request returned.
func (c *commandLine) reply(o outcome) {
	c.replied, c.top = &o, 0
	if o.err == nil {
		c.input.set("")
	}
}

// replyLines are what a request returned, or why it did not, in w cells.
func replyLines(f facts, o outcome, w int) []string {
	if o.err != nil {
		return paintAll(f, render.RoleBad, render.Wrap("error: "+render.CleanText(o.err.Error()), w))
	}
	var b strings.Builder
	printer := render.Printer{Terminal: true, Width: w, Theme: f.theme, Command: o.request.command}
	if err := printer.Return(&b, o.returned); err != nil {
		return []string{render.Clean(err.Error())}
	}
	return textLines(b.String())
}

func textLines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

func (c *commandLine) width(w int) int { return min(w-2, readerWidth+4) }

// replyRoom is how many lines there are for a reply on a screen of h rows.
func replyRoom(h int) int { return max(h-8, 1) }

func (c *commandLine) menuRoom(h int) int { return min(menuRows, replyRoom(h)) }

// window is which candidates are shown in so many rows: the chosen one among them.
func (c *commandLine) window(rows int) (from, to int) {
	n := len(c.menu.Candidates)
	from = max(min(c.chosen-rows/2, n-rows), 0)
	return from, min(from+rows, n)
}

func (c *commandLine) view(f facts, w, h int) []string {
	width := c.width(w)
	room := replyRoom(h)
	var lines []string
	if c.replied != nil {
		lines = c.part(f, replyLines(f, *c.replied, width-4), room)
	}
	if c.wrong != nil {
		lines = c.part(f, c.wrong, room)
	}
	if c.open {
		lines = c.menuLines(f, width-4, c.menuRoom(h))
	}
	lines = append(lines,
		f.theme.Paint(render.RoleAccent, ": ")+c.input.view(f, width-6, true),
		f.theme.Paint(render.RoleDim, "enter sends · tab completes · ↑ what was typed before · esc closes"))
	return dialog(f, "Command to "+f.name(), lines, width)
}

// part is so many lines of a text as there is room for, from c.top on, and how many are above and below.
func (c *commandLine) part(f facts, lines []string, room int) []string {
	if len(lines) <= room {
		return append([]string{}, lines...)
	}
	room = max(room-1, 1)
	c.top = min(c.top, len(lines)-room)
	shown := append([]string{}, lines[c.top:c.top+room]...)
	where := fmt.Sprintf("lines %d to %d of %d · pgup pgdn", c.top+1, c.top+room, len(lines))
	return append(shown, f.theme.Paint(render.RoleDim, where))
}

func (c *commandLine) menuLines(f facts, w, rows int) []string {
	n := len(c.menu.Candidates)
	if n == 0 {
		words := "nothing to complete here"
		if c.menu.Pending {
			words = "asking the machine…"
		}
		return []string{f.theme.Paint(render.RoleDim, words)}
	}
	from, to := c.window(rows)
	shown := c.menu.Candidates[from:to]
	name, kind := 8, 0
	for _, one := range shown {
		name = max(name, min(render.Width(one.Text), w/2))
		kind = max(kind, min(render.Width(one.Type), w/5))
	}
	var lines []string
	for i, one := range shown {
		line := render.Fit(render.Clean(one.Text), name) + "  " +
			f.theme.Paint(render.RoleDim, render.Fit(render.Clean(one.Type), kind)+"  "+render.Clean(one.Note()))
		lines = append(lines, marked(f, line, w, from+i == c.chosen))
	}
	title := fmt.Sprintf("─ %d of %d ─ %s", c.chosen+1, n, render.Clean(c.menu.Title))
	return append(lines, f.theme.Paint(render.RoleDim, render.Truncate(title, w)))
}
