package source

import "strings"

// members reads the members of an object, the branches of a union or the choices of an alternate.
func (p *parser) members(v *value) []Member {
	if v == nil || !p.is(v, objectValue) {
		return nil
	}
	list := make([]Member, 0, len(v.fields))
	for _, f := range v.fields {
		list = append(list, p.member(f))
	}
	return list
}

// member reads one member: 'name': TYPE, or 'name': { 'type': TYPE, 'if': …, 'features': … }. In the dialect of 2012
// an object in the place of the type holds the members of a nested struct. Only the latter has keys beyond the three.
func (p *parser) member(f field) Member {
	name, optional := strings.CutPrefix(f.key, "*")
	m := Member{Pos: f.pos, Name: name, Optional: optional}
	if name == "" {
		p.fail(f.pos, "a member has no name")
	}
	o := &object{p: p, value: f.value}
	if f.value.kind == objectValue && isLonghand(o) {
		m.If, m.Features = p.cond(o.take("if")), p.features(o.take("features"))
		m.Type = *p.ref(o.take("type"))
		return m
	}
	m.Type = *p.ref(f.value)
	return m
}

// isLonghand tells the long form of a member from the nested struct of 2012.
func isLonghand(o *object) bool {
	for _, f := range o.fields {
		if f.key != "type" && f.key != "if" && f.key != "features" {
			return false
		}
	}
	return o.has("type")
}

// ref reads a type: 'name', ['name'] or inline members. It returns nil for nil only.
func (p *parser) ref(v *value) *Ref {
	if v == nil {
		return nil
	}
	r := &Ref{Pos: v.pos}
	switch v.kind {
	case stringValue:
		r.Name = v.text
	case listValue:
		r.List = true
		if len(v.list) != 1 {
			p.fail(v.pos, "a list type has one element, the type's name")
		} else if p.is(v.list[0], stringValue) {
			r.Name = v.list[0].text
		}
	case objectValue:
		r.Members = p.members(v)
	default:
		p.fail(v.pos, "expected a type, found %s", v.kind)
	}
	if v.kind != objectValue && v.kind != boolValue && r.Name == "" {
		p.fail(v.pos, "a type without a name")
	}
	return r
}

// values reads the values of an enum: 'name', or { 'name': …, 'if': …, 'features': … }.
func (p *parser) values(v *value) []Value {
	if v == nil || !p.is(v, listValue) {
		return nil
	}
	list := make([]Value, 0, len(v.list))
	seen := make(map[string]bool)
	for _, one := range v.list {
		value := Value{Pos: one.pos, Name: one.text}
		if one.kind == objectValue {
			o := &object{p: p, value: one}
			value.Name = o.text("name")
			value.If, value.Features = p.cond(o.take("if")), p.features(o.take("features"))
			o.rest()
		} else {
			p.is(one, stringValue)
		}
		if seen[value.Name] {
			p.warn(one.pos, "value '%s' is there twice", value.Name)
			continue
		}
		seen[value.Name] = true
		list = append(list, value)
	}
	return list
}

// features reads a list of 'name' or { 'name': …, 'if': … }.
func (p *parser) features(v *value) []Feature {
	if v == nil || !p.is(v, listValue) {
		return nil
	}
	var list []Feature
	for _, one := range v.list {
		if one.kind == objectValue {
			o := &object{p: p, value: one}
			list = append(list, Feature{Name: o.text("name"), If: p.cond(o.take("if"))})
			o.rest()
		} else if p.is(one, stringValue) {
			list = append(list, Feature{Name: one.text})
		}
	}
	return list
}

// cond reads a condition: 'WORD', { 'all': […] }, { 'any': […] }, { 'not': … }, or the list that meant all until 2021.
func (p *parser) cond(v *value) *Cond {
	if v == nil {
		return nil
	}
	switch {
	case v.kind == stringValue:
		return &Cond{Word: v.text}
	case v.kind == listValue:
		return &Cond{Op: "all", List: p.conds(v.list)}
	case v.kind == objectValue && len(v.fields) == 1:
		f := v.fields[0]
		switch {
		case f.key == "not":
			return &Cond{Op: f.key, List: p.conds([]*value{f.value})}
		case (f.key == "all" || f.key == "any") && p.is(f.value, listValue):
			return &Cond{Op: f.key, List: p.conds(f.value.list)}
		}
	}
	p.fail(v.pos, "expected a condition: a string, or one of 'all', 'any' and 'not'")
	return nil
}

func (p *parser) conds(list []*value) []Cond {
	conds := make([]Cond, 0, len(list))
	for _, one := range list {
		if c := p.cond(one); c != nil {
			conds = append(conds, *c)
		}
	}
	return conds
}

// settings reads what a pragma sets.
func (p *parser) settings(v *value) []Setting {
	if !p.is(v, objectValue) {
		return nil
	}
	var list []Setting
	for _, f := range v.fields {
		s := Setting{Name: f.key}
		switch f.value.kind {
		case boolValue:
			s.On = f.value.truth
		case listValue:
			s.List = make([]string, 0, len(f.value.list))
			for _, one := range f.value.list {
				if p.is(one, stringValue) {
					s.List = append(s.List, one.text)
				}
			}
		default:
			p.fail(f.value.pos, "expected true, false or a list, found %s", f.value.kind)
		}
		list = append(list, s)
	}
	return list
}
