package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFilter(t *testing.T) {
	cases := []struct{ name, expr, in, want string }{
		{"identity keeps order and digits", ".", `{"z": 18446744073709551615, "a": 1e400, "m": 0.10}`, `{"z":18446744073709551615,"a":1e400,"m":0.10}`},
		{"constructor's order", "{ro: .b, device: .a}", `{"a":1,"b":2}`, `{"ro":2,"device":1}`},
		{"constructor in a pipe", ".[] | {size, id} ", `[{"id":1,"size":2,"x":3}]`, `{"size":2,"id":1}`},
		{"input's order for what is left", "del(.b)", `{"z":1,"b":2,"a":3}`, `{"z":1,"a":3}`},
		{"new members last", `. + {new: 1}`, `{"z":1,"a":3}`, `{"new":1,"z":1,"a":3}`},
		{"constructor in a condition", `if . then {z: 1, a: 2} elif . then 1 else {y: 1, b: 2} end`, `null`, `{"y":1,"b":2}`},
		{"constructor in try", `try error({z: 1, a: 2}) catch {m: ., c: 0}`, `null`, `{"m":{"z":1,"a":2},"c":0}`},
		{"constructor in reduce", `reduce (1,2) as $x ({z: 0, a: 0}; {z: (.z + $x), a})`, `null`, `{"z":3,"a":0}`},
		{"constructor in foreach", `[foreach (1,2) as $x (0; . + $x; {z: ., a: $x})]`, `null`, `[{"z":1,"a":1},{"z":3,"a":2}]`},
		{"constructor in a function", `def f: . as $k | {z: 1, "a": 2, $k}; f`, `null`, `{"z":1,"a":2,"k":null}`},
		{"constructor as an argument", `map({z: ., a: -(.)})`, `[1]`, `[{"z":1,"a":-1}]`},
		{"elements", ".[]", `[1,"x",null]`, "1\n\"x\"\nnull"},
		{"nothing", "empty", `{}`, ""},
		{"halt", "1, halt, 2", `{}`, "1"},
		{"characters stay", ".", `"<&>é\u0007"`, `"<&>é\u0007"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := CompileFilter(c.expr)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			err = f.run(t.Context(), json.RawMessage(c.in), func(out json.RawMessage) error {
				got = append(got, string(out))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if joined := strings.Join(got, "\n"); joined != c.want {
				t.Errorf("got  %s\nwant %s", joined, c.want)
			}
		})
	}
}

func TestFilterThatDoesNotCompileSaysWhere(t *testing.T) {
	cases := []struct{ expr, culprit, message string }{
		{".[] | {", "", "unexpected EOF"},
		{".a | foo(1)", "foo", "function not defined: foo/1"},
		{".a ) .b", ")", `unexpected token ")"`},
		{".a | $x", "$x", "variable not defined: $x"},
	}
	for _, c := range cases {
		_, err := CompileFilter(c.expr)
		var fe *FilterError
		if !errors.As(err, &fe) {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if !strings.HasPrefix(fe.Error(), "jq: ") {
			t.Errorf("%s: %v", c.expr, fe)
		}
		if got := c.expr[fe.Start:fe.End]; got != c.culprit || fe.Message != c.message {
			t.Errorf("%s: %q at %q, want %q at %q", c.expr, fe.Message, got, c.message, c.culprit)
		}
	}
}

func TestFilterEndsWithItsContext(t *testing.T) {
	f, err := CompileFilter("last(repeat(1))")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = f.run(ctx, json.RawMessage("null"), func(json.RawMessage) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the endless filter ended with %v", err)
	}
}

func TestFilterReportsWhatFailedAtRunTime(t *testing.T) {
	f, err := CompileFilter(".a.b")
	if err != nil {
		t.Fatal(err)
	}
	err = f.run(t.Context(), json.RawMessage(`{"a":1}`), func(json.RawMessage) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "jq: expected an object but got: number") {
		t.Errorf("got %v", err)
	}
}

// FuzzFilter compiles any expression: a mistake is in it. And any value comes out of the filter that changes nothing as it
// went in.
func FuzzFilter(f *testing.F) {
	f.Add(`.[] | {a, "b": .c, ("d"): 1, $__loc__} | if .a then {x} else [.[]?] end`, []byte(`[{"b":1.50,"a":[]},{"a":null,"b":1}]`))
	f.Add(`nothing(1) as [$x] | "\(`, []byte(`{"a\u0000b":1,"a":{"b":2,"a":3}}`))
	f.Add(`reduce .[] as $x (0; . + $x)`, []byte(`{"a":1,"b":2,"a":3}`))
	same, err := CompileFilter(".")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expr string, raw []byte) {
		if _, err := CompileFilter(expr); err != nil {
			wrong, ok := err.(*FilterError)
			if !ok || wrong.Message == "" || wrong.Start < 0 || wrong.Start > wrong.End || wrong.End > len(expr) {
				t.Fatalf("%q: %#v", expr, err)
			}
		}
		if !json.Valid(raw) {
			return
		}
		err := same.run(t.Context(), raw, func(out json.RawMessage) error {
			if want, got := decoded(t, raw), decoded(t, out); !reflect.DeepEqual(got, want) {
				t.Errorf("%s came out as %s", raw, out)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	})
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}
