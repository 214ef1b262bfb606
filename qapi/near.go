package qapi

import (
	"cmp"
	"slices"
	"strings"
)

// nearMost is how many near names are worth reading.
const nearMost = 3

// longestWord is, in bytes, twice as long as any name is: what is longer is no slip of the finger.
const longestWord = 128

// Near returns the names of the commands that are nearest to name, best first, and none when nothing is near.
func (s *Schema) Near(name string) []string {
	names := make([]string, len(s.commands))
	for i, c := range s.commands {
		names[i] = c.Name
	}
	return Nearest(name, names)
}

// Nearest returns those of the names that a person who wrote word may have meant, best first, at most three. Case and
// the choice between - and _ hardly count; a name that word begins or shares its parts with is near too.
func Nearest(word string, names []string) []string {
	type match struct {
		name string
		cost int
	}
	folded := fold(word)
	if folded == "" || len(word) > longestWord {
		return nil
	}
	limit := 2 * max(1, (len(folded)+1)/3) // in half edits
	var matches []match
	for _, name := range names {
		if cost := distance(folded, fold(name), word, name); cost <= limit {
			matches = append(matches, match{name, cost})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(apart(word, a.name), apart(word, b.name)))
	})
	var near []string
	for _, m := range matches {
		if len(near) == nearMost || m.cost > 2*matches[0].cost+2 {
			break // what is much further than the best is noise
		}
		near = append(near, m.name)
	}
	return near
}

// apart is how much longer or shorter the name is. A wrong key is likelier than one too many.
func apart(word, name string) int { return max(len(word)-len(name), len(name)-len(word)) }

// fold makes spellings equal that people mix up.
func fold(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// distance is the cost of turning one folded name into the other, in half edits: an edit costs two, a difference that
// folding hides costs one altogether, and so does the rest of a name that was only begun, however long it is.
func distance(word, name, wordAsIs, nameAsIs string) int {
	switch {
	case wordAsIs == nameAsIs:
		return 0
	case word == name:
		return 1
	case len(word) >= 3 && strings.HasPrefix(name, word):
		return 1
	case len(word) >= 4 && samePrefixParts(word, name):
		return 3
	}
	return 2 * edits(word, name)
}

// samePrefixParts reports whether the words between the dashes begin alike: "dev-add" and "device-add".
func samePrefixParts(word, name string) bool {
	a, b := strings.Split(word, "-"), strings.Split(name, "-")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !strings.HasPrefix(b[i], a[i]) || a[i] == "" {
			return false
		}
	}
	return true
}

// edits is the Damerau-Levenshtein distance (insertions, deletions, replacements, neighbours swapped).
func edits(a, b string) int {
	if d := len(a) - len(b); d > 32 || d < -32 {
		return 32
	}
	before, previous, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := previous[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			row[j] = min(cost, previous[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, previous, row = previous, row, before
	}
	return previous[len(b)]
}
