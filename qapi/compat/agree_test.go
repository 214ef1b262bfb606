package compat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/source"
)

// source2012 reads the QAPI source file of early 2012.
func source2012(t *testing.T) *qapi.Schema {
	t.Helper()
	s, err := source.New(saved.Source2012(t))
	if err != nil {
		t.Fatal(source.Excerpts(err))
	}
	return s.Schema()
}

// Every command of the file is in the table with the same members, types, enums and options.
func TestTableAgreesWithTheSource(t *testing.T) {
	ours, theirs := load(t), source2012(t)
	if n := len(theirs.Commands()); n != 49 {
		t.Fatalf("the file has %d commands, want 49", n)
	}
	for _, want := range theirs.Commands() {
		got := ours.Command(want.Name)
		if got == nil {
			t.Errorf("%s is missing", want.Name)
			continue
		}
		if a, b := spell(got.Args, nil), spell(want.Args, nil); a != b {
			t.Errorf("%s takes %s, want %s", want.Name, a, b)
		}
		if a, b := spell(got.Returns, nil), spell(want.Returns, nil); a != b {
			t.Errorf("%s returns %s, want %s", want.Name, a, b)
		}
	}
}

// spell writes a type out in full. A type inside itself is its name alone; so is the name of a type that is nested in
// another and has none of its own in the file.
func spell(t qapi.Type, inside []*qapi.Object) string {
	switch t := t.(type) {
	case *qapi.Array:
		return "[" + spell(t.Elem, inside) + "]"
	case *qapi.Enum:
		return fmt.Sprintf("%s%v", t.Name, t.Values)
	case *qapi.Object:
		if slices.Contains(inside, t) {
			return t.Name
		}
		var members []string
		for _, m := range t.Members {
			optional := map[bool]string{true: "?"}[m.Optional]
			members = append(members, m.Name+optional+":"+spell(m.Type, append(inside, t)))
		}
		return t.Name + "{" + strings.Join(members, " ") + "}"
	}
	return t.TypeName()
}
