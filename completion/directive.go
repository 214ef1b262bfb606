package completion

import (
	"strings"

	"github.com/qmpsh/qmpsh/syntax"
)

// directive finds the slot in a line of the shell's own.
func (f *finder) directive(d *syntax.Directive, directives []Directive) slot {
	if f.cursor <= d.NameSpan.End {
		if f.cursor <= d.NameSpan.Start {
			return slot{}
		}
		return f.plain(directiveSlot, d.NameSpan)
	}
	number, start := f.argumentAt(d.RestSpan.Start)
	for _, known := range directives {
		if known.Name != d.Name {
			continue
		}
		for i := range min(number+1, len(known.Args)) {
			if known.Args[i] == "line" {
				return f.nested(d, i)
			}
		}
	}
	end := start
	for end < len(f.line.Source) && strings.IndexByte(" \t\n", f.line.Source[end]) < 0 {
		end++
	}
	s := f.plain(argumentSlot, syntax.Span{Start: start, End: end})
	s.name, s.argument = d.Name, number
	return s
}

// argumentAt returns which argument of a directive the cursor is in, and where that begins.
func (f *finder) argumentAt(rest int) (number, start int) {
	if f.cursor < rest {
		return 0, f.cursor
	}
	text := f.line.Source[rest:f.cursor]
	words := strings.Fields(text)
	if len(words) == 0 {
		return 0, f.cursor
	}
	last := words[len(words)-1]
	if !strings.HasSuffix(text, last) {
		return len(words), f.cursor
	}
	return len(words) - 1, f.cursor - len(last)
}

// nested finds the slot in the command line that is a directive's argument of that number.
func (f *finder) nested(d *syntax.Directive, number int) slot {
	at := d.RestSpan.Start
	for range number {
		at = f.blankEnd(at + strings.IndexAny(f.line.Source[at:]+" ", " \t\n"))
	}
	if f.cursor < at {
		return slot{}
	}
	inner := finder{line: syntax.Scan(f.line.Source[at:]), cursor: f.cursor - at, schema: f.schema}
	s := inner.find(nil)
	s.span.Start += at
	s.span.End += at
	return s
}

// directives lists the shell's own words.
func (l *lister) directives() {
	for _, d := range l.engine.options.Directives {
		text := "." + d.Name
		l.add(Candidate{Text: text, Insert: text, Blank: len(d.Args) > 0 && !l.followed(), Help: d.Help})
	}
}

// arguments lists what a directive takes.
func (l *lister) arguments() {
	for _, d := range l.engine.options.Directives {
		if d.Name != l.slot.name || len(d.Args) == 0 {
			continue
		}
		last := len(d.Args) - 1
		if l.slot.argument > last && !strings.HasSuffix(d.Args[last], "…") {
			return
		}
		l.argument(strings.TrimSuffix(d.Args[min(l.slot.argument, last)], "…"))
	}
}

func (l *lister) argument(kind string) {
	switch {
	case kind == "command":
		l.commands()
	case kind == "entity":
		l.commands()
		l.plainValues(EventName)
	case kind == "file":
		l.files(true)
	case strings.Contains(kind, "|"):
		for word := range strings.SplitSeq(kind, "|") {
			if Kind(word) == EventName {
				l.plainValues(EventName)
				continue
			}
			l.add(Candidate{Text: word, Insert: word})
		}
	default:
		l.plainValues(Kind(kind))
	}
}

// plainValues lists values as they are, without quotes.
func (l *lister) plainValues(kind Kind) {
	for _, v := range l.values(kind, "") {
		l.add(Candidate{Text: v.Text, Insert: v.Text, Help: v.Help, Deprecated: v.Deprecated})
	}
}
