package source

import "strings"

// ref returns the name of the type that is referred to, and makes it if it is implicit. A nested struct of 2012 gets
// a name that starts with "q_", which is never shown.
func (b *builder) ref(r *Ref, path string) string {
	if r.Name == "" {
		name := "q_" + path
		if b.once(name) {
			b.object(entity{Name: name}, r.Members)
		}
		return name
	}
	name := b.named(r)
	if !r.List {
		return name
	}
	list := "[" + name + "]"
	if b.once(list) {
		b.add(entity{Name: list, MetaType: "array", Element: name})
	}
	return list
}

// named returns the name of the type that r names, leaving a list aside.
func (b *builder) named(r *Ref) string {
	switch b.defs[r.Name].(type) {
	case *Enum, *Struct, *Union, *Alternate:
		return r.Name
	}
	switch r.Name {
	case "visitor", "**", "dict": // 2012 to 2015: anything
		return b.builtin("any", "value")
	case "QType":
		return b.qtype()
	}
	json := builtinJSON(r.Name)
	if json == "" {
		b.fail(r.Pos, "there is no type '%s'%s", r.Name, b.hint(r.Name))
		json = "value"
	}
	return b.builtin(r.Name, json)
}

func (b *builder) builtin(name, json string) string {
	if b.once(name) {
		b.add(entity{Name: name, MetaType: "builtin", JSONType: json})
	}
	return name
}

// qtype is the one enum that the language has built in.
func (b *builder) qtype() string {
	if b.once("QType") {
		b.enum(&Enum{Head: Head{Name: "QType"}, Values: []Value{{Name: "none"}, {Name: "qnull"}, {Name: "qnum"},
			{Name: "qstring"}, {Name: "qdict"}, {Name: "qlist"}, {Name: "qbool"}}})
	}
	return "QType"
}

// builtinJSON returns the JSON type of a builtin type as introspection has it, or "". QEMU's docs/devel/qapi-code-gen
// lists them.
func builtinJSON(name string) string {
	switch name {
	case "str":
		return "string"
	case "number":
		return "number"
	case "int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "size":
		return "int"
	case "bool":
		return "boolean"
	case "null":
		return "null"
	case "any":
		return "value"
	}
	return ""
}

// hint returns the known type whose name differs in case only, in words to put behind a message.
func (b *builder) hint(name string) string {
	for known := range b.defs {
		if strings.EqualFold(known, name) && known != name {
			return ": did you mean '" + known + "'?"
		}
	}
	return ""
}

// data returns the name of the type of a command's arguments or an event's data.
func (b *builder) data(owner string, r *Ref) string {
	switch {
	case r == nil:
		r = &Ref{}
	case r.Name == "":
	case !b.isObject(r):
		b.fail(r.Pos, "%s takes %s, which is neither a struct nor a union", owner, r)
	}
	return b.ref(r, "obj-"+owner+"-arg")
}

func (b *builder) isObject(r *Ref) bool {
	switch b.defs[r.Name].(type) {
	case *Struct, *Union:
		return !r.List
	}
	return false
}

func (b *builder) returns(d *Command) string {
	if d.Returns == nil {
		return b.ref(&Ref{}, "empty")
	}
	return b.ref(d.Returns, "obj-"+d.Name+"-ret")
}

// alternate adds a choice. Choices are not choices again: QEMU has none such, and a value could not be told apart.
func (b *builder) alternate(d *Alternate) {
	e := entity{Name: d.Name, MetaType: "alternate", Features: words(d.Features)}
	for _, choice := range d.Choices {
		if _, nested := b.defs[choice.Type.Name].(*Alternate); nested && !choice.Type.List {
			b.fail(choice.Pos, "choice '%s' of %s is an alternate again", choice.Name, d.Name)
			continue
		}
		e.Members = append(e.Members, entityMember{Type: b.ref(&choice.Type, d.Name+"-"+choice.Name)})
	}
	b.add(e)
}

// union adds a union of either kind.
func (b *builder) union(d *Union) {
	members := b.base(d)
	e := entity{Name: d.Name, MetaType: "object", Tag: d.Discriminator, Features: words(d.Features)}
	if d.Discriminator == "" {
		e.Tag = "type"
		members = append(members, Member{Pos: d.Pos, Name: "type", Type: Ref{Pos: d.Pos, Name: b.kinds(d)}})
	}
	tagged := false
	for _, m := range members {
		tagged = tagged || m.Name == e.Tag
	}
	if !tagged {
		b.fail(d.Pos, "discriminator '%s' is no common member of %s", e.Tag, d.Name)
		return
	}
	for _, branch := range d.Branches {
		if d.Discriminator == "" {
			e.Variants = append(e.Variants, entityCase{Case: branch.Name, Type: b.wrapper(branch)})
			continue
		}
		if !b.isObject(&branch.Type) || branch.Type.Name == d.Name {
			b.fail(branch.Pos, "branch '%s' of %s is neither a struct nor another union", branch.Name, d.Name)
			continue
		}
		e.Variants = append(e.Variants, entityCase{Case: branch.Name, Type: branch.Type.Name})
	}
	b.object(e, members)
}

// base returns the common members of a union.
func (b *builder) base(d *Union) []Member {
	if d.Base == nil {
		return nil
	}
	if d.Base.Name == "" {
		return d.Base.Members
	}
	base, ok := b.defs[d.Base.Name].(*Struct)
	if !ok || d.Base.List {
		b.fail(d.Base.Pos, "the base of %s, %s, is not a struct%s", d.Name, d.Base, b.hint(d.Base.Name))
		return nil
	}
	return b.flatten(base, 0)
}

// kinds makes the enum of the branches of a union without a discriminator, and the branches' names are its values.
func (b *builder) kinds(d *Union) string {
	e := &Enum{Head: Head{Pos: d.Pos, Name: d.Name + "Kind"}}
	for _, branch := range d.Branches {
		e.Values = append(e.Values, Value{Name: branch.Name})
	}
	if b.defs[e.Name] == nil {
		b.defs[e.Name] = e
		b.enum(e)
	}
	return e.Name
}

// wrapper makes the struct that holds such a branch in its one member.
func (b *builder) wrapper(branch Member) string {
	name := typeName(branch.Type)
	if name == "" {
		name = branch.Pos.String() // members written inline belong to this branch alone
	}
	name = "q_" + name + "-wrapper"
	if b.once(name) {
		b.object(entity{Name: name}, []Member{{Pos: branch.Pos, Name: "data", Type: branch.Type}})
	}
	return name
}
