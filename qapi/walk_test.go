package qapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// walk goes over every command and event: describe, check a small and a full example, describe again.
func walk(tb testing.TB, s *Schema) {
	tb.Helper()
	for _, c := range s.Commands() {
		before := describeDeep(c.Args) + " " + describeDeep(c.Returns)
		for _, full := range []bool{false, true} {
			arguments, err := s.Example(c.Name, nil, full)
			if err != nil {
				tb.Fatalf("%s: %v", c.Name, err)
			}
			s.Check(c.Name, arguments)
			s.Check(c.Name, json.RawMessage(`{"stranger":{"a":[1,"b",null]}}`))
		}
		if after := describeDeep(c.Args) + " " + describeDeep(c.Returns); after != before {
			tb.Fatalf("%s: looking at it changed it", c.Name)
		}
	}
	for _, e := range s.Events() {
		describeDeep(e.Data)
	}
}

// describeDeep describes a type and everything it reaches, each type once.
func describeDeep(t Type) string {
	var text strings.Builder
	seen := map[Type]bool{}
	var visit func(Type)
	visit = func(t Type) {
		text.WriteString(t.TypeName() + ": " + t.Describe() + "\n")
		if seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *Array:
			visit(t.Elem)
		case *Alternate:
			for _, choice := range t.Choices {
				visit(choice)
			}
		case *Object:
			for _, m := range t.Members {
				visit(m.Type)
			}
			for _, v := range t.Variants {
				visit(v.Object)
			}
		}
	}
	visit(t)
	return text.String()
}

// masked finds the number of a masked type in what a person reads; the number of an enum's values is none.
func masked(text string) bool {
	text = regexp.MustCompile(`\d+ values`).ReplaceAllString(text, "")
	return regexp.MustCompile(`(^|[\s\[(])\d+($|[\s\]),:])`).MatchString(text)
}

func TestWalkEveryCommand(t *testing.T) {
	for _, version := range []string{"7.2", "11.1"} {
		s := saved(t, version)
		walk(t, s)
		for _, c := range s.Commands() {
			if deep := describeDeep(c.Args) + describeDeep(c.Returns); masked(deep) {
				t.Errorf("%s %s: a masked name in\n%s", version, c.Name, deep)
			}
			for _, full := range []bool{false, true} {
				arguments, err := s.Example(c.Name, nil, full)
				if err != nil {
					t.Fatal(err)
				}
				if problems := s.Check(c.Name, arguments); Fatal(problems) {
					t.Errorf("%s %s: the example %s has problems: %+v", version, c.Name, arguments, problems)
				}
			}
			for _, p := range s.Check(c.Name, json.RawMessage(`{"stranger":null}`)) {
				if masked(p.Message) {
					t.Errorf("%s %s: a masked name in %q", version, c.Name, p.Message)
				}
			}
		}
	}
}

func TestExample(t *testing.T) {
	s := saved(t, "7.2")
	for _, c := range []struct {
		command, given string
		full           bool
		want           string
	}{
		{"stop", ``, true, `{}`},
		{"block_resize", ``, false, `{"size":0}`},
		{"block_resize", ``, true, `{"device":"","node-name":"","size":0}`},
		{"blockdev-add", `{"driver":"qcow2"}`, false, `{"driver":"qcow2","file":""}`},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file"},"mine":[1]}`, false,
			`{"driver":"qcow2","file":{"driver":"file","filename":""},"mine":[1]}`},
		{"migrate-set-capabilities", ``, true, `{"capabilities":[{"capability":"xbzrle","state":false}]}`},
		{"transaction", ``, true, `{"actions":[{"type":"abort","data":{}}],"properties":{"completion-mode":"individual"}}`},
	} {
		got, err := s.Example(c.command, json.RawMessage(c.given), c.full)
		if err != nil || string(got) != c.want {
			t.Errorf("%s %s: %s %v, want %s", c.command, c.given, got, err, c.want)
		}
	}
	if _, err := s.Example("no-such", nil, false); err == nil {
		t.Error("a command that is not there has an example")
	}
}
