package editor

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

// A Span gives the bytes Start to End of a line a style: the parameters of an SGR sequence, such as "1;36".
type Span struct {
	Start, End int
	Style      string
}

// A row is a row of the screen: its text with styles, and its width in cells.
type row struct {
	text  string
	width int
}

// rows is a laid-out line, or the part of it that is wanted.
type rows struct {
	rows      []row
	cursorRow int // index into rows
	cursorCol int
	anchorCol int // the column of the anchor, or 0 when it is in another row than the cursor
}

// A layout breaks a line into rows of the screen.
type layout struct {
	width        int    // of the screen, at least 1
	prompt       string // before the first row, may have styles
	continuation string // before the other rows of a multi-line entry
	line         string
	cursor       int // byte of line
	anchor       int // byte of line
	spans        []Span
	limit        int // no more than this many rows around the cursor, 0 for all
}

// lay breaks the line into rows. Only as many logical rows as can be seen are looked at, so that a line of thousands
// of rows costs no more than a short one.
func (l layout) lay() rows {
	var out rows
	start := strings.LastIndexByte(l.line[:l.cursor], newline) + 1
	before := l.above(start)
	out.rows = before
	l.logicalRow(&out, start)
	for at := start; l.limit == 0 || len(out.rows)-out.cursorRow <= l.limit; {
		next := strings.IndexByte(l.line[at:], newline)
		if next < 0 {
			break
		}
		at += next + 1
		l.logicalRow(&out, at)
	}
	return out
}

// above lays out what is above the logical row that starts at byte start, from the bottom up.
func (l layout) above(start int) []row {
	var groups [][]row
	n := 0
	for start > 0 && (l.limit == 0 || n <= l.limit) {
		start = strings.LastIndexByte(l.line[:start-1], newline) + 1
		var one rows
		l.logicalRow(&one, start)
		groups = append(groups, one.rows)
		n += len(one.rows)
	}
	var all []row
	for i := len(groups) - 1; i >= 0; i-- {
		all = append(all, groups[i]...)
	}
	return all
}

// logicalRow appends the rows of the text from byte start to the next line end.
func (l layout) logicalRow(out *rows, start int) {
	prompt := l.continuation
	if start == 0 {
		prompt = l.prompt
	}
	w := writer{layout: l, out: out, col: ansi.StringWidth(prompt)}
	w.b.WriteString(prompt)
	if w.col >= l.width { // no room beside it
		w.b.Reset()
		w.col = 0
	}
	at := start
	if end := strings.IndexByte(l.line[start:], newline); end >= 0 {
		at = w.text(start, start+end)
	} else {
		at = w.text(start, len(l.line))
	}
	w.mark(at, 0)
	w.flush()
}

// A writer appends graphemes to rows.
type writer struct {
	layout
	out   *rows
	b     strings.Builder
	col   int
	style string
	span  int // the first span that is not behind us
}

// text writes the bytes from start to end and returns end.
func (w *writer) text(start, end int) int {
	rest, state := w.line[start:end], -1
	for at := start; rest != ""; {
		cluster, width := rest[:1], 1
		if rest[0] >= 0x80 || len(rest) > 1 && rest[1] >= 0x80 {
			cluster, _, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		} else {
			state = -1
		}
		rest = rest[len(cluster):]
		w.grapheme(at, cluster, width)
		at += len(cluster)
	}
	return end
}

func (w *writer) grapheme(at int, cluster string, width int) {
	if cluster[0] < 0x20 || cluster[0] == rubout { // callers clean their text; this keeps the screen whole if not
		cluster, width = "?", 1
	}
	if w.col+width > w.width && w.col > 0 {
		w.flush()
	}
	w.mark(at, len(cluster))
	if style := w.styleAt(at); style != w.style {
		if w.style != "" {
			w.b.WriteString(reset)
		}
		w.style = style
		w.b.WriteString(sgr(style))
	}
	w.b.WriteString(cluster)
	w.col += width
}

// mark notes where the cursor and the anchor are when they are in the n bytes from at, or at at when n is 0.
func (w *writer) mark(at, n int) {
	within := func(p int) bool { return p == at || p > at && p < at+n }
	if within(w.anchor) {
		w.out.anchorCol = w.col
	}
	if within(w.cursor) {
		if w.col >= w.width {
			w.flush()
		}
		w.out.cursorRow, w.out.cursorCol = len(w.out.rows), w.col
	}
}

// styleAt joins the styles of the spans that hold byte at. Spans are in the order of their starts.
func (w *writer) styleAt(at int) string {
	for w.span < len(w.spans) && w.spans[w.span].End <= at && w.spans[w.span].Start <= at {
		w.span++
	}
	style := ""
	for _, s := range w.spans[w.span:] {
		if s.Start > at {
			break
		}
		if at < s.End && s.Style != "" {
			style = strings.TrimPrefix(style+";"+s.Style, ";")
		}
	}
	return style
}

func (w *writer) flush() {
	if w.style != "" {
		w.b.WriteString(reset)
		w.style = ""
	}
	w.out.rows = append(w.out.rows, row{w.b.String(), w.col})
	w.b.Reset()
	w.col = 0
}

const reset = "\x1b[0m"

func sgr(style string) string {
	if style == "" {
		return ""
	}
	return "\x1b[" + style + "m"
}

// styled is text in a style, as a whole row or a part of one.
func styled(style, text string) string {
	if style == "" || text == "" {
		return text
	}
	return sgr(style) + text + reset
}

// inert drops from text what a terminal could take for anything but characters.
func inert(text string) string {
	return strings.Map(func(r rune) rune {
		if isText(r) {
			return r
		}
		return -1
	}, text)
}
