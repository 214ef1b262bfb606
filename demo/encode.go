package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// An object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// get returns the value of a member.
func (o object) get(name string) (any, bool) {
	for _, m := range o {
		if m.name == name {
			return m.value, true
		}
	}
	return nil, false
}

// and returns the object with one more member, if there is a reason for it.
func (o object) and(reason bool, name string, value any) object {
	if reason {
		return append(o, member{name, value})
	}
	return o
}

// without returns the object less one member.
func (o object) without(name string) object {
	rest := make(object, 0, len(o))
	for _, m := range o {
		if m.name != name {
			rest = append(rest, m)
		}
	}
	return rest
}

// appendJSON appends v as QEMU writes it: a space after every colon and comma, nothing but ASCII. It accepts what the
// decoder yields and what commands return: nil, bool, string, integers, float64, json.Number, object and slices of these.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case float64:
		return appendFloat(b, v)
	case json.Number:
		return appendNumber(b, string(v))
	case object:
		return appendObject(b, v)
	case []any:
		return appendList(b, v)
	case []object:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	}
	panic(fmt.Sprintf("demo: %T has no JSON form here", v))
}

func appendObject(b []byte, o object) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendString(b, m.name)
		b = append(b, ": "...)
		b = appendJSON(b, m.value)
	}
	return append(b, '}')
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendJSON(b, v)
	}
	return append(b, ']')
}

// appendNumber writes a number that came in: integers as they are, others as the double that QEMU makes of them.
func appendNumber(b []byte, text string) []byte {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return append(b, text...)
	}
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		return append(b, text...)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return appendFloat(b, f)
}

func appendFloat(b []byte, f float64) []byte {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return append(b, '0') // JSON has no word for it
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e17) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		b = appendRune(b, r)
	}
	return append(b, '"')
}

func appendRune(b []byte, r rune) []byte {
	switch r {
	case '"':
		return append(b, `\"`...)
	case '\\':
		return append(b, `\\`...)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	switch {
	case r < 0x20 || r >= 0x7f && r < 0x10000:
		return fmt.Appendf(b, `\u%04X`, r)
	case r >= 0x10000:
		r -= 0x10000
		return fmt.Appendf(b, `\u%04X\u%04X`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return append(b, byte(r))
}
