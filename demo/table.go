package demo

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// The tables say what the demo serves, one definition a line, indented lines going on with the one before:
//
//	command NAME member… -> Type     what it takes and returns
//	event NAME member…
//	struct NAME member… | tag case=Type…
//	enum NAME value…
//	alternate NAME Type…
//
// A member is name:Type, with a question mark in front when it is optional; +Name stands for the members (and cases) of
// another struct, [Type] for a list, *Type for an object with the one member "data". !deprecated behind a member or
// definition is a feature; !oob behind a command lets it be executed out-of-band.
//
//go:embed tables/*.txt
var tables embed.FS

// A definition is one line of a table.
type definition struct {
	kind, name string
	words      []string
}

// builder makes types of definitions.
type builder struct {
	masked      bool // leave out the names of types, as QEMU's introspection does
	definitions map[string]definition
	types       map[string]qapi.Type
}

// buildSchema makes the schema of the tables as far as there are handlers, with or without the names of types.
func buildSchema(handlers map[string]handler, masked bool) *qapi.Schema {
	b := builder{masked: masked, definitions: map[string]definition{}, types: map[string]qapi.Type{}}
	var roots []definition
	for _, d := range definitions() {
		if d.kind == "command" || d.kind == "event" {
			roots = append(roots, d)
		} else {
			b.definitions[d.name] = d
		}
	}
	var commands []*qapi.Command
	var events []*qapi.Event
	for _, d := range roots {
		if d.kind == "event" {
			events = append(events, &qapi.Event{Name: d.name, Data: b.fields(new(qapi.Object), d.words)})
		} else {
			commands = append(commands, b.command(d))
		}
	}
	return qapi.NewSchema(served(commands, handlers), events)
}

// definitions reads the tables of the schema.
func definitions() []definition {
	var list []definition
	for _, name := range [...]string{"monitor", "machine", "display", "block", "jobs", "migration", "device", "chardev"} {
		for _, words := range readTable(name) {
			list = append(list, definition{words[0], words[1], words[2:]})
		}
	}
	return list
}

// readTable returns the entries of an embedded table: each has the words of a line and of the indented lines below it.
// The tables are ours: a mistake in them is a bug, and panics.
func readTable(name string) [][]string {
	text, err := tables.ReadFile("tables/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	var entries [][]string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch last := len(entries) - 1; {
		case len(words) == 0 || words[0] == "#":
		case line[0] == ' ':
			entries[last] = append(entries[last], words...)
		default:
			entries = append(entries, words)
		}
	}
	return entries
}

func (b *builder) command(d definition) *qapi.Command {
	c := &qapi.Command{Name: d.name, Returns: new(qapi.Object), Open: d.name == "device_add"}
	words := d.words
	if n := len(words); n >= 2 && words[n-2] == "->" {
		c.Returns, words = b.typ(words[n-1]), words[:n-2]
	}
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		if word == "!oob" {
			c.AllowOOB = true
		} else if feature, ok := strings.CutPrefix(word, "!"); ok {
			c.Features = append(c.Features, qapi.Feature(feature))
		} else {
			return false
		}
		return true
	})
	c.Args = b.fields(new(qapi.Object), words)
	return c
}

// fields adds members and variants to an object.
func (b *builder) fields(o *qapi.Object, words []string) *qapi.Object {
	for i, word := range words {
		if word == "|" {
			o.Tag = words[i+1]
			for _, variant := range words[i+2:] {
				value, name, _ := strings.Cut(variant, "=")
				o.Variants = append(o.Variants, qapi.Variant{Case: value, Object: b.typ(name).(*qapi.Object)})
			}
			break
		}
		if base, ok := strings.CutPrefix(word, "+"); ok {
			b.fields(o, b.definitions[base].words)
			continue
		}
		word, feature, featured := strings.Cut(word, "!")
		name, typ, _ := strings.Cut(word, ":")
		m := &qapi.Member{Type: b.typ(typ)}
		m.Name, m.Optional = strings.CutPrefix(name, "?")
		if featured {
			m.Features = qapi.Features{qapi.Feature(feature)}
		}
		o.Members = append(o.Members, m)
	}
	return o
}

// typ returns the type that a word in a table stands for.
func (b *builder) typ(word string) qapi.Type {
	if t, ok := b.types[word]; ok {
		return t
	}
	if elem, ok := strings.CutPrefix(word, "["); ok {
		a := &qapi.Array{}
		b.types[word] = a
		a.Elem = b.typ(strings.TrimSuffix(elem, "]"))
		return a
	}
	if data, ok := strings.CutPrefix(word, "*"); ok {
		o := &qapi.Object{}
		b.types[word] = o
		o.Members = []*qapi.Member{{Name: "data", Type: b.typ(data)}}
		return o
	}
	if json, ok := builtin(word); ok {
		b.types[word] = &qapi.Builtin{Name: word, JSON: json}
		return b.types[word]
	}
	return b.define(word)
}

func builtin(name string) (json string, ok bool) {
	switch name {
	case "str":
		return "string", true
	case "bool":
		return "boolean", true
	case "any":
		return "value", true
	case "int", "number", "null":
		return name, true
	}
	return "", false
}

func (b *builder) define(word string) qapi.Type {
	d, ok := b.definitions[word]
	if !ok {
		panic(fmt.Sprintf("demo: the tables do not define %s", word))
	}
	name := d.name
	if b.masked {
		name = ""
	}
	switch d.kind {
	case "enum":
		e := &qapi.Enum{Name: name}
		b.types[word] = e
		for _, value := range d.words {
			e.Values = append(e.Values, qapi.EnumValue{Name: value})
		}
		return e
	case "alternate":
		a := &qapi.Alternate{Name: name}
		b.types[word] = a
		for _, choice := range d.words {
			a.Choices = append(a.Choices, b.typ(choice))
		}
		return a
	}
	o := &qapi.Object{Name: name}
	b.types[word] = o
	return b.fields(o, d.words)
}
