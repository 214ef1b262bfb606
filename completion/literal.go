package completion

import (
	"strconv"
	"strings"

	"github.com/qmpsh/qmpsh/syntax"
)

func index(i int) string { return strconv.Itoa(i) }

// literal finds the slot inside { … } or [ … ]; p is where the literal stands.
func (f *finder) literal(v *syntax.Value, p spot) slot {
	if f.cursor <= v.Span.Start || v.Closed && f.cursor >= v.Span.End {
		return slot{}
	}
	p.tree = v.Tree()
	if v.Kind == syntax.List {
		return f.items(v, p)
	}
	for _, m := range v.Members {
		if m.Key.Span.Contains(f.cursor) {
			return f.quoted(m.Key, slot{kind: memberSlot, place: p})
		}
		if f.inValue(m) {
			return f.part(m.Value, p.step(m.Key.Text))
		}
	}
	if !f.behind("{,") {
		return slot{}
	}
	return f.quoted(f.nothing(), slot{kind: memberSlot, place: p})
}

// inValue reports whether the cursor is where a member's value stands, or may come.
func (f *finder) inValue(m *syntax.Pair) bool {
	return m.Colon >= 0 && f.cursor > m.Colon && f.cursor <= max(m.Value.Span.End, f.blankEnd(m.Colon+1))
}

// items finds the slot inside a list.
func (f *finder) items(v *syntax.Value, p spot) slot {
	for i, item := range v.Items {
		if item.Span.Contains(f.cursor) {
			return f.part(item, p.step(index(i)))
		}
	}
	if !f.behind("[,") {
		return slot{}
	}
	return f.part(f.nothing(), p.step(index(len(v.Items))))
}

// part finds the slot in a value inside a literal.
func (f *finder) part(v *syntax.Value, p spot) slot {
	switch v.Kind {
	case syntax.Object, syntax.List:
		return f.literal(v, p)
	case syntax.Empty:
		v = f.nothing()
	}
	if f.cursor < v.Span.Start {
		return slot{}
	}
	return f.quoted(v, slot{kind: valueSlot, place: p})
}

// quoted makes a slot of a string, or of the word where a string may come. What stands right of the cursor belongs to
// it only if the string is closed and looks whole: a quote too few makes a string of everything up to the next one.
func (f *finder) quoted(v *syntax.Value, s slot) slot {
	s.json = true
	s.span = v.Span
	start := v.Span.Start
	if v.Kind == syntax.Quoted {
		s.open = f.line.Source[start]
		start++
		if v.Closed && f.cursor >= v.Span.End || f.cursor < start {
			return slot{}
		}
		if right := f.line.Source[f.cursor:v.Span.End]; !v.Closed || strings.ContainsAny(right, ",:{}[]= \t\n") {
			s.span.End = f.cursor
		}
	}
	s.word = f.line.Source[start:f.cursor]
	s.self = v.Text
	return s
}

// nothing is a value that has not been begun.
func (f *finder) nothing() *syntax.Value {
	return &syntax.Value{Span: syntax.Span{Start: f.cursor, End: f.cursor}}
}

// behind reports whether the last byte before the cursor that is not blank is one of those.
func (f *finder) behind(bytes string) bool {
	before := strings.TrimRight(f.line.Source[:f.cursor], " \t\r\n")
	return before != "" && strings.IndexByte(bytes, before[len(before)-1]) >= 0
}

// blankEnd returns the end of the blanks that begin at an offset.
func (f *finder) blankEnd(at int) int {
	for at < len(f.line.Source) && strings.IndexByte(" \t\r\n", f.line.Source[at]) >= 0 {
		at++
	}
	return at
}

// message finds the slot in a raw message.
func (f *finder) message() slot {
	cmd := f.line.Command
	for _, m := range f.line.Message.Members {
		switch m.Key.Text {
		case "execute", "exec-oob":
			if f.inValue(m) {
				s := f.part(m.Value, spot{})
				if s.kind == valueSlot {
					s.kind = commandSlot
				}
				return s
			}
		case "arguments":
			if f.inValue(m) {
				p := f.root(cmd)
				s := f.part(m.Value, p)
				s.command, s.root = cmd.Name, p.tree
				return s
			}
		}
	}
	s := f.literal(f.line.Message, spot{})
	if s.kind != memberSlot || len(s.place.path) > 0 {
		return slot{}
	}
	s.kind = messageSlot
	return s
}
