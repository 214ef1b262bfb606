package syntax

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A Question asks the server for the types of what its schema leaves open: the properties of a device, of an object, of
// what a path leads to. It changes nothing.
type Question struct {
	Command   string
	Arguments json.RawMessage
}

// Properties are the types of properties by their names. QEMU from 9.2 on refuses a property of another JSON type, and
// for objects every version does.
type Properties map[string]qapi.Type

// openCommands are those with arguments that are properties: the argument that names their owner, and the command that
// lists them by an argument of its own.
var openCommands = [...]struct{ command, owner, ask, by string }{
	{"device_add", "driver", "device-list-properties", "typename"},
	{"object-add", "qom-type", "qom-list-properties", "typename"},
	{"qom-set", "path", "qom-list", "path"},
}

// Question is what to ask before the line is bound, so that words mean what the server takes them for. ok is false where
// no answer would change what is sent.
func (l *Line) Question(s *qapi.Schema) (q Question, ok bool) {
	if s == nil || l.Kind != QMP || l.Command == nil {
		return Question{}, false
	}
	for _, o := range openCommands {
		if o.command != l.Command.Name {
			continue
		}
		root := l.Command.Tree()
		owner, named := root.child(o.owner).text()
		if !named || s.Command(o.ask) == nil || !ambiguous(s.Command(o.command), root) {
			return Question{}, false
		}
		q = Question{o.ask, json.RawMessage("{" + Quote(o.by) + ":" + Quote(owner) + "}")}
		_, harmful := qapi.HarmOf(q.Command, q.Arguments)
		return q, !harmful
	}
	return Question{}, false
}

// ambiguous reports whether any property was given as a word that types differ about.
func ambiguous(command *qapi.Command, root *Tree) bool {
	if command == nil {
		return false
	}
	for _, c := range root.children {
		switch {
		case command.Name == "qom-set" && c.name == "value":
		case command.Open && MemberOf(command.Args, root.Tag, c.name) == nil:
		case command.Open && command.Name == "object-add" && c.name == "props": // where QEMU before 6.0 has them
			if slices.ContainsFunc(c.children, (*Tree).equivocal) {
				return true
			}
			continue
		default:
			continue
		}
		if c.equivocal() {
			return true
		}
	}
	return false
}

// equivocal reports whether it is one word that may be something else than a string.
func (n *Tree) equivocal() bool {
	if len(n.values) != 1 || n.values[0].Kind != Bare {
		return false
	}
	text := n.values[0].Text
	_, truth := boolean(text)
	return truth || isInteger(text) || guess(text) != Quote(text)
}

// A Caller sends one command and returns its return value.
type Caller interface {
	Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error)
}

// Ask puts the question to the server. One that does not answer is none the worse: it judges the command itself.
func (q Question) Ask(ctx context.Context, server Caller) Properties {
	reply, err := server.Call(ctx, q.Command, q.Arguments)
	if err != nil {
		return nil
	}
	properties, _ := readProperties(reply)
	return properties
}

// readProperties reads the reply to a Question.
func readProperties(reply json.RawMessage) (Properties, error) {
	var list []struct{ Name, Type string }
	if err := json.Unmarshal(reply, &list); err != nil {
		return nil, fmt.Errorf("the list of properties: %w", err)
	}
	properties := make(Properties, len(list))
	for _, p := range list {
		if t := propertyType(p.Name, p.Type); t != nil {
			properties[p.Name] = t
		}
	}
	return properties, nil
}

// propertyType is the type that QOM's name of it stands for, nil where that is not known. Names of enums are many, and
// begin with a capital; so do names of a few structs, which nobody writes as a word.
func propertyType(property, name string) qapi.Type {
	number := strings.TrimRight(strings.TrimSuffix(name, "_t"), "0123456789")
	switch {
	case property == "addr" && name == "int32": // a PCI slot in hexadecimal, which QEMU 7.2 calls so
		return &qapi.Builtin{Name: "str", JSON: "string"}
	case name == "bool":
		return &qapi.Builtin{Name: name, JSON: "boolean"}
	case slices.Contains([]string{"int", "uint", "guint", "size"}, number):
		return &qapi.Builtin{Name: name, JSON: "int"}
	case name == "number", name == "double":
		return &qapi.Builtin{Name: name, JSON: "number"}
	case name == "str", name == "string", strings.HasPrefix(name, "link<"),
		name != "" && name[0] >= 'A' && name[0] <= 'Z' && !strings.HasSuffix(name, "List"):
		return &qapi.Builtin{Name: "str", JSON: "string"}
	}
	return nil
}

// property is the type of a property that was given as a word, nil where it is not known or the word does not fit: what
// is wrong with it the server says best.
func (b *binder) property(place, c *Tree, declared qapi.Type) qapi.Type {
	if len(b.properties) == 0 || len(c.values) != 1 || c.values[0].Kind != Bare {
		return nil
	}
	name := c.name
	switch {
	case place == b.root && b.command == "qom-set" && name == "value":
		name, _ = b.root.child("property").text()
	case place == b.root && declared == nil:
	case b.command == "object-add" && place == b.root.child("props"):
	default:
		return nil
	}
	t := b.properties[name]
	if t == nil {
		return nil
	}
	if _, fits := convert(c.values[0].Text, t); !fits {
		return nil
	}
	return t
}
