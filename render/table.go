package render

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A column of a grid.
type column struct {
	head   string
	right  bool // numbers: aligned to the right, never cut
	tail   bool // paths: cut at the front
	nested bool // a summary of a nested value: the first to be cut
	keep   bool // what tells the rows apart: hardly cut
}

// A cell is one text of a grid and its role.
type cell struct {
	text string
	role Role
}

// A grid is a table before it is fitted to a width.
type grid struct {
	columns []column
	rows    []row
}

// A row of a grid, and what is written below it because it fits in no column.
type row struct {
	cells []cell
	note  string
}

// The widths below which a column is not cut.
const (
	leastNested = 16
	leastText   = 10
	leastName   = 24
)

// table writes a value in columns: aligned on a terminal, separated by tabs elsewhere.
func (p Printer) table(v value) string {
	if v.Kind == objectKind && len(v.Members) == 0 || v.Kind == listKind && len(v.Items) == 0 {
		return ""
	}
	if !p.Terminal {
		return tabbed(v)
	}
	c := &canvas{p: p, width: p.width(), tables: true}
	if v.Kind == listKind && objects(v) {
		g := gridOf(v)
		if !c.grid(g, "") {
			c.cutGrid(g)
		}
		return c.b.String()
	}
	c.any(v)
	return c.b.String()
}

// list writes a list of objects as a table, when it is one and fits.
func (c *canvas) list(v value, stem string) bool {
	return objects(v) && c.grid(gridOf(v), stem)
}

// objects reports whether every element of a list is an object with members.
func objects(v value) bool {
	for _, item := range v.Items {
		if item.Kind != objectKind || len(item.Members) == 0 {
			return false
		}
	}
	return len(v.Items) > 0
}

// gridOf makes a table of a list of objects: a column for each member that any of them has.
func gridOf(v value) grid {
	names := columnNames(v)
	g := grid{columns: make([]column, len(names))}
	at := make(map[string]int, len(names))
	for i, name := range names {
		g.columns[i] = column{head: strings.ToUpper(Clean(name)), right: true, keep: isName(name)}
		at[name] = i
	}
	for _, item := range v.Items {
		cells := make([]cell, len(names))
		for _, m := range item.Members {
			i := at[m.Name]
			cells[i] = cellOf(m.Value)
			col := &g.columns[i]
			col.right = col.right && m.Value.Kind == numberKind
			col.nested = col.nested || m.Value.Kind >= listKind
			col.tail = col.tail || m.Value.Kind == stringKind && strings.HasPrefix(m.Value.Text, "/")
		}
		g.rows = append(g.rows, row{cells: cells})
	}
	return g
}

// isName reports whether a member of that name tells objects of a list apart.
func isName(member string) bool {
	switch member {
	case "id", "name", "device", "node-name", "label", "qom-path", "path", "typename", "option", "capability", "qdev":
		return true
	}
	return false
}

// columnNames are the names of all members, each in its place: after the one before it in the first object that has
// both.
func columnNames(v value) []string {
	var names []string
	seen := map[string]bool{}
	for _, item := range v.Items {
		at := 0
		for _, m := range item.Members {
			if !seen[m.Name] {
				seen[m.Name] = true
				names = slices.Insert(names, at, m.Name)
				at++
			} else if i := slices.Index(names, m.Name); i >= 0 {
				at = i + 1
			}
		}
	}
	return names
}

func cellOf(v value) cell {
	switch v.Kind {
	case nullKind:
		return cell{text: "null", role: RoleNull}
	case objectKind, listKind:
		return cell{text: summary(v, summaryDepth), role: RoleDim}
	default:
		return cell{text: Clean(v.Text), role: roleOf(v.Kind)}
	}
}

// summaryDepth is how deep a summary of a nested value looks.
const summaryDepth = 2

// summary is a nested value on one line, in the shape in which arguments are typed: name=value name={…}.
func summary(v value, depth int) string {
	switch {
	case v.Kind == objectKind && len(v.Members) > 0:
		if depth == 0 {
			return "{…}"
		}
		words := make([]string, len(v.Members))
		for i, m := range v.Members {
			words[i] = Clean(m.Name) + "=" + bracketed(m.Value, depth-1)
		}
		return strings.Join(words, " ")
	case v.Kind == listKind && len(v.Items) > 0:
		if depth == 0 {
			return "[…]"
		}
		words := make([]string, len(v.Items))
		for i, item := range v.Items {
			words[i] = bracketed(item, depth-1)
		}
		return strings.Join(words, ", ")
	default:
		return Clean(inlineText(v))
	}
}

func bracketed(v value, depth int) string {
	text := summary(v, depth)
	switch {
	case depth == 0 || v.Kind < listKind || text == "{}" || text == "[]":
		return text
	case v.Kind == objectKind:
		return "{" + text + "}"
	default:
		return "[" + text + "]"
	}
}

// names writes a list of short strings, or of objects with one string each, in as many columns as fit, down first.
func (c *canvas) names(v value) bool {
	words := make([]string, len(v.Items))
	widest := 0
	for i, item := range v.Items {
		if item.Kind == objectKind && len(item.Members) == 1 {
			item = item.Members[0].Value
		}
		if item.Kind != stringKind {
			return false
		}
		words[i] = Clean(item.Text)
		widest = max(widest, Width(words[i]))
	}
	if c.brief && (c.p.Command == "query-commands" || c.p.Command == "query-events") {
		slices.SortFunc(words, qapi.CompareNames)
	}
	const fewest = 8 // rows, below which one column reads better
	columns := max(1, (min(c.width, 160)+2)/(widest+2))
	if most := (len(words) + fewest - 1) / fewest; columns > most {
		columns = most
	}
	rows := (len(words) + columns - 1) / columns
	for r := range rows {
		var line strings.Builder
		for i := r; i < len(words); i += rows {
			line.WriteString(Pad(words[i], widest+2))
		}
		c.line(line.String())
	}
	return true
}
