package render

import "strings"

// gap is what stands between two columns.
const gap = 2

// grid writes a table behind a stem of guides when it can be read at this width; ok is false when it was not written.
func (c *canvas) grid(g grid, stem string) (ok bool) {
	widths := g.natural()
	if !g.shrink(widths, c.width-Width(stem)) {
		return false
	}
	c.rows(g, widths, stem)
	return true
}

// cutGrid writes a table that is too wide, cut at the edge: for those who asked for a table.
func (c *canvas) cutGrid(g grid) {
	widths := g.natural()
	for i := range widths {
		widths[i] = g.columns[i].least(widths[i])
	}
	c.rows(g, widths, "")
}

func (c *canvas) rows(g grid, widths []int, stem string) {
	heads := make([]cell, len(g.columns))
	for i, col := range g.columns {
		heads[i] = cell{text: col.head, role: RoleHeader}
	}
	c.row(g, widths, stem, heads)
	for _, r := range g.rows {
		c.row(g, widths, stem, r.cells)
		if r.note != "" {
			for _, line := range Wrap(r.note, c.width-Width(stem)-2) {
				c.line(stem + "  " + c.p.Theme.Paint(RoleBad, line))
			}
		}
	}
}

func (c *canvas) row(g grid, widths []int, stem string, cells []cell) {
	var b strings.Builder
	b.WriteString(stem)
	for i, col := range g.columns {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		cl := cells[i]
		text := cl.text
		if col.tail && cl.role != RoleHeader {
			text = TruncateLeft(text, widths[i])
		} else {
			text = Truncate(text, widths[i])
		}
		fill := strings.Repeat(" ", max(widths[i]-Width(text), 0))
		text = c.p.Theme.Paint(cl.role, text)
		switch {
		case col.right:
			b.WriteString(fill + text)
		case i < len(g.columns)-1:
			b.WriteString(text + fill)
		default:
			b.WriteString(text)
		}
	}
	c.line(b.String())
}

// natural is how wide each column would like to be.
func (g grid) natural() []int {
	widths := make([]int, len(g.columns))
	for i, col := range g.columns {
		widths[i] = Width(col.head)
		for _, r := range g.rows {
			widths[i] = max(widths[i], Width(r.cells[i].text))
		}
	}
	return widths
}

// shrink makes columns narrower until they fit: summaries of nested values first, then texts, the widest first. It
// reports whether they fit without being cut beyond recognition.
func (g grid) shrink(widths []int, room int) bool {
	over := gap*(len(widths)-1) - room
	for _, w := range widths {
		over += w
	}
	over = g.squeeze(widths, over, func(col column) bool { return col.nested })
	over = g.squeeze(widths, over, func(col column) bool { return !col.right })
	for i, w := range g.natural() {
		if g.columns[i].nested && 2*widths[i] < w {
			return false
		}
	}
	return over <= 0
}

// squeeze takes cells off the widest of the chosen columns, one at a time, and returns how many are still too many.
func (g grid) squeeze(widths []int, over int, chosen func(column) bool) int {
	for ; over > 0; over-- {
		widest := -1
		for i, col := range g.columns {
			if chosen(col) && widths[i] > col.least(widths[i]) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return over
		}
		widths[widest]--
	}
	return over
}

// least is the width below which a column of natural width w is not cut.
func (col column) least(w int) int {
	switch {
	case col.right:
		return w
	case col.keep:
		return min(w, leastName)
	case col.nested:
		return min(w, leastNested)
	default:
		return min(w, leastText)
	}
}
