package qapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// exampleMost is how many values an example may have; what comes after is left out where it can be, and after as many
// again there is no example.
const exampleMost = 10_000

// Example completes arguments to a skeleton that a person can fill in, in the schema's order: what is given stays, the
// mandatory members that are missing are added, and with full the optional ones too. What is added stands for its type:
// "" for a string, 0 for a number, the first value of an enum, which also chooses the branch of a union. Of a type that
// reaches itself the inner one is left out. Deprecated and unstable members and values are added only where nothing else
// will do. Given members that the schema does not have stay, at the end. It is an error when there is no such command, or
// when the arguments are no JSON object.
func (s *Schema) Example(command string, arguments json.RawMessage, full bool) (json.RawMessage, error) {
	c := s.Command(command)
	if c == nil {
		return nil, fmt.Errorf("there is no command %q", command)
	}
	given := value{kind: objectKind}
	if len(bytes.TrimSpace(arguments)) > 0 {
		var err error
		if given, err = readValue(arguments); err != nil {
			return nil, fmt.Errorf("the arguments are not valid JSON: %w", err)
		}
		if given.kind != objectKind {
			return nil, fmt.Errorf("the arguments are not an object, but %s", given.describe())
		}
	}
	e := exemplar{full: full, left: exampleMost}
	v, ok := e.object(c.Args, given, nil)
	if !ok {
		v = given // no finite value has that type
	}
	return v.appendJSON(nil), nil
}

// An exemplar builds example values. Every function says whether there is one: a type that reaches itself through
// mandatory members has none inside itself.
type exemplar struct {
	full bool
	left int
}

// of returns an example of the type. Ancestors are the objects it is in.
func (e *exemplar) of(t Type, ancestors []*Object) (value, bool) {
	if e.left--; e.left < -exampleMost {
		return value{}, false
	}
	switch t := t.(type) {
	case *Builtin:
		return t.example(), true
	case *Enum:
		return e.enum(t)
	case *Object:
		return e.object(t, value{kind: objectKind}, ancestors)
	case *Alternate:
		return e.alternate(t, ancestors)
	case *Array:
		v := value{kind: arrayKind}
		if e.full && e.left > 0 {
			if elem, ok := e.of(t.Elem, ancestors); ok {
				v.elems = []value{elem}
			}
		}
		return v, true
	}
	return value{}, false
}

func (b *Builtin) example() value {
	switch b.JSON {
	case "string":
		return value{kind: stringKind}
	case "int", "number":
		return value{kind: intKind, text: "0"}
	case "boolean":
		return value{kind: boolKind, text: "false"}
	}
	return value{kind: nullKind}
}

func (e *exemplar) enum(t *Enum) (value, bool) {
	for _, v := range byPreference(t.Values, func(v EnumValue) Features { return v.Features }) {
		return value{kind: stringKind, text: v.Name}, true
	}
	return value{}, false
}

// byPreference puts what is deprecated or unstable last.
func byPreference[E any](list []E, features func(E) Features) []E {
	questionable := func(x E) int {
		if f := features(x); f.Has(Deprecated) || f.Has(Unstable) {
			return 1
		}
		return 0
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b E) int { return questionable(a) - questionable(b) })
	return list
}

// alternate prefers the richest choice in a full example and the plainest one otherwise.
func (e *exemplar) alternate(t *Alternate, ancestors []*Object) (value, bool) {
	choices := slices.Clone(t.Choices)
	slices.SortStableFunc(choices, func(a, b Type) int {
		if e.full {
			a, b = b, a
		}
		return richness(a) - richness(b)
	})
	for _, choice := range choices {
		if _, again := choice.(*Alternate); again || e.left <= 0 && richness(choice) > 1 {
			continue
		}
		if v, ok := e.of(choice, ancestors); ok {
			return v, true
		}
	}
	return value{}, false
}

func richness(t Type) int {
	switch t := t.(type) {
	case *Builtin:
		if t.JSON == "null" {
			return 1
		}
		return 0
	case *Enum:
		return 0
	case *Array:
		return 2
	}
	return 3
}

// object completes what is given to an object of the type.
func (e *exemplar) object(o *Object, given value, ancestors []*Object) (value, bool) {
	if slices.Contains(ancestors, o) && len(given.members) == 0 {
		return value{}, false
	}
	ancestors = append(ancestors[:len(ancestors):len(ancestors)], o)
	v := value{kind: objectKind}
	if !e.branch(o, given, &v, ancestors, 0) {
		return value{}, false
	}
	for _, f := range given.members {
		if _, done := v.member(f.name); !done {
			v.members = append(v.members, f)
		}
	}
	return v, true
}

// branch adds the members that every variant has, then those of the chosen one or of the first that is possible.
func (e *exemplar) branch(o *Object, given value, v *value, ancestors []*Object, depth int) bool {
	if e.left--; depth == deepest || e.left < -exampleMost || !e.members(o, given, v, ancestors) {
		return false
	}
	tag, ok := v.member(o.Tag)
	if o.Tag == "" || !ok {
		return true
	}
	if _, decided := given.member(o.Tag); decided {
		variant := o.Variant(tag.text)
		return variant == nil || e.branch(variant, given, v, ancestors, depth+1)
	}
	return e.firstBranch(o, given, v, ancestors, depth)
}

func (e *exemplar) firstBranch(o *Object, given value, v *value, ancestors []*Object, depth int) bool {
	choices, ok := o.Member(o.Tag).Type.(*Enum)
	if !ok {
		return false
	}
	base := v.members
	for _, choice := range byPreference(choices.Values, func(c EnumValue) Features { return c.Features }) {
		attempt := value{kind: objectKind, members: slices.Clone(base)}
		attempt.set(o.Tag, value{kind: stringKind, text: choice.Name})
		variant := o.Variant(choice.Name)
		if variant == nil || e.branch(variant, given, &attempt, ancestors, depth+1) {
			*v = attempt
			return true
		}
		if e.left <= 0 {
			return false
		}
	}
	return false
}

func (e *exemplar) members(o *Object, given value, v *value, ancestors []*Object) bool {
	for _, m := range o.Members {
		if is, ok := given.member(m.Name); ok {
			v.members = append(v.members, field{m.Name, e.complete(m.Type, is, ancestors)})
			continue
		}
		questionable := m.Features.Has(Deprecated) || m.Features.Has(Unstable)
		if m.Optional && (!e.full || questionable || e.left <= 0) {
			continue
		}
		example, ok := e.of(m.Type, ancestors)
		if ok {
			v.members = append(v.members, field{m.Name, example})
		} else if !m.Optional {
			return false
		}
	}
	return true
}

// complete completes a member that was given where it is an object of a known type.
func (e *exemplar) complete(t Type, given value, ancestors []*Object) value {
	if a, ok := t.(*Alternate); ok {
		t = choose(a, given)
	}
	if o, ok := t.(*Object); ok && given.kind == objectKind && e.left > 0 {
		if v, ok := e.object(o, given, ancestors); ok {
			return v
		}
	}
	return given
}
