package manual

import "strings"

// prose joins blocks to the form that qapi.Doc has: a line for a paragraph and a blank line between, lines for list
// items, and literal lines behind four blanks.
type prose struct {
	b      strings.Builder
	last   blockKind
	pushed string // to stand before the next paragraph
}

// mark begins a list item.
const mark = "- "

// lead puts words before the next paragraph.
func (p *prose) lead(words string) { p.pushed = words }

func (p *prose) add(b block) {
	if b.kind != paragraph && p.pushed != "" && p.pushed != mark {
		words := strings.TrimSpace(p.pushed)
		p.pushed = ""
		p.add(block{text: words})
	}
	switch b.kind {
	case paragraph:
		if b.text == "Note:" || b.text == "Warning:" {
			p.lead(b.text + " ")
			return
		}
	case bullet:
		p.lead(mark)
		if b.text == "" {
			return
		}
	case literal:
		b.text = strings.TrimRight("    "+b.text, " ")
	case label:
		p.lead(strings.TrimSuffix(b.text, ":") + ": ")
		return
	}
	p.b.WriteString(p.gap(b.kind) + p.pushed + b.text)
	p.last, p.pushed = b.kind, ""
}

// gap returns what goes before a block of that kind. What follows a tag goes on in its line.
func (p *prose) gap(next blockKind) string {
	switch {
	case p.b.Len() == 0:
		return ""
	case p.last == tag && next == paragraph:
		return " "
	case p.last == next && (next == bullet || next == literal):
		return "\n"
	}
	return "\n\n"
}

// take returns what was joined, and begins anew.
func (p *prose) take() string {
	text := strings.Trim(p.b.String(), "\n")
	*p = prose{}
	return text
}
