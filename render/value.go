package render

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A kind is one of JSON's kinds of values.
type kind int

// The kinds of JSON.
const (
	nullKind kind = iota
	boolKind
	numberKind
	stringKind
	listKind
	objectKind
)

// A value is a JSON value that keeps what encoding/json's maps and floats lose: the order of members, members that
// come twice, and the digits of numbers.
type value struct {
	Kind    kind
	Text    string   // of a scalar: the decoded string, the digits as written, "true", "false" or "null"
	Items   []value  // of a list
	Members []member // of an object, in the order in which they were written
	Raw     []byte   // the text it was read from, without blanks around it
}

// A member is a key of an object and its value.
type member struct {
	Name  string
	Value value
}

// errNotJSON is what parse says of text that holds anything but one JSON value.
var errNotJSON = errors.New("not a JSON value")

// parse reads one JSON value. The value keeps slices of raw, which must not change afterwards.
func parse(raw []byte) (value, error) {
	if !json.Valid(raw) {
		return value{}, errNotJSON
	}
	r := reader{text: raw}
	return r.value(), nil
}

// member returns the value of the first member of that name.
func (v value) member(name string) (value, bool) {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value, true
		}
	}
	return value{}, false
}

// at follows names into objects and returns what it finds there; ok is false where a name is missing.
func (v value) at(names ...string) (found value, ok bool) {
	for _, name := range names {
		if v, ok = v.member(name); !ok {
			return value{}, false
		}
	}
	return v, true
}

// float is the value of a number; ok is false for other kinds. Digits beyond a float64's precision are lost, so it
// serves for display alone.
func (v value) float() (f float64, ok bool) {
	if v.Kind != numberKind {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil
}

// reader reads JSON that is known to be valid, so it has no errors to report.
type reader struct {
	text []byte
	pos  int
}

func (r *reader) value() value {
	r.blanks()
	start := r.pos
	var v value
	switch c := r.text[r.pos]; c {
	case '{':
		v = r.object()
	case '[':
		v = r.list()
	case '"':
		v = value{Kind: stringKind, Text: r.str()}
	case 't', 'f':
		v = value{Kind: boolKind, Text: r.word()}
	case 'n':
		v = value{Kind: nullKind, Text: r.word()}
	default:
		v = value{Kind: numberKind, Text: r.word()}
	}
	v.Raw = r.text[start:r.pos]
	r.blanks()
	return v
}

func (r *reader) object() value {
	v := value{Kind: objectKind}
	r.pos++
	for r.blanks(); r.text[r.pos] != '}'; r.blanks() {
		if r.text[r.pos] == ',' {
			r.pos++
			r.blanks()
		}
		name := r.str()
		r.blanks()
		r.pos++ // the colon
		v.Members = append(v.Members, member{Name: name, Value: r.value()})
	}
	r.pos++
	return v
}

func (r *reader) list() value {
	v := value{Kind: listKind}
	r.pos++
	for r.blanks(); r.text[r.pos] != ']'; r.blanks() {
		if r.text[r.pos] == ',' {
			r.pos++
		}
		v.Items = append(v.Items, r.value())
	}
	r.pos++
	return v
}

// word reads a number or a literal.
func (r *reader) word() string {
	start := r.pos
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return string(r.text[start:r.pos])
		}
		r.pos++
	}
	return string(r.text[start:])
}

func (r *reader) blanks() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// str reads a string and decodes it. Bytes that are no UTF-8 stay as they are.
func (r *reader) str() string {
	r.pos++
	start := r.pos
	for r.text[r.pos] != '"' {
		if r.text[r.pos] == '\\' {
			return r.escaped(start)
		}
		r.pos++
	}
	s := string(r.text[start:r.pos])
	r.pos++
	return s
}

// escaped reads the rest of a string that began at start and whose first escape is at the position.
func (r *reader) escaped(start int) string {
	buf := append(make([]byte, 0, 2*(r.pos-start)+16), r.text[start:r.pos]...)
	for r.text[r.pos] != '"' {
		c := r.text[r.pos]
		r.pos++
		if c != '\\' {
			buf = append(buf, c)
			continue
		}
		c = r.text[r.pos]
		r.pos++
		switch c {
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			buf = utf8.AppendRune(buf, r.unicode())
		default:
			buf = append(buf, c)
		}
	}
	r.pos++
	return string(buf)
}

// unicode reads the digits after \u, and a second escape when both make one rune.
func (r *reader) unicode() rune {
	first := r.hex()
	if !utf16.IsSurrogate(first) {
		return first
	}
	rest := r.text[r.pos:]
	if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		ahead := reader{text: rest, pos: 2}
		if both := utf16.DecodeRune(first, ahead.hex()); both != utf8.RuneError {
			r.pos += ahead.pos
			return both
		}
	}
	return utf8.RuneError
}

func (r *reader) hex() rune {
	n, _ := strconv.ParseUint(string(r.text[r.pos:r.pos+4]), 16, 32)
	r.pos += 4
	return rune(n)
}
