package editor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// A Completion is what could stand in place of the bytes Start to End of a line.
type Completion struct {
	Start, End int
	Candidates []Candidate // best first
	Prefixed   int         // how many of them, the first ones, go on as the word begins; Tab looks at these before the others
	Title      string      // says below the menu what is being completed
	Waiting    bool        // more may come, which Refresh will tell of: the menu stays open without a candidate
}

// A Candidate is one possible text.
type Candidate struct {
	Text    string   // as the menu shows it
	Insert  string   // what it puts into the line; "" means Text
	Columns []string // what the menu shows beside it, such as a type and a line of help; the last one gives way first
	Faint   bool     // shown as one that is better not chosen
}

func (c Candidate) insert() string {
	if c.Insert != "" {
		return c.Insert
	}
	return c.Text
}

// menuRows is how many candidates are visible at once.
const menuRows = 10

// A menu is an open completion. It is a value: choosing makes another one.
type menu struct {
	completion Completion
	typed      buffer // the line as it was typed, without a choice
	selected   int    // index into the candidates, -1 when none is chosen
	widths     []int  // of the columns, the text's first, in cells
}

func newMenu(c Completion, typed buffer) *menu {
	m := &menu{typed: typed, selected: -1}
	m.fit(0, "")
	shown := make([]Candidate, len(c.Candidates))
	for i, cand := range c.Candidates {
		cand.Insert = cand.insert()
		cand.Text = inert(cand.Text)
		columns := make([]string, len(cand.Columns))
		m.fit(0, cand.Text)
		for j, text := range cand.Columns {
			columns[j] = inert(text)
			m.fit(j+1, columns[j])
		}
		cand.Columns = columns
		shown[i] = cand
	}
	c.Candidates = shown
	c.Title = inert(c.Title)
	m.completion = c
	m.dropEmpty()
	return m
}

// dropEmpty takes out the columns in which nothing stands.
func (m *menu) dropEmpty() {
	for j := len(m.widths) - 1; j > 0; j-- {
		if m.widths[j] > 0 {
			continue
		}
		m.widths = slices.Delete(m.widths, j, j+1)
		for i, cand := range m.completion.Candidates {
			if j <= len(cand.Columns) {
				m.completion.Candidates[i].Columns = slices.Delete(cand.Columns, j-1, j)
			}
		}
	}
}

// fit widens column i to hold text.
func (m *menu) fit(i int, text string) {
	for len(m.widths) <= i {
		m.widths = append(m.widths, 0)
	}
	m.widths[i] = max(m.widths[i], ansi.StringWidth(text))
}

// choose returns the menu with another candidate selected. The way from one end leads to no choice and then to the
// other end.
func (m *menu) choose(step int) *menu {
	n := len(m.completion.Candidates)
	next := *m
	switch at := m.selected + step; {
	case n == 0:
	case step == 1 && at >= n, step == -1 && at == -1:
		next.selected = -1
	case step == -1 && at < -1:
		next.selected = n - 1
	default:
		next.selected = max(0, min(n-1, at))
	}
	return &next
}

// line is the buffer with the chosen candidate in it.
func (m *menu) line() buffer {
	if m.selected < 0 {
		return m.typed
	}
	return m.completion.apply(m.typed, m.selected)
}

// apply puts candidate i into the line.
func (c Completion) apply(b buffer, i int) buffer {
	start, end := b.at(c.Start).pos, b.at(c.End).pos
	return b.splice(min(start, end), max(start, end), []rune(cleanInsert(c.Candidates[i].insert())))
}

// cleanInsert is clean without the change of what stands at the end: a candidate knows its own blanks.
func cleanInsert(text string) string { return strings.TrimSuffix(clean(text+"."), ".") }

// close are the candidates that Tab looks at: those that go on as the word begins, if there are any.
func (c Completion) close() []Candidate {
	if c.Prefixed > 0 && c.Prefixed <= len(c.Candidates) {
		return c.Candidates[:c.Prefixed]
	}
	return c.Candidates
}

// common is the longest text that all of these begin with.
func (c Completion) common() string {
	var prefix string
	for i, cand := range c.close() {
		text := cand.insert()
		if i == 0 {
			prefix = text
		}
		for !strings.HasPrefix(text, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return strings.ToValidUTF8(prefix, "")
}

// window is the first visible candidate of n, when it was top before: the chosen one is in the window.
func (m *menu) window(top, n int) int {
	at := max(0, m.selected)
	top = max(top, at-n+1)
	return max(0, min(top, at, len(m.completion.Candidates)-n))
}

// rows draws the menu into at most height rows of width cells, its texts starting in the column of the word. top is
// the first visible candidate of the last drawing; the one of this comes back.
func (m *menu) rows(width, height, column, top int, theme Theme) (out []row, first int) {
	n := min(menuRows, len(m.completion.Candidates), max(1, height-1))
	top = m.window(top, n)
	widths := m.columns(width)
	total := 0
	for _, w := range widths {
		total += w + 2
	}
	indent := strings.Repeat(" ", max(0, min(column-2, width-total)))
	for i := top; i < top+n; i++ {
		out = append(out, m.row(i, indent, widths, theme))
	}
	last := top + n
	if m.selected >= 0 {
		last = m.selected + 1
	}
	title := fmt.Sprintf("%s─ %d of %d ─ %s", indent, last, len(m.completion.Candidates), m.completion.Title)
	if m.completion.Waiting {
		title += " …"
	}
	title = ansi.Truncate(strings.TrimRight(title, " "), width, "…")
	return append(out, row{styled(theme.Title, title), ansi.StringWidth(title)}), top
}

// columns fits the widths into a screen: two cells stand before each column. The last column shrinks first, then the
// others from the right; the text keeps at least half.
func (m *menu) columns(room int) []int {
	widths := append([]int(nil), m.widths...)
	over := -room
	for _, w := range widths {
		over += w + 2
	}
	for i := len(widths) - 1; i > 0 && over > 0; i-- {
		cut := min(over, widths[i])
		if widths[i]-cut < 6 { // too narrow to say anything
			cut = widths[i]
			over -= 2
			widths = widths[:i]
		} else {
			widths[i] -= cut
		}
		over -= cut
	}
	widths[0] = max(1, min(widths[0], room-2))
	return widths
}

func (m *menu) row(i int, indent string, widths []int, theme Theme) row {
	cand := m.completion.Candidates[i]
	mark, style := "  ", theme.Candidate
	switch {
	case i == m.selected:
		mark, style = "▸ ", theme.Selected
	case cand.Faint:
		style = theme.Faint
	}
	text := indent + styled(style, mark+pad(cand.Text, widths[0]))
	width := len(indent) + 2 + widths[0]
	for j, w := range widths[1:] {
		cell := ""
		if j < len(cand.Columns) {
			cell = cand.Columns[j]
		}
		columnStyle := theme.Column
		if i == m.selected {
			columnStyle = theme.Selected
		}
		cell = pad(cell, w)
		if i != m.selected && j == len(widths)-2 { // blanks at the end of a row are seen only where it gets narrower
			cell = strings.TrimRight(cell, " ")
		}
		text += styled(columnStyle, "  "+cell)
		width += 2 + ansi.StringWidth(cell)
	}
	return row{text, width}
}

// pad cuts or fills text to w cells.
func pad(text string, w int) string {
	text = ansi.Truncate(text, w, "…")
	return text + strings.Repeat(" ", max(0, w-ansi.StringWidth(text)))
}
