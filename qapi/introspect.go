package qapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An entity is one element of the array that query-qmp-schema returns. QEMU's docs/devel/qapi-code-gen describes it.
type entity struct {
	Name     string         `json:"name"`
	MetaType string         `json:"meta-type"`
	JSONType string         `json:"json-type"`
	Element  string         `json:"element-type"`
	Values   []string       `json:"values"` // of enums; QEMU before 6.1 has no members for them
	Members  []entityMember `json:"members"`
	Tag      string         `json:"tag"`
	Variants []entityCase   `json:"variants"`
	ArgType  string         `json:"arg-type"`
	RetType  string         `json:"ret-type"`
	AllowOOB bool           `json:"allow-oob"`
	Features Features       `json:"features"`
}

type entityMember struct {
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Default  json.RawMessage `json:"default"` // present, always null so far, when the member is optional
	Features Features        `json:"features"`
}

type entityCase struct {
	Case string `json:"case"`
	Type string `json:"type"`
}

// Parse reads introspection: the array that query-qmp-schema returns. Members and meta-types it does not know are
// ignored, but kept in Introspection. A type that is used and not defined, or that consists of itself, is an error that
// names it.
func Parse(introspection []byte) (*Schema, error) {
	entities, err := decodeEntities(introspection)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	r := resolver{entities: make(map[string]*entity, len(entities)), types: make(map[string]Type, len(entities))}
	for i := range entities {
		if e := &entities[i]; isTypeEntity(e.MetaType) {
			r.entities[e.Name] = e
		}
	}
	var commands []*Command
	var events []*Event
	for i := range entities {
		switch e := &entities[i]; e.MetaType {
		case "command":
			commands = append(commands, r.command(e))
		case "event":
			events = append(events, &Event{Name: e.Name, Data: r.object(e.ArgType, e), Features: e.Features})
		}
	}
	r.founded()
	if r.err != nil {
		return nil, fmt.Errorf("read the schema: %w", r.err)
	}
	markByPrefix(commands)
	s := NewSchema(commands, events)
	s.raw = rawText(introspection)
	return s, nil
}

// decodeEntities reads the array. Where something unexpected is in the way, the entities of meta-types that we do not
// know are left out, because their members may be of any type.
func decodeEntities(introspection []byte) ([]entity, error) {
	var entities []entity
	err := json.Unmarshal(introspection, &entities)
	if unexpected := (*json.UnmarshalTypeError)(nil); !errors.As(err, &unexpected) {
		return entities, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(introspection, &list); err != nil {
		return nil, err
	}
	entities = entities[:0]
	for _, one := range list {
		var kind struct {
			MetaType string `json:"meta-type"`
		}
		if err := json.Unmarshal(one, &kind); err != nil {
			return nil, err
		}
		if kind.MetaType != "command" && kind.MetaType != "event" && !isTypeEntity(kind.MetaType) {
			continue
		}
		var e entity
		if err := json.Unmarshal(one, &e); err != nil {
			return nil, err
		}
		entities = append(entities, e)
	}
	return entities, nil
}

func isTypeEntity(meta string) bool {
	switch meta {
	case "builtin", "enum", "array", "object", "alternate":
		return true
	}
	return false
}

// A resolver turns the names of types into the types. The first error is kept and the walk goes on.
type resolver struct {
	entities map[string]*entity
	types    map[string]Type
	err      error
}

func (r *resolver) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *resolver) command(e *entity) *Command {
	c := &Command{Name: e.Name, Returns: new(Object), AllowOOB: e.AllowOOB, Features: e.Features}
	if e.ArgType == "any" { // our own way to write down a command of which only the name is known
		c.Args, c.Open = new(Object), true
	} else {
		c.Args = r.object(e.ArgType, e)
		c.Open = openByName(c)
	}
	if e.RetType != "" {
		c.Returns = r.typ(e.RetType, e)
	}
	return c
}

// markByPrefix marks commands as unstable by their names where the server does so with none: QEMU before 6.2 had no such
// feature, and "x-" said it. Members are left alone: x-origin has never been unstable.
func markByPrefix(commands []*Command) {
	if slices.ContainsFunc(commands, func(c *Command) bool { return c.Features.Has(Unstable) }) {
		return
	}
	for _, c := range commands {
		if strings.HasPrefix(c.Name, "x-") {
			c.Features = append(slices.Clip(c.Features), Unstable)
		}
	}
}

// object resolves a type that has to be an object. A name left out means one without members.
func (r *resolver) object(name string, user *entity) *Object {
	if name == "" {
		return new(Object)
	}
	o, ok := r.typ(name, user).(*Object)
	if !ok {
		r.fail("%s %q uses type %q as an object, which it is not", user.MetaType, user.Name, name)
		return new(Object)
	}
	return o
}

func (r *resolver) typ(name string, user *entity) Type {
	if t := r.types[name]; t != nil {
		return t
	}
	e := r.entities[name]
	if e == nil {
		r.fail("%s %q uses type %q, which is not defined", user.MetaType, user.Name, name)
		return anything()
	}
	switch e.MetaType {
	case "enum":
		return r.enum(e)
	case "array":
		a := new(Array)
		r.types[name] = a // known before its element: types can reach themselves
		a.Elem = r.typ(e.Element, e)
		return a
	case "object":
		return r.fillObject(e)
	case "alternate":
		a := &Alternate{Name: realName(e.Name)}
		r.types[name] = a
		for _, m := range e.Members {
			a.Choices = append(a.Choices, r.typ(m.Type, e))
		}
		return a
	default:
		b := &Builtin{Name: e.Name, JSON: e.JSONType}
		r.types[name] = b
		return b
	}
}

func (r *resolver) enum(e *entity) Type {
	t := &Enum{Name: realName(e.Name)}
	r.types[e.Name] = t
	if len(e.Members) > 0 {
		for _, m := range e.Members {
			t.Values = append(t.Values, EnumValue{Name: m.Name, Features: m.Features})
		}
		return t
	}
	for _, v := range e.Values {
		t.Values = append(t.Values, EnumValue{Name: v})
	}
	return t
}

func (r *resolver) fillObject(e *entity) Type {
	o := &Object{Name: realName(e.Name), Tag: e.Tag, Features: e.Features}
	r.types[e.Name] = o
	for _, m := range e.Members {
		o.Members = append(o.Members, &Member{
			Name: m.Name, Type: r.typ(m.Type, e), Optional: len(m.Default) > 0, Features: m.Features,
		})
	}
	for _, v := range e.Variants {
		o.Variants = append(o.Variants, Variant{Case: v.Case, Object: r.object(v.Type, e)})
	}
	if o.Tag != "" && o.Member(o.Tag) == nil {
		r.fail("object %q has tag %q, which is not among its members", e.Name, o.Tag)
	}
	return o
}

// realName is the name that a person may read: not the number that introspection puts in its place, and not the
// "q_obj_block-commit-arg" that QEMU's generator makes up for arguments that have no type of their own.
func realName(name string) string {
	if strings.Trim(name, "0123456789") == "" || strings.HasPrefix(name, "q_") {
		return ""
	}
	return name
}

// rawText is the introspection as it came, without the blanks around it.
func rawText(text []byte) raw { return raw{text: bytes.Clone(bytes.TrimSpace(text))} }
