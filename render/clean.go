package render

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Clean makes one line of a string that came from a server or a guest, safe to write to a terminal: escape sequences
// and control characters (C0, C1, DEL) are removed, as are the characters that turn the direction of text around;
// line breaks and tabs become blanks; bytes that are no UTF-8 are shown as \xNN.
func Clean(s string) string {
	if harmless(s) {
		return s
	}
	return clean(s, false)
}

// CleanText is Clean for text of several lines: line feeds and tabs stay, and a carriage return before a line feed
// goes.
func CleanText(s string) string {
	if harmless(s) {
		return s
	}
	return clean(s, true)
}

// harmless reports whether every byte is printable ASCII, which nearly every string is.
func harmless(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func clean(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\t':
			if !lines {
				r = ' '
			}
			b.WriteRune(r)
		case r == '\r' && !lines && !strings.HasPrefix(s[i+1:], "\n"):
			b.WriteByte(' ')
		case isControl(r):
			size = sequence(s[i:], r, size)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// isControl reports whether a terminal may act on the rune rather than show it.
func isControl(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // direction
		return true
	case r == 0x2028, r == 0x2029, r == 0xfeff: // line and paragraph separator, byte order mark
		return true
	}
	return false
}

// The C1 controls that begin a sequence. ESC and a byte 0x40 lower say the same in seven bits.
const (
	esc = 0x1b
	dcs = 0x90
	sos = 0x98
	csi = 0x9b
	st  = 0x9c
	osc = 0x9d
	pm  = 0x9e
	apc = 0x9f
)

// sequence returns the length of what the control character r, at the start of s, begins: itself, or a whole sequence.
// A sequence that has no end loses its beginning only, so that nothing after it is hidden.
func sequence(s string, r rune, size int) int {
	if r == esc {
		if len(s) < 2 {
			return 1
		}
		size = 2
		switch c := s[1]; {
		case c >= 0x40 && c <= 0x5f:
			r = rune(c) + 0x40
		case c >= 0x20 && c <= 0x2f: // intermediate bytes, then one final byte
			return intermediate(s)
		case c >= 0x30 && c <= 0x7e:
			return 2
		default:
			return 1
		}
	}
	switch r {
	case csi:
		return size + parameters(s[size:])
	case dcs, sos, osc, pm, apc:
		return size + untilTerminator(s[size:], r == osc)
	}
	return size
}

// intermediate is the length of an escape sequence with intermediate bytes, such as ESC ( B.
func intermediate(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x20 && c <= 0x2f:
		case c >= 0x30 && c <= 0x7e:
			return i + 1
		default:
			return i
		}
	}
	return len(s)
}

// parameters is the length of a control sequence after its introducer: parameter and intermediate bytes and a final one.
func parameters(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x20 && c <= 0x3f:
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		default:
			return i
		}
	}
	return len(s)
}

// untilTerminator is the length of a control string with its terminator, or 0 when it has none. BEL ends an operating
// system command too.
func untilTerminator(s string, bell bool) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == st, r == '\a' && bell:
			return i + size
		case r == esc && strings.HasPrefix(s[i+1:], `\`):
			return i + 2
		case r == esc, r == 0x18, r == 0x1a: // aborted
			return 0
		}
		i += size
	}
	return 0
}
