package qmpconn

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseMessageTellsTheKind(t *testing.T) {
	for _, c := range []struct{ in, kind string }{
		{`{"return": {}, "id": 1}`, "return"},
		{`{"id": 1, "return": null}`, "return"},
		{"{\n  \"return\" : [ 1 , {\"error\": 2} ]\n}", "return"},
		{`{"\u0072eturn": 1}`, "return"},
		{`{"error": {"class": "GenericError", "desc": "no"}}`, "error"},
		{`{"error": "no"}`, "error"},
		{`{"event": "STOP"}`, "event"},
		{`{"QMP": {}}`, "greeting"},
		{`{}`, ""},
		{`{"event": 1}`, ""},
		{`{"event": ""}`, ""},
		{`{"id": 1}`, ""},
		{`[]`, ""},
		{`"return"`, ""},
		{`7`, ""},
	} {
		m, reason := parseMessage([]byte(c.in))
		if got := kindOf(m, reason); got != c.kind {
			t.Errorf("%s is %q (%s), want %q", c.in, got, reason, c.kind)
		}
	}
}

func kindOf(m message, reason string) string {
	switch {
	case reason != "":
		return ""
	case m.refusal != nil:
		return "error"
	case m.event != "":
		return "event"
	case m.greeting != nil:
		return "greeting"
	}
	return "return"
}

func TestParseGreeting(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Greeting
		ok   bool
	}{
		{`{"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian \u00e9"}, "capabilities": ["oob", 7, "x"]}`,
			Greeting{Version: Version{7, 2, 22}, Package: "Debian é", Capabilities: []string{"oob", "x"}}, true},
		{`{"version": {"qemu": {"micro": 50, "minor": 0, "major": 1}, "package": ""}, "capabilities": []}`, Greeting{Version: Version{1, 0, 50}}, true},
		{`{"version": {"qemu": {"major": 3}}}`, Greeting{Version: Version{Major: 3}}, true},
		{"{ \"version\" : {\r\n} , \"capabilities\" : [ \"oob\" , \"y\" ] }", Greeting{Capabilities: []string{"oob", "y"}}, true},
		{`{"version": "new", "capabilities": {}}`, Greeting{}, true},
		{`{}`, Greeting{}, false},
		{`7`, Greeting{}, false},
	} {
		c.want.Raw = json.RawMessage(c.in)
		if got, ok := parseGreeting(json.RawMessage(c.in)); ok != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v", c.in, got, ok)
		}
	}
}

func TestEventTimeMayBeUnknown(t *testing.T) {
	known := time.Unix(1700000000, 500000*1000)
	for _, c := range []struct {
		in   string
		want time.Time
	}{
		{`{"seconds": 1700000000, "microseconds": 500000}`, known},
		{`{"microseconds": 500000, "seconds": 1700000000}`, known},
		{`{"seconds": -1, "microseconds": -1}`, time.Time{}},
		{`{}`, time.Time{}},
		{`"noon"`, time.Time{}},
		{``, time.Time{}},
	} {
		raw := json.RawMessage(c.in)
		if c.in == "" {
			raw = nil
		}
		if got := eventTime(raw); !got.Equal(c.want) {
			t.Errorf("%s is %v, want %v", c.in, got, c.want)
		}
	}
}

func TestMessageLimit(t *testing.T) {
	text := `{"return": "` + strings.Repeat("x", 100_000) + `"}`
	for _, c := range []struct {
		limit int64
		ok    bool
	}{{0, true}, {200_000, true}, {50_000, false}} {
		in := newReceiver(strings.NewReader(text+text), "test", Options{MaxMessage: c.limit})
		for range 2 { // the limit is one message's, not the connection's
			m, err := in.next()
			if protocol := new(ProtocolError); !c.ok {
				if !errors.As(err, &protocol) {
					t.Errorf("limit %d: got %d bytes, %v; want a ProtocolError", c.limit, len(m.result), err)
				}
				break
			}
			if err != nil || len(m.result) != 100_002 {
				t.Errorf("limit %d: got %d bytes, %v", c.limit, len(m.result), err)
			}
		}
	}
}

// FuzzReceiver reads arbitrary bytes from a peer: nothing but messages and the declared errors may come of them.
func FuzzReceiver(f *testing.F) {
	for _, s := range []string{
		`{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}}` + "\r\n" + `{"return": {}, "id": 0}`,
		`{"timestamp": {"seconds": -1, "microseconds": -1}, "event": "STOP", "data": {}}`,
		`{"error": {"class": "A", "desc": "b", "data": {"c": [1, "\"}"]}}}`,
		"QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
		"{\"return\": \"\xff\"}\xff{", "{\"return\"", "nul", "\x00",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, agent := range []bool{false, true} {
			r := newReceiver(bytes.NewReader(in), "test", Options{GuestAgent: agent})
			for {
				m, err := r.next()
				protocol := new(ProtocolError)
				if err != nil {
					if !errors.As(err, &protocol) && !errors.Is(err, ErrPeerClosed) {
						t.Fatalf("error of another kind: %T %v", err, err)
					}
					break
				}
				eventTime(m.timestamp)
				parseGreeting(m.greeting)
				if m.result != nil && !json.Valid(m.result) {
					t.Fatalf("a return value that is no JSON: %q", m.result)
				}
			}
		}
	})
}

// FuzzEachMember compares our cutting of objects with the standard library's.
func FuzzEachMember(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, "{ \"a\" :\r\n [ {} , \"]}\" ] , \"\\u0062\\\"\" : -1e5 }", `{"a":{"b":[true,null]},"a":"x"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var want map[string]json.RawMessage
		in = bytes.TrimSpace(in)
		if len(in) == 0 || in[0] != '{' || json.NewDecoder(bytes.NewReader(in)).Decode(&want) != nil || !json.Valid(in) {
			return
		}
		got := make(map[string]json.RawMessage)
		eachMember(in, func(key []byte, value json.RawMessage) { got[validName(string(key))] = value })
		if !maps.EqualFunc(got, want, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Errorf("%s\n got %q\nwant %q", in, got, want)
		}
	})
}

// validName is a member's name as encoding/json has it, which replaces what is not UTF-8.
func validName(s string) string {
	quoted, _ := json.Marshal(s)
	var name string
	_ = json.Unmarshal(quoted, &name)
	return name
}

func TestReceiverEnds(t *testing.T) {
	for _, c := range []struct {
		in   string
		want error
	}{
		{"", ErrPeerClosed},
		{"\r\n", ErrPeerClosed},
		{`{"return"`, errPeerDied},
	} {
		_, err := newReceiver(strings.NewReader(c.in), "test", Options{}).next()
		if !errors.Is(err, c.want) || !errors.Is(err, ErrPeerClosed) {
			t.Errorf("%q: %v, want %v", c.in, err, c.want)
		}
	}
	broken := errors.New("broken")
	_, err := newReceiver(io.MultiReader(strings.NewReader(`{`), failing{broken}), "test", Options{}).next()
	if !errors.Is(err, broken) {
		t.Errorf("the transport's error became %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
