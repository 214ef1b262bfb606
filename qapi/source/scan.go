package source

import (
	"strings"
	"unicode/utf8"
)

// A token is a structural character, a string, a bare word, or the end of the file.
type token struct {
	kind tokenKind
	text string // of a string without its quotes; of the rest as it stands
	pos  Pos
}

type tokenKind byte

const (
	endToken    tokenKind = 0
	stringToken tokenKind = 's'
	wordToken   tokenKind = 'w'
	// The others are the structural characters themselves: { } [ ] : ,
)

// String says what the token is, for an error message.
func (t token) String() string {
	switch t.kind {
	case endToken:
		return "the end of the file"
	case stringToken:
		return "'" + t.text + "'"
	}
	return t.text
}

// A commentLine is one line of a comment: what follows its '#'.
type commentLine struct {
	text string // without blanks at its end
	pos  Pos    // of the '#'
}

// A scanner cuts a source text into tokens. Comment lines in front of a token are collected beside it.
type scanner struct {
	text     string
	offset   int           // of the next byte to read
	pos      Pos           // of that byte
	comments []commentLine // read on the way to tokens
}

// next returns the next token. The comment lines before it are appended to s.comments.
func (s *scanner) next() (token, *Error) {
	s.skipBlanks()
	t := token{pos: s.pos}
	if s.offset == len(s.text) {
		return t, nil
	}
	c := s.text[s.offset]
	switch {
	case strings.IndexByte("{}[]:,", c) >= 0:
		t.kind, t.text = tokenKind(c), string(c)
		s.advance(1)
		return t, nil
	case c == '\'' || c == '"':
		return s.str(c)
	case isWordByte(c):
		n := 1
		for s.offset+n < len(s.text) && isWordByte(s.text[s.offset+n]) {
			n++
		}
		t.kind, t.text = wordToken, s.text[s.offset:s.offset+n]
		s.advance(n)
		return t, nil
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.offset:])
	return t, s.fault(s.pos, "unexpected character "+quoteRune(r))
}

// skipBlanks goes to the next token and collects the comments on the way.
func (s *scanner) skipBlanks() {
	for s.offset < len(s.text) {
		switch c := s.text[s.offset]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f':
			s.advance(1)
		case s.offset == 0 && strings.HasPrefix(s.text, "\ufeff"):
			s.offset = len("\ufeff")
		case c == '#':
			line := s.text[s.offset:]
			if end := strings.IndexByte(line, '\n'); end >= 0 {
				line = line[:end]
			}
			s.comments = append(s.comments, commentLine{text: strings.TrimRight(line[1:], " \t\r"), pos: s.pos})
			s.advance(len(line))
		default:
			return
		}
	}
}

// str reads a string. The language has it in single quotes; double ones are read too.
func (s *scanner) str(quote byte) (token, *Error) {
	t := token{kind: stringToken, pos: s.pos}
	s.advance(1)
	var b strings.Builder
	for s.offset < len(s.text) {
		c := s.text[s.offset]
		switch {
		case c == quote:
			s.advance(1)
			t.text = b.String()
			return t, nil
		case c == '\n' || c == '\r':
			return t, s.fault(t.pos, "the string is not closed on its line")
		case c < ' ' || c == 0x7f:
			return t, s.fault(s.pos, "control character in a string")
		case c == '\\':
			s.advance(1)
			if s.offset == len(s.text) || strings.IndexByte(`\'"/`, s.text[s.offset]) < 0 {
				return t, s.fault(s.pos, `only \\ is an escape sequence here`)
			}
			b.WriteByte(s.text[s.offset])
			s.advance(1)
		default:
			b.WriteByte(c)
			s.advance(1)
		}
	}
	return t, s.fault(t.pos, "the string is not closed")
}

// advance moves on by n bytes, and counts lines and columns.
func (s *scanner) advance(n int) {
	for _, c := range []byte(s.text[s.offset : s.offset+n]) {
		switch {
		case c == '\n':
			s.pos.Line++
			s.pos.Column = 1
		case c&0xc0 != 0x80: // not a UTF-8 continuation byte
			s.pos.Column++
		}
	}
	s.offset += n
}

// fault returns an error at pos with its source line.
func (s *scanner) fault(pos Pos, message string) *Error {
	return &Error{Pos: pos, Message: message, Line: lineOf(s.text, pos.Line)}
}

// lineOf returns the line of that number, from 1.
func lineOf(text string, number int) string {
	for ; number > 1; number-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimRight(line, "\r")
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' ||
		c == '+'
}

func quoteRune(r rune) string {
	if r == utf8.RuneError {
		return "that is not UTF-8"
	}
	return "'" + string(harmless(r)) + "'"
}
