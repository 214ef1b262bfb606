package syntax

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// masked stands in the place of a secret.
const masked = "***"

// secretName reports whether members of a name hold a secret wherever they are. Those of key-secret and password-secret do
// not: they hold the id of an object, which is none. What is around a name by mistake leaves it one.
func secretName(name string) bool {
	switch strings.ToLower(strings.Trim(name, `-: "'`)) {
	case "password", "passwd", "passphrase", "secret", "cookie", "private-key":
		return true
	}
	return false
}

// secretIn tells the other members that hold a secret because of the command and of what stands beside them. look
// gives the value of another argument by its dotted path.
func secretIn(command string, path []string, look TagLookup) bool {
	last := path[len(path)-1]
	is := func(name, value string) bool {
		have, _ := look(name)
		return have == value
	}
	switch command {
	case "object-add": // "props.data" is how QEMU before 6.0 has it
		return last == "data" && len(path) <= 2 && is("qom-type", "secret")
	case "qom-set":
		property, _ := look("property")
		return path[0] == "value" && (secretName(property) || property == "data")
	case "change": // the VNC password of QEMU before 1.1 and a while after
		return last == "arg" && is("device", "vnc") && is("target", "password")
	}
	return last == "key" && len(path) == 1
}

// HoldsSecret reports whether the member that path leads to holds a secret: a password, a key, a cookie. Its type, if it
// is known, has a say: a secret is a string. Names such as key-secret stand for the id of an object, which is none.
func HoldsSecret(command string, root *Tree, path []string, t qapi.Type) bool {
	if len(path) == 0 || !TakesString(t) {
		return false
	}
	look := func(name string) (string, bool) { return root.child(name).text() }
	return secretName(path[len(path)-1]) || secretIn(command, path, look)
}

// TakesString reports whether a type takes free text; one that is not known does.
func TakesString(t qapi.Type) bool {
	switch t := t.(type) {
	case nil:
		return true
	case *qapi.Builtin:
		return t.JSON == "string" || t.JSON == "value"
	case *qapi.Array:
		return TakesString(t.Elem)
	case *qapi.Alternate:
		return slices.ContainsFunc(t.Choices, TakesString)
	}
	return false
}
