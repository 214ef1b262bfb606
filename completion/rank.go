package completion

import (
	"cmp"
	"slices"
)

// A place in the list is a tuple that is compared as a whole, from its first member on.
type place struct {
	deprecated int
	class      int
	tier       int // what the slot needs first
	skipped    int
	position   int // in the schema's or the server's own order
}

func (p place) compare(q place) int {
	return cmp.Or(
		cmp.Compare(p.deprecated, q.deprecated),
		cmp.Compare(p.class, q.class),
		cmp.Compare(p.tier, q.tier),
		cmp.Compare(p.skipped, q.skipped),
		cmp.Compare(p.position, q.position),
	)
}

// rank keeps the candidates that fit the word, best first, and counts those that begin with it.
func rank(word string, all []Candidate) (fitting []Candidate, prefixed int) {
	type ranked struct {
		place
		candidate int
	}
	order := make([]ranked, 0, len(all))
	for i := range all {
		c := &all[i]
		m, ok := matches(word, c.Text)
		if !ok {
			continue
		}
		if m.class <= foldedMatch {
			prefixed++
		}
		p := place{class: m.class, tier: c.tier, skipped: m.skipped, position: i}
		if c.Deprecated {
			p.deprecated = 1
		}
		order = append(order, ranked{p, i})
	}
	slices.SortFunc(order, func(a, b ranked) int { return a.compare(b.place) })
	fitting = make([]Candidate, len(order))
	for i, r := range order {
		fitting[i] = all[r.candidate]
	}
	return fitting, prefixed
}
