package source

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
)

// An entity is one element of the schema in introspection form, but with real type names.
type entity struct {
	Name     string         `json:"name"`
	MetaType string         `json:"meta-type"`
	JSONType string         `json:"json-type,omitempty"`
	Element  string         `json:"element-type,omitempty"`
	Values   []string       `json:"values,omitempty"`
	Members  []entityMember `json:"members,omitempty"`
	Tag      string         `json:"tag,omitempty"`
	Variants []entityCase   `json:"variants,omitempty"`
	ArgType  string         `json:"arg-type,omitempty"`
	RetType  string         `json:"ret-type,omitempty"`
	AllowOOB bool           `json:"allow-oob,omitempty"`
	Features []string       `json:"features,omitempty"`
}

// An entityMember is a member of an object, a value of an enum or a choice of an alternate.
type entityMember struct {
	Name     string          `json:"name,omitempty"`
	Type     string          `json:"type,omitempty"`
	Default  json.RawMessage `json:"default,omitempty"`
	Features []string        `json:"features,omitempty"`
}

type entityCase struct {
	Case string `json:"case"`
	Type string `json:"type"`
}

// A builder turns definitions into entities.
type builder struct {
	defs     map[string]Definition
	texts    map[string]string // of each file, for excerpts
	entities []entity
	made     map[string]bool // what is there already: builtin, list and implicit types, and faults
	faults   []error
}

// build returns the schema of the files, or nil after a fault.
func (b *builder) build(files []*File) *qapi.Schema {
	b.made = make(map[string]bool)
	for _, f := range files {
		for _, item := range f.Items {
			switch d := item.(type) {
			case *Enum:
				b.enum(d)
			case *Struct:
				b.object(entity{Name: d.Name, Features: words(d.Features)}, b.flatten(d, 0))
			case *Union:
				b.union(d)
			case *Alternate:
				b.alternate(d)
			case *Command:
				b.add(entity{Name: d.Name, MetaType: "command", ArgType: b.data(d.Name, d.Data), RetType: b.returns(d),
					AllowOOB: d.AllowOOB, Features: words(d.Features)})
			case *Event:
				b.add(entity{Name: d.Name, MetaType: "event", ArgType: b.data(d.Name, d.Data),
					Features: words(d.Features)})
			}
		}
	}
	if len(b.faults) > 0 {
		return nil
	}
	return b.parse()
}

func (b *builder) parse() *qapi.Schema {
	text, err := json.Marshal(b.entities)
	if err == nil {
		var schema *qapi.Schema
		if schema, err = qapi.Parse(text); err == nil {
			return schema
		}
	}
	b.faults = append(b.faults, err)
	return nil
}

func (b *builder) add(e entity) { b.entities = append(b.entities, e) }

// fail notes a fault, once: a base that does not exist is met again in every struct above it.
func (b *builder) fail(pos Pos, format string, args ...any) {
	fault := &Error{Pos: pos, Line: lineOf(b.texts[pos.File], pos.Line), Message: fmt.Sprintf(format, args...)}
	if b.once("fault: " + fault.Error()) {
		b.faults = append(b.faults, fault)
	}
}

// once reports whether that is still to be made, and takes it as made.
func (b *builder) once(name string) bool {
	if b.made[name] {
		return false
	}
	b.made[name] = true
	return true
}

func words(features []Feature) []string {
	var list []string
	for _, f := range features {
		list = append(list, f.Name)
	}
	return list
}

func (b *builder) enum(d *Enum) {
	e := entity{Name: d.Name, MetaType: "enum", Features: words(d.Features)}
	for _, v := range d.Values {
		e.Values = append(e.Values, v.Name)
		e.Members = append(e.Members, entityMember{Name: v.Name, Features: words(v.Features)})
	}
	b.add(e)
}

// object adds an object type. The path of nested structs leads to their types' names.
func (b *builder) object(e entity, members []Member) {
	e.MetaType = "object"
	seen := make(map[string]bool)
	for _, m := range members {
		if m.Type.Name == "**" {
			continue // before 2015: any further members, which qapi knows by the command's name
		}
		if seen[m.Name] {
			b.fail(m.Pos, "member '%s' of %s comes twice", m.Name, e.Name)
		}
		seen[m.Name] = true
		em := entityMember{Name: m.Name, Type: b.ref(&m.Type, e.Name+"-"+m.Name), Features: words(m.Features)}
		if m.Optional {
			em.Default = json.RawMessage("null")
		}
		e.Members = append(e.Members, em)
	}
	b.add(e)
}

// flatten returns the struct's members behind those of its bases.
func (b *builder) flatten(d *Struct, depth int) []Member {
	if d.Base == "" {
		return d.Members
	}
	base, ok := b.defs[d.Base].(*Struct)
	switch {
	case !ok:
		b.fail(d.Pos, "the base of %s, '%s', is not a struct%s", d.Name, d.Base, b.hint(d.Base))
		return d.Members
	case depth > maxDepth:
		b.fail(d.Pos, "%s is its own base", d.Name)
		return d.Members
	}
	return slices.Concat(b.flatten(base, depth+1), d.Members)
}
