package render

import (
	"fmt"
	"strings"
	"unicode"
)

// yaml writes a value as a YAML document with the server's order and digits. It does so itself because the library for
// it compiles regular expressions at every start of the program; the tests read with that library what is written here.
func (p Printer) yaml(v value) string {
	w := yamlWriter{terminal: p.Terminal}
	w.block(v, 0)
	return w.String()
}

// A yamlWriter collects a document.
type yamlWriter struct {
	strings.Builder
	terminal bool // strings are cleaned for it
}

// block writes a value on rows of its own, each as deep in two blanks; the first row's margin is there already. What is
// very deep is written in YAML's flow style, which does not indent.
func (w *yamlWriter) block(v value, depth int) {
	switch {
	case !nests(v) || depth > deepestShown:
		w.flow(v)
		w.WriteByte('\n')
	case v.Kind == objectKind:
		for i, m := range v.Members {
			w.margin(i, depth)
			w.key(m.Name, depth)
			if nests(m.Value) && depth < deepestShown {
				w.WriteByte('\n')
				w.margin(1, depth+1)
			} else {
				w.WriteByte(' ')
			}
			w.block(m.Value, depth+1)
		}
	default:
		for i, item := range v.Items {
			w.margin(i, depth)
			w.WriteString("- ")
			w.block(item, depth+1)
		}
	}
}

func nests(v value) bool { return len(v.Members) > 0 || len(v.Items) > 0 }

// margin begins every row but the first.
func (w *yamlWriter) margin(row, depth int) {
	if row > 0 {
		w.WriteString(strings.Repeat("  ", depth))
	}
}

// longestKey is how far readers look for the colon behind a key: 1024 characters.
const longestKey = 1000

func (w *yamlWriter) key(name string, depth int) {
	if len(name) > longestKey {
		w.WriteString("? ")
		w.text(name)
		w.WriteByte('\n')
		w.margin(1, depth)
	} else {
		w.text(name)
	}
	w.WriteByte(':')
}

// flow writes a value on the row that was begun.
func (w *yamlWriter) flow(v value) {
	switch v.Kind {
	case objectKind:
		w.WriteByte('{')
		for i, m := range v.Members {
			w.comma(i)
			w.quoted(w.cleaned(m.Name))
			w.WriteString(": ")
			w.flow(m.Value)
		}
		w.WriteByte('}')
	case listKind:
		w.WriteByte('[')
		for i, item := range v.Items {
			w.comma(i)
			w.flow(item)
		}
		w.WriteByte(']')
	case stringKind:
		w.text(v.Text)
	default:
		w.WriteString(v.Text)
	}
}

func (w *yamlWriter) comma(i int) {
	if i > 0 {
		w.WriteString(", ")
	}
}

func (w *yamlWriter) text(s string) {
	if s = w.cleaned(s); isPlain(s) {
		w.WriteString(s)
	} else {
		w.quoted(s)
	}
}

func (w *yamlWriter) cleaned(s string) string {
	if w.terminal {
		s = CleanText(s)
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// isPlain reports whether a string needs no quotes: whatever the version of YAML and the style around it, nobody takes
// it for something else. It is narrower than YAML is.
func isPlain(s string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == '_', b == '/':
		case i == 0: // a digit, a sign or a dot may begin a number
			return false
		case '0' <= b && b <= '9', b == '-', b == '.', b == '+', b == '@', b == '=':
		case b == ' ' && i+1 < len(s): // the next byte is checked: no comment and no key can begin there
		case b == ':' && i+1 < len(s) && s[i+1] != ' ':
		default:
			return false
		}
	}
	return s != "" && !isYAMLWord(s)
}

// isYAMLWord reports whether readers of YAML, of 1.1 too, take the word for a boolean or for nothing.
func isYAMLWord(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}

// quoted writes a string between double quotes, what does not show of it as numbers.
func (w *yamlWriter) quoted(s string) {
	w.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case unicode.IsPrint(r):
			w.WriteRune(r)
		case r == '\n':
			w.WriteString(`\n`)
		case r == '\r':
			w.WriteString(`\r`)
		case r == '\t':
			w.WriteString(`\t`)
		case r < 0x10000:
			fmt.Fprintf(w, `\u%04x`, r)
		default:
			fmt.Fprintf(w, `\U%08x`, r)
		}
	}
	w.WriteByte('"')
}
