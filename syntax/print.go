package syntax

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Print writes a command and its arguments, a JSON object or nothing, as a line that binds to the same again. Objects
// are spelled out as dotted keys; lists, and what no dotted key can say, stay JSON.
func Print(name string, arguments json.RawMessage) string {
	line := name
	if len(bytes.TrimSpace(arguments)) == 0 {
		return line
	}
	v := (&scanner{src: string(arguments), line: &Line{}}).argument()
	if v == nil || len(v.Members) == 0 {
		return line + " " + strings.TrimSpace(string(arguments))
	}
	for _, m := range v.Members {
		line = printMember(line, "", m)
	}
	return line
}

// argument reads the object that the source holds, or nil.
func (s *scanner) argument() *Value {
	s.blanks()
	if s.pos >= len(s.src) || s.src[s.pos] != '{' {
		return nil
	}
	return s.literal(0)
}

func printMember(line, parent string, m *Pair) string {
	key := parent + PrintKey(m.Key.Text)
	v := m.Value
	if v.Kind == Object && len(v.Members) > 0 && !indexed(v) {
		for _, inner := range v.Members {
			line = printMember(line, key+".", inner)
		}
		return line
	}
	return line + " " + key + "=" + printValue(v)
}

// indexed reports whether an object's members would be taken for the elements of a list.
func indexed(v *Value) bool { return grow(v).indexed() }

// PrintKey writes one segment of a key, in quotes when it holds what a key may not hold bare.
func PrintKey(name string) string {
	if name == "" || strings.ContainsAny(name, " \t\r\n.=\"'{}[]()|>#\\") {
		return Quote(name)
	}
	return name
}

// printValue writes a string bare where nobody can take it for something else.
func printValue(v *Value) string {
	switch v.Kind {
	case Object, List:
		return string(appendLiteral(nil, v))
	case Quoted:
		if Plain(v.Text) {
			return v.Text
		}
		return Quote(v.Text)
	}
	return v.Text
}

// Plain reports whether a string can be typed as a value without quotes, whatever the type of the member is.
func Plain(text string) bool {
	if text == "" || text == "?" || wordToken(text) != TokenWord || isInteger(text) {
		return false
	}
	if _, truth := boolean(text); truth || strings.ContainsAny(text[:1], "{['+-") {
		return false
	}
	for _, r := range text {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("\"()\\", r) {
			return false
		}
	}
	return !strings.HasPrefix(text, "json:")
}
