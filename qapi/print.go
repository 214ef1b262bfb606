package qapi

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"strconv"
)

// raw is the introspection a schema was made from, as text or still deflated as the cache has it.
type raw struct {
	text     []byte
	deflated []byte
}

// Introspection returns the schema in the form that query-qmp-schema has. It is the very text the schema was read from
// where there was one; otherwise it is written anew, with the types' real names where they are known. In what is written
// anew, "arg-type" "any" stands for a command of which only the name is known.
func (s *Schema) Introspection() []byte {
	if s.raw.text != nil {
		return s.raw.text
	}
	if s.raw.deflated != nil {
		text, err := io.ReadAll(flate.NewReader(bytes.NewReader(s.raw.deflated)))
		if err == nil && json.Valid(text) {
			return text
		}
	}
	return printSchema(s)
}

// A printer writes entities and gives every type a name: its own, or a number.
type printer struct {
	entities []map[string]any
	names    map[Type]string
	types    map[string]Type
	pending  []Type
	masked   int
}

func printSchema(s *Schema) []byte {
	p := printer{names: map[Type]string{}, types: map[string]Type{}, entities: []map[string]any{}}
	for _, c := range s.commands {
		e := p.entity("command", c.Name, c.Features)
		e["arg-type"], e["ret-type"] = "any", p.name(c.Returns)
		if !c.Open || openByName(c) || len(c.Args.Members) > 0 {
			e["arg-type"] = p.name(c.Args)
		}
		if c.AllowOOB {
			e["allow-oob"] = true
		}
		p.drain()
	}
	for _, event := range s.events {
		p.entity("event", event.Name, event.Features)["arg-type"] = p.name(event.Data)
		p.drain()
	}
	text, err := json.Marshal(p.entities)
	if err != nil {
		panic(err) // strings, booleans and lists of them: nothing that JSON lacks
	}
	return text
}

func (p *printer) entity(meta, name string, features Features) map[string]any {
	e := map[string]any{"meta-type": meta, "name": name}
	if len(features) > 0 {
		e["features"] = features
	}
	p.entities = append(p.entities, e)
	return e
}

// name returns the name of the type in what is written, and remembers to write the type. Objects without a name or
// members are one type, and so are builtins of one name.
func (p *printer) name(t Type) string {
	if name, ok := p.names[t]; ok {
		return name
	}
	var name string
	if a, ok := t.(*Array); ok {
		name = "[" + p.name(a.Elem) + "]"
	} else {
		name = t.TypeName()
	}
	if o, ok := t.(*Object); ok && name == "" && len(o.Members) == 0 {
		name = "0"
	}
	if taken := p.types[name]; name == "" || taken != nil && !sameByName(taken, t) {
		p.masked++
		name = strconv.Itoa(p.masked)
	}
	p.names[t] = name
	if p.types[name] == nil {
		p.types[name] = t
		p.pending = append(p.pending, t)
	}
	return name
}

// sameByName reports whether two types of one name are written as one.
func sameByName(a, b Type) bool {
	switch a := a.(type) {
	case *Builtin:
		_, ok := b.(*Builtin)
		return ok
	case *Array:
		b, ok := b.(*Array)
		return ok && (a.Elem == b.Elem || sameByName(a.Elem, b.Elem))
	case *Object:
		b, ok := b.(*Object)
		return ok && a.Name == "" && len(a.Members)+len(b.Members) == 0
	}
	return a == b
}

func (p *printer) drain() {
	for len(p.pending) > 0 {
		t := p.pending[0]
		p.pending = p.pending[1:]
		p.define(t)
	}
}

func (p *printer) define(t Type) {
	switch t := t.(type) {
	case *Builtin:
		p.entity("builtin", p.name(t), nil)["json-type"] = t.JSON
	case *Enum:
		p.enum(t)
	case *Array:
		p.entity("array", p.name(t), nil)["element-type"] = p.name(t.Elem)
	case *Alternate:
		choices := []map[string]any{}
		e := p.entity("alternate", p.name(t), nil)
		for _, choice := range t.Choices {
			choices = append(choices, map[string]any{"type": p.name(choice)})
		}
		e["members"] = choices
	case *Object:
		p.object(t)
	}
}

func (p *printer) enum(t *Enum) {
	values, members := []string{}, []map[string]any{}
	for _, v := range t.Values {
		values = append(values, v.Name)
		members = append(members, withFeatures(map[string]any{"name": v.Name}, v.Features))
	}
	e := p.entity("enum", p.name(t), nil)
	e["members"], e["values"] = members, values
}

func (p *printer) object(t *Object) {
	e := p.entity("object", p.name(t), t.Features)
	members := []map[string]any{}
	for _, m := range t.Members {
		member := withFeatures(map[string]any{"name": m.Name, "type": p.name(m.Type)}, m.Features)
		if m.Optional {
			member["default"] = nil
		}
		members = append(members, member)
	}
	e["members"] = members
	if t.Tag == "" {
		return
	}
	variants := []map[string]any{}
	for _, v := range t.Variants {
		variants = append(variants, map[string]any{"case": v.Case, "type": p.name(v.Object)})
	}
	e["tag"], e["variants"] = t.Tag, variants
}

func withFeatures(m map[string]any, features Features) map[string]any {
	if len(features) > 0 {
		m["features"] = features
	}
	return m
}
