package syntax

import (
	"slices"
	"strings"
)

// maxDepth is how deep literals and dotted keys may nest: QEMU's own limit.
const maxDepth = 1024

const tooDeep = "nested too deep for QEMU"

// literal reads a JSON or Python value that opens with a bracket. It goes on over mistakes, and notes them.
func (s *scanner) literal(depth int) *Value {
	open := s.src[s.pos]
	s.sunk = s.sunk && depth > 0
	v := &Value{Kind: Object, Span: Span{s.pos, s.pos + 1}}
	closing := byte('}')
	if open == '[' {
		v.Kind, closing = List, ']'
	}
	s.punct()
	if depth > maxDepth {
		s.problem(v.Span, tooDeep)
		s.pos, s.sunk = len(s.src), true
	}
	for s.blanks(); s.pos < len(s.src); s.blanks() {
		if c := s.src[s.pos]; c == '}' || c == ']' {
			if c != closing {
				s.problem(Span{s.pos, s.pos + 1}, "expected "+string(closing))
			}
			s.punct()
			v.Closed = true
			break
		}
		if v.Kind == Object {
			s.pair(v, depth)
		} else {
			v.Items = append(v.Items, s.element(depth))
		}
		s.comma(closing)
	}
	if s.sunk {
		v.Closed = true // as far as anybody knows
	} else if !v.Closed {
		s.problem(v.Span, "this "+string(open)+" is not closed")
	}
	v.Span.End = s.pos
	v.Text = s.src[v.Span.Start:v.Span.End]
	s.duplicates(v)
	return v
}

// comma wants a comma, or the closing bracket, or the end.
func (s *scanner) comma(closing byte) {
	s.blanks()
	switch {
	case s.pos >= len(s.src) || s.src[s.pos] == '}' || s.src[s.pos] == ']':
	case s.src[s.pos] == ',':
		s.punct()
	default:
		s.problem(s.rune(), "expected , or "+string(closing))
	}
}

// pair reads one member of an object literal.
func (s *scanner) pair(object *Value, depth int) {
	mark := len(s.line.Tokens)
	key := s.element(depth)
	p := &Pair{Key: key, Colon: -1, Value: &Value{Span: Span{s.pos, s.pos}}}
	object.Members = append(object.Members, p)
	if key.Kind == Quoted {
		s.line.Tokens[mark].Kind = TokenKey
	} else {
		s.problem(key.Span, "a member's name needs quotes")
	}
	s.blanks()
	if s.pos >= len(s.src) || s.src[s.pos] != ':' {
		s.problem(key.Span, "expected : and a value behind it")
		return
	}
	p.Colon = s.pos
	s.punct()
	p.Value.Span = Span{s.pos, s.pos}
	s.blanks()
	if s.pos >= len(s.src) || strings.IndexByte(",}]", s.src[s.pos]) >= 0 {
		s.problem(key.Span, "expected a value")
		return
	}
	p.Value = s.element(depth)
}

// element reads any value inside a literal, and at least one byte.
func (s *scanner) element(depth int) *Value {
	switch c := s.src[s.pos]; c {
	case '{', '[':
		return s.literal(depth + 1)
	case '"', '\'':
		v := s.quoted()
		if !v.Closed {
			s.problem(v.Span, "this string has no closing quote")
		}
		return v
	}
	start := s.pos
	for s.pos < len(s.src) && strings.IndexByte(" \t\r\n,:{}[]\"'", s.src[s.pos]) < 0 {
		s.pos++
	}
	if s.pos == start {
		s.pos = s.rune().End
	}
	v := &Value{Kind: Bare, Span: Span{start, s.pos}, Text: s.src[start:s.pos]}
	s.token(wordToken(v.Text), v.Span)
	if _, ok := scalar(v.Text); !ok {
		s.problem(v.Span, "a string needs quotes here")
	}
	return v
}

// scalar turns a bare word of a literal into JSON.
func scalar(text string) (string, bool) {
	switch text {
	case "true", "True":
		return "true", true
	case "false", "False":
		return "false", true
	case "null", "None":
		return "null", true
	}
	if isNumber(text) {
		return text, true
	}
	if strings.HasPrefix(strings.TrimPrefix(text, "-"), "0") {
		return integer(text)
	}
	return "", false
}

// fewMembers is how many members are compared one by one.
const fewMembers = 12

// duplicates notes members that an object literal has twice.
func (s *scanner) duplicates(v *Value) {
	if len(v.Members) <= fewMembers {
		for i, m := range v.Members {
			if slices.ContainsFunc(v.Members[:i], func(before *Pair) bool { return before.Key.Text == m.Key.Text }) {
				s.problem(m.Key.Span, m.Key.Text+" is given twice")
			}
		}
		return
	}
	seen := make(map[string]bool, len(v.Members))
	for _, m := range v.Members {
		if seen[m.Key.Text] {
			s.problem(m.Key.Span, m.Key.Text+" is given twice")
		}
		seen[m.Key.Text] = true
	}
}
