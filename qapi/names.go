package qapi

import "slices"

// ResolveNames gives types whose names introspection masked the names that the same types have in from, such as a schema
// read from QAPI source. Types are paired by what uses them: the arguments and returns of commands of one name, the
// members of one name of paired objects. It returns how many types got a name. It changes s, and so is called before s
// is shared.
func (s *Schema) ResolveNames(from *Schema) int {
	p := pairing{seen: map[[2]Type]bool{}}
	for _, c := range s.commands {
		if other := from.Command(c.Name); other != nil {
			p.pair(c.Args, other.Args)
			p.pair(c.Returns, other.Returns)
		}
	}
	for _, e := range s.events {
		if other := from.Event(e.Name); other != nil {
			p.pair(e.Data, other.Data)
		}
	}
	return p.named
}

// A pairing goes through two schemas side by side. Each pair is looked at once, so that it ends.
type pairing struct {
	seen  map[[2]Type]bool
	named int
}

func (p *pairing) pair(t, from Type) {
	if key := [2]Type{t, from}; p.seen[key] {
		return
	} else {
		p.seen[key] = true
	}
	switch t := t.(type) {
	case *Enum:
		if from, ok := from.(*Enum); ok && alike(t, from) {
			p.name(&t.Name, from.Name)
		}
	case *Array:
		if from, ok := from.(*Array); ok {
			p.pair(t.Elem, from.Elem)
		}
	case *Alternate:
		if from, ok := from.(*Alternate); ok {
			p.name(&t.Name, from.Name)
			p.choices(t, from)
		}
	case *Object:
		if from, ok := from.(*Object); ok {
			p.object(t, from)
		}
	}
}

func (p *pairing) name(name *string, real string) {
	if *name == "" && real != "" {
		*name = real
		p.named++
	}
}

// alike reports whether most values of the smaller enum are in the other: between versions enums grow, but a member
// can also have been given another type.
func alike(a, b *Enum) bool {
	if len(a.Values) > len(b.Values) {
		a, b = b, a
	}
	common := 0
	for _, v := range a.Values {
		if slices.ContainsFunc(b.Values, func(w EnumValue) bool { return w.Name == v.Name }) {
			common++
		}
	}
	return 2*common > len(a.Values)
}

// choices pairs the choices of two alternates that have the same sort of type.
func (p *pairing) choices(t, from *Alternate) {
	for _, choice := range t.Choices {
		for _, other := range from.Choices {
			if sameSort(choice, other) {
				p.pair(choice, other)
			}
		}
	}
}

func sameSort(a, b Type) bool {
	switch a.(type) {
	case *Enum:
		_, ok := b.(*Enum)
		return ok
	case *Array:
		_, ok := b.(*Array)
		return ok
	case *Object:
		_, ok := b.(*Object)
		return ok
	}
	return false
}

func (p *pairing) object(t, from *Object) {
	if (t.Tag == "") != (from.Tag == "") {
		return
	}
	if len(t.Members) > 0 || t.Tag != "" { // the object without members is one type for all its uses
		p.name(&t.Name, from.Name)
	}
	for _, m := range t.Members {
		if other := from.Member(m.Name); other != nil {
			p.pair(m.Type, other.Type)
		}
	}
	for _, v := range t.Variants {
		if other := from.Variant(v.Case); other != nil {
			p.pair(v.Object, other)
		}
	}
}
