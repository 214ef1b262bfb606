package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// How much of a type is shown below a member.
const (
	deepest      = 4  // levels of objects in objects
	fewBranches  = 6  // unions with more branches show their names only
	fewMembers   = 14 // and so do unions whose branches have more members altogether
	widestMember = 26 // the column of names
)

// object writes the members of an object and the branches of a union behind a stem. The ancestors are the objects that
// it lies in: some of QEMU's types reach themselves.
func (d *description) object(t *qapi.Object, doc qapi.Doc, path []string, stem string, ancestors []qapi.Type) {
	ancestors = append(slices.Clip(ancestors), t)
	branches := d.branches(t, path)
	column := 0
	for _, m := range t.Members {
		column = max(column, min(Width(Clean(m.Name)), widestMember))
	}
	branch := "├─ "
	if len(path) == 0 && stem == "" {
		branch = "" // the outermost members stand at the left margin
	}
	for i, m := range t.Members {
		first, rest := d.c.guides(stem, branch, i == len(t.Members)-1 && len(branches) == 0)
		d.member(m, doc, append(slices.Clip(path), m.Name), first, rest, column, ancestors)
	}
	for i, b := range branches {
		first, rest := d.c.guides(stem, branch, i == len(branches)-1)
		d.branch(t, b, doc, path, first, rest, ancestors)
	}
}

// member writes one member: its type and whether it must be there, what is written about it, and what it consists of.
func (d *description) member(m *qapi.Member, doc qapi.Doc, path []string, first, rest string, column int, ancestors []qapi.Type) {
	typeName := doc.Types[m.Name]
	if typeName == "" {
		typeName = m.Type.TypeName()
	}
	name := Clean(m.Name)
	head := first + d.c.p.Theme.Paint(RoleKey, name) + strings.Repeat(" ", max(column-Width(name), 0)) + "  "
	words := d.obligations(m)
	values := ""
	if e, ok := inside[*qapi.Enum](m.Type); ok && !namedBelow(m, e, ancestors) {
		values = enumValues(e)
	}
	kind := Clean(describeType(m.Type, typeName))
	if _, plain := m.Type.(*qapi.Enum); plain && values != "" && Width(head)+Width(values)+Width(words) <= d.c.width {
		kind, values = values, ""
	}
	d.c.line(head + d.c.p.Theme.Paint(RoleDim, kind) + words)
	hang := rest + "    "
	if text := doc.Members[m.Name]; text != "" {
		d.prose(hang, text)
	}
	if values != "" {
		d.prose(hang, values)
	}
	object, ok := inside[*qapi.Object](m.Type)
	if !ok || !d.worthShowing(object, path, ancestors) {
		return
	}
	if rest == "" {
		rest = "  " // below the outermost members
	}
	inner := d.typeDoc(typeName)
	if typeName == "" {
		inner = doc.Within(m.Name)
	}
	d.object(object, inner, path, rest, ancestors)
}

// obligations says whether a member must be given, or may be missing from what a server sends, and its features.
func (d *description) obligations(m *qapi.Member) string {
	words := ""
	switch {
	case d.sent && m.Optional:
		words = ", " + d.c.p.Theme.Paint(RoleDim, "optional")
	case !d.sent && !m.Optional:
		words = ", " + d.c.p.Theme.Paint(RoleTitle, "mandatory")
	}
	for _, f := range m.Features {
		words += ", " + d.c.p.Theme.Paint(RoleWarn, Clean(string(f)))
		if !slices.Contains(d.features, f) {
			d.features = append(d.features, f)
		}
	}
	return words
}

// describeType says what a type is: by the name that the source gives it, and always by what it consists of.
func describeType(t qapi.Type, name string) string {
	text := t.Describe()
	if name == "" || name == text || t.TypeName() != "" || strings.HasPrefix(name, "[") {
		return text
	}
	return name + ", " + text
}

// worthShowing reports whether the members of an object are shown below the member at the path: not too deep, unless a
// choice leads there, and not again in itself.
func (d *description) worthShowing(t *qapi.Object, path []string, ancestors []qapi.Type) bool {
	here := strings.Join(path, ".") + "."
	near := len(ancestors) < deepest
	for name := range d.choices {
		if strings.HasPrefix(name, here) {
			return true
		}
		union := name[:strings.LastIndexByte(name, '.')+1]
		near = near || strings.HasPrefix(here, union) && strings.Count(here, ".")-strings.Count(union, ".") <= 2
	}
	return near && !slices.Contains(ancestors, qapi.Type(t)) && len(t.Members)+len(t.Variants) > 0
}

// namedBelow reports whether the values of a member choose the branches of the union that it is in, and are too many to
// be listed here and there.
func namedBelow(m *qapi.Member, e *qapi.Enum, ancestors []qapi.Type) bool {
	t, ok := ancestors[len(ancestors)-1].(*qapi.Object)
	return ok && t.Tag == m.Name && len(e.Values) > fewBranches
}

// enumValues lists the values of an enum.
func enumValues(e *qapi.Enum) string {
	words := make([]string, len(e.Values))
	for i, value := range e.Values {
		words[i] = Clean(value.Name)
		for _, f := range value.Features {
			words[i] += " (" + Clean(string(f)) + ")"
		}
	}
	return "one of " + strings.Join(words, ", ")
}

// A shown branch of a union: one variant, or the names of all of them when there are too many.
type shownBranch struct {
	variant qapi.Variant
	names   []string
}

// branches chooses what is shown of a union's branches.
func (d *description) branches(t *qapi.Object, path []string) []shownBranch {
	if t.Tag == "" || len(t.Variants) == 0 {
		return nil
	}
	tag := strings.Join(append(slices.Clip(path), t.Tag), ".")
	d.tags = append(d.tags, tag)
	if value, chosen := d.choices[tag]; chosen {
		return d.chosen(t, tag, value)
	}
	members := 0
	var all []shownBranch
	var names []string
	for _, v := range t.Variants {
		members += len(v.Object.Members)
		names = append(names, v.Case)
		if len(v.Object.Members)+len(v.Object.Variants) > 0 {
			all = append(all, shownBranch{variant: v})
		}
	}
	if len(t.Variants) > fewBranches || members > fewMembers {
		return []shownBranch{{names: names}}
	}
	return all
}

// chosen is the branch for a value of the tag.
func (d *description) chosen(t *qapi.Object, tag, value string) []shownBranch {
	if v := t.Variant(value); v != nil {
		return []shownBranch{{variant: qapi.Variant{Case: value, Object: v}}}
	}
	var valid []string
	if m := t.Member(t.Tag); m != nil {
		if e, ok := inside[*qapi.Enum](m.Type); ok {
			for _, known := range e.Values {
				valid = append(valid, known.Name)
			}
		}
	}
	if slices.Contains(valid, value) {
		return []shownBranch{{variant: qapi.Variant{Case: value, Object: new(qapi.Object)}}}
	}
	if d.bad == nil {
		d.bad = wrongValue(tag, value, valid)
	}
	return nil
}

// branch writes one branch of a union, or the names of many.
func (d *description) branch(t *qapi.Object, b shownBranch, doc qapi.Doc, path []string, first, rest string, ancestors []qapi.Type) {
	tag := strings.Join(append(slices.Clip(path), t.Tag), ".")
	if b.names != nil {
		d.c.line(first + d.c.p.Theme.Paint(RoleKey, Clean(tag)) + d.c.p.Theme.Paint(RoleDim, " chooses one of "+strconv.Itoa(len(b.names))+" branches; to see one, add "+tag+"="+b.names[0]))
		d.prose(rest+"    ", strings.Join(b.names, ", "))
		return
	}
	head := first + d.c.p.Theme.Paint(RoleKey, Clean(t.Tag+"="+b.variant.Case))
	if len(b.variant.Object.Members)+len(b.variant.Object.Variants) == 0 {
		d.c.line(head + d.c.p.Theme.Paint(RoleDim, " adds nothing"))
		return
	}
	d.c.line(head + d.c.p.Theme.Paint(RoleDim, " adds"))
	name := doc.Branches[b.variant.Case]
	if name == "" {
		name = b.variant.Object.Name
	}
	if rest == "" {
		rest = "  "
	}
	d.object(b.variant.Object, d.typeDoc(name), path, rest, ancestors)
}

// inside finds the object, or the enum, that a type is, or that its elements or one of its alternatives are.
func inside[T qapi.Type](t qapi.Type) (found T, ok bool) {
	if found, ok = t.(T); ok {
		return found, true
	}
	switch t := t.(type) {
	case *qapi.Array:
		return inside[T](t.Elem)
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			if found, ok = inside[T](choice); ok {
				return found, true
			}
		}
	}
	return found, false
}
