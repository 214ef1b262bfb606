package syntax

import "testing"

func TestWords(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct {
		name   string
		words  []string
		source string
		want   string
	}{
		{"as at the prompt", []string{"block-commit", "device=drive0", "speed=10M"},
			`block-commit device=drive0 speed=10M`, `{"device":"drive0","speed":10485760}`},
		{"blanks arrive inside a word", []string{"human-monitor-command", "command-line=info status"},
			`human-monitor-command command-line="info status"`, `{"command-line":"info status"}`},
		{"quotes inside arrive as they are", []string{"human-monitor-command", `command-line=x "a b" c`},
			`human-monitor-command command-line="x \"a b\" c"`, `{"command-line":"x \"a b\" c"}`},
		{"quotes around a word force a string", []string{"blockdev-add", "driver=qcow2", "file=f", `backing="null"`},
			`blockdev-add driver=qcow2 file=f backing="null"`, `{"driver":"qcow2","file":"f","backing":"null"}`},
		{"JSON with blanks", []string{"blockdev-add", `driver=qcow2`, `file={"driver": "null-co"}`},
			`blockdev-add driver=qcow2 file={"driver": "null-co"}`, `{"driver":"qcow2","file":{"driver":"null-co"}}`},
		{"half of a quote", []string{"qom-list", `path="x`}, `qom-list path="\"x"`, `{"path":"\"x"}`},
		{"half of a list, where a string is wanted", []string{"qom-list", `path=[x`}, `qom-list path=[x`, `{"path":"[x"}`},
		{"no word is a tail", []string{"qom-list", "path=a | b"}, `qom-list path="a | b"`, `{"path":"a | b"}`},
		{"no word is a comment", []string{"qom-list", "path=#1"}, `qom-list path=#1`, `{"path":"#1"}`},
		{"rows inside a word", []string{"qom-list", "path=a\nb"}, `qom-list path="a\nb"`, `{"path":"a\nb"}`},
		{"an empty value", []string{"set_link", "name=", "up=on"}, `set_link name= up=on`, `{"name":"","up":true}`},
		{"a whole line in one word", []string{"set_link name='a b' up=on"}, `set_link name='a b' up=on`, `{"name":"a b","up":true}`},
		{"a raw message", []string{`{"execute": "set_link",`, `"arguments": {"name": "n", "up": true}}`},
			`{"execute": "set_link", "arguments": {"name": "n", "up": true}}`, `{"name":"n","up":true}`},
		{"a batch in words", []string{"transaction(", "block-dirty-bitmap-clear", "node=a", "name=b c", ")"},
			`transaction( block-dirty-bitmap-clear node=a name="b c" )`,
			`{"actions":[{"type":"block-dirty-bitmap-clear","data":{"node":"a","name":"b c"}}]}`},
		{"a batch in one word", []string{"transaction( abort )"}, `transaction( abort )`, `{"actions":[{"type":"abort","data":{}}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := Words(tt.words)
			if l.Source != tt.source {
				t.Errorf("source %s", l.Source)
			}
			b, diags := l.Bind(s)
			if Failed(diags) || string(b.Arguments) != tt.want {
				t.Errorf("bound %s\n%s", b.Arguments, show(l, diags))
			}
			if l.Tail != nil || l.Open() {
				t.Errorf("tail %+v, open %v", l.Tail, l.Open())
			}
			sound(t, l)
		})
	}
}

func TestWordsThatAreWrong(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct {
		words []string
		want  string
	}{
		{[]string{"balloon", "value=10", "|", "."}, "error at \"|\": expected key=value\nerror at \".\": expected key=value"},
		{[]string{"balloon", "10 G"}, `error at "\"10 G\"": expected key=value`},
		{[]string{"blockdev-add", `file={"a": 1`, "x=1"}, `error at "{": this { is not closed`},
		{[]string{"transaction(", "abort"}, `error at "(": this ( is not closed`},
		{[]string{"balloon", "value=lots of it"}, `error at "\"lots of it\"": value: needs an integer, but "lots of it" is a string`},
	} {
		l := Words(tt.words)
		if _, diags := l.Bind(s); show(l, diags) != tt.want {
			t.Errorf("%q\n%s", tt.words, show(l, diags))
		}
	}
	if Words(nil).Kind != Blank || Words([]string{""}).Kind != Blank {
		t.Error("no words are no command")
	}
}
