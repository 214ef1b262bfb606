package source

import "fmt"

// A value is a piece of the language's first layer, which is much like JSON: an object, a list, a string or a boolean.
type value struct {
	pos    Pos
	kind   valueKind
	text   string // of a string
	truth  bool   // of a boolean
	fields []field
	list   []*value
}

type valueKind byte

const (
	objectValue valueKind = iota
	listValue
	stringValue
	boolValue
)

func (k valueKind) String() string {
	return [...]string{"an object", "a list", "a string", "true or false"}[k]
}

// A field is a key of an object and what it holds.
type field struct {
	key   string
	pos   Pos // of the key
	value *value
}

// maxDepth bounds how deep values nest: no schema comes near it.
const maxDepth = 64

// A reader reads values from tokens.
type reader struct {
	scanner
	token token // the one to read next
}

func newReader(name, text string) (*reader, *Error) {
	r := &reader{scanner: scanner{text: text, pos: Pos{File: name, Line: 1, Column: 1}}}
	err := r.shift()
	return r, err
}

// shift goes to the next token. r.comments are then those directly before it.
func (r *reader) shift() (err *Error) {
	r.comments = nil
	r.token, err = r.next()
	return err
}

// expect goes past a token of that kind, or says what should have been there.
func (r *reader) expect(kind tokenKind, what string) (token, *Error) {
	t := r.token
	if t.kind != kind {
		return t, r.fault(t.pos, fmt.Sprintf("expected %s, found %s", what, t))
	}
	return t, r.shift()
}

func (r *reader) value(depth int) (*value, *Error) {
	if depth > maxDepth {
		return nil, r.fault(r.token.pos, fmt.Sprintf("nested deeper than %d", maxDepth))
	}
	v := &value{pos: r.token.pos, text: r.token.text}
	switch r.token.kind {
	case '{':
		return v, r.object(v, depth)
	case '[':
		v.kind = listValue
		return v, r.elements(v, depth)
	case stringToken:
		v.kind = stringValue
		return v, r.shift()
	case wordToken:
		if v.text == "true" || v.text == "false" {
			v.kind, v.truth = boolValue, v.text == "true"
			return v, r.shift()
		}
	}
	return nil, r.fault(v.pos, fmt.Sprintf("expected '{', '[', a string, true or false, found %s", r.token))
}

func (r *reader) object(v *value, depth int) *Error {
	if err := r.shift(); err != nil || r.token.kind == '}' {
		return orShift(r, err)
	}
	seen := make(map[string]bool)
	for {
		key, err := r.expect(stringToken, "a key in quotes")
		if err != nil {
			return err
		}
		if seen[key.text] {
			return r.fault(key.pos, fmt.Sprintf("'%s' is there twice", key.text))
		}
		seen[key.text] = true
		if _, err := r.expect(':', fmt.Sprintf("':' after '%s'", key.text)); err != nil {
			return err
		}
		held, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.fields = append(v.fields, field{key: key.text, pos: key.pos, value: held})
		if done, err := r.separator('}'); done || err != nil {
			return err
		}
	}
}

func (r *reader) elements(v *value, depth int) *Error {
	if err := r.shift(); err != nil || r.token.kind == ']' {
		return orShift(r, err)
	}
	for {
		element, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.list = append(v.list, element)
		if done, err := r.separator(']'); done || err != nil {
			return err
		}
	}
}

// orShift goes past the closing bracket of something empty, unless there was an error.
func orShift(r *reader, err *Error) *Error {
	if err != nil {
		return err
	}
	return r.shift()
}

// separator goes past a comma or the closing bracket; done is true at the latter.
func (r *reader) separator(closing tokenKind) (done bool, err *Error) {
	switch r.token.kind {
	case ',':
		return false, r.shift()
	case closing:
		return true, r.shift()
	}
	return false, r.fault(r.token.pos, fmt.Sprintf("expected ',' or '%c', found %s", closing, r.token))
}
