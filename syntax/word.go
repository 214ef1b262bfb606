package syntax

import "strings"

// word reads one argument: key=value, a whole object of arguments, or a key that is not finished.
func (s *scanner) word() *Arg {
	a := &Arg{Span: Span{s.pos, s.pos}}
	if c := s.src[s.pos]; c == '{' || c == '[' {
		a.Value = s.value()
		if a.Span.End = s.pos; a.Value.Kind != Object {
			s.problem(a.Value.Span, notKeyed)
		}
		return a
	}
	a.Key = s.key()
	a.KeySpan = Span{a.Span.Start, s.pos}
	s.token(TokenKey, a.KeySpan)
	if s.pos < len(s.src) && s.src[s.pos] == '=' {
		s.punct()
		a.Value = s.value()
	}
	a.Span.End = s.pos
	return a
}

// key reads a dotted key up to "=" or the end of the word. It takes at least one byte, unless that is "=".
func (s *scanner) key() []Segment {
	var key []Segment
	for {
		segment := s.segment()
		key = append(key, segment)
		if s.pos >= len(s.src) || s.src[s.pos] != '.' {
			break
		}
		s.pos++
	}
	if len(key) > maxDepth {
		s.problem(Span{key[0].Span.Start, s.pos}, tooDeep)
	}
	for _, segment := range key {
		if segment.Span.Len() == 0 && s.pos < len(s.src) && s.src[s.pos] == '=' {
			s.problem(Span{key[0].Span.Start, s.pos + 1}, "a part of the key is missing")
			break
		}
	}
	return key
}

// segment reads one name of a key, which may be in double quotes.
func (s *scanner) segment() Segment {
	start := s.pos
	if s.pos < len(s.src) && s.src[s.pos] == '"' {
		tokens, problems := len(s.line.Tokens), len(s.line.Problems)
		v := s.quoted()
		s.line.Tokens, s.line.Problems = s.line.Tokens[:tokens], s.line.Problems[:problems]
		if v.Closed && (s.boundary(s.pos) || strings.IndexByte(".=", s.src[s.pos]) >= 0) {
			return Segment{v.Text, v.Span}
		}
		s.pos = start
	}
	for !s.wordEnd() && s.src[s.pos] != '=' && s.src[s.pos] != '.' {
		s.pos++
	}
	return Segment{s.src[start:s.pos], Span{start, s.pos}}
}

// wordEnd reports whether a word ends here.
func (s *scanner) wordEnd() bool {
	return s.boundary(s.pos) || s.batch && (s.src[s.pos] == '(' || s.src[s.pos] == ')')
}

// value reads what stands behind "=".
func (s *scanner) value() *Value {
	start := s.pos
	if s.boundary(start) {
		return &Value{Span: Span{start, start}}
	}
	mark, tokens := len(s.line.Problems), len(s.line.Tokens)
	switch s.src[start] {
	case '{', '[':
		v := s.literal(0)
		v.problems = append([]Problem(nil), s.line.Problems[mark:]...)
		s.line.Problems = s.line.Problems[:mark]
		if !v.Closed {
			s.line.open = s.tails
			return v
		}
		if s.wordEnd() {
			return v
		}
		s.line.Tokens = s.line.Tokens[:tokens]
	case '"', '\'':
		v := s.quoted()
		if !v.Closed {
			s.problem(v.Span, "this string has no closing quote")
		} else if !s.wordEnd() {
			s.problem(s.rune(), "expected a blank behind the closing quote")
		}
		return v
	}
	return s.bare(start)
}

// bare reads the rest of a word without quotes that began at start. Quotes inside it are kept and protect blanks, and
// so do the braces of QEMU's own "json:{…}".
func (s *scanner) bare(start int) *Value {
	if strings.HasPrefix(s.src[s.pos:], "json:{") {
		mark, tokens := len(s.line.Problems), len(s.line.Tokens)
		s.pos += len("json:")
		if v := s.literal(0); !v.Closed || s.sunk {
			s.pos = start
		}
		s.line.Problems, s.line.Tokens = s.line.Problems[:mark], s.line.Tokens[:tokens]
	}
	depth := 0
	for ; !s.boundary(s.pos); s.pos++ {
		switch c := s.src[s.pos]; {
		case c == '"':
			s.pos += protected(s.src[s.pos:])
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 && s.batch {
				return s.bareValue(start)
			}
		}
	}
	return s.bareValue(start)
}

func (s *scanner) bareValue(start int) *Value {
	v := &Value{Kind: Bare, Span: Span{start, s.pos}, Text: s.src[start:s.pos]}
	if v.Text == "" {
		v.Kind = Empty
	}
	s.token(wordToken(v.Text), v.Span)
	return v
}

// protected returns the offset of the quote that closes the one that text begins with on the same row, or 0.
func protected(text string) int {
	for i := 1; i < len(text) && text[i] != '\n'; i++ {
		switch text[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return 0
}
