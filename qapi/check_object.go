package qapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// object checks the members of an object. Path may be overwritten behind its end.
func (k *checker) object(o *Object, v value, path []string) {
	k.features(o.Features, path, true, at(path)+"the type")
	active := activate(o, v)
	open := k.command.Open && len(path) == 0
	var meant []string
	seen := make(map[string]bool, len(v.members))
	for _, f := range v.members {
		inner := append(path, f.name)
		if k.full() {
			return
		}
		if seen[f.name] {
			k.add(Problem{Kind: DuplicateMember, Path: inner, Message: at(path) + quote(f.name) + " is there twice"})
			continue
		}
		seen[f.name] = true
		m := active.member(f.name)
		switch {
		case m != nil:
			k.features(m.Features, inner, false, strings.Join(inner, "."))
			k.value(m.Type, f.value, inner)
		case !open:
			meant = append(meant, k.stranger(active, f.name, path))
		}
	}
	k.missing(active, v, path, meant)
}

// activeMembers are the members that an object has by the values of its tags.
type activeMembers struct {
	members []*Member
	unions  []activeUnion
}

// An activeUnion is one of the unions that an object consists of; a branch can be a union again.
type activeUnion struct {
	object  *Object
	value   string // the tag's value
	decided bool   // the tag is there and its value is one that the tag can have
}

// activate finds the members of the object that go with the tags in v.
func activate(o *Object, v value) activeMembers {
	var a activeMembers
	for o != nil && len(a.unions) < deepest {
		a.members = append(a.members, o.Members...)
		if o.Tag == "" {
			break
		}
		tag, _ := v.member(o.Tag)
		u := activeUnion{object: o, value: tag.text, decided: tag.kind == stringKind && o.hasCase(tag.text)}
		a.unions = append(a.unions, u)
		if !u.decided {
			break
		}
		o = o.Variant(u.value)
	}
	return a
}

// hasCase reports whether the tag can have the value.
func (o *Object) hasCase(value string) bool {
	if o.Variant(value) != nil {
		return true
	}
	m := o.Member(o.Tag)
	if m == nil {
		return false
	}
	e, ok := m.Type.(*Enum)
	return ok && slices.ContainsFunc(e.Values, func(v EnumValue) bool { return v.Name == value })
}

func (a activeMembers) member(name string) *Member {
	for _, m := range a.members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

func (a activeMembers) names() []string {
	var names []string
	for _, m := range a.members {
		names = append(names, m.Name)
	}
	return names
}

// by says by which tags of the object at the path the members were chosen: " with driver=qcow2".
func (a activeMembers) by(path []string) string {
	var tags []string
	for _, u := range a.unions {
		if u.decided {
			tags = append(tags, dotted(path, u.object.Tag)+"="+u.value)
		}
	}
	if len(tags) == 0 {
		return ""
	}
	return " with " + strings.Join(tags, " and ")
}

// stranger reports a member that the object does not have, or only has for another value of a tag. While the tag's
// value is missing or wrong, which is reported where it belongs, a member of any of its branches passes. It returns the
// member that was most likely meant, or "".
func (k *checker) stranger(active activeMembers, name string, path []string) string {
	where := k.where(name)
	p := Problem{
		Kind: UnknownMember, Path: append(path, name), Where: where, Near: Nearest(name, active.names()),
		Message: fmt.Sprintf("%s has no member %s%s", k.owner(path), quote(name), active.by(path)),
	}
	for _, u := range active.unions {
		cases := u.object.casesWith(name)
		if len(cases) == 0 {
			continue
		}
		if !u.decided {
			return ""
		}
		p.Kind, p.Near = WrongBranch, nil
		p.Message = fmt.Sprintf("%s%s does not go with %s=%s, only with %s", at(path), quote(name),
			dotted(path, u.object.Tag), u.value, some(cases, 4))
	}
	k.add(p)
	if len(p.Near) == 0 {
		return ""
	}
	return p.Near[0]
}

// owner names the object at the path for a message.
func (k *checker) owner(path []string) string {
	if len(path) == 0 {
		return k.command.Name
	}
	return strings.Join(path, ".")
}

// dotted is the name of a member of the object at the path, as it is typed.
func dotted(path []string, name string) string {
	return strings.Join(slices.Concat(path, []string{name}), ".")
}

// casesWith returns the tag's values for which a union has the member.
func (o *Object) casesWith(name string) []string { return o.casesDown(name, 0) }

func (o *Object) casesDown(name string, depth int) []string {
	if depth == deepest {
		return nil
	}
	var cases []string
	for _, variant := range o.Variants {
		if variant.Object.Member(name) != nil || len(variant.Object.casesDown(name, depth+1)) > 0 {
			cases = append(cases, variant.Case)
		}
	}
	return cases
}

// missing reports the mandatory members that are not there, but for those that are there with a slip in their names.
func (k *checker) missing(active activeMembers, v value, path, meant []string) {
	var names, described []string
	for _, m := range active.members {
		if _, ok := v.member(m.Name); !ok && !m.Optional && !slices.Contains(meant, m.Name) {
			names = append(names, m.Name)
			described = append(described, fmt.Sprintf("%s (%s)", dotted(path, m.Name), brief(m.Type)))
		}
	}
	if len(names) == 0 {
		return
	}
	k.add(Problem{
		Kind: MissingMember, Path: path, AtValue: true, Valid: names,
		Message: fmt.Sprintf("%s needs %s%s", k.owner(path), join(described), active.by(path)),
	})
}

// brief says what a value of the type is: the values of a short enum, which are worth more than its name.
func brief(t Type) string {
	if e, ok := t.(*Enum); ok && len(e.Values) <= valuesShort {
		return strings.Join(e.names(), "|")
	}
	return t.Describe()
}

// join writes a list as people do.
func join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// some writes the first of a long list.
func some(words []string, most int) string {
	if len(words) <= most {
		return join(words)
	}
	return strings.Join(words[:most], ", ") + " and " + strconv.Itoa(len(words)-most) + " more"
}
