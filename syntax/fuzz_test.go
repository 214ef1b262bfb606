package syntax

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

// FuzzScan reads any text: it must not panic, its spans must be sound, and what binds without an error is JSON.
func FuzzScan(f *testing.F) {
	for _, line := range saved.Lines(f) {
		f.Add(line)
	}
	for _, line := range []string{"a={[\"\\u12\\q'\x00\xff(", "(a", "a b|c", `x {"a"é`, `x a="é"é`, `x a="\é"`} {
		f.Add(line)
	}
	s := schema(f)
	f.Fuzz(func(t *testing.T, line string) {
		l := Scan(line)
		sound(t, l)
		for _, schema := range []any{nil, s} {
			guide := s
			if schema == nil {
				guide = nil
			}
			b, diags := l.Bind(guide)
			for _, d := range diags {
				within(t, l, "diagnostic", d.Span, Span{0, len(l.Source)})
			}
			if !Failed(diags) && len(l.Problems) > 0 {
				t.Errorf("%q may be sent with %v", line, l.Problems)
			}
			if !Failed(diags) && len(b.Arguments) > 0 && !json.Valid(b.Arguments) {
				t.Errorf("%q bound to %s", line, b.Arguments)
			}
			for i := range b.Asks {
				b.Answer(i, `"\`+line)
			}
			if len(b.Asks) > 0 && !Failed(diags) && !json.Valid(b.Arguments) {
				t.Errorf("%q answered to %s", line, b.Arguments)
			}
		}
		l.masked(s)
		if covered := l.Covered(s); len(covered) != len(l.Source) {
			t.Errorf("%q covers %q", covered, l.Source)
		}
		split(line)
	})
}

// FuzzWords reads any words: the value of each word must come out as it went in.
func FuzzWords(f *testing.F) {
	s := schema(f)
	f.Add("blockdev-add", "filename=a b", `{"driver": "file"}`)
	f.Add("x", `a="b" c`, `b=[1, `)
	f.Add("x", "a=json:{\"x y\"", "b=)")
	f.Fuzz(func(t *testing.T, name, one, two string) {
		l := Words([]string{name, one, two})
		sound(t, l)
		l.Bind(s)
		if l.Open() {
			t.Errorf("%q is open", l.Source)
		}
		value := Quote(one)
		b, diags := Words([]string{"qom-list", "path=" + one}).Bind(s)
		if plainText(one) && (Failed(diags) || string(b.Arguments) != `{"path":`+value+`}`) {
			t.Errorf("%q bound to %s, %v", one, b.Arguments, diags)
		}
	})
}

// plainText reports whether a word's value has no quotes or brackets at its start, which have a meaning.
func plainText(text string) bool {
	return text != "" && text[0] != '"' && text[0] != '\'' && text[0] != '{' && text[0] != '['
}

// FuzzPrint prints any JSON object as a line, which must bind to the same again.
func FuzzPrint(f *testing.F) {
	f.Add(`{"a": {"b.c": [1, -2.5e3, null]}, "d": "on", "e": "", "f": {}, "": "x"}`)
	f.Add(`{"a": "?", "b": "json:{", "c": "{", "d": "a b", "e": "10G", "0": 1}`)
	f.Fuzz(func(t *testing.T, object string) {
		want := Scan(`x ` + object)
		if want.Command == nil || len(want.Command.Args) != 1 || want.Command.Args[0].Key != nil {
			return
		}
		b, diags := want.Bind(nil)
		if len(diags) > 0 || len(b.Asks) > 0 {
			return
		}
		again, diags := Scan(Print("x", b.Arguments)).Bind(nil)
		if len(diags) > 0 || !sameArguments(b, again) {
			t.Errorf("%s\nprinted %s\nbound %s %v", b.Arguments, Print("x", b.Arguments), again.Arguments, diags)
		}
	})
}

// FuzzMask hides what it must: a message stays JSON, and what a line sends as a secret is nowhere in it when it is masked,
// nor in what goes over the wire.
func FuzzMask(f *testing.F) {
	f.Add(`{"execute": "set_password", "arguments": {"protocol": "vnc", "password": "letmein"}}`)
	for _, line := range []string{
		`set_password protocol=vnc password=letmein`, `set_password {"protocol": "vnc"} password="letmein"`, `x password.0=letmein`,
		`set_password protocol=vnc password=[letmein] # comment`, `transaction( x {"password": ["letmein"]} y secret.a.b=letmein )`,
	} {
		f.Add(line)
	}
	s := schema(f)
	f.Fuzz(func(t *testing.T, line string) {
		if masked := MaskJSON([]byte(line)); json.Valid([]byte(line)) && !json.Valid(masked) {
			t.Errorf("%q became %q", line, masked)
		}
		for _, guide := range []*qapi.Schema{nil, s} {
			l := Scan(line)
			b, _ := l.Bind(guide)
			var arguments any
			if json.Unmarshal(b.Arguments, &arguments) != nil || !sends(arguments, false) || strings.Count(line, "letmein") != 1 {
				continue
			}
			wire := string(MaskJSON([]byte(`{"execute":` + Quote(b.Name) + `,"arguments":` + string(b.Arguments) + `}`)))
			if shown := l.masked(guide) + l.Covered(guide) + wire; strings.Contains(shown, "letmein") {
				t.Errorf("%q shows %q", line, shown)
			}
		}
	})
}

// sends reports whether a value holds a secret, as one or in a member that is named as one.
func sends(v any, secret bool) bool {
	switch v := v.(type) {
	case string:
		return secret && strings.Contains(v, "letmein")
	case []any:
		return slices.ContainsFunc(v, func(elem any) bool { return sends(elem, secret) })
	case map[string]any:
		for name, member := range v {
			if sends(member, secret || secretName(name)) {
				return true
			}
		}
	}
	return false
}
