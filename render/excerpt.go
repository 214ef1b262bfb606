package render

import (
	"strconv"
	"strings"
)

// excerpt writes the row of a source that holds the span's start, cut around it to fit, and marks below it. Of a
// source with several rows it shows the row's number. A span that goes on in the next row is marked to the row's end.
func (c *canvas) excerpt(source string, start, end int, role Role) {
	start = min(max(start, 0), len(source))
	end = min(max(end, start), len(source))
	from := strings.LastIndexByte(source[:start], '\n') + 1
	to := len(source)
	if i := strings.IndexByte(source[start:], '\n'); i >= 0 {
		to = start + i
	}
	margin := "  "
	if strings.TrimRight(source, "\n") != source[from:to] {
		margin = "  " + strconv.Itoa(strings.Count(source[:start], "\n")+1) + " | "
	}
	end = min(end, to)
	before, culprit, after := Clean(source[from:start]), Clean(source[start:end]), Clean(source[end:to])
	before, culprit, after = clip(before, culprit, after, c.width-len(margin))
	c.line(margin + before + culprit + after)
	marks := "^" + strings.Repeat("~", max(Width(culprit)-1, 0))
	c.line(strings.Repeat(" ", len(margin)+Width(before)) + c.p.Theme.Paint(role, marks))
}

// clip cuts a row to the room, so that the culprit and as much as possible on both sides of it stays.
func clip(before, culprit, after string, room int) (string, string, string) {
	room = max(room, 4)
	left, middle, right := Width(before), max(Width(culprit), 1), Width(after)
	if left+middle+right <= room {
		return before, culprit, after
	}
	// A cell on each side is kept for the ellipsis that says that something is there; a culprit that is cut has its own.
	if most := room - min(left, 1); middle > most {
		return TruncateLeft(before, min(left, 1)), Truncate(culprit, most), ""
	}
	middle = min(middle, room-min(left, 1)-min(right, 1))
	rest := room - middle
	keepLeft := min(left, max(rest/2, rest-right))
	keepRight := min(right, rest-keepLeft)
	return TruncateLeft(before, keepLeft), Truncate(culprit, middle), Truncate(after, keepRight)
}
