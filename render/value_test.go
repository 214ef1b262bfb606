package render

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestValueKeepsOrderAndDigits(t *testing.T) {
	raw := []byte(` {"b": 18446744073709551615, "a": 1e400, "a": [-0.10, "\ud83d\ude00\u00e9\/\n", true, null, {}]} `)
	v, err := parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Members[0]; got.Name != "b" || got.Value.Text != "18446744073709551615" {
		t.Errorf("first member %q = %q", got.Name, got.Value.Text)
	}
	if got := v.Members[1].Value.Text; got != "1e400" {
		t.Errorf("digits %q", got)
	}
	list := v.Members[2].Value
	want := []string{"-0.10", "😀é/\n", "true", "null", ""}
	for i, item := range list.Items {
		if item.Text != want[i] {
			t.Errorf("item %d is %q, want %q", i, item.Text, want[i])
		}
	}
	if string(list.Raw) != `[-0.10, "\ud83d\ude00\u00e9\/\n", true, null, {}]` {
		t.Errorf("raw %q", list.Raw)
	}
}

func TestParseRefusesWhatIsNoValue(t *testing.T) {
	for _, text := range []string{"", " ", "{", `{"a"}`, "[1,]", "1 2", `"`, "nul", "01", "\x00"} {
		if v, err := parse([]byte(text)); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", text, v)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,{"b":null}],"c":"\ud800x\u12e4"}`, `[]`, `"\\\"\b\f\t"`, `1e400`, "\"\xff\"", ` [ [ ] , { } ] `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := parse(raw)
		if (err == nil) != json.Valid(raw) {
			t.Fatalf("Parse says %v of %q", err, raw)
		}
		if err != nil {
			return
		}
		same(t, v, raw)
	})
}

// same compares a value with what encoding/json reads from the same text.
func same(t *testing.T, v value, raw []byte) {
	t.Helper()
	if !bytes.Equal(v.Raw, bytes.Trim(raw, " \t\r\n")) {
		t.Fatalf("raw is %q of %q", v.Raw, raw)
	}
	switch v.Kind {
	case stringKind:
		var want string
		if err := json.Unmarshal(raw, &want); err != nil || want != string(bytes.ToValidUTF8([]byte(v.Text), nil)) && want != validated(v.Text) {
			t.Fatalf("string %q of %q, want %q", v.Text, raw, want)
		}
	case listKind:
		var want []json.RawMessage
		if err := json.Unmarshal(raw, &want); err != nil || len(want) != len(v.Items) {
			t.Fatalf("%d items of %q: %v", len(v.Items), raw, err)
		}
		for i := range want {
			same(t, v.Items[i], want[i])
		}
	case objectKind:
		var want map[string]json.RawMessage
		if err := json.Unmarshal(raw, &want); err != nil || len(want) > len(v.Members) {
			t.Fatalf("%d members of %q: %v", len(v.Members), raw, err)
		}
	default:
		if v.Text != string(bytes.Trim(raw, " \t\r\n")) {
			t.Fatalf("scalar %q of %q", v.Text, raw)
		}
	}
}

// validated is a string with a replacement character for each byte that is no UTF-8, as encoding/json has it.
func validated(s string) string { return string([]rune(s)) }
