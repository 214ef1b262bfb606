package source

import "strings"

// A Comment is a documentation comment. What its markup means is read by Docs only.
type Comment struct {
	Pos    Pos      // of its first line of text
	Symbol string   // the definition it says it documents, "" for a text of its own
	Lines  []string // what follows the line with the symbol, without '#' and the blank behind it
	first  int      // the number of the source line that Lines[0] stands in
}

// documents cuts comment lines into documentation comments. One lies between two lines of "##". The file of 2012 also
// has some that lack the first of these lines, or have a single '#' there: they are known by their symbol, and every
// other comment documents nothing.
func (p *parser) documents(lines []commentLine) []*Comment {
	var list []*Comment
	for len(lines) > 0 {
		fenced := lines[0].text == "#"
		if fenced {
			lines = lines[1:]
		}
		n := block(lines)
		body := lines[:n]
		lines = lines[n:]
		closed := len(lines) > 0 && lines[0].text == "#" && (n == 0 || follows(body[n-1], lines[0]))
		c := newComment(body)
		if c == nil || !fenced && c.Symbol == "" {
			if fenced && closed {
				lines = lines[1:] // "##" twice with nothing between
			}
			continue
		}
		if closed {
			lines = lines[1:]
		}
		p.oddities(c, fenced, closed, body)
		list = append(list, c)
	}
	return list
}

// oddities warns of what is unusual about the frame of a comment that documents a definition.
func (p *parser) oddities(c *Comment, fenced, closed bool, body []commentLine) {
	if !fenced {
		p.warn(body[0].pos, "the comment on %s does not open with ##", c.Symbol)
	}
	if !closed {
		p.warn(c.Pos, "the comment does not close with ##")
	}
	if c.Symbol != "" && !strings.Contains(body[c.Pos.Line-body[0].pos.Line].text, ":") {
		p.warn(c.Pos, "no colon after @%s", c.Symbol)
	}
}

// block returns how many lines stand together, up to a line "##".
func block(lines []commentLine) int {
	n := 0
	for n < len(lines) && lines[n].text != "#" && (n == 0 || follows(lines[n-1], lines[n])) {
		n++
	}
	return n
}

func follows(a, b commentLine) bool { return b.pos.Line == a.pos.Line+1 }

// newComment makes a comment of a block, or nil when no line has any text.
func newComment(block []commentLine) *Comment {
	for len(block) > 0 && block[0].text == "" {
		block = block[1:]
	}
	for len(block) > 0 && block[len(block)-1].text == "" {
		block = block[:len(block)-1]
	}
	if len(block) == 0 {
		return nil
	}
	c := &Comment{Pos: block[0].pos}
	c.Symbol = symbol(strings.TrimPrefix(block[0].text, " "))
	if c.Symbol != "" {
		block = block[1:]
	}
	for len(block) > 0 && block[0].text == "" {
		block = block[1:]
	}
	for _, line := range block {
		c.Lines = append(c.Lines, strings.TrimPrefix(line.text, " "))
	}
	if len(block) > 0 {
		c.first = block[0].pos.Line
	}
	return c
}

// symbol returns the name that a line "@NAME:" says is documented, or "". The colon may be missing.
func symbol(line string) string {
	rest, ok := strings.CutPrefix(line, "@")
	n := nameLength(rest)
	if ok && n > 0 && strings.TrimLeft(rest[n:], ": \t") == "" {
		return rest[:n]
	}
	return ""
}

// nameLength returns how many bytes of s can be a name. Dots lead into the nested structs of 2012.
func nameLength(s string) int {
	n := 0
	for n < len(s) && isWordByte(s[n]) && s[n] != '+' {
		n++
	}
	return n
}
