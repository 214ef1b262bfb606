package tui

import (
	"strings"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A chardevPane shows the character devices' host sides.
type chardevPane struct {
	list list
	keep string // what the rows must hold
}

func (p *chardevPane) title(f facts) string {
	title := "Chardevs"
	if n := len(f.snapshot.Chardevs); n > 0 {
		title += " (" + plural(n, "") + ")"
	}
	return title + filterMark(p.keep)
}

// filterMark shows in a title that rows are left out.
func filterMark(keep string) string {
	if keep == "" {
		return ""
	}
	return " /" + render.Clean(keep)
}

func (p *chardevPane) filter(text string) bool { p.keep = text; return true }

func (p *chardevPane) items(f facts, w int) []item {
	label := 4
	for _, c := range f.snapshot.Chardevs {
		label = max(label, render.Width(render.Clean(c.Label)))
	}
	label = min(label, max(w/3, 8))
	var items []item
	for _, c := range f.snapshot.Chardevs {
		if p.keep == "" || strings.Contains(strings.ToLower(c.Label+" "+c.Filename), strings.ToLower(p.keep)) {
			line := open(f, c) + " " + render.Fit(render.Clean(c.Label), label) + "  " +
				f.theme.Paint(render.RoleDim, render.Fit(render.Clean(c.Kind), 6)) + " " + render.Clean(address(c))
			items = append(items, item{key: c.Label, lines: []string{line}})
		}
	}
	return items
}

// address is where a chardev leads to, shortened from the left where it must be: the end tells paths apart.
func address(c machine.Chardev) string {
	if c.Peer != "" {
		return c.Address + " ← " + c.Peer
	}
	return c.Address
}

// open is a sign for whether the guest has the device open.
func open(f facts, c machine.Chardev) string {
	switch {
	case !c.Frontend.Known:
		return f.theme.Paint(render.RoleDim, "?")
	case c.Frontend.Value:
		return f.theme.Paint(render.RoleGood, "●")
	default:
		return f.theme.Paint(render.RoleDim, "○")
	}
}

func (p *chardevPane) view(f facts, w, h int, focused bool) []string {
	items := p.items(f, w)
	if len(items) == 0 {
		words := "no chardevs; chardev-add makes one"
		if p.keep != "" {
			words = "no chardev matches; / changes the filter"
		}
		return hushed(f, w, words)
	}
	room := h
	if h > 3 {
		room = h - 1
	}
	lines := p.list.view(f, items, w, room, focused)
	if room < h {
		for len(lines) < room {
			lines = append(lines, "")
		}
		lines = append(lines, " "+f.theme.Paint(render.RoleGood, "●")+f.theme.Paint(render.RoleDim, " frontend open   ○ closed"))
	}
	return lines
}

func (p *chardevPane) move(f facts, rows int)   { p.list.move(keysOf(p.items(f, 40)), rows) }
func (p *chardevPane) choose(f facts, line int) { p.list.choose(keysOf(p.items(f, 40)), line) }

func (p *chardevPane) actions(facts) []action { return nil }

func (p *chardevPane) detail(f facts, w int) (string, []string, bool) {
	p.list.settle(p.items(f, w))
	for _, c := range f.snapshot.Chardevs {
		if c.Label == p.list.chosen {
			return "Chardev " + render.Clean(c.Label), chardevDetail(f, c), true
		}
	}
	return "", nil, false
}

func chardevDetail(f facts, c machine.Chardev) []string {
	say := func(m machine.Maybe[bool], yes, no string) string {
		switch {
		case !m.Known:
			return "not told"
		case m.Value:
			return yes
		}
		return no
	}
	return []string{
		row(f, "label", 10, render.Clean(c.Label)),
		row(f, "kind", 10, render.Clean(c.Kind)),
		row(f, "address", 10, render.Clean(c.Address)),
		row(f, "peer", 10, render.Clean(c.Peer)),
		row(f, "guest side", 10, say(c.Frontend, "open", "closed")),
		row(f, "host side", 10, say(c.Connected, "connected", "nobody connected")),
		row(f, "as told", 10, render.Clean(c.Filename)),
	}
}
