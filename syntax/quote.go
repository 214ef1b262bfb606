package syntax

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string in single or double quotes, which ends with its row at the latest. Its escapes are those of
// JSON and of Python.
func (s *scanner) quoted() *Value {
	start := s.pos
	s.pos = stringOver(s.src, start)
	v := &Value{Kind: Quoted, Span: Span{start, s.pos}}
	s.token(TokenString, v.Span)
	body := s.src[start+1 : s.pos]
	if n := len(body); n > 0 && body[n-1] == s.src[start] && !escaped(body[:n-1]) {
		body, v.Closed = body[:n-1], true
	}
	if v.Text = body; strings.IndexByte(body, '\\') >= 0 {
		v.Text = s.unescape(body, start+1)
	}
	return v
}

// escaped reports whether a text ends in a backslash that escapes what follows.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// stringOver returns the offset behind the string in quotes that begins at start: behind its closing quote, or where
// its row ends without one.
func stringOver(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case text[start]:
			return i + 1
		case '\n':
			return i
		case '\\':
			if i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		}
	}
	return len(text)
}

// unescape decodes the escapes of a string that stands at offset base.
func (s *scanner) unescape(body string, base int) string {
	var out strings.Builder
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			out.WriteByte(body[i])
			i++
			continue
		}
		text, n := escape(body[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(body[i+1:])
			n++
			text = body[i : i+n]
			s.problem(Span{base + i, base + i + n}, "unknown escape "+text)
		}
		out.WriteString(text)
		i += n
	}
	return out.String()
}

// escape decodes the escape that text begins with, and says how many bytes it has; 0 for none that is known.
func escape(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	if i := strings.IndexByte(`"'\/abfnrtv0`, text[1]); i >= 0 {
		return "\"'\\/\a\b\f\n\r\t\v\x00"[i : i+1], 2
	}
	size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[1]]
	r, ok := hex(text[2:], size)
	if size == 0 || !ok {
		return "", 0
	}
	n := 2 + size
	if utf16.IsSurrogate(r) && strings.HasPrefix(text[n:], `\u`) {
		if low, ok := hex(text[n+2:], 4); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return string(utf16.DecodeRune(r, low)), n + 6
		}
	}
	return string(r), n
}

// hex reads a rune of size hexadecimal digits.
func hex(text string, size int) (rune, bool) {
	if len(text) < size {
		return 0, false
	}
	var r rune
	for _, c := range []byte(text[:size]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}

// Quote writes text as a JSON string.
func Quote(text string) string { return string(appendString(nil, text)) }

// appendString appends text as a JSON string.
func appendString(out []byte, text string) []byte {
	out = append(out, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		i++
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\t':
			out = append(out, '\\', 't')
		case c < ' ' || c == 0x7f:
			out = append(out, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}
