package qapi

import (
	"fmt"
	"strings"
)

// deepest is how far we follow types that are nested in each other without a member between them: lists of lists, a
// branch of a union that is a union. The schemas of QEMU get to two.
const deepest = 4

// TypeName implements Type.
func (b *Builtin) TypeName() string { return b.Name }

// TypeName implements Type.
func (e *Enum) TypeName() string { return e.Name }

// TypeName implements Type. An array is named after its element.
func (a *Array) TypeName() string {
	t := Type(a)
	for depth := range deepest {
		inner, ok := t.(*Array)
		if !ok {
			if t.TypeName() == "" {
				return ""
			}
			return strings.Repeat("[", depth) + t.TypeName() + strings.Repeat("]", depth)
		}
		t = inner.Elem
	}
	return ""
}

// TypeName implements Type.
func (o *Object) TypeName() string { return o.Name }

// TypeName implements Type.
func (a *Alternate) TypeName() string { return a.Name }

// Describe implements Type.
func (b *Builtin) Describe() string { return describe(b, 0) }

// Describe implements Type.
func (e *Enum) Describe() string { return describe(e, 0) }

// Describe implements Type.
func (a *Array) Describe() string { return describe(a, 0) }

// Describe implements Type.
func (o *Object) Describe() string { return describe(o, 0) }

// Describe implements Type.
func (a *Alternate) Describe() string { return describe(a, 0) }

func describe(t Type, depth int) string {
	switch t := t.(type) {
	case *Array:
		if depth == deepest {
			return "list"
		}
		return "list of " + describe(t.Elem, depth+1)
	case *Alternate:
		return describeAlternate(t, depth)
	case *Object:
		return describeObject(t)
	case *Enum:
		if t.Name == "" {
			return fmt.Sprintf("enum of %d values", len(t.Values))
		}
	}
	return t.TypeName()
}

func describeObject(o *Object) string {
	switch {
	case o.Name != "":
		return o.Name
	case o.Tag != "":
		return "object by " + o.Tag
	case len(o.Members) == 0:
		return "empty object"
	}
	return "object"
}

func describeAlternate(a *Alternate, depth int) string {
	if a.Name != "" {
		return a.Name
	}
	if depth == deepest || len(a.Choices) == 0 {
		return "alternate"
	}
	var choices []string
	for _, choice := range a.Choices {
		choices = append(choices, describe(choice, deepest-1)) // a list in it says of what, but no more
	}
	return strings.Join(choices, " or ")
}
