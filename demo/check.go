package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// check judges arguments by the schema. Of all that is wrong it reports what QEMU would trip over: it goes through the
// members in the schema's order, and asks for strangers at the end.
func (m *Machine) check(c *qapi.Command, args json.RawMessage) *refusal {
	var first *qapi.Problem
	best := 0
	for _, p := range m.schema.Check(c.Name, args) {
		if p.Warning {
			continue
		}
		if rank := rankOf(c, p); first == nil || rank < best {
			first, best = &p, rank
		}
	}
	if first == nil {
		return nil
	}
	return worded(c, *first, args)
}

// rankOf says when QEMU would come across the problem, by the top-level member that it is about.
func rankOf(c *qapi.Command, p qapi.Problem) int {
	const last = 1 << 20
	stranger := p.Kind == qapi.UnknownMember || p.Kind == qapi.WrongBranch
	if stranger && len(p.Path) == 1 {
		return last
	}
	name := ""
	switch {
	case len(p.Path) > 0:
		name = p.Path[0]
	case len(p.Valid) > 0:
		name = p.Valid[0]
	}
	i := slices.IndexFunc(c.Args.Members, func(m *qapi.Member) bool { return m.Name == name })
	if i < 0 {
		return last - 1 // of a variant
	}
	return i
}

// worded says it in QEMU's words.
func worded(c *qapi.Command, p qapi.Problem, args json.RawMessage) *refusal {
	switch p.Kind {
	case qapi.MissingMember:
		return errMissing(pathName(append(slices.Clone(p.Path), p.Valid[0])))
	case qapi.UnknownMember, qapi.WrongBranch, qapi.DuplicateMember:
		return errUnexpected(pathName(p.Path))
	case qapi.UnknownValue:
		var v any
		if err := json.Unmarshal(valueAt(args, p.Path), &v); err != nil {
			return refuse("%v", err)
		}
		name := p.Path[len(p.Path)-1]
		return refuse("Parameter '%s' does not accept value '%v'", name, v).before("InvalidParameter", member{"name", name}).
			worded(fmt.Sprintf("Invalid parameter '%s'", name))
	}
	return errType(pathName(p.Path), expected(typeAt(c.Args, p.Path, args)))
}

// pathName writes a path as QEMU does: capabilities[0].state.
func pathName(path []string) string {
	var b strings.Builder
	for i, step := range path {
		if _, err := strconv.Atoi(step); err == nil && i > 0 {
			b.WriteString("[" + step + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// expected is QEMU's word for a type.
func expected(t qapi.Type) string {
	switch t := t.(type) {
	case *qapi.Builtin:
		if t.JSON == "int" {
			return "integer"
		}
		return t.JSON
	case *qapi.Enum:
		return "string"
	case *qapi.Array:
		return "array"
	case *qapi.Alternate:
		return t.Name
	}
	return "object"
}

// typeAt follows a path through the types, with the values to choose variants by. It returns nil where they part.
func typeAt(t qapi.Type, path []string, value json.RawMessage) qapi.Type {
	if len(path) == 0 {
		return t
	}
	switch t := t.(type) {
	case *qapi.Array:
		return typeAt(t.Elem, path[1:], step(value, path[0]))
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			if found := typeAt(choice, path, value); found != nil {
				return found
			}
		}
	case *qapi.Object:
		for o := t; o != nil; {
			if m := o.Member(path[0]); m != nil {
				return typeAt(m.Type, path[1:], step(value, path[0]))
			}
			var tag string
			_ = json.Unmarshal(step(value, o.Tag), &tag) // what is no string chooses no variant
			o = o.Variant(tag)
		}
	}
	return nil
}

// valueAt is the value at the end of the path.
func valueAt(value json.RawMessage, path []string) json.RawMessage {
	for _, name := range path {
		value = step(value, name)
	}
	return value
}

// step is one member or element of a value, null when there is none.
func step(value json.RawMessage, name string) json.RawMessage {
	var o map[string]json.RawMessage
	if json.Unmarshal(value, &o) == nil {
		if inner, ok := o[name]; ok {
			return inner
		}
	}
	var list []json.RawMessage
	if i, err := strconv.Atoi(name); err == nil && json.Unmarshal(value, &list) == nil && i < len(list) {
		return list[i]
	}
	return json.RawMessage("null")
}
