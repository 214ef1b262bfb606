package qapi_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
	"github.com/qmpsh/qmpsh/qapi/source"
)

// walk goes over every command and event: describe, check a small and a full example, describe again.
func walk(tb testing.TB, s *qapi.Schema) {
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
func describeDeep(t qapi.Type) string {
	var text strings.Builder
	seen := map[qapi.Type]bool{}
	var visit func(qapi.Type)
	visit = func(t qapi.Type) {
		text.WriteString(t.TypeName() + ": " + t.Describe() + "\n")
		if seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *qapi.Array:
			visit(t.Elem)
		case *qapi.Alternate:
			for _, choice := range t.Choices {
				visit(choice)
			}
		case *qapi.Object:
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

// schemas returns every schema we have: introspection of two versions, QAPI source of 2012, and the embedded one.
func schemas(tb testing.TB) map[string]*qapi.Schema {
	tb.Helper()
	all := map[string]*qapi.Schema{}
	for _, version := range []string{"7.2", "11.1"} {
		all[version] = saved.Schema(tb, version, qapi.Parse)
	}
	old, err := source.New(saved.Source2012(tb))
	if err != nil {
		tb.Fatal(source.Excerpts(err))
	}
	all["2012"] = old.Schema()
	if all["embedded"], err = compat.Schema(); err != nil {
		tb.Fatal(err)
	}
	return all
}

func TestWalkEveryCommand(t *testing.T) {
	for version, s := range schemas(t) {
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
				if problems := s.Check(c.Name, arguments); qapi.Fatal(problems) {
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
