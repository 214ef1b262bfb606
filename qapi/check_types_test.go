package qapi

import (
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// typed is a schema with every sort of type that introspection masks or that is rare.
const typed = `[
	{"meta-type":"builtin","name":"int8","json-type":"int"}, {"meta-type":"builtin","name":"uint8","json-type":"int"},
	{"meta-type":"builtin","name":"int16","json-type":"int"}, {"meta-type":"builtin","name":"uint16","json-type":"int"},
	{"meta-type":"builtin","name":"int32","json-type":"int"}, {"meta-type":"builtin","name":"uint32","json-type":"int"},
	{"meta-type":"builtin","name":"int64","json-type":"int"}, {"meta-type":"builtin","name":"uint64","json-type":"int"},
	{"meta-type":"builtin","name":"size","json-type":"int"}, {"meta-type":"builtin","name":"int","json-type":"int"},
	{"meta-type":"builtin","name":"number","json-type":"number"}, {"meta-type":"builtin","name":"null","json-type":"null"},
	{"meta-type":"builtin","name":"bool","json-type":"boolean"}, {"meta-type":"builtin","name":"any","json-type":"value"},
	{"meta-type":"builtin","name":"str","json-type":"string"},
	{"meta-type":"enum","name":"1","members":[{"name":"new"},{"name":"old","features":["deprecated"]},{"name":"odd","features":["unstable"]}]},
	{"meta-type":"array","name":"[int]","element-type":"int"},
	{"meta-type":"object","name":"4","members":[],"features":["deprecated"]},
	{"meta-type":"alternate","name":"2","members":[{"type":"number"},{"type":"int"},{"type":"1"},{"type":"[int]"}]},
	{"meta-type":"alternate","name":"3","members":[{"type":"bool"},{"type":"4"}]},
	{"meta-type":"object","name":"0","members":[
		{"name":"i8","type":"int8","default":null}, {"name":"u8","type":"uint8","default":null},
		{"name":"i16","type":"int16","default":null}, {"name":"u16","type":"uint16","default":null},
		{"name":"i32","type":"int32","default":null}, {"name":"u32","type":"uint32","default":null},
		{"name":"i64","type":"int64","default":null}, {"name":"u64","type":"uint64","default":null},
		{"name":"size","type":"size","default":null}, {"name":"int","type":"int","default":null},
		{"name":"number","type":"number","default":null}, {"name":"null","type":"null","default":null},
		{"name":"any","type":"any","default":null}, {"name":"enum","type":"1","default":null},
		{"name":"alt","type":"2","default":null}, {"name":"either","type":"3","default":null},
		{"name":"list","type":"[int]","default":null}]},
	{"meta-type":"command","name":"c","arg-type":"0"}]`

func TestCheckTypes(t *testing.T) {
	s, err := Parse([]byte(typed))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ member, want string }{
		{`"i8":-128`, ""}, {`"i8":127`, ""}, {`"i8":128`, "i8: 128 is out of range: -128 to 127"},
		{`"u8":255`, ""}, {`"u8":256`, "u8: 256 is out of range: 0 to 255"}, {`"u8":-1`, "u8: -1 is out of range: 0 to 255"},
		{`"i16":-32768`, ""}, {`"i16":32768`, "i16: 32768 is out of range: -32768 to 32767"},
		{`"u16":65535`, ""}, {`"u16":65536`, "u16: 65536 is out of range: 0 to 65535"},
		{`"i32":-2147483648`, ""}, {`"i32":2147483648`, "i32: 2147483648 is out of range: -2147483648 to 2147483647"},
		{`"u32":4294967295`, ""}, {`"u32":4294967296`, "u32: 4294967296 is out of range: 0 to 4294967295"},
		{`"i64":9223372036854775807`, ""},
		{`"i64":9223372036854775808`, "i64: 9223372036854775808 is out of range: -9223372036854775808 to 9223372036854775807"},
		{`"u64":18446744073709551615`, ""},
		{`"u64":18446744073709551616`, "u64: 18446744073709551616 is out of range: 0 to 18446744073709551615"},
		{`"size":-1`, "warning: size: -1 is negative: QEMU takes it as 18446744073709551615"},
		{`"size":-9223372036854775809`, "size: -9223372036854775809 is out of range: 0 to 18446744073709551615"},
		{`"size":1.5`, "size: needs an integer, but 1.5 is not an integer"},
		{`"int":18446744073709551615`, ""}, {`"int":-9223372036854775808`, ""},
		{`"int":true`, "int: needs an integer, but true is a boolean"},
		{`"number":7`, ""}, {`"number":7.5e300`, ""}, {`"number":null`, "number: needs a number, but this is null"},
		{`"null":null`, ""}, {`"null":{}`, "null: needs null, but this is an object"},
		{`"any":[{"x":null}]`, ""},
		{`"enum":"new"`, ""}, {`"enum":"news"`, `enum: "news" is not one of new, old, odd`},
		{`"enum":"old"`, `warning: enum: "old" is deprecated: a later QEMU may lack it`},
		{`"enum":"odd"`, `warning: enum: "odd" is unstable: it may change with any QEMU`},
		{`"enum":7`, "enum: needs one of new, old, odd, but 7 is an integer"},
		{`"alt":1`, ""}, {`"alt":1.5`, ""}, {`"alt":"new"`, ""}, {`"alt":[1]`, ""},
		{`"alt":"x"`, `alt: "x" is not one of new, old, odd`},
		{`"alt":[1.5]`, "alt.0: needs an integer, but 1.5 is not an integer"},
		{`"alt":false`, "alt: needs a number or an integer or one of new, old, odd or a list, but false is a boolean"},
		{`"either":true`, ""}, {`"either":{}`, "warning: either: the type is deprecated: a later QEMU may lack it"},
		{`"either":[]`, "either: needs true or false or an object, but this is a list"},
		{`"list":[1,"` + strings.Repeat("x", 99) + `"]`,
			`list.1: needs an integer, but "` + strings.Repeat("x", 59) + `…" is a string`},
	} {
		got := ""
		for _, p := range s.Check("c", []byte("{"+c.member+"}")) {
			if p.Warning {
				got += "warning: "
			}
			got += p.Message
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.member, got, c.want)
		}
	}
}

func TestCheckJSON(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	deep := strings.Repeat(`[`, 2*nestedMost) + strings.Repeat(`]`, 2*nestedMost)
	for arguments, want := range map[string]string{
		`{} {}`:                             "the arguments are not valid JSON: something follows the JSON value",
		`{"value":`:                         "the arguments are not valid JSON: unexpected EOF",
		`{"value":]`:                        "the arguments are not valid JSON: invalid character ']'",
		`{"path":"/","value":` + deep + `}`: "the arguments are not valid JSON: nested deeper than 1024",
		`7`:                                 "needs an object, but 7 is an integer",
	} {
		problems := s.Check("qom-set", []byte(arguments))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Message, want) || !Fatal(problems) {
			t.Errorf("%.40s: %+v, want %s", arguments, problems, want)
		}
	}
	if Fatal(s.Check("x-query-roms", nil)) {
		t.Error("a warning is fatal")
	}
}

func TestPrintIsTheSameSchema(t *testing.T) {
	for name, s := range map[string]*Schema{"7.2": saved.Schema(t, "7.2", Parse), "11.1": saved.Schema(t, "11.1", Parse)} {
		printed := printSchema(s)
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if string(printSchema(again)) != string(printed) {
			t.Errorf("%s: printed, read and printed again, it differs", name)
		}
		for _, c := range s.Commands() {
			want, err := s.Example(c.Name, nil, true)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := again.Example(c.Name, nil, true); err != nil || string(got) != string(want) {
				t.Errorf("%s: %s takes %s, want %s (%v)", name, c.Name, got, want, err)
			}
		}
	}
}

// Damage that has the right checksum is no reason to fall over.
func TestCompactOfNonsense(t *testing.T) {
	data := saved.Schema(t, "7.2", Parse).Restrict([]string{"query-status", "stop", "new"}).AppendCompact(nil)
	refused := 0
	for i := len(compactMagic) + 4; i < len(data); i++ {
		for _, to := range []byte{0, 1, 0x7f, 0xff} {
			damaged := append([]byte(nil), data...)
			damaged[i] = to
			if _, err := ParseCompact(Reseal(damaged)); err != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("everything is a schema")
	}
}
