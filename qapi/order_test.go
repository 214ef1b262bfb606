package qapi

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNamesSortAsPeopleCount sorts names that come in any order.
func TestNamesSortAsPeopleCount(t *testing.T) {
	for _, want := range [][]string{
		{"char", "char0", "char2", "char10", "char10a", "char11", "Char100", "monitor0", "serial0"},
		{"#block2", "#block11", "disk-1.9", "disk-1.10", "disk-1.10.1"},
		{"a07", "a7", "a8", "a99999999999999999999", "a100000000000000000000"},
		{"", "0", "9", "10", "A", "a", "b", "モニター2", "モニター10"},
	} {
		for range 50 {
			names := slices.Clone(want)
			rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			slices.SortFunc(names, CompareNames)
			if !slices.Equal(names, want) {
				t.Fatalf("the order is %q, not %q", names, want)
			}
		}
	}
}
