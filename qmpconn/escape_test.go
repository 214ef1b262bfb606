package qmpconn

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

func TestAppendASCII(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"a": 1.10, "b":"\u00e9\n<&>"}`, `{"a": 1.10, "b":"\u00e9\n<&>"}`},
		{`"é"`, `"\u00e9"`},
		{`"€"`, `"\u20ac"`},
		{`"😀"`, `"\ud83d\ude00"`},
		{`"�"`, `"\ufffd"`},
		{`"\\é"`, `"\\\u00e9"`},
	} {
		got, ok := appendASCII(nil, []byte(c.in))
		if !ok || string(got) != c.want {
			t.Errorf("%s: got %s, %v; want %s", c.in, got, ok, c.want)
		}
	}
	if got, ok := appendASCII(nil, []byte("\"\xff\"")); ok {
		t.Errorf("a byte outside UTF-8 passed as %q", got)
	}
}

func FuzzAppendASCII(f *testing.F) {
	f.Add([]byte(`{"é": ["😀", "\ud83d"]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if !json.Valid(in) || !utf8.Valid(in) {
			return
		}
		out, ok := appendASCII(nil, in)
		if !ok {
			t.Fatalf("%q was refused", in)
		}
		for _, b := range out {
			if b >= utf8.RuneSelf {
				t.Fatalf("%q became %q", in, out)
			}
		}
		var before, after any
		if json.Unmarshal(in, &before) != nil { // a number out of range
			return
		}
		if err := json.Unmarshal(out, &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%q became %q, which says something else (%v)", in, out, err)
		}
	})
}
