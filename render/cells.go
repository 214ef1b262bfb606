package render

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Width is how many cells of a terminal a string takes. Escape sequences take none, wide characters two.
func Width(s string) int {
	if harmless(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Truncate cuts a string to at most w cells and marks the cut with an ellipsis. It never splits what a person sees as
// one character, and keeps escape sequences whole.
func Truncate(s string, w int) string {
	if Width(s) <= w {
		return s
	}
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(s, w, "…")
}

// TruncateLeft is Truncate at the front: it keeps the end of a string, which tells paths apart.
func TruncateLeft(s string, w int) string {
	n := Width(s)
	if n <= w {
		return s
	}
	if w <= 0 {
		return ""
	}
	// A wide character at the cut goes whole, so what is left may have a cell less than asked for.
	for cut := n - w + 1; cut <= n; cut++ {
		if rest := ansi.TruncateLeft(s, cut, "…"); rest != "" && Width(rest) <= w {
			return rest
		}
	}
	return "…"
}

// TruncateMiddle is Truncate in the middle: it keeps both ends of a name, of which either may tell it from others.
func TruncateMiddle(s string, w int) string {
	if Width(s) <= w {
		return s
	}
	head := ansi.Truncate(s, max(w/2, 0), "")
	return head + TruncateLeft(s, w-Width(head))
}

// Pad fills a string with blanks on the right to w cells. A longer string stays as it is.
func Pad(s string, w int) string {
	for range 2 { // a mark at the end may take a blank into its own cell
		if n := w - Width(s); n > 0 {
			s += strings.Repeat(" ", n)
		}
	}
	return s
}

// PadLeft fills a string with blanks on the left to w cells, for numbers.
func PadLeft(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return strings.Repeat(" ", n) + s
	}
	return s
}

// Fit is exactly w cells of a string: cut or filled with blanks.
func Fit(s string, w int) string { return Pad(Truncate(s, w), w) }

// Wrap breaks a plain text into lines of at most w cells: between words, and within a word that is longer than a line.
// A word that fits is never broken at a dash, so that names stay whole. Line breaks in the text stay; tabs count as one blank.
func Wrap(s string, w int) []string {
	w = max(w, 2) // the widest character
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\t", " "), "\n") {
		if Width(line) <= w {
			lines = append(lines, strings.TrimRight(line, " "))
			continue
		}
		lines = appendWrapped(lines, line, w)
	}
	return lines
}

// appendWrapped breaks one line that is too long.
func appendWrapped(lines []string, line string, w int) []string {
	row, used := "", 0
	for i, word := range strings.Split(line, " ") {
		n := Width(word)
		if i > 0 && used+1+n <= w {
			row, used = row+" "+word, used+1+n
			continue
		}
		if i > 0 {
			lines = append(lines, strings.TrimRight(row, " "))
		}
		for n > w {
			head := breakWord(word, w)
			if head == "" {
				break // a cluster that is wider than a line stays whole
			}
			lines = append(lines, head)
			word = word[len(head):]
			n = Width(word)
		}
		row, used = word, n
	}
	return append(lines, strings.TrimRight(row, " "))
}

// breakWord is as much of a word as fits in w cells: up to a separator of paths and lists, where there is one in the
// second half, as people break them.
func breakWord(word string, w int) string {
	head := ansi.Truncate(word, w, "")
	if at := strings.LastIndexAny(head, "/,;:&=-_."); at >= len(head)/2 {
		return head[:at+1]
	}
	return head
}
