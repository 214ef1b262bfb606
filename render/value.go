package render

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A Kind is one of JSON's kinds of values.
type Kind int

// The kinds of JSON.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

// A Value is a JSON value that keeps what encoding/json's maps and floats lose: the order of members, members that
// come twice, and the digits of numbers.
type Value struct {
	Kind    Kind
	Text    string   // of a scalar: the decoded string, the digits as written, "true", "false" or "null"
	Items   []Value  // of a List
	Members []Member // of an Object, in the order in which they were written
	Raw     []byte   // the text it was read from, without blanks around it
}

// A Member is a key of an object and its value.
type Member struct {
	Name  string
	Value Value
}

// errNotJSON is what Parse says of text that holds anything but one JSON value.
var errNotJSON = errors.New("not a JSON value")

// Parse reads one JSON value. The value keeps slices of raw, which must not change afterwards.
func Parse(raw []byte) (Value, error) {
	if !json.Valid(raw) {
		return Value{}, errNotJSON
	}
	r := reader{text: raw}
	return r.value(), nil
}

// Member returns the value of the first member of that name.
func (v Value) Member(name string) (Value, bool) {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value, true
		}
	}
	return Value{}, false
}

// At follows names into objects and returns what it finds there; ok is false where a name is missing.
func (v Value) At(names ...string) (found Value, ok bool) {
	for _, name := range names {
		if v, ok = v.Member(name); !ok {
			return Value{}, false
		}
	}
	return v, true
}

// Float is the value of a number; ok is false for other kinds. Digits beyond a float64's precision are lost, so it
// serves for display alone.
func (v Value) Float() (f float64, ok bool) {
	if v.Kind != Number {
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

func (r *reader) value() Value {
	r.blanks()
	start := r.pos
	var v Value
	switch c := r.text[r.pos]; c {
	case '{':
		v = r.object()
	case '[':
		v = r.list()
	case '"':
		v = Value{Kind: String, Text: r.str()}
	case 't', 'f':
		v = Value{Kind: Bool, Text: r.word()}
	case 'n':
		v = Value{Kind: Null, Text: r.word()}
	default:
		v = Value{Kind: Number, Text: r.word()}
	}
	v.Raw = r.text[start:r.pos]
	r.blanks()
	return v
}

func (r *reader) object() Value {
	v := Value{Kind: Object}
	r.pos++
	for r.blanks(); r.text[r.pos] != '}'; r.blanks() {
		if r.text[r.pos] == ',' {
			r.pos++
			r.blanks()
		}
		name := r.str()
		r.blanks()
		r.pos++ // the colon
		v.Members = append(v.Members, Member{Name: name, Value: r.value()})
	}
	r.pos++
	return v
}

func (r *reader) list() Value {
	v := Value{Kind: List}
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
