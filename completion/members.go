package completion

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// The tiers of members, in the order in which they are offered.
const (
	neededTier = iota
	optionalTier
	againTier // given already, but may come again
)

// members lists what the object at the slot can still take.
func (l *lister) members() {
	p := l.slot.place
	if list := syntax.ListOf(p.t); list != nil && !l.slot.json && syntax.ObjectOf(p.t) == nil {
		l.indices(p, list)
		return
	}
	object := p.object()
	given := p.tree.Names()
	for _, owned := range ownedMembers(object, p.tree.Tag) {
		if l.slot.inBatch && len(p.path) == 0 && l.slot.command == "transaction" && owned.member.Name == "actions" {
			continue // they are given one by one
		}
		if m := owned.member; m.Name == l.slot.self || !slices.Contains(given, m.Name) || l.repeats(m) {
			l.member(owned, slices.Contains(given, m.Name) && m.Name != l.slot.self)
		}
	}
	if len(p.path) == 0 {
		l.properties(given)
	}
}

// An owned member knows the object it is declared in.
type owned struct {
	member *qapi.Member
	owner  *qapi.Object
}

// ownedMembers lists the members of an object and of the variants that its tags chose.
func ownedMembers(object *qapi.Object, tag syntax.TagLookup) []owned {
	var list []owned
	for object != nil {
		for _, m := range object.Members {
			list = append(list, owned{m, object})
		}
		if object.Tag == "" {
			break
		}
		value, _ := tag(object.Tag)
		object = object.Variant(value)
	}
	return list
}

// repeats reports whether more can be said of a member that has been given: another element of a list, or another
// member of its own.
func (l *lister) repeats(m *qapi.Member) bool {
	if l.slot.json {
		return false
	}
	given := l.slot.place.tree.Child(m.Name)
	return syntax.ListOf(m.Type) != nil && !given.Literal() || !given.Whole()
}

// member adds one member: with "." where its own members come next, with "=" where a value does, twice where both can.
func (l *lister) member(o owned, again bool) {
	m := o.member
	c := Candidate{
		Text: m.Name, Type: m.Type.Describe(), Mandatory: !m.Optional && !again,
		Help:       l.engine.memberHelp(l.slot.command, l.slot.place, o.owner, m.Name),
		Deprecated: m.Features.Has(qapi.Deprecated), Unstable: m.Features.Has(qapi.Unstable),
		tier: optionalTier,
	}
	switch {
	case again:
		c.tier = againTier
	case c.Mandatory:
		c.tier = neededTier
	}
	if l.slot.json {
		c.Insert = l.key(m.Name, "")
		l.add(c)
		return
	}
	for _, suffix := range l.suffixes(m, again) {
		c.Insert = l.key(m.Name, suffix)
		c.Text = m.Name
		if suffix != "=" {
			c.Text += suffix
		}
		l.add(c)
	}
}

// suffixes says what can follow a member's name in a key.
func (l *lister) suffixes(m *qapi.Member, again bool) []string {
	given := l.slot.place.tree.Child(m.Name)
	if list := syntax.ListOf(m.Type); list != nil {
		if object := syntax.ObjectOf(list.Elem); object != nil && !given.Whole() {
			return []string{"." + index(nextIndex(given, object)) + "."}
		}
		return []string{"="}
	}
	object := syntax.ObjectOf(m.Type)
	if object == nil && len(given.Names()) > 0 && !given.Whole() {
		return []string{"."}
	}
	if object == nil {
		return []string{"="}
	}
	if _, only := m.Type.(*qapi.Object); only || again {
		return []string{"."}
	}
	return []string{".", "="}
}

// nextIndex is the element that more can be said of: the last one while it lacks something, else a new one.
func nextIndex(list *syntax.Tree, elem *qapi.Object) int {
	n := len(list.Names())
	if n > 0 && incomplete(list.Child(index(n-1)), elem) {
		return n - 1
	}
	return n
}

// incomplete reports whether an object lacks a mandatory member.
func incomplete(object *syntax.Tree, t *qapi.Object) bool {
	return slices.ContainsFunc(ownedMembers(t, object.Tag), func(o owned) bool {
		return !o.member.Optional && object.Child(o.member.Name) == nil
	})
}

// indices lists the elements of a list that can be written: those that were begun, and the next.
func (l *lister) indices(p spot, list *qapi.Array) {
	suffix := "="
	object := syntax.ObjectOf(list.Elem)
	if object != nil {
		suffix = "."
	}
	names := p.tree.Names()
	for i := range len(names) + 1 {
		c := Candidate{Text: index(i), Insert: l.key(index(i), suffix), Type: list.Elem.Describe(), tier: againTier}
		if i == len(names) {
			c.tier = optionalTier
		}
		if i < len(names) && object == nil && names[i] != l.slot.self {
			continue
		}
		l.add(c)
	}
}

// properties lists what a command takes beyond its schema: the properties of the chosen device or object type.
func (l *lister) properties(given []string) {
	kind, scope := l.typeProperties()
	if kind == Free {
		return
	}
	for _, v := range l.values(kind, scope) {
		if slices.Contains(given, v.Text) && v.Text != l.slot.self {
			continue
		}
		l.add(Candidate{
			Text: v.Text, Insert: l.key(v.Text, "="), Type: v.Type, Help: v.Help, tier: optionalTier,
			Unstable: strings.HasPrefix(v.Text, "x-"),
		})
	}
}

// typeProperties tells whose properties are arguments of an open command.
func (l *lister) typeProperties() (Kind, string) {
	c := l.engine.schema.Command(l.slot.command)
	if c == nil || !c.Open || l.slot.root == nil {
		return Free, ""
	}
	switch l.slot.command {
	case "device_add":
		driver, _ := l.slot.root.Tag("driver")
		if driver != "" {
			return DeviceProperty, driver
		}
	case "object-add":
		kind, _ := l.slot.root.Tag("qom-type")
		if kind != "" {
			return ObjectProperty, kind
		}
	}
	return Free, ""
}
