package qapi

import "slices"

const (
	whereDeepest = 4   // members deep
	whereMost    = 3   // paths
	whereVisits  = 500 // objects
)

// A place is an object somewhere in the arguments, with what was written there.
type place struct {
	object *Object
	value  value
	path   []string
}

// where finds the places in the arguments where a member of that name would be right, the shortest paths first. The
// search is breadth first; an object that was seen with the same branch is not looked at again.
func (k *checker) where(name string) []string {
	type seen struct {
		object *Object
		branch string
	}
	visited := map[seen]bool{}
	var found []string
	queue := []place{{object: k.command.Args, value: k.root}}
	for len(queue) > 0 && len(found) < whereMost && len(visited) < whereVisits {
		at := queue[0]
		queue = queue[1:]
		members := at.members()
		branch, _ := at.value.member(at.object.Tag)
		if key := (seen{at.object, branch.text}); visited[key] {
			continue
		} else {
			visited[key] = true
		}
		if slices.ContainsFunc(members, func(m *Member) bool { return m.Name == name }) {
			if place := dotted(at.path, name); !slices.Contains(found, place) { // several branches may lead there
				found = append(found, place)
			}
		}
		if len(at.path) >= whereDeepest {
			continue
		}
		for _, m := range members {
			inner, _ := at.value.member(m.Name)
			path := append(at.path[:len(at.path):len(at.path)], m.Name)
			queue = appendPlaces(queue, m.Type, inner, path, 0)
		}
	}
	return found
}

// members are those of the branch that was chosen, or of every branch when none was.
func (p place) members() []*Member {
	active := activate(p.object, p.value)
	members := active.members
	for _, u := range active.unions {
		if u.decided {
			continue
		}
		for _, variant := range u.object.Variants {
			members = append(members[:len(members):len(members)], variant.Object.Members...)
		}
	}
	return members
}

// appendPlaces adds the objects that a value of the type can be or hold.
func appendPlaces(places []place, t Type, v value, path []string, depth int) []place {
	switch t := t.(type) {
	case *Object:
		return append(places, place{t, v, path})
	case *Array:
		var elem value
		if len(v.elems) > 0 {
			elem = v.elems[0]
		}
		if depth < deepest {
			return appendPlaces(places, t.Elem, elem, append(path[:len(path):len(path)], "0"), depth+1)
		}
	case *Alternate:
		for _, choice := range t.Choices {
			if depth < deepest && len(places) < whereVisits {
				places = appendPlaces(places, choice, v, path, depth+1)
			}
		}
	}
	return places
}
