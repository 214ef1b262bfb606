package qapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

func TestParseCounts(t *testing.T) {
	for version, want := range map[string]struct{ commands, events int }{"7.2": {216, 52}, "11.1": {242, 57}} {
		s := saved.Schema(t, version, Parse)
		if len(s.Commands()) != want.commands || len(s.Events()) != want.events {
			t.Errorf("%s: %d commands and %d events, want %v", version, len(s.Commands()), len(s.Events()), want)
		}
		if !slices.IsSortedFunc(s.Commands(), func(a, b *Command) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("%s: the commands are not sorted", version)
		}
		if string(s.Introspection()) != strings.TrimSpace(string(saved.Introspection(t, version))) {
			t.Errorf("%s: the introspection is not the one that was read", version)
		}
	}
}

func TestParseDetails(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	add := s.Command("blockdev-add")
	if got := add.Args.Describe(); got != "object by driver" {
		t.Errorf("blockdev-add takes %q", got)
	}
	if driver := add.Args.Member("driver"); driver.Optional || driver.Type.Describe() != "enum of 42 values" {
		t.Errorf("driver is %v %s", driver.Optional, driver.Type.Describe())
	}
	if !add.Args.Member("node-name").Optional {
		t.Error("node-name is not optional")
	}
	if file := add.Args.Variant("qcow2").Member("file").Type.Describe(); file != "object by driver or str" {
		t.Errorf("file of qcow2 is %q", file)
	}
	if !s.Command("yank").AllowOOB || s.Command("quit").AllowOOB {
		t.Error("yank is allowed out of band, quit is not")
	}
	if !s.Command("device_add").Open || s.Command("netdev_add").Open || s.Command("object-add").Open {
		t.Error("of the three that were open once, device_add alone is now")
	}
	if !s.Command("x-query-roms").Features.Has(Unstable) {
		t.Error("x-query-roms is not unstable")
	}
	if got := s.Command("query-block").Returns.Describe(); got != "list of object" {
		t.Errorf("query-block returns %q", got)
	}
	if s.Command("query-blocks") != nil || s.Event("QUIT") != nil || s.Event("STOP") == nil {
		t.Error("look-ups find what is not there, or not what is")
	}
}

// TestUnstableByName: servers before the feature said with "x-" which of their commands are unstable; later ones say it.
func TestUnstableByName(t *testing.T) {
	const (
		named  = `{"meta-type":"command","name":"x-blockdev-change","features":["deprecated"]},{"meta-type":"command","name":"stop"}`
		marked = `,{"meta-type":"command","name":"device-sync-config","features":["unstable"]}`
	)
	for text, want := range map[string]Features{"[" + named + "]": {Deprecated, Unstable}, "[" + named + marked + "]": {Deprecated}} {
		s, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Command("x-blockdev-change").Features; !slices.Equal(got, want) {
			t.Errorf("%s: x-blockdev-change has %q, want %q", text, got, want)
		}
		if s.Command("stop").Features.Has(Unstable) {
			t.Errorf("%s: stop is unstable", text)
		}
		cached, err := ParseCompact(s.AppendCompact(nil))
		if err != nil || !slices.Equal(cached.Command("x-blockdev-change").Features, want) {
			t.Errorf("%s: the compact form lost it (%v)", text, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{}`, "read the schema: json: cannot unmarshal object"},
		{`[{"meta-type":"command","name":"c","arg-type":"9","ret-type":"0"}]`, `command "c" uses type "9", which is not defined`},
		{`[{"meta-type":"object","name":"1","members":[{"name":"m","type":"gone"}]},
		   {"meta-type":"event","name":"E","arg-type":"1"}]`, `object "1" uses type "gone", which is not defined`},
		{`[{"meta-type":"builtin","name":"int","json-type":"int"},{"meta-type":"command","name":"c","arg-type":"int"}]`,
			`command "c" uses type "int" as an object, which it is not`},
		{`[{"meta-type":"array","name":"[1]","element-type":"[1]"},{"meta-type":"command","name":"c","ret-type":"[1]"}]`,
			`type "[1]" consists of itself`},
		{`[{"meta-type":"alternate","name":"1","members":[{"type":"[1]"},{"type":"int"}]},
		   {"meta-type":"array","name":"[1]","element-type":"1"},{"meta-type":"builtin","name":"int","json-type":"int"},
		   {"meta-type":"command","name":"c","ret-type":"1"}]`, `consists of itself`},
		{`[{"meta-type":"object","name":"1","members":[],"tag":"t"},{"meta-type":"event","name":"E","arg-type":"1"}]`,
			`object "1" has tag "t", which is not among its members`},
	} {
		if _, err := Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestParseIgnoresWhatItDoesNotKnow(t *testing.T) {
	const text = `[{"meta-type":"quantum","name":"q","members":{"of":"another form"},"values":7},
		{"meta-type":"object","name":"0","members":[],"colour":"blue"},
		{"meta-type":"command","name":"c","arg-type":"0","ret-type":"0","price":3,"features":["new"]}]`
	s, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Command("c"); c == nil || !c.Features.Has("new") {
		t.Errorf("the command is %+v", c)
	}
	if string(s.Introspection()) != text {
		t.Error("the introspection lost what was not known")
	}
}

func TestRestrict(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse).Restrict([]string{"stop", "from-the-future"})
	if len(s.Commands()) != 2 || s.Command("stop").Open || !s.Command("from-the-future").Open {
		t.Errorf("the commands are %+v", s.Commands())
	}
	if problems := s.Check("from-the-future", []byte(`{"any":[1]}`)); len(problems) != 0 {
		t.Errorf("open arguments have problems: %+v", problems)
	}
	again, err := Parse(s.Introspection())
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Commands()) != 2 || !again.Command("from-the-future").Open || len(again.Events()) != 52 {
		t.Errorf("printed and read again, it is another schema: %s", s.Introspection())
	}
}

func TestNothingIsNearToWhatIsNoName(t *testing.T) {
	if near := Nearest(strings.Repeat("a", 1_000_000), []string{"blockdev-snapshot-delete-internal-sync"}); near != nil {
		t.Errorf("near: %v", near)
	}
}

func TestNear(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	for word, want := range map[string]string{
		"block-comit":     "block-commit",
		"block_commit":    "block-commit",
		"query-stauts":    "query-status",
		"query-statu":     "query-status",
		"Query-Status":    "query-status",
		"device-add":      "device_add",
		"dev-add":         "device_add",
		"system_powerdwn": "system_powerdown",
		"migrate-cancel":  "migrate_cancel",
	} {
		if near := s.Near(word); len(near) == 0 || near[0] != want {
			t.Errorf("near %s: %q, want %s first", word, near, want)
		}
	}
	for _, word := range []string{"", "zzzzzz", "frobnicate-the-widget"} {
		if near := s.Near(word); len(near) != 0 {
			t.Errorf("near %q: %q, want none", word, near)
		}
	}
}
