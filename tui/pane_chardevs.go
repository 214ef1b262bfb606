package tui

import (
	"slices"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
)

// A chardevPane shows the character devices' host sides.
type chardevPane struct {
	list list
	rowFilter
}

func (p *chardevPane) title(f facts) string {
	return counted(paneNames[paneChardevs], len(f.snapshot.Chardevs)) + p.list.above() + p.mark()
}

// shown are the chardevs that pass the filter, by label.
func (p *chardevPane) shown(f facts) []machine.Chardev {
	chardevs := make([]machine.Chardev, 0, len(f.snapshot.Chardevs))
	for _, c := range f.snapshot.Chardevs {
		if keeps(p.keep, c.Label, c.Filename) {
			chardevs = append(chardevs, c)
		}
	}
	slices.SortStableFunc(chardevs, func(a, b machine.Chardev) int { return qapi.CompareNames(a.Label, b.Label) })
	return chardevs
}

func (p *chardevPane) keys(f facts) []string {
	var keys []string
	for _, c := range p.shown(f) {
		keys = append(keys, c.Label)
	}
	return keys
}

func (p *chardevPane) view(f facts, w, h int, focused bool) []string {
	chardevs := p.shown(f)
	if len(chardevs) == 0 {
		words := "no chardevs; chardev-add makes one"
		if p.keep != "" {
			words = "no chardev matches; / changes the filter"
		}
		return hushed(f, w, words)
	}
	legend := 0
	if h > 3 {
		legend = 1
	}
	lines := p.list.view(f, chardevItems(f, chardevs, w-1), w, h-legend, focused)
	for len(lines) < h-legend {
		lines = append(lines, "")
	}
	if legend > 0 {
		lines = append(lines, " "+f.theme.Paint(render.RoleGood, "●")+f.theme.Paint(render.RoleDim, " frontend open   ○ closed"))
	}
	return lines
}

// chardevItems are a row of w cells each: whether the guest has it open, label, kind and where it leads to, which is
// shortened at the front because the end tells paths apart.
func chardevItems(f facts, chardevs []machine.Chardev, w int) []item {
	labels, kind, longest := make([]string, len(chardevs)), 4, 0
	for i, c := range chardevs {
		labels[i], longest = c.Label, max(longest, render.Width(address(c)))
		kind = max(kind, render.Width(render.Clean(c.Kind)))
	}
	kind = min(kind, 8)
	label := column(labels, 4, max(w/3, w-kind-6-longest))
	items := make([]item, len(chardevs))
	for i, c := range chardevs {
		line := frontend(f, c) + " " + named(c.Label, label) + "  " +
			f.theme.Paint(render.RoleDim, render.Fit(render.Clean(c.Kind), kind)) + "  " +
			render.TruncateLeft(address(c), max(w-label-kind-6, 0))
		items[i] = item{key: c.Label, lines: []string{line}}
	}
	return items
}

// address is where a chardev leads to, and who is there.
func address(c machine.Chardev) string {
	if c.Peer != "" {
		return render.Clean(c.Address + " ← " + c.Peer)
	}
	return render.Clean(c.Address)
}

// frontend is a sign for whether the guest has the device open.
func frontend(f facts, c machine.Chardev) string {
	switch {
	case !c.Frontend.Known:
		return f.theme.Paint(render.RoleDim, "?")
	case c.Frontend.Value:
		return f.theme.Paint(render.RoleGood, "●")
	default:
		return f.theme.Paint(render.RoleDim, "○")
	}
}

func (p *chardevPane) move(f facts, rows int)   { p.list.move(p.keys(f), rows) }
func (p *chardevPane) choose(f facts, line int) { p.list.choose(p.keys(f), line) }

func (p *chardevPane) actions(facts) []action { return nil }

func (p *chardevPane) detail(f facts, w int) (string, []string, bool) {
	chardevs := p.shown(f)
	if len(chardevs) == 0 {
		return "", nil, false
	}
	chosen := chardevs[min(p.list.index, len(chardevs)-1)]
	for _, c := range chardevs {
		if c.Label == p.list.chosen {
			chosen = c
		}
	}
	return "Chardev " + render.Clean(chosen.Label), chardevDetail(f, chosen, w), true
}

func chardevDetail(f facts, c machine.Chardev, w int) []string {
	r := rows{f: f, label: 10, w: w}
	r.add("label", render.Clean(c.Label))
	r.add("kind", render.Clean(c.Kind))
	r.add("address", render.Clean(c.Address))
	r.add("peer", render.Clean(c.Peer))
	r.add("guest side", told(c.Frontend, "open", "closed"))
	r.add("host side", told(c.Connected, "connected", "nobody connected"))
	r.add("as told", render.Clean(c.Filename))
	return r.lines
}

// told is a yes or a no in words.
func told(m machine.Maybe[bool], yes, no string) string {
	switch {
	case !m.Known:
		return "not told"
	case m.Value:
		return yes
	}
	return no
}
