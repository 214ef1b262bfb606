package tui

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/render"
)

// A list is rows of which one is chosen, and a window over them. An item takes one line or more. It remembers the chosen
// item by its key, so that the choice stays on it when others come and go.
type list struct {
	chosen string
	index  int
	top    int   // the first item in the window
	at     []int // the item at each line of the last view, -1 for none
}

// An item is one entry of a list.
type item struct {
	key   string
	lines []string // already painted
}

// view draws as many items as fit, the chosen one among them, marked when the pane has the focus.
func (l *list) view(f facts, items []item, w, h int, focused bool) []string {
	l.settle(items)
	if len(items) == 0 || h < 1 {
		l.at = nil
		return nil
	}
	l.top = min(l.top, l.index, len(items)-1)
	room := h
	if l.index < len(items)-1 && h >= 3 {
		room-- // for what is said of those below
	}
	for l.height(items, l.top, l.index) > room && l.top < l.index {
		l.top++
	}
	var out []string
	l.at = l.at[:0]
	for i := l.top; i < len(items) && len(out) < h; i++ {
		for j, line := range items[i].lines {
			if len(out) == h {
				break
			}
			out = append(out, marked(f, line, w, focused && i == l.index && j == 0))
			l.at = append(l.at, i)
		}
	}
	return l.sayMore(f, items, out, h)
}

// above says in a title how many items the last view left out before its first.
func (l *list) above() string {
	if l.top == 0 || len(l.at) == 0 {
		return ""
	}
	return " ↑ " + plural(l.top, "more")
}

// sayMore puts into the last line how many items do not fit.
func (l *list) sayMore(f facts, items []item, out []string, h int) []string {
	last := l.at[len(l.at)-1]
	rest := len(items) - 1 - last
	if rest == 0 || len(out) < h || h < 3 || last == l.index {
		return out
	}
	if l.at[h-2] != last { // the line begins an item, which is then not shown either
		rest++
	}
	out[h-1] = " " + f.theme.Paint(render.RoleDim, plural(rest, "more below"))
	return out
}

// marked puts the mark of the chosen row before a line, and shows all of that in reverse.
func marked(f facts, line string, w int, chosen bool) string {
	if chosen {
		return f.theme.Paint(render.RoleFocus, "▸") + f.theme.Paint(render.RoleSelected, render.Fit(ansi.Strip(line), w-1))
	}
	return " " + render.Truncate(line, w-1)
}

// height is how many lines the items from one to another take.
func (l *list) height(items []item, from, to int) int {
	n := 0
	for i := from; i <= to; i++ {
		n += len(items[i].lines)
	}
	return n
}

// settle finds the chosen item again; one that is gone leaves its place to its neighbour.
func (l *list) settle(items []item) {
	for i := range items {
		if items[i].key == l.chosen {
			l.index = i
			return
		}
	}
	l.index = max(min(l.index, len(items)-1), 0)
	l.chosen = ""
	if len(items) > 0 {
		l.chosen = items[l.index].key
	}
}

// move shifts the choice among keys, by rows or by a page.
func (l *list) move(keys []string, by int) {
	if len(keys) == 0 {
		return
	}
	for i, k := range keys {
		if k == l.chosen {
			l.index = i
		}
	}
	switch by {
	case page:
		by = l.shown()
	case -page:
		by = -l.shown()
	}
	l.index = max(min(l.index+by, len(keys)-1), 0)
	l.chosen = keys[l.index]
}

// shown is how many items the last view had, one at least.
func (l *list) shown() int {
	if len(l.at) == 0 {
		return 1
	}
	return max(l.at[len(l.at)-1]-l.top, 1)
}

// choose takes the item at a line of the last view.
func (l *list) choose(keys []string, line int) {
	if line >= 0 && line < len(l.at) && l.at[line] < len(keys) {
		l.index = l.at[line]
		l.chosen = keys[l.index]
	}
}
