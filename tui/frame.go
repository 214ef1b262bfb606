package tui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/render"
)

// box draws a pane's border with its number and title, and its lines fitted inside.
func box(f facts, id paneID, title string, lines []string, w, h int, focused bool) []string {
	if w < 2 || h < 2 {
		return nil
	}
	role := render.RoleGuide
	if focused {
		role = render.RoleFocus
	}
	out := make([]string, 0, h)
	out = append(out, topBorder(f, id, title, w, role))
	side := f.theme.Paint(role, "│")
	for i := range h - 2 {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out = append(out, side+render.Fit(line, w-2)+side)
	}
	return append(out, f.theme.Paint(role, "╰"+strings.Repeat("─", w-2)+"╯"))
}

func topBorder(f facts, id paneID, title string, w int, role render.Role) string {
	label := " " + strconv.Itoa(int(id)+1) + " " + title + " "
	label = render.Truncate(label, max(w-4, 0))
	rest := w - 3 - render.Width(label)
	titleRole := render.RoleTitle
	if role == render.RoleFocus {
		titleRole = render.RoleFocus
	}
	return f.theme.Paint(role, "╭") + f.theme.Paint(titleRole, label) +
		f.theme.Paint(role, strings.Repeat("─", max(rest+1, 0))+"╮")
}

// A screen is rows of cells that rectangles of text are put into.
type screen struct {
	w, h int
	rows [][]part
}

// A part is a piece of text of w cells that begins at a column.
type part struct {
	x, w int
	text string
}

func newScreen(w, h int) *screen { return &screen{w: w, h: h, rows: make([][]part, h)} }

// put places lines at the top left of a rectangle. Each must be as wide as it. Parts of one row do not overlap.
func (s *screen) put(r rect, lines ...string) {
	for i, line := range lines {
		if y := r.y + i; i < r.h && y >= 0 && y < s.h {
			s.rows[y] = append(s.rows[y], part{r.x, r.w, line})
		}
	}
}

// lines are the rows as text, each exactly as wide as the screen.
func (s *screen) lines() []string {
	out := make([]string, s.h)
	for y, row := range s.rows {
		slices.SortFunc(row, func(a, b part) int { return cmp.Compare(a.x, b.x) })
		var b strings.Builder
		x := 0
		for _, p := range row {
			b.WriteString(strings.Repeat(" ", max(p.x-x, 0)))
			b.WriteString(p.text)
			x = p.x + p.w
		}
		b.WriteString(strings.Repeat(" ", max(s.w-x, 0)))
		out[y] = b.String()
	}
	return out
}

// over lays lines over a picture of w cells, from a cell on.
func over(picture, lines []string, w, x, y int) []string {
	below := lipgloss.NewLayer(strings.Join(picture, "\n"))
	above := lipgloss.NewLayer(strings.Join(lines, "\n")).X(x).Y(y).Z(1)
	out := strings.Split(lipgloss.NewCompositor(below, above).Render(), "\n")
	out = out[:min(len(out), len(picture))]
	for i := range out {
		out[i] = render.Fit(out[i], w)
	}
	return out
}

// faded is a picture that is not of now: its words, without its colours.
func faded(f facts, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = f.theme.Paint(render.RoleDim, ansi.Strip(line))
	}
	return out
}

// dialog draws a border with a title around lines, w cells wide in all.
func dialog(f facts, title string, lines []string, w int) []string {
	edge := f.theme.Paint(render.RoleFocus, "│")
	title = render.Truncate(" "+title+" ", max(w-4, 0))
	out := []string{f.theme.Paint(render.RoleFocus, "╭"+title+strings.Repeat("─", max(w-2-render.Width(title), 0))+"╮")}
	for _, line := range lines {
		out = append(out, edge+" "+render.Fit(line, w-4)+" "+edge)
	}
	return append(out, f.theme.Paint(render.RoleFocus, "╰"+strings.Repeat("─", max(w-2, 0))+"╯"))
}
