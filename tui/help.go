package tui

import (
	"charm.land/bubbles/v2/key"

	"github.com/qmpsh/qmpsh/render"
)

// showHelp lists the keys, out of the same key map that handles them.
func (m *model) showHelp() {
	pane, offered, everywhere := paneNames[m.focus], m.offered(), m.everywhere()
	m.overlay = newReader("Keys", func(f facts, w int) []string {
		var lines []string
		if len(offered) > 0 {
			own := make([]key.Binding, len(offered))
			for i, a := range offered {
				own[i] = a.Binding
			}
			lines = append(lines, f.theme.Paint(render.RoleHeader, pane+", here and now"))
			lines = append(append(lines, keyTable(f, own, w)...), "")
		}
		all := make([]key.Binding, len(everywhere))
		for i, g := range everywhere {
			all[i] = g.Binding
		}
		lines = append(lines, f.theme.Paint(render.RoleHeader, "Everywhere"))
		lines = append(lines, keyTable(f, all, w)...)
		return append(lines, "", f.theme.Paint(render.RoleDim, "mouse: click chooses, wheel scrolls; shift selects text"))
	})
}

// keyTable is keys and what they do, in as many columns as fit two.
func keyTable(f facts, bindings []key.Binding, w int) []string {
	const keyWidth, column = 9, 36
	columns := 1
	if w >= 2*column {
		columns = 2
	}
	rows := (len(bindings) + columns - 1) / columns
	lines := make([]string, rows)
	for i, b := range bindings {
		text := f.theme.Paint(render.RoleAccent, render.Fit(b.Help().Key, keyWidth)) + " " + b.Help().Desc
		if i/rows < columns-1 {
			text = render.Fit(text, column)
		}
		lines[i%rows] += text
	}
	return lines
}
