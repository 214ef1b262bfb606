package syntax

import "strings"

// Rows gathers rows of text into entries: a row, and those that it leaves open. Its zero value is ready. A long entry
// costs no more than its length.
type Rows struct {
	text  strings.Builder
	depth int // brackets that are open in an unfinished literal; 0 when only a scan of all can tell
}

// Add takes the next row, without its end, and returns the entry when that is whole, else nil.
func (r *Rows) Add(row string) *Line {
	if r.text.Len() > 0 {
		r.text.WriteByte('\n')
	}
	r.text.WriteString(row)
	if r.depth > 0 {
		if r.depth = nesting(row, r.depth); r.depth > 0 {
			return nil
		}
	}
	l := Scan(r.text.String())
	if l.Open() {
		if v := l.unfinished(); v != nil {
			r.depth = nesting(l.Source[v.Span.Start:], 0)
		}
		return nil
	}
	r.text.Reset()
	return l
}

// Rest returns the entry that is still open when no more rows come, nil for none.
func (r *Rows) Rest() *Line {
	if r.text.Len() == 0 {
		return nil
	}
	l := Scan(r.text.String())
	r.text.Reset()
	r.depth = 0
	return l
}

// unfinished is the literal that the text ends in, or nil.
func (l *Line) unfinished() *Value {
	if l.Message != nil {
		return l.Message
	}
	if l.Command == nil {
		return nil
	}
	cmd := l.Command
	if n := len(cmd.Actions); n > 0 {
		cmd = cmd.Actions[n-1]
	}
	if len(cmd.Args) == 0 {
		return nil
	}
	v := cmd.Args[len(cmd.Args)-1].Value
	if v == nil || v.Closed || v.Kind != Object && v.Kind != List {
		return nil
	}
	return v
}

// nesting counts the brackets that are open behind a part of a literal, before which depth of them were. It is 0 from
// the end of the literal on. Strings end with their rows.
func nesting(text string, depth int) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return 0
			}
		case '"', '\'':
			i = stringOver(text, i) - 1
		}
	}
	return depth
}
