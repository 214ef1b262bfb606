package qapi

// founded fails on types that consist of themselves: a list of itself, an alternate between itself, or a list of itself,
// and something else, a union that is its own branch. No QEMU has any, and no walk over them would end. Types that reach
// themselves through a member are common, and fine.
func (r *resolver) founded() {
	f := founder{state: make(map[Type]int, len(r.types))}
	for name, t := range r.types {
		if !f.founded(t) {
			r.fail("type %q consists of itself", name)
			return
		}
	}
}

// A founder remembers which types are being looked at (1) and which have been (2).
type founder struct {
	state map[Type]int
}

func (f founder) founded(t Type) bool {
	if known := f.state[t]; known != 0 {
		return known == 2
	}
	f.state[t] = 1
	for _, part := range parts(t) {
		if !f.founded(part) {
			return false
		}
	}
	f.state[t] = 2
	return true
}

// parts are the types that a value of the type is, or is a list of, rather than holds in a member. Only those that have
// parts in turn count.
func parts(t Type) []Type {
	var list []Type
	switch t := t.(type) {
	case *Array:
		list = appendNested(list, t.Elem)
	case *Alternate:
		for _, choice := range t.Choices {
			list = appendNested(list, choice)
		}
	case *Object:
		for _, v := range t.Variants {
			list = append(list, v.Object)
		}
	}
	return list
}

func appendNested(list []Type, t Type) []Type {
	switch t.(type) {
	case *Array, *Alternate:
		return append(list, t)
	}
	return list
}
