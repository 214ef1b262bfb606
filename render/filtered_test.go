package render

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestFilteredResults(t *testing.T) {
	const blocks = `[{"device": "drive0", "inserted": {"ro": false}}, {"device": "cd0", "inserted": {"ro": true}}]`
	terminal := Printer{Terminal: true, Width: 80, Command: "query-block"}
	cases := []struct {
		name, expr string
		p          Printer
		want       string
	}{
		{"objects are rows", ".[] | {device, ro: .inserted.ro}", terminal, "DEVICE  RO\ndrive0  false\ncd0     true\n"},
		{"strings are lines", ".[].device", terminal, "drive0\ncd0\n"},
		{"one object", ".[0] | {device}", terminal, "device  drive0\n"},
		{"a row, then something else", ".[0], 1, {a: 1}, {a: 2}", terminal, "device  drive0\ninserted\n└─ ro  false\n1\nA\n1\n2\n"},
		{"nothing", "empty", terminal, ""},
		{"an empty object", "{}", terminal, "ok\n"},
		{"lines in a pipe", ".[] | {device}", Printer{}, "{\"device\":\"drive0\"}\n{\"device\":\"cd0\"}\n"},
		{"documents in YAML", ".[] | {device}", Printer{Format: YAML}, "device: drive0\n---\ndevice: cd0\n"},
		{"a table in a pipe", ".[] | {device}", Printer{Format: Table}, "device\ndrive0\ncd0\n"},
		{"raw", ".[].device", Printer{Raw: true}, "drive0\ncd0\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := CompileFilter(c.expr)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := c.p.Filtered(t.Context(), &out, f, json.RawMessage(blocks)); err != nil {
				t.Fatal(err)
			}
			if out.String() != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", out.String(), c.want)
			}
		})
	}
}

func TestFilteredKeepsWhatCameBeforeAFailure(t *testing.T) {
	f, err := CompileFilter(`{a: 1}, {a: 2}, error("stop")`)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = Printer{Terminal: true}.Filtered(t.Context(), &out, f, json.RawMessage("null"))
	if err == nil || out.String() != "A\n1\n2\n" {
		t.Errorf("%v after %q", err, out.String())
	}
}

func TestFilteredTableGoesOnBeyondAThousandRows(t *testing.T) {
	f, err := CompileFilter(`range(2500) | {n: .}`)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := (Printer{Terminal: true}).Filtered(t.Context(), &out, f, json.RawMessage("null")); err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(out.String(), "\n"); rows != 2500+3 {
		t.Errorf("%d lines, want 2500 rows under three heads", rows)
	}
}
