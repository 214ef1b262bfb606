package qapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// nestedMost is how deep JSON may be nested; QEMU itself gives up at 1024.
const nestedMost = 1024

// A value is JSON with the order of members, the digits of numbers and doubled members as they were written.
type value struct {
	kind    kind
	text    string  // a string's content, or a number's digits
	members []field // of an object
	elems   []value // of an array
}

type field struct {
	name  string
	value value
}

type kind int

// The kinds of values. QEMU tells integers from other numbers by how they are written: 1.0 is none.
const (
	nullKind kind = iota
	boolKind
	intKind
	floatKind
	stringKind
	arrayKind
	objectKind
)

// describe says what the value is, for the end of "but …".
func (v value) describe() string {
	switch v.kind {
	case boolKind:
		return v.text + " is a boolean"
	case intKind:
		return v.text + " is an integer"
	case floatKind:
		return v.text + " is not an integer"
	case stringKind:
		return fmt.Sprintf("%s is a string", quote(v.text))
	case arrayKind:
		return "this is a list"
	case objectKind:
		return "this is an object"
	}
	return "this is null"
}

// member returns the value of the last member of that name.
func (v value) member(name string) (value, bool) {
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return v.members[i].value, true
		}
	}
	return value{}, false
}

// quote puts what was typed between quotation marks, shortened where it is long.
func quote(s string) string {
	if short := []rune(s); len(short) > 60 {
		s = string(short[:59]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// readValue reads the one JSON value that text holds.
func readValue(text []byte) (value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := nextValue(d, 0)
	if err != nil {
		return value{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return value{}, errors.New("something follows the JSON value")
	}
	return v, nil
}

func nextValue(d *json.Decoder, depth int) (value, error) {
	token, err := d.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return value{}, err
	}
	switch token := token.(type) {
	case bool:
		return value{kind: boolKind, text: fmt.Sprint(token)}, nil
	case json.Number:
		return value{kind: numberKind(string(token)), text: string(token)}, nil
	case string:
		return value{kind: stringKind, text: token}, nil
	case json.Delim:
		if depth >= nestedMost {
			return value{}, fmt.Errorf("nested deeper than %d", nestedMost)
		}
		return nextContainer(d, token, depth+1)
	}
	return value{kind: nullKind}, nil
}

func numberKind(digits string) kind {
	if strings.ContainsAny(digits, ".eE") {
		return floatKind
	}
	return intKind
}

func nextContainer(d *json.Decoder, open json.Delim, depth int) (value, error) {
	v := value{kind: arrayKind}
	if open == '{' {
		v.kind = objectKind
	}
	for d.More() {
		var name string
		if v.kind == objectKind {
			token, err := d.Token()
			if err != nil {
				return value{}, err
			}
			name, _ = token.(string)
		}
		inner, err := nextValue(d, depth)
		if err != nil {
			return value{}, err
		}
		if v.kind == objectKind {
			v.members = append(v.members, field{name, inner})
		} else {
			v.elems = append(v.elems, inner)
		}
	}
	_, err := d.Token() // the closing bracket, or what is wrong with it
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return v, err
}

// set changes the value of a member that is there.
func (v *value) set(name string, to value) {
	for i := range v.members {
		if v.members[i].name == name {
			v.members[i].value = to
		}
	}
}

// appendJSON writes the value on one line.
func (v value) appendJSON(b []byte) []byte {
	switch v.kind {
	case boolKind, intKind, floatKind:
		return append(b, v.text...)
	case stringKind:
		return appendString(b, v.text)
	case arrayKind:
		b = append(b, '[')
		for i, elem := range v.elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = elem.appendJSON(b)
		}
		return append(b, ']')
	case objectKind:
		b = append(b, '{')
		for i, f := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, f.name), ':')
			b = f.value.appendJSON(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

func appendString(b []byte, s string) []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string is always JSON
	}
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}
