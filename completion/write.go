package completion

import (
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// write writes a string as a value of the slot, with quotes where they are needed or have been begun. A value that is
// not whole, such as a directory, leaves its quotes open.
func write(s slot, text string, t qapi.Type, whole bool) string {
	if !s.json && bareFits(text, t, s.inBatch) {
		return text
	}
	quoted := quote(text, s.open)
	if !whole {
		quoted = quoted[:len(quoted)-1]
	}
	return quoted
}

// quote writes a string in quotes, double ones unless others were begun.
func quote(text string, open byte) string {
	if open == '\'' {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
	}
	return syntax.Quote(text)
}

// bareFits reports whether a string may stand without quotes where a type is wanted.
func bareFits(text string, t qapi.Type, inBatch bool) bool {
	if syntax.Plain(text) {
		return true
	}
	if text == "" || text == "?" {
		return false
	}
	switch t := t.(type) {
	case *qapi.Enum:
	case *qapi.Builtin:
		if t.JSON != "string" {
			return false
		}
	default:
		return false
	}
	return strings.IndexByte(`{["'`, text[0]) < 0 && !strings.HasPrefix(text, "json:") &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '"' || inBatch && (r == '(' || r == ')') })
}
