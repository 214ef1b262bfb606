package qapi

import "slices"

// A Feature is a word that a schema attaches to a command, event, type, member or enum value. "deprecated" and
// "unstable" are special features of QAPI; others are free-form.
type Feature string

// The special features of QAPI.
const (
	Deprecated Feature = "deprecated"
	Unstable   Feature = "unstable"
)

// Features is a set of features in the schema's order.
type Features []Feature

// Has reports whether the set holds want.
func (f Features) Has(want Feature) bool {
	return slices.Contains(f, want)
}

// A Command is what a server accepts in "execute".
type Command struct {
	Name     string
	Args     *Object // its arguments; never nil, without members when there are none
	Open     bool    // arguments beyond Args are accepted: their names are not in the schema
	Returns  Type    // never nil; an object without members when nothing is returned
	AllowOOB bool    // "exec-oob" is accepted where the oob capability is enabled
	Features Features
	AsOf     string // the version that this is known of, see Schema.AsOf; "" for the server's own
}

// An Event is what a server emits by itself.
type Event struct {
	Name     string
	Data     *Object // never nil
	Features Features
}

// A Type is one of *Builtin, *Enum, *Array, *Object and *Alternate. Types can reach themselves: a walk carries its
// ancestors.
type Type interface {
	// TypeName is the type's name in the QAPI source, or "" where introspection masked it and no other source knows.
	TypeName() string
	// Describe says what the type is in a few words, never with a masked name: "enum of 13 values",
	// "object by driver", "list of str".
	Describe() string
	isType()
}

// A Builtin is a scalar type of QAPI, or "any".
type Builtin struct {
	Name string // as the schema has it: "str", "int", "number", "bool", "null", "any", "size", "uint32", …
	JSON string // its JSON type: "string", "int", "number", "boolean", "null", "value"
}

// An Enum is a string out of a list.
type Enum struct {
	Name   string // "" when masked
	Values []EnumValue
}

// An EnumValue is one value of an Enum.
type EnumValue struct {
	Name     string
	Features Features
}

// An Array is a list whose elements have one type.
type Array struct {
	Elem Type
}

// An Object is a struct, or a union when it has a Tag.
type Object struct {
	Name     string // "" when masked
	Members  []*Member
	Tag      string    // the member whose value chooses a variant; "" for a struct
	Variants []Variant // in the schema's order; a value without a variant adds no members
	Features Features
}

// A Variant is the branch of a union for one value of its tag.
type Variant struct {
	Case   string
	Object *Object
}

// An Alternate is a value of one of several types, told apart by their JSON types.
type Alternate struct {
	Name    string // "" when masked
	Choices []Type
}

// A Member is a key of an Object.
type Member struct {
	Name     string
	Type     Type
	Optional bool
	Features Features
}

func (*Builtin) isType()   {}
func (*Enum) isType()      {}
func (*Array) isType()     {}
func (*Object) isType()    {}
func (*Alternate) isType() {}

// Member returns the member of that name that every variant shares, or nil.
func (o *Object) Member(name string) *Member {
	for _, m := range o.Members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Variant returns what the tag's value adds, or nil when it adds nothing.
func (o *Object) Variant(value string) *Object {
	for _, v := range o.Variants {
		if v.Case == value {
			return v.Object
		}
	}
	return nil
}
