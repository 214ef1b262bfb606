// Package qapi is what a QEMU can do: its commands, events and types, and what is written about them. One Schema comes
// from three sources (introspection, QAPI source files, and an embedded description of QEMU 1.1). The package refuses
// to talk to a server and to guess: what a schema does not say is left out.
package qapi

import "strings"

// A Doc is what is written about a command, an event or a type. Its prose is plain text: paragraphs of one line each
// with a blank line between, for the reader to wrap; list items on lines of their own that begin with "- "; and lines
// that begin with four blanks to be shown as they are.
type Doc struct {
	Summary  string            // one line
	Text     string            // paragraphs; "" when only a summary is known
	Members  map[string]string // prose for each argument, data member or enum value, by its name
	Features map[string]string // prose for each feature, by its name: why it is deprecated
	Returns  string            // what a command returns
	Errors   string            // what errors a command meets
	Examples string            // exchanges with a server
	Since    string            // the QEMU version that introduced it, as the source has it
	Source   string            // where the text came from, for a person: "QEMU 7.2 manual on this host", "qmpsh"
	Note     string            // a caution about the source, such as a manual of another version; "" for none

	// Types has the members' types by the members' names, as the source names them: "str", "BlockdevOnError",
	// "[BlockdevRef]". Branches has what a union takes its members from, by the value of its tag. TypeDoc knows
	// these names, so that nested members have prose too, and the types that introspection masks a name. ReturnType is
	// the name of the type that a command returns.
	Types      map[string]string
	Branches   map[string]string
	ReturnType string
}

// Within returns what the document says of the members of a member that has no type of its own. The source of 2012 has
// such, and writes of them as "qemu.major".
func (d Doc) Within(member string) Doc {
	var inner Doc
	for name, text := range d.Members {
		if rest, ok := strings.CutPrefix(name, member+"."); ok {
			if inner.Members == nil {
				inner.Members = make(map[string]string)
			}
			inner.Members[rest] = text
		}
	}
	return inner
}

// Docs finds documentation by the name of a command or an event.
type Docs interface {
	// Doc returns what is known of a command or event; ok is false when nothing is.
	Doc(name string) (doc Doc, ok bool)
	// TypeDoc returns what is known of a type by its QAPI name: its members or enum values are in Members.
	TypeDoc(name string) (doc Doc, ok bool)
}
