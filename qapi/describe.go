package qapi

import "fmt"

// TypeName implements Type.
func (b *Builtin) TypeName() string { return b.Name }

// TypeName implements Type.
func (e *Enum) TypeName() string { return e.Name }

// TypeName implements Type. An array is named after its element.
func (a *Array) TypeName() string {
	if name := a.Elem.TypeName(); name != "" {
		return "[" + name + "]"
	}
	return ""
}

// TypeName implements Type.
func (o *Object) TypeName() string { return o.Name }

// TypeName implements Type.
func (a *Alternate) TypeName() string { return a.Name }

// Describe implements Type.
func (b *Builtin) Describe() string { return b.Name }

// Describe implements Type.
func (e *Enum) Describe() string {
	if e.Name != "" {
		return e.Name
	}
	return fmt.Sprintf("enum of %d values", len(e.Values))
}

// Describe implements Type.
func (a *Array) Describe() string { return "list of " + a.Elem.Describe() }

// Describe implements Type.
func (o *Object) Describe() string {
	switch {
	case o.Name != "":
		return o.Name
	case o.Tag != "":
		return "object by " + o.Tag
	case len(o.Members) == 0:
		return "empty object"
	default:
		return "object"
	}
}

// Describe implements Type.
func (a *Alternate) Describe() string {
	if a.Name != "" {
		return a.Name
	}
	text := ""
	for i, choice := range a.Choices {
		if i > 0 {
			text += " or "
		}
		text += choice.Describe()
	}
	return text
}
