package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

func source2012(t testing.TB) *Source {
	t.Helper()
	s, err := New(saved.Source2012(t))
	if err != nil {
		t.Fatal(Excerpts(err))
	}
	return s
}

func loadFile(t testing.TB, name string) *Source {
	t.Helper()
	s, err := Load(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(Excerpts(err))
	}
	return s
}

func TestFileOf2012ParsesWhole(t *testing.T) {
	s := source2012(t)
	if n := len(s.Schema().Commands()); n != 49 {
		t.Errorf("%d commands, want 49", n)
	}
	count := make(map[string]int)
	for _, item := range s.Files[0].Items {
		count[fmt.Sprintf("%T", item)]++
		d, ok := item.(Definition)
		if !ok {
			t.Errorf("%s: a comment is attached to nothing", item)
			continue
		}
		if d.head().Doc == nil {
			t.Errorf("%s has no comment", d.head().Name)
		}
	}
	if count["*source.Struct"] != 28 || count["*source.Enum"] != 2 || count["*source.Command"] != 49 || len(count) != 3 {
		t.Errorf("definitions: %v", count)
	}
}

func TestQuirksOf2012AreWarnings(t *testing.T) {
	var got []string
	for _, w := range source2012(t).Warnings {
		got = append(got, w.String())
	}
	for _, want := range []string{
		"qapi-schema-1.1.json:89:1: no colon after @RunState",
		"qapi-schema-1.1.json:619:1: the comment describes @connection-type, which SpiceChannel does not have",
		"qapi-schema-1.1.json:630:1: the comment does not describe 'channel-type' of SpiceChannel",
		"qapi-schema-1.1.json:1219:1: the comment says DevicePropertyInfo, but documents ObjectPropertyInfo",
		"qapi-schema-1.1.json:1407:1: the comment describes @target, which change-vnc-password does not have",
		"qapi-schema-1.1.json:1467:1: the comment describes @ops_rd, which block_set_io_throttle does not have",
		"qapi-schema-1.1.json:1481:1: the comment on block_stream does not open with ##",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no warning %q", want)
		}
	}
	if len(got) != 23 {
		t.Errorf("%d warnings, want 23:\n%s", len(got), strings.Join(got, "\n"))
	}
}

func TestSchemaOf2012(t *testing.T) {
	schema := source2012(t).Schema()
	memsave := schema.Command("memsave").Args
	if m := memsave.Member("cpu-index"); m == nil || !m.Optional || m.Type.TypeName() != "int" {
		t.Errorf("memsave's cpu-index: %+v", m)
	}
	if m := memsave.Member("filename"); m == nil || m.Optional {
		t.Errorf("memsave's filename: %+v", m)
	}
	version := schema.Command("query-version").Returns.(*qapi.Object)
	nested, ok := version.Member("qemu").Type.(*qapi.Object)
	if version.Name != "VersionInfo" || !ok || nested.Name != "" || nested.Member("micro") == nil {
		t.Errorf("VersionInfo: %+v with %+v", version, nested)
	}
	if got := schema.Command("qom-get").Returns.Describe(); got != "any" {
		t.Errorf("qom-get returns %s", got)
	}
	if got := schema.Command("query-block").Returns.Describe(); got != "list of BlockInfo" {
		t.Errorf("query-block returns %s", got)
	}
	stats := schema.Command("query-blockstats").Returns.(*qapi.Array).Elem.(*qapi.Object)
	if stats.Member("parent").Type != qapi.Type(stats) {
		t.Error("BlockStats does not reach itself")
	}
	state := schema.Command("query-status").Returns.(*qapi.Object).Member("status").Type.(*qapi.Enum)
	if state.Name != "RunState" || len(state.Values) != 13 {
		t.Errorf("RunState: %+v", state)
	}
}

func TestDocsOf2012(t *testing.T) {
	docs := source2012(t).Docs()
	for _, c := range source2012(t).Schema().Commands() {
		if doc, ok := docs.Doc(c.Name); !ok || doc.Summary == "" || doc.Source != "qapi-schema-1.1.json" {
			t.Errorf("%s: %+v", c.Name, doc)
		}
	}
	stream, _ := docs.Doc("block_stream")
	if stream.Members["base"] != "the common backing file name" || stream.Since != "1.1" ||
		!strings.Contains(stream.Returns, "\nIf device does not exist, DeviceNotFound\n") {
		t.Errorf("block_stream: %+v", stream)
	}
	version, _ := docs.TypeDoc("VersionInfo")
	if version.Members["qemu.major"] != "The major version of QEMU" {
		t.Errorf("VersionInfo: %+v", version)
	}
	if inner := version.Within("qemu"); len(inner.Members) != 3 || inner.Members["major"] != "The major version of QEMU" {
		t.Errorf("within qemu: %+v", inner)
	}
	renamed, ok := docs.TypeDoc("ObjectPropertyInfo")
	if !ok || renamed.Members["name"] == "" {
		t.Errorf("the comment that names another definition is lost: %+v", renamed)
	}
}

func TestSchemaOfToday(t *testing.T) {
	s := loadFile(t, "today.json")
	if len(s.Files) != 2 {
		t.Fatalf("%d files, want two, each once", len(s.Files))
	}
	sell := s.Schema().Command("sell-drink")
	if !sell.AllowOOB || !sell.Features.Has(qapi.Deprecated) || !sell.Features.Has("vending-x") {
		t.Errorf("sell-drink: %+v", sell)
	}
	choice, ok := sell.Args.Member("drink").Type.(*qapi.Alternate)
	if !ok || choice.Name != "DrinkOrNumber" || len(choice.Choices) != 4 {
		t.Errorf("drink: %+v", choice)
	}
	order := s.Schema().Command("place-order").Args
	leaf := order.Variant("tea")
	if order.Tag != "what" || leaf == nil || leaf.Member("number") == nil || leaf.Member("grams").Type.Describe() != "size" {
		t.Errorf("Order: %+v", order)
	}
	if fair := leaf.Member("fair"); fair == nil || !fair.Optional || !fair.Features.Has(qapi.Unstable) {
		t.Errorf("fair: %+v", fair)
	}
	drink := order.Member("what").Type.(*qapi.Enum)
	if len(drink.Values) != 3 || !drink.Values[1].Features.Has(qapi.Deprecated) {
		t.Errorf("Drink: %+v", drink)
	}
	if s.Schema().Event("ORDERED").Data != order {
		t.Error("ORDERED does not carry an Order")
	}
}

func TestDocsOfToday(t *testing.T) {
	docs := loadFile(t, "today.json").Docs()
	doc, ok := docs.Doc("sell-drink")
	want := qapi.Doc{
		Summary: "Sell a drink",
		Text: "Sell a drink. The slot has to be full, see query-slots and OUT_OF_STOCK.\n\n" +
			"Note: The door stays closed meanwhile, and the rest of the note is indented.",
		Examples: "    -> { \"execute\": \"sell-drink\",\n         \"arguments\": { \"drink\": \"tea\" } }\n    <- { \"return\": {} }",
		Members: map[string]string{
			"drink": "which one. If there are several:\n\n- the first slot wins\n- unless it is stuck",
			"price": "the price in Coin",
		},
		Features:   map[string]string{"deprecated": "Use place-order instead.", "vending-x": "Does more than it says."},
		Returns:    "what is left",
		Errors:     "- If the slot is empty, GenericError\n- If the coin is false, a loud noise",
		Since:      "1.0",
		Source:     filepath.Join("testdata", "today.json"),
		Types:      map[string]string{"drink": "DrinkOrNumber", "price": "[Coin]"},
		ReturnType: "[Slot]",
	}
	if !ok || fmt.Sprintf("%#v", doc) != fmt.Sprintf("%#v", want) {
		t.Errorf("got  %#v\nwant %#v", doc, want)
	}
	place, _ := docs.Doc("place-order")
	if place.Members["note"] != "anything, for the log" || place.Branches["tea"] != "Leaf" || place.Types["what"] != "Drink" {
		t.Errorf("a command does not have its argument type's documentation: %+v", place)
	}
	if _, ok := docs.Doc("Drink"); ok {
		t.Error("Doc knows a type")
	}
	if _, ok := docs.TypeDoc("sell-drink"); ok {
		t.Error("TypeDoc knows a command")
	}
	if drink, ok := docs.TypeDoc("Drink"); !ok || drink.Members["tea"] != "hot, from Leaf. (Since 2.0)" {
		t.Errorf("Drink: %+v", drink)
	}
}

func TestOldDialect(t *testing.T) {
	s := loadFile(t, "old.json")
	action := s.Schema().Command("do").Args.Member("actions").Type.(*qapi.Array).Elem.(*qapi.Object)
	names := action.Variant("names")
	if action.Tag != "type" || names == nil || names.Member("data").Type.Describe() != "list of str" {
		t.Errorf("Action: %+v", action)
	}
	if _, ok := s.Definition("NameOrPair").(*Alternate); !ok {
		t.Error("an anonymous union is no alternate")
	}
	if netdev := s.Schema().Command("netdev_add"); !netdev.Open || netdev.Args.Member("props") != nil {
		t.Errorf("netdev_add: %+v", netdev)
	}
	doc, ok := s.Docs().Doc("do")
	if !ok || doc.Members["actions"] != "- 'now' to do it now\n- 'later' to do it later" ||
		doc.Returns != "nothing on success\nIf there is nothing to do, NothingToDo" ||
		doc.Examples != "    -> { \"execute\": \"do\" }\n    <- { \"return\": {} }" || doc.Text != "Does it.\n\nNote: 'x' is \"y\"." {
		t.Errorf("do: %#v", doc)
	}
}

func TestTagsWithoutBlankLines(t *testing.T) {
	s := loadFile(t, "old.json")
	got, ok := s.Docs().Doc("crowded")
	want := qapi.Doc{
		Summary:    "Has no blank lines",
		Text:       "Has no blank lines.\n\nNote: not for the hasty",
		Members:    map[string]string{"a": "the first argument b is not described"},
		Features:   map[string]string{"slow": "takes long"},
		Returns:    "the sum",
		Examples:   "    - -> in",
		Since:      "2.10",
		Source:     filepath.Join("testdata", "old.json"),
		Types:      map[string]string{"a": "int", "b": "int"},
		ReturnType: "int",
	}
	if !ok || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if grown, ok := s.Definition("Grown").(*Union); !ok || grown.Doc != nil {
		t.Errorf("Grown: %+v", grown)
	}
}

func TestPrintParsesToTheSame(t *testing.T) {
	name2012, text2012 := saved.Source2012(t)
	texts := map[string][]byte{name2012: text2012}
	for _, name := range []string{"today.json", "coins.json", "old.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = text
	}
	for name, text := range texts {
		first, err := Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Parse(name, []byte(first.String()))
		if err != nil {
			t.Errorf("%s does not parse as printed: %s", name, Excerpts(err))
			continue
		}
		if first.String() != second.String() || len(first.Items) != len(second.Items) {
			t.Errorf("%s prints as\n%s\nand then as\n%s", name, first, second)
		}
	}
	printed, err := New(name2012, []byte(source2012(t).Files[0].String()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := printed.Schema().Introspection(), source2012(t).Schema().Introspection(); string(got) != string(want) {
		t.Error("the schema of 2012 is another when printed and parsed")
	}
}

func TestFaultsSayWhere(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"{ 'command': 'a' ", "f:1:18: expected ',' or '}', found the end of the file\n{ 'command': 'a' \n                 ^\n"},
		{"{ 'command' 'a' }", "f:1:13: expected ':' after 'command', found 'a'\n{ 'command' 'a' }\n            ^\n"},
		{"\n{ 'command': 'a\n' }", "f:2:14: the string is not closed on its line\n{ 'command': 'a\n             ^\n"},
		{"{ 'x': 1 }", "f:1:8: expected '{', '[', a string, true or false, found 1\n"},
		{"{ 'é': § }", "f:1:8: unexpected character '§'\n{ 'é': § }\n       ^\n"},
		{"[]", "f:1:1: expected '{', found [\n"},
		{"{ 'command': 'a', 'command': 'b' }", "f:1:19: 'command' is there twice\n"},
		{"{ 'command': 'a', 'data': { 'x': 'Strange' } }", "f:1:34: there is no type 'Strange'\n"},
		{"{'enum':'E','data':[]}\n{ 'command': 'a', 'data': { 'x': 'e' } }", "f:2:34: there is no type 'e': did you mean 'E'?\n"},
		{"{ 'command': 'a', 'data': 'int' }", "f:1:27: a takes 'int', which is neither a struct nor a union\n"},
		{"{ 'command': 'a', 'data': {'x': [] } }", "f:1:33: a list type has one element, the type's name\n"},
		{"{ 'struct': 'S' }", "f:1:1: 'data' is missing\n"},
		{"{ 'struct': 'S', 'base': 'T', 'data': {} }", "f:1:1: the base of S, 'T', is not a struct\n"},
		{"{ 'struct': 'S', 'base': 'S', 'data': {} }", "f:1:1: S is its own base\n"},
		{"{ 'union': 'U', 'base': {'a': 'int'}, 'discriminator': 'b', 'data': {} }", "f:1:1: discriminator 'b' is no common member of U\n"},
		{"{ 'enum': 'E', 'data': [ 'a' ] }\n{ 'event': 'E' }", "f:2:1: E is defined already at f:1:1\n"},
		{"{ 'strukt': 'S' }", "f:1:1: none of include, pragma, enum, struct, union, alternate, command and event is among the keys\n"},
		{"{ 'include': 'other.json' }", "f:1:1: read the QAPI source: includes are not followed here\n"},
		{"{ 'command': 'a', 'if': { 'some': [] } }", "f:1:25: expected a condition: a string, or one of 'all', 'any' and 'not'\n"},
		{"{ 'command': 'a', 'boxed': 'maybe' }", "f:1:28: expected true or false, found a string\n"},
		{strings.Repeat("[", 100), "f:1:1: expected '{', found [\n"},
		{"{ 'a': " + strings.Repeat("[", 100), "f:1:72: nested deeper than 64\n"},
	} {
		_, err := New("f", []byte(test.text))
		if err == nil {
			t.Errorf("%q is read", test.text)
			continue
		}
		if got := Excerpts(err); !strings.HasPrefix(got, test.want) {
			t.Errorf("%q:\ngot  %q\nwant %q", test.text, got, test.want)
		}
		if e := (*Error)(nil); !errors.As(err, &e) || e.Line == "" {
			t.Errorf("%q: %#v has no line", test.text, err)
		}
	}
}

func TestAllFaultsAreTold(t *testing.T) {
	_, err := New("f", []byte("{ 'command': 'a', 'data': { 'x': 'A', 'y': 'B' } }\n{ 'event': 'E', 'data': { 'z': 'C' } }"))
	for _, want := range []string{"'A'", "'B'", "'C'", "f:2:32"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not mention %s", err, want)
		}
	}
}

func TestExcerptOfALongLine(t *testing.T) {
	_, err := New("f", []byte("{ 'command': '"+strings.Repeat("x", 300)+"', \x01 }"))
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	line, caret, _ := strings.Cut(e.Excerpt(), "\n")
	if len(line) > excerptWidth || line[strings.IndexByte(caret, '^')] != '?' {
		t.Errorf("excerpt:\n%s", e.Excerpt())
	}
}

func TestUnknownKeysAreWarnings(t *testing.T) {
	s, err := New("f", []byte("{ 'command': 'a',\n  'novelty': { 'x': true } }"))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Warnings) != 1 || s.Warnings[0].String() != "f:2:3: 'novelty' is not known here and ignored" {
		t.Errorf("warnings: %v", s.Warnings)
	}
}

func TestMissingFiles(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	path := filepath.Join(t.TempDir(), "outer.json")
	if err := os.WriteFile(path, []byte("\n{ 'include': 'inner.json' }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path)
	if e := (*Error)(nil); !errors.As(err, &e) || e.Pos.Line != 2 || !strings.Contains(e.Message, "inner.json") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	_, text2012 := saved.Source2012(f)
	f.Add(text2012[:2000])
	for _, name := range []string{"today.json", "old.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("{'struct':'S','data':{'a':{'type':{'type':'int'}}}}"))
	f.Add([]byte("{'union':'U','data':{'a':'int'}}##\n# @X:\n##\n#"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tree, err := Parse("f", text)
		if err != nil {
			if Excerpts(err) == "" {
				t.Error("an error without words")
			}
			return
		}
		again, err := Parse("f", []byte(tree.String()))
		if err != nil {
			t.Fatalf("printed as\n%s\nwhich does not parse: %v", tree, err)
		}
		if again.String() != tree.String() {
			t.Fatalf("prints as\n%s\nand then as\n%s", tree, again)
		}
		s, err := New("f", text)
		if err != nil {
			return
		}
		for name := range s.defs {
			s.Docs().Doc(name)
			s.Docs().TypeDoc(name)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	name, text := saved.Source2012(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(name, text); err != nil {
			b.Fatal(err)
		}
	}
}
