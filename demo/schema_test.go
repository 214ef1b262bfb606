package demo

import (
	"slices"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

func TestEveryCommandHasAHandlerAndEveryHandlerACommand(t *testing.T) {
	all := handlers()
	described := map[string]bool{}
	for _, d := range definitions() {
		if d.kind != "command" {
			continue
		}
		described[d.name] = true
		if all[d.name] == nil {
			t.Errorf("%s is in the tables and has no handler", d.name)
		}
	}
	for name := range all {
		if !described[name] {
			t.Errorf("%s has a handler and is not in the tables", name)
		}
	}
}

func TestIntrospectionIsParsedAndNamesNoTypes(t *testing.T) {
	text := buildSchema(handlers(), true).Introspection()
	s, err := qapi.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(s.Commands()), len(handlers()); got != want {
		t.Errorf("%d commands, want %d", got, want)
	}
	for _, c := range s.Commands() {
		if name := c.Returns.TypeName(); name != "" && !isBuiltin(c.Returns) {
			t.Errorf("%s returns %q: the name should be masked", c.Name, name)
		}
	}
	add := s.Command("blockdev-add")
	if add == nil || add.Args.Tag != "driver" || add.Args.Variant("qcow2").Member("backing") == nil {
		t.Error("blockdev-add has lost its variants")
	}
	if c := s.Command("device_add"); !c.Open {
		t.Error("device_add takes any property")
	}
	if c := s.Command("query-yank"); !c.AllowOOB {
		t.Error("query-yank can be executed out-of-band")
	}
}

func isBuiltin(t qapi.Type) bool {
	if a, ok := t.(*qapi.Array); ok {
		return isBuiltin(a.Elem)
	}
	_, ok := t.(*qapi.Builtin)
	return ok
}

// A type that nothing uses is a mistake in the tables, most likely a misspelt name.
func TestEveryDefinitionIsUsed(t *testing.T) {
	list := definitions()
	for _, d := range list {
		if d.kind == "command" || d.kind == "event" {
			continue
		}
		used := slices.ContainsFunc(list, func(other definition) bool {
			return slices.ContainsFunc(other.words, func(word string) bool { return mentions(word, d.name) })
		})
		if !used {
			t.Errorf("nothing uses %s", d.name)
		}
	}
}

// mentions reports whether a word of a definition has the name as a whole in it.
func mentions(word, name string) bool {
	return slices.Contains(splitWord(word), name)
}

func splitWord(word string) []string {
	var parts []string
	start := 0
	for i, c := range word {
		switch c {
		case ':', '=', '[', ']', '*', '+', '!':
			parts = append(parts, word[start:i])
			start = i + 1
		}
	}
	return append(parts, word[start:])
}
