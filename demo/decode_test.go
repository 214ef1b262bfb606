package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
)

// FuzzDecoder holds the decoder against the standard library's: what that takes for one JSON value, ours takes for the
// same one, and writes so that it is read as the same again.
func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5,-3e-7,true,false,null,"x"],"b":{"c":"\u00e9\ud83d\ude00\n\\\/"}}`, `[]`, `{}`, `""`, `1e400`, `-0`, `[[[]]]`,
		`{'a':'b'}`, "\xff", `{"a":1,"a":2}`, `{"\u0000":"\ud800"}`, `18446744073709551615`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		d := newDecoder(bytes.NewReader(input))
		var values []any
		complained := false
		for {
			v, err := d.next()
			if bad := (*syntaxError)(nil); errors.As(err, &bad) {
				complained = true
				continue
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			again := appendJSON(nil, v)
			if w, err := newDecoder(bytes.NewReader(again)).next(); err != nil || !bytes.Equal(appendJSON(nil, w), again) {
				t.Fatalf("%q is written as %s, which is read as %v (%v)", input, again, w, err)
			}
			if !json.Valid(again) {
				t.Fatalf("%q is written as %s", input, again)
			}
			values = append(values, v)
		}
		if complained || len(values) != 1 || !json.Valid(input) {
			return
		}
		var ours, theirs any
		if json.Unmarshal(appendJSON(nil, values[0]), &ours) == nil && json.Unmarshal(input, &theirs) == nil && !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("%q is %v, read as %v", input, theirs, ours)
		}
	})
}
