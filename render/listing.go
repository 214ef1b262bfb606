package render

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// Listing writes one line for each command and each event: its name and a summary. docs may be nil. In the formats
// JSON, JSONL and YAML it is a list of objects.
func (p Printer) Listing(w io.Writer, commands []*qapi.Command, events []*qapi.Event, docs qapi.Docs) error {
	rows := []listed{}
	for _, c := range commands {
		rows = append(rows, listed{Name: c.Name, Kind: "command", Summary: summaryOf(c.Name, docs), Features: words(c.Features)})
	}
	for _, e := range events {
		rows = append(rows, listed{Name: e.Name, Kind: "event", Summary: summaryOf(e.Name, docs), Features: words(e.Features)})
	}
	if p.forPrograms() {
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		return p.Return(w, text)
	}
	c := &canvas{p: p, width: p.width()}
	column := 0
	for _, row := range rows {
		if n := Width(Clean(row.Name)); n <= widestListed {
			column = max(column, n)
		}
	}
	kind := ""
	for _, row := range rows {
		if p.Terminal && row.Kind != kind {
			if kind != "" {
				c.line("")
			}
			c.line(p.Theme.Paint(RoleTitle, strings.ToUpper(row.Kind[:1])+row.Kind[1:]+"s"))
			kind = row.Kind
		}
		c.listed(row, column)
	}
	_, err := io.WriteString(w, c.b.String())
	return err
}

// widestListed is the widest column of names; the few that are longer push their summaries to the right.
const widestListed = 32

// listed is a line of a listing.
type listed struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Summary  string   `json:"summary"`
	Features []string `json:"features,omitempty"`
}

func (c *canvas) listed(row listed, column int) {
	role := RoleKey
	text := Clean(row.Summary)
	for _, f := range row.Features {
		if f == string(qapi.Deprecated) || f == string(qapi.Unstable) {
			role = RoleDim
			text = strings.TrimSpace(text + " (" + f + ")")
		}
	}
	name := Clean(row.Name)
	fill := strings.Repeat(" ", max(column-Width(name), 0)+2)
	c.line(c.p.Theme.Paint(role, name) + fill + text)
}

// summaryOf asks documentation that can for the summary alone: the whole of three hundred documents would have to be read.
func summaryOf(name string, docs qapi.Docs) string {
	if docs == nil {
		return ""
	}
	if short, ok := docs.(interface{ Summary(name string) string }); ok {
		return short.Summary(name)
	}
	doc, _ := docs.Doc(name)
	return doc.Summary
}
