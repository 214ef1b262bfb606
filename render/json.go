package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// oneLine is the value on one line: byte for byte as the server wrote it when that was one line, else without the
// blanks between its tokens.
func oneLine(raw json.RawMessage) []byte {
	raw = bytes.TrimSpace(raw)
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	var buf bytes.Buffer
	if json.Compact(&buf, raw) != nil {
		return raw
	}
	return buf.Bytes()
}

func writeLine(w io.Writer, line []byte) error {
	_, err := w.Write(append(line[:len(line):len(line)], '\n'))
	return err
}

// jsonLines writes each element of a list on a line of its own, and anything else on one line.
func (p Printer) jsonLines(w io.Writer, raw json.RawMessage) error {
	v, err := parse(raw)
	if err != nil {
		return err
	}
	items := []value{v}
	if v.Kind == listKind {
		items = v.Items
	}
	for _, item := range items {
		line := oneLine(item.Raw)
		if text, ok := p.rawString(item.Raw); ok {
			line = []byte(text)
		} else if p.Terminal {
			line = []byte(harmlessJSON(string(line)))
		}
		if err := writeLine(w, line); err != nil {
			return err
		}
	}
	return nil
}

// prettyJSON writes indented JSON with colours, for a terminal. What a terminal could act on is escaped, so that the
// text still is the same JSON value.
func (p Printer) prettyJSON(w io.Writer, raw json.RawMessage) error {
	v, err := parse(raw)
	if err != nil {
		return err
	}
	var b strings.Builder
	p.indent(&b, v, "")
	b.WriteByte('\n')
	_, err = io.WriteString(w, b.String())
	return err
}

func (p Printer) indent(b *strings.Builder, v value, margin string) {
	inner := margin
	if len(margin) < 2*deepestShown {
		inner += "  "
	}
	switch {
	case v.Kind == objectKind && len(v.Members) > 0:
		b.WriteString("{\n")
		for i, m := range v.Members {
			b.WriteString(inner + p.Theme.Paint(RoleKey, quoted(m.Name)) + ": ")
			p.indent(b, m.Value, inner)
			b.WriteString(comma(i, len(v.Members)))
		}
		b.WriteString(margin + "}")
	case v.Kind == listKind && len(v.Items) > 0:
		b.WriteString("[\n")
		for i, item := range v.Items {
			b.WriteString(inner)
			p.indent(b, item, inner)
			b.WriteString(comma(i, len(v.Items)))
		}
		b.WriteString(margin + "]")
	case v.Kind == objectKind:
		b.WriteString("{}")
	case v.Kind == listKind:
		b.WriteString("[]")
	default:
		b.WriteString(p.Theme.Paint(roleOf(v.Kind), harmlessJSON(string(v.Raw))))
	}
}

func comma(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
}

// quoted is the JSON form of a string, with everything escaped that a terminal could act on.
func quoted(s string) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `"?"`
	}
	return harmlessJSON(strings.TrimSuffix(buf.String(), "\n"))
}

// harmlessJSON escapes, inside JSON text, the characters that a terminal could act on. C0 controls stand in no JSON
// text but as blanks between tokens.
func harmlessJSON(text string) string {
	if harmless(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\ufffd`)
		case r >= 0x7f && isControl(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}
