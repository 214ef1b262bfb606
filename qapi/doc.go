// Package qapi is what a QEMU can do: its commands, events and types, and what is written about them. One Schema comes
// from three sources (introspection, QAPI source files, and an embedded description of QEMU 1.1). The package refuses
// to talk to a server and to guess: what a schema does not say is left out.
package qapi

// A Doc is what is written about a command or an event.
type Doc struct {
	Summary string            // one line
	Text    string            // paragraphs of prose, plain text; "" when only a summary is known
	Members map[string]string // prose for each argument or data member, by its name
	Returns string            // what a command returns, in prose
	Since   string            // the QEMU version that introduced it, as the source has it
	Source  string            // where the text came from, for a person: "QEMU 7.2 manual on this host", "qmpsh"
	Note    string            // a caution about the source, such as a manual of another version; "" for none
}

// Docs finds documentation by the name of a command or an event.
type Docs interface {
	// Doc returns what is known of a command or event; ok is false when nothing is.
	Doc(name string) (doc Doc, ok bool)
	// TypeDoc returns what is known of a type by its QAPI name: its members or enum values are in Members.
	TypeDoc(name string) (doc Doc, ok bool)
}
