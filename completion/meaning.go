package completion

import (
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// A meaning says what the values of a member stand for, whatever their type. The schema's names are what it is found by.
type meaning struct {
	Command string // "" for every command
	Member  string // the member's dotted path without the indices of lists, or the end of it; "*" for any
	Kind    Kind
	Scope   string // "=word" is the word itself; else the member, beside this one or of the arguments, that holds it
}

// fits reports whether the meaning is that of a member.
func (m *meaning) fits(command, path string) bool {
	if m.Command != "" && m.Command != command {
		return false
	}
	rest, ok := strings.CutSuffix(path, m.Member)
	return m.Member == "*" || ok && (rest == "" || rest[len(rest)-1] == '.')
}

// meaningOf finds the meaning of a member of a command's or an action's arguments; ok is false when the table does not
// know it. The path has the indices of lists in it, in decimal.
func meaningOf(command string, path []string, t qapi.Type) (m meaning, ok bool) {
	dotted := dotted(path)
	if strings.HasPrefix(command, "block_job_") || command == "block_stream" { // their names until spring 2012
		command = strings.ReplaceAll(command, "_", "-")
	}
	if isBlockRef(t) {
		return meaning{command, dotted, Node, ""}, true
	}
	for _, table := range [][]meaning{meanings[:], everywhere[:]} {
		for i := range table {
			if table[i].fits(command, dotted) {
				return table[i], true
			}
		}
	}
	return meaning{}, false
}

// dotted writes a path without the indices of lists.
func dotted(path []string) string {
	var text strings.Builder
	for _, name := range path {
		if syntax.Index(name) >= 0 {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte('.')
		}
		text.WriteString(name)
	}
	return text.String()
}

// isBlockRef reports whether a type is a block node: the definition of one, or the name of one that is there.
func isBlockRef(t qapi.Type) bool {
	if list, ok := t.(*qapi.Array); ok {
		t = list.Elem
	}
	alternate, ok := t.(*qapi.Alternate)
	if !ok || !syntax.TakesString(alternate) {
		return false
	}
	object := syntax.ObjectOf(alternate)
	return object != nil && object.Member("node-name") != nil && object.Tag == "driver"
}

// meaning finds what the values of the slot's member stand for, and within which scope.
func (l *lister) meaning() (Kind, string) {
	p := l.slot.place
	if len(p.path) == 0 {
		return Free, ""
	}
	if p.member == nil && len(p.path) == 1 {
		return propertyMeaning(p.path[0])
	}
	m, _ := meaningOf(l.slot.command, p.path, p.t)
	return m.Kind, l.scope(m)
}

// scope looks up what a meaning depends on.
func (l *lister) scope(m meaning) string {
	if word, constant := strings.CutPrefix(m.Scope, "="); constant || m.Scope == "" {
		if m.Scope == "" && m.Kind == Parameter {
			return dotted(l.slot.place.path)
		}
		return word
	}
	if text, ok := l.slot.place.up.Tag(m.Scope); ok {
		return text
	}
	if l.slot.root == nil {
		return ""
	}
	text, _ := l.slot.root.Tag(m.Scope)
	return text
}

// propertyMeaning is the meaning of a property of a device type, which no schema lists.
func propertyMeaning(name string) (Kind, string) {
	switch name {
	case "drive":
		return Block, ""
	case "netdev":
		return Netdev, ""
	case "chardev":
		return Chardev, ""
	case "iothread":
		return Object, "iothread"
	case "memdev", "hostmem":
		return Object, "memory-backend"
	case "rng":
		return Object, "rng"
	case "cryptodev":
		return Object, "cryptodev"
	}
	return Free, ""
}
