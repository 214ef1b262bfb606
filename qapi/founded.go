package qapi

// founded fails on types that consist of nothing but themselves: a list of itself, an alternate between itself and
// something else, a union that is its own branch. No QEMU has any, and no walk over them would end. Types that reach
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

// parts are the types of the same sort that a value of the type is, rather than holds in a member.
func parts(t Type) []Type {
	var list []Type
	switch t := t.(type) {
	case *Array:
		if inner, ok := t.Elem.(*Array); ok {
			list = append(list, inner)
		}
	case *Alternate:
		for _, choice := range t.Choices {
			if inner, ok := choice.(*Alternate); ok {
				list = append(list, inner)
			}
		}
	case *Object:
		for _, v := range t.Variants {
			list = append(list, v.Object)
		}
	}
	return list
}
