// Package render makes text out of values: what a server returned, an event, a mistake in a line, a schema's entity.
//
// It answers for what people and programs read: the order of members and the digits of numbers stay the server's own,
// widths are measured in terminal cells, and every string that came from a server or a guest is stripped of terminal
// control sequences before it reaches a terminal. It refuses to ask: it reads no environment, queries no terminal,
// talks to no server and keeps no state; width, colours and format are passed in.
package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// A Format is a way to write a value.
type Format int

// The formats.
const (
	Auto  Format = iota // for people on a terminal, one-line JSON elsewhere
	JSON                // indented on a terminal, one line elsewhere, with the server's own bytes
	JSONL               // one line of JSON for each element of a list
	YAML                // YAML, with the server's order and digits
	Table               // columns: aligned on a terminal, separated by tabs elsewhere
	Tree                // everything, with branches
)

// Formats lists the names of the formats in the order in which help shows them.
func Formats() []string { return []string{"auto", "json", "jsonl", "yaml", "table", "tree"} }

// String returns the name of the format.
func (f Format) String() string {
	if names := Formats(); f >= 0 && int(f) < len(names) {
		return names[f]
	}
	return fmt.Sprintf("Format(%d)", int(f))
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	for i, known := range Formats() {
		if name == known {
			return Format(i), nil
		}
	}
	return Auto, fmt.Errorf("no output format %q: it is one of %s", name, strings.Join(Formats(), ", "))
}

// A Printer writes values in one format to one kind of output. Its zero value writes one-line JSON. What its methods return
// is the writer's error, unless they say otherwise.
type Printer struct {
	Format   Format
	Terminal bool   // the output is a terminal: lines are fitted to Width, control sequences never pass
	Width    int    // of the terminal in cells; 0 means 80
	Theme    Theme  // the colours; the zero value has none
	Command  string // the QMP command whose returns are printed, for the layouts of their own; "" when unknown
	Raw      bool   // in the formats Auto, JSON and JSONL a string is written without its quotes, as jq's -r does
}

// Return writes what a command returned, and ends it with a newline.
func (p Printer) Return(w io.Writer, raw json.RawMessage) error {
	if text, ok := p.rawString(raw); ok {
		_, err := io.WriteString(w, text+"\n")
		return err
	}
	switch {
	case p.Format == JSON && p.Terminal:
		return p.prettyJSON(w, raw)
	case p.Format == JSON, p.Format == Auto && !p.Terminal:
		return writeLine(w, oneLine(raw))
	case p.Format == JSONL:
		return p.jsonLines(w, raw)
	}
	v, err := parse(raw)
	if err != nil {
		return err
	}
	var text string
	switch p.Format {
	case YAML:
		text = p.yaml(v)
	case Table:
		text = p.table(v)
	case Tree:
		text = p.tree(v)
	default:
		text = p.people(v)
	}
	_, err = io.WriteString(w, text)
	return err
}

// rawString is the text of a string that is to be written without quotes.
func (p Printer) rawString(raw json.RawMessage) (string, bool) {
	raw = bytes.TrimSpace(raw)
	if !p.Raw || p.Format > JSONL || len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	v, err := parse(raw)
	if err != nil {
		return "", false
	}
	if p.Terminal {
		return CleanText(v.Text), true
	}
	return v.Text, true
}

// width is how many cells a line may take.
func (p Printer) width() int {
	switch {
	case !p.Terminal:
		return unlimited
	case p.Width <= 0:
		return 80
	default:
		return p.Width
	}
}

// unlimited is the width of an output that is no terminal.
const unlimited = 1 << 20
