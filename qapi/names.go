package qapi

import (
	"maps"
	"slices"
	"strings"
)

// ResolveNames gives types whose names introspection masked the names that documentation has for the types of
// members and branches. A name is believed only where what is written about the type of that name fits: the
// documentation may be of another version. It returns how many types got a name. It changes s, and so is called before
// s is shared.
func (s *Schema) ResolveNames(docs Docs) int {
	n := namer{docs: docs, seen: map[Type]bool{}, taken: map[string]bool{}}
	for _, c := range s.commands {
		if doc, ok := docs.Doc(c.Name); ok {
			n.members(c.Args, doc)
			n.is(c.Returns, doc.ReturnType)
		}
	}
	for _, e := range s.events {
		if doc, ok := docs.Doc(e.Name); ok {
			n.members(e.Data, doc)
		}
	}
	return n.named
}

// A namer follows the schema and the documentation side by side. Each type is looked at until it has a name, once with
// one, so that it ends.
type namer struct {
	docs  Docs
	seen  map[Type]bool
	taken map[string]bool // introspection masks each type once, so a name is for one type
	named int
}

func (n *namer) members(o *Object, doc Doc) {
	for _, m := range o.Members {
		n.is(m.Type, doc.Types[m.Name])
	}
	for _, v := range o.Variants {
		n.is(v.Object, doc.Branches[v.Case])
	}
}

// is gives the type the name, if it fits, and goes on with what the type holds. It reports whether it fits.
func (n *namer) is(t Type, name string) bool {
	for {
		array, ok := t.(*Array)
		if !ok {
			break
		}
		t, name = array.Elem, strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	}
	if _, scalar := t.(*Builtin); name == "" || scalar {
		return false
	}
	if n.seen[t] {
		return t.TypeName() == name
	}
	doc, ok := n.docs.TypeDoc(name)
	if !ok || n.taken[name] || !fits(t, doc) {
		return false
	}
	n.seen[t], n.taken[name] = true, true
	switch t := t.(type) {
	case *Enum:
		n.set(&t.Name, name)
	case *Object:
		n.set(&t.Name, name)
		n.members(t, doc)
	case *Alternate:
		n.set(&t.Name, name)
		n.choices(t, doc)
	}
	return true
}

func (n *namer) set(name *string, to string) {
	if *name == "" {
		*name = to
		n.named++
	}
}

// choices finds the choices' types among those that the documentation lists: introspection has no names for choices.
func (n *namer) choices(a *Alternate, doc Doc) {
	names := slices.Sorted(maps.Values(doc.Types))
	for _, choice := range a.Choices {
		for _, name := range names {
			if n.is(choice, name) {
				break
			}
		}
	}
}

// fits reports whether most of what the type has is in what is written about it.
func fits(t Type, doc Doc) bool {
	var have []string
	switch t := t.(type) {
	case *Enum:
		for _, v := range t.Values {
			have = append(have, v.Name)
		}
	case *Object:
		for _, m := range t.Members {
			have = append(have, m.Name)
		}
	}
	known := 0
	for _, name := range have {
		if _, ok := doc.Members[name]; ok || doc.Types[name] != "" {
			known++
		}
	}
	return 2*known >= len(have)
}
