package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		line string
		kind Kind
		open bool
	}{
		{"", Blank, false},
		{"  \t", Blank, false},
		{"# x", Comment, false},
		{"  # x\n# y", Comment, false},
		{"# x\nstop", QMP, false},
		{"stop", QMP, false},
		{"help x y", QMP, false},
		{"?", QMP, false},
		{"{", Raw, true},
		{`{"execute": "stop"}`, Raw, false},
		{`{"execute": "stop"} | .`, Raw, false},
		{"transaction(", Batch, true},
		{"transaction ( abort", Batch, true},
		{"transaction( abort )", Batch, false},
		{"transaction", QMP, false},
		{"transaction actions=[", QMP, true},
		{".help", Dot, false},
		{".", Dot, false},
		{"_", Last, false},
		{"_ | .a", Last, false},
		{"_x", QMP, false},
		{`x a={"b": [1,`, QMP, true},
		{`x a="half`, QMP, false},
		{`x a=1 \`, QMP, true},
		{"x a=1 \\\n  b=2", QMP, false},
		{`x a=c:\dir\`, QMP, false},
		{`\`, Blank, true},
	} {
		l := Scan(tt.line)
		if l.Kind != tt.kind || l.Open() != tt.open {
			t.Errorf("%q: kind %d open %v, want %d %v", tt.line, l.Kind, l.Open(), tt.kind, tt.open)
		}
	}
}

func TestTails(t *testing.T) {
	for _, tt := range []struct {
		line string
		want Tail
	}{
		{`query-block | .[] | {a, b} # no comment`, Tail{Kind: JQ, Text: `.[] | {a, b} # no comment`}},
		{`query-block |! grep -c x > y`, Tail{Kind: Shell, Text: `grep -c x > y`}},
		{`query-block > a file `, Tail{Kind: File, Text: `a file`}},
		{`query-block >> log`, Tail{Kind: Append, Text: `log`}},
		{`query-block|.x`, Tail{Kind: JQ, Text: `.x`}},
		{`query-block>f`, Tail{Kind: File, Text: `f`}},
		{`query-block |.x`, Tail{Kind: JQ, Text: `.x`}},
		{`x a={"b": "|"} | .y`, Tail{Kind: JQ, Text: `.y`}},
		{`x a=b|c>d | .z`, Tail{Kind: JQ, Text: `.z`}},
		{`transaction( abort ) | .`, Tail{Kind: JQ, Text: `.`}},
		{`_ |! wc`, Tail{Kind: Shell, Text: `wc`}},
	} {
		l := Scan(tt.line)
		if l.Tail == nil || l.Tail.Kind != tt.want.Kind || l.Tail.Text != tt.want.Text || l.Text(l.Tail.Span) != tt.want.Text {
			t.Errorf("%s: tail %+v", tt.line, l.Tail)
		}
		if len(l.Problems) > 0 {
			t.Errorf("%s: %v", tt.line, l.Problems)
		}
	}
	if l := Scan(`| .x`); len(l.Problems) == 0 || l.Command != nil {
		t.Errorf("a tail without a command: %+v", l)
	}
}

// The roles that highlighting sees: one letter for each byte of the line.
func TestTokens(t *testing.T) {
	letters := map[TokenKind]string{
		TokenCommand: "c", TokenKey: "k", TokenPunct: "p", TokenString: "s", TokenNumber: "n", TokenConstant: "t",
		TokenWord: "w", TokenDirective: "d", TokenRest: "r", TokenOperator: "o", TokenComment: "#",
	}
	for _, tt := range []struct{ line, roles string }{
		{`stop # now`, `cccc #####`},
		{`x a.b=1 c=on d=word`, `c kkkpn kptt kpwwww`},
		{`x a="s" b={"k": [10G, true]}`, `c kpsss kppkkkp pnnnp ttttpp`},
		{`x a={"k": 0x10}`, `c kppkkkp nnnnp`},
		{`{"execute": "stop"}`, `pkkkkkkkkkp ssssssp`},
		{`transaction( abort x=1 )`, `cccccccccccp ccccc kpn p`},
		{`.help stop`, `ddddd rrrr`},
		{`_ | .x`, `d o rr`},
		{`x 5`, `c k`},
	} {
		roles := []byte(strings.Repeat(" ", len(tt.line)))
		for _, token := range Scan(tt.line).Tokens {
			for i := token.Span.Start; i < token.Span.End; i++ {
				roles[i] = letters[token.Kind][0]
			}
		}
		if string(roles) != tt.roles {
			t.Errorf("%s\n%s\n%s", tt.line, roles, tt.roles)
		}
	}
}

func TestSplit(t *testing.T) {
	text := "stop\n# comment\n\nx a={\n  \"b\": 1\n}\ntransaction(\n abort\n)\r\ncont\nx a=[1,"
	want := []string{"stop", "# comment", "", "x a={\n  \"b\": 1\n}", "transaction(\n abort\n)", "cont", "x a=[1,"}
	if got := split(text); !slices.Equal(got, want) {
		t.Errorf("split into %q", got)
	}
}

func TestShorthand(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"help", "help "}, {"help block-commit x", "help block-commit x"}, {"?", "help "}, {"? stop", "help stop"},
		{"exit", "exit "}, {"quit", ""}, {"help | .", ""}, {".help", ""}, {"", ""},
	} {
		got := ""
		if d := Scan(tt.line).Shorthand(); d != nil {
			got = fmt.Sprintf("%s %s", d.Name, d.Rest)
		}
		if got != tt.want {
			t.Errorf("%q stands for %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestDirective(t *testing.T) {
	d := Scan("  .hmp  info status  ").Directive
	if d.Name != "hmp" || d.Rest != "info status" || d.NameSpan != (Span{2, 6}) || d.RestSpan != (Span{8, 19}) {
		t.Errorf("directive %+v", d)
	}
}

func TestRawMessage(t *testing.T) {
	l := Scan(`{"exec-oob": "yank", "arguments": {"instances": []}, "id": {"a": 1}}`)
	if !l.Command.OOB || l.Command.Name != "yank" || l.Text(l.Command.NameSpan) != `"yank"` || len(l.Problems) > 0 {
		t.Errorf("command %+v, %v", l.Command, l.Problems)
	}
}

func TestIntegers(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"0", "0"}, {"-5", "-5"}, {"+5", "5"}, {"010", "10"}, {"0x10", "16"}, {"0XfF", "255"}, {"-0x10", "-16"}, {"0b101", "5"},
		{"0o17", "15"}, {"1k", "1024"}, {"1K", "1024"}, {"10G", "10737418240"}, {"1.5G", "1610612736"}, {"2T", "2199023255552"},
		{"1P", "1125899906842624"}, {"16E", "18446744073709551616"}, {"512MiB", "536870912"}, {"0.5k", "512"}, {"1e3", "1000"},
		{"18446744073709551615", "18446744073709551615"}, {"-1.5K", "-1536"}, {"1.0", "1"}, {"000", "0"},
		{"", ""}, {"G", ""}, {"-", ""}, {"1.5", ""}, {"0.3K", ""}, {"10GB", ""}, {"10B", ""}, {"0x", ""}, {"0xG", ""}, {"1_000", ""},
		{"0x1_0", ""}, {"1e999999999", ""}, {"1e-3", ""}, {"ten", ""}, {"10 G", ""}, {"1..5G", ""}, {".5G", ""}, {"iB", ""},
	} {
		got, ok := integer(tt.text)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("integer(%q) = %q, %v, want %q", tt.text, got, ok, tt.want)
		}
	}
}

// TestWhatIsTooDeepForQEMUIsSaidOnce: and a key of many parts costs no more than its length.
func TestWhatIsTooDeepForQEMUIsSaidOnce(t *testing.T) {
	deep := strings.Repeat("[", 3000)
	for _, tt := range []struct{ name, line string }{
		{"a key", "blockdev-add " + strings.Repeat("a.", 100_000) + "b=1"},
		{"a literal", "qom-set path=/ value=" + deep + strings.Repeat("]", 3000)},
		{"one that goes on on the next row", "qom-set path=/ value=" + deep},
		{"a message", `{"execute": "qom-set", "arguments": {"value": ` + deep},
	} {
		l := Scan(tt.line)
		_, diags := l.Bind(schema(t))
		deep := slices.DeleteFunc(diags, func(d Diagnostic) bool { return d.Message != tooDeep })
		if len(deep) != 1 || l.Open() {
			t.Errorf("%s: %d times, open %v", tt.name, len(deep), l.Open())
		}
		if l := Words(strings.Fields(tt.line)); len(l.Command.Args) == 0 {
			t.Errorf("%s: no arguments among the words", tt.name)
		}
	}
	open := Scan("qom-set value=json:{" + strings.Repeat(`"a":{`, 2000) + " path=/x")
	if args := open.Command.Args; len(args) != 2 {
		t.Errorf("a word behind the pseudo-protocol was swallowed: %d arguments", len(args))
	}
}
