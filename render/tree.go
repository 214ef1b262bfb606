package render

import (
	"strconv"
	"strings"
	"time"
)

// people writes a value for a person on a terminal, in the shape that suits it.
func (p Printer) people(v value) string {
	v = unwrapped(v)
	switch {
	case v.Kind == stringKind && v.Text != "":
		return textBlock(v.Text)
	case v.Kind == listKind && len(v.Items) == 0, v.Kind == objectKind && len(v.Members) == 0 && strings.HasPrefix(p.Command, "query-"):
		return p.Theme.Paint(RoleDim, "none") + "\n"
	case v.Kind == stringKind, v.Kind == objectKind && len(v.Members) == 0:
		return p.Theme.Paint(RoleGood, "ok") + "\n"
	}
	c := &canvas{p: p, width: p.width(), tables: true, brief: true}
	if g, ok := p.layout(v); ok && c.grid(g, "") {
		return c.b.String()
	}
	c.any(v)
	return c.b.String()
}

// unwrapped is the text of a reply that is one of the human monitor's, as those of many x-query- commands are: made up for
// terminals by QEMU itself. Any other value it is itself.
func unwrapped(v value) value {
	if v.Kind == objectKind && len(v.Members) == 1 && v.Members[0].Name == "human-readable-text" {
		return v.Members[0].Value
	}
	return v
}

// tree writes a value with every member on a line of its own.
func (p Printer) tree(v value) string {
	c := &canvas{p: p, width: p.width()}
	c.any(v)
	return c.b.String()
}

// textBlock is a string of several lines, made safe for a terminal and ended by a line feed.
func textBlock(s string) string {
	s = strings.TrimRight(CleanText(s), "\n")
	return s + "\n"
}

// canvas collects lines of at most width cells.
type canvas struct {
	p      Printer
	b      strings.Builder
	width  int
	depth  int
	tables bool // lists of objects become tables where they fit
	brief  bool // for people: long lists of numbers are cut, sizes are explained, names are sorted
}

func (c *canvas) line(text string) {
	c.b.WriteString(Truncate(strings.TrimRight(text, " "), c.width))
	c.b.WriteByte('\n')
}

// any writes a value at the left margin.
func (c *canvas) any(v value) {
	switch {
	case v.Kind == listKind && c.tables && c.names(v):
	case inline(v):
		c.wrapped("", "", v, remark{role: roleOf(v.Kind)})
	case v.Kind == listKind && c.tables && c.list(v, ""):
	case v.Kind == listKind:
		c.items(v, "", "")
	default:
		c.members(v, "", "")
	}
}

// deepestShown is how many levels get lines of their own: far more than any reply has, and few enough that a peer which
// nests without end cannot make the indentation grow without end.
const deepestShown = 100

// children writes what is below a name or an index, behind a stem of guides. What is too deep to be seen is one line.
func (c *canvas) children(v value, stem string) {
	c.depth++
	defer func() { c.depth-- }()
	switch {
	case c.depth > deepestShown || Width(stem) > c.width-4:
		c.line(stem + Truncate(harmlessJSON(string(oneLine(v.Raw))), max(c.width-Width(stem), 1)))
	case v.Kind == objectKind:
		c.members(v, stem, "├─ ")
	case c.tables && c.list(v, stem):
	default:
		c.items(v, stem, "├─ ")
	}
}

// members writes an object. The branch is "" at the left margin and a guide below it.
func (c *canvas) members(v value, stem, branch string) {
	keys := 0
	for _, m := range v.Members {
		if inline(m.Value) {
			keys = max(keys, Width(Clean(m.Name)))
		}
	}
	keys = min(keys, max(c.width/2, 8))
	for i, m := range v.Members {
		first, rest := c.guides(stem, branch, i == len(v.Members)-1)
		key := Truncate(Clean(m.Name), c.width)
		if !inline(m.Value) {
			c.line(first + c.p.Theme.Paint(RoleKey, key))
			c.children(m.Value, rest)
			continue
		}
		pad := strings.Repeat(" ", max(keys-Width(key), 0)) + "  "
		hang := rest + strings.Repeat(" ", max(keys, Width(key))+2)
		c.wrapped(first+c.p.Theme.Paint(RoleKey, key)+pad, hang, m.Value, remark{role: roleOfMember(m), units: c.inUnits(m)})
	}
}

// items writes the elements of a list, each below its index.
func (c *canvas) items(v value, stem, branch string) {
	digits := len(strconv.Itoa(len(v.Items) - 1))
	for i, item := range v.Items {
		first, rest := c.guides(stem, branch, i == len(v.Items)-1)
		index := c.p.Theme.Paint(RoleDim, PadLeft("["+strconv.Itoa(i)+"]", digits+2))
		if inline(item) {
			c.wrapped(first+index+" ", rest+strings.Repeat(" ", digits+3), item, remark{role: roleOf(item.Kind)})
			continue
		}
		c.line(first + index)
		c.children(item, rest)
	}
}

// guides are what stands before a line and before the lines below it.
func (c *canvas) guides(stem, branch string, last bool) (first, rest string) {
	if branch == "" {
		return "", ""
	}
	first, rest = "├─ ", "│  "
	if last {
		first, rest = "└─ ", "   "
	}
	return stem + c.p.Theme.Paint(RoleGuide, first), stem + c.p.Theme.Paint(RoleGuide, rest)
}

// A remark is how a value is shown beside its name.
type remark struct {
	role  Role
	units string // the value in units, written after it; "" for none
}

// roleOfMember is the role of a member's value: what a status means, or else its kind.
func roleOfMember(m member) Role {
	if m.Value.Kind == stringKind && (m.Name == "status" || m.Name == "io-status") {
		if role := StatusRole(m.Value.Text); role != RolePlain {
			return role
		}
	}
	return roleOf(m.Value.Kind)
}

// wrapped writes a scalar, or a list of scalars, behind a head. Further lines are indented by hang.
func (c *canvas) wrapped(head, hang string, v value, r remark) {
	room := max(c.width-Width(head), 1)
	if room < 12 && Width(head) > 4 {
		// Next to a long name there is no room: the value goes on the next line.
		c.line(head)
		head, hang = "  ", "  "
		room = max(c.width-2, 1)
	}
	lines := Wrap(inlineText(v), room)
	if c.brief && v.Kind == listKind && len(lines) > briefLines {
		left := strings.Count(strings.Join(lines[briefLines:], " "), ",") + 1
		lines = append(lines[:briefLines:briefLines], "… and "+strconv.Itoa(left)+" more")
	}
	for i, line := range lines {
		if i > 0 {
			head = hang
		}
		text := head + c.p.Theme.Paint(r.role, line)
		if i == len(lines)-1 && r.units != "" && Width(text)+2+Width(r.units) <= c.width {
			text += "  " + c.p.Theme.Paint(RoleDim, r.units)
		}
		c.line(text)
	}
}

// briefLines is how many lines of a list of scalars a person wants to see.
const briefLines = 5

// inUnits explains a member that counts bytes or milliseconds, from a kibibyte or ten seconds on. The figure itself
// stays as the server wrote it.
func (c *canvas) inUnits(m member) string {
	n, ok := m.Value.float()
	if !c.brief || !ok {
		return ""
	}
	switch {
	case strings.HasSuffix(m.Name, "-bandwidth") && n >= 1024:
		return Limit(n)
	case isBytes(m.Name) && n >= 1024:
		return Size(n)
	case isMilliseconds(m.Name) && n >= 10000:
		return Duration(time.Duration(n * float64(time.Millisecond)))
	}
	return ""
}

// isBytes reports whether every member of that name in QMP counts bytes.
func isBytes(name string) bool {
	switch name {
	case "virtual-size", "actual-size", "base-memory", "plugged-memory", "xbzrle-cache-size", "transferred", "remaining", "precopy-bytes", "downtime-bytes",
		"postcopy-bytes", "multifd-bytes", "cluster-size", "page-size", "actual", "write_threshold":
		return true
	}
	return strings.HasSuffix(name, "_bytes")
}

// isMilliseconds reports whether every member of that name in QMP counts milliseconds.
func isMilliseconds(name string) bool {
	switch name {
	case "total-time", "setup-time", "downtime", "expected-downtime", "downtime-limit", "postcopy-blocktime", "x-checkpoint-delay":
		return true
	}
	return false
}

// inline reports whether a value stands beside its name.
func inline(v value) bool {
	switch v.Kind {
	case objectKind:
		return len(v.Members) == 0
	case listKind:
		for _, item := range v.Items {
			if item.Kind == listKind || item.Kind == objectKind {
				return false
			}
		}
	}
	return true
}

func inlineText(v value) string {
	switch v.Kind {
	case objectKind:
		return "{}"
	case listKind:
		if len(v.Items) == 0 {
			return "[]"
		}
		words := make([]string, len(v.Items))
		for i, item := range v.Items {
			words[i] = inlineText(item)
		}
		return strings.Join(words, ", ")
	case stringKind:
		if v.Text == "" {
			return `""`
		}
		return strings.TrimRight(CleanText(v.Text), "\n")
	default:
		return v.Text
	}
}
