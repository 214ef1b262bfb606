package render

import (
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

func TestYAML(t *testing.T) {
	const reply = `{"name": "web01", "major": 7, "f": 1.10, "big": 18446744073709551615, "none": null, "y": "no",
		"uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "file": "/srv/a b.qcow2", "key: x": "x: y", "text": "a\r\nb\t\u001b[31mé😀",
		"empty": {}, "list": [1, "a", [], [2, [true]], {"x": 1, "z": [{}]}]}`
	const want = `name: web01
major: 7
f: 1.10
big: 18446744073709551615
none: null
"y": "no"
uuid: "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
file: /srv/a b.qcow2
"key: x": "x: y"
text: "a\r\nb\t\u001b[31mé😀"
empty: {}
list:
  - 1
  - a
  - []
  - - 2
    - - true
  - x: 1
    z:
      - {}
`
	var b strings.Builder
	if err := (Printer{Format: YAML}).Return(&b, []byte(reply)); err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
	readBack(t, []byte(reply))
}

func TestYAMLOfWhatIsVeryDeep(t *testing.T) {
	readBack(t, []byte(strings.Repeat(`{"a":[`, deepestShown)+`"b: c", {"d, e": {}}`+strings.Repeat("]}", deepestShown)))
	readBack(t, []byte(`{"`+strings.Repeat("long ", longestKey)+`": 1, "b": {"`+strings.Repeat("x", 2*longestKey)+`": [2]}}`))
}

func FuzzYAML(f *testing.F) {
	for _, s := range []string{`{"a": [1, {"b": null}], "~": "- x", "?": "# x", "x": "a: b"}`, `["", " ", "1e3", "0x1", "<<", "=", "\ufeff", "\u0085\u2028"]`, `-1.5e+300`, `"Null"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(readBack)
}

// readBack checks that a reader of YAML finds in a document what the JSON text says.
func readBack(t *testing.T, text []byte) {
	v, err := parse(text)
	if err != nil || !utf8.Valid(text) {
		return
	}
	document := Printer{}.yaml(v)
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(document), &node); err != nil {
		t.Fatalf("%v in\n%s", err, document)
	}
	if !says(v, node.Content[0]) {
		t.Fatalf("%s became\n%s", text, document)
	}
}

// says reports whether a node of a document is the value.
func says(v value, node *yaml.Node) bool {
	switch v.Kind {
	case objectKind:
		if node.Kind != yaml.MappingNode || len(node.Content) != 2*len(v.Members) {
			return false
		}
		for i, m := range v.Members {
			if !says(value{Kind: stringKind, Text: m.Name}, node.Content[2*i]) || !says(m.Value, node.Content[2*i+1]) {
				return false
			}
		}
		return true
	case listKind:
		if node.Kind != yaml.SequenceNode || len(node.Content) != len(v.Items) {
			return false
		}
		for i, item := range v.Items {
			if !says(item, node.Content[i]) {
				return false
			}
		}
		return true
	default:
		// A number beyond a float's range is text to this reader.
		tagged := v.Kind == numberKind || (v.Kind == stringKind) == (node.Tag == "!!str")
		return node.Kind == yaml.ScalarNode && node.Value == v.Text && tagged
	}
}
