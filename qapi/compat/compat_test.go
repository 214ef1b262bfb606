package compat

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat/table"
)

func load(tb testing.TB) *qapi.Schema {
	tb.Helper()
	s, err := Schema()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// The data is compared unpacked: another version of Go may pack the same bytes in another way.
func TestDataIsWhatTheTableSays(t *testing.T) {
	text, err := os.ReadFile("qemu-1.1.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := table.Compile(string(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := introspection()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the table has changed since the data was made of it: go generate ./qapi/compat")
	}
}

func TestTableMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"type T":            "",
		"kommando quit":     `line 1: what is a "kommando"?`,
		"type T a":          `line 1: member "a" of T has no type`,
		"type T\ntype T":    "line 2: type T is there twice",
		"union U tag tag:E": "line 1: union U has no branches",
		"type":              `line 1: "type" has no name`,
	} {
		_, err := table.Compile(text)
		if got := errText(err); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestEveryCommandTakesItsExamples(t *testing.T) {
	s := load(t)
	for _, c := range s.Commands() {
		for _, full := range []bool{false, true} {
			arguments, err := s.Example(c.Name, nil, full)
			if err != nil {
				t.Fatal(err)
			}
			if problems := s.Check(c.Name, arguments); len(problems) > 0 {
				t.Errorf("%s %s: %+v", c.Name, arguments, problems)
			}
		}
	}
}

// What servers of 2012 had beyond the QAPI source of that spring.
func TestCommandsBeyondTheSource(t *testing.T) {
	s := load(t)
	for name, members := range map[string]string{
		"migrate":                "uri blk? inc? detach?",
		"device_add":             "driver bus? id? …",
		"device_del":             "id",
		"netdev_add":             "type id …",
		"netdev_del":             "id",
		"screendump":             "filename",
		"getfd":                  "fdname",
		"closefd":                "fdname",
		"add_client":             "protocol fdname skipauth?",
		"client_migrate_info":    "protocol hostname port? tls-port? cert-subject?",
		"transaction":            "actions",
		"xen-save-devices-state": "filename",
		"block-stream":           "device base? speed?",
		"block-job-set-speed":    "device speed",
		"block-job-cancel":       "device",
		"qmp_capabilities":       "",
	} {
		c := s.Command(name)
		if c == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		var got []string
		for _, m := range c.Args.Members {
			got = append(got, m.Name+map[bool]string{true: "?"}[m.Optional])
		}
		if c.Open {
			got = append(got, "…")
		}
		if strings.Join(got, " ") != members {
			t.Errorf("%s takes %q, want %q", name, got, members)
		}
	}
	action := `{"actions":[{"type":"blockdev-snapshot-sync","data":{"device":"d","snapshot-file":"f","mode":"existing"}}]}`
	if problems := s.Check("transaction", []byte(action)); len(problems) > 0 {
		t.Errorf("transaction: %+v", problems)
	}
}

func TestRestrictedToOneSpelling(t *testing.T) {
	s := load(t).Restrict([]string{"query-status", "block-stream", "query-events", "STOP"})
	if s.Command("block_stream") != nil || s.Command("block-stream").Open || !s.Command("query-events").Open {
		t.Errorf("the commands are %v", s.Commands())
	}
	if near := s.Near("block_stream"); !slices.Equal(near, []string{"block-stream"}) {
		t.Errorf("near block_stream is %q", near)
	}
}

func BenchmarkSchema(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Schema(); err != nil {
			b.Fatal(err)
		}
	}
}
