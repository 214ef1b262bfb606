// Package summary answers for one line of help on every command, event and commonly met member, in this project's own
// words, for when no better documentation is at hand. The lines are compiled in. It refuses to describe a schema: a name
// in its tables need not exist on a server.
package summary

import (
	_ "embed" // the tables
	"strings"
)

// The tables have a line NAME TAB SUMMARY for each name, in byte order of the names, so that a look-up halves the text
// and nothing is built when the program starts.
var (
	//go:embed entries.tsv
	entries string
	//go:embed members.tsv
	members string
)

// Entry returns the one-line summary of a command or an event of QEMU, or of a command of its guest agent: at most 72
// characters, starting in lower case and without a full stop. It is "" for a name that it does not know.
func Entry(name string) string { return lookUp(entries, name) }

// Member returns one line about an argument of a command, or a data member of an event, of the name owner. What is said
// of that very member comes first; otherwise it is what members of the name mean nearly everywhere. With owner "" only
// the latter is asked for. It is "" where neither is known.
func Member(owner, name string) string {
	if owner != "" {
		if text := lookUp(members, owner+"."+name); text != "" {
			return text
		}
	}
	return lookUp(members, name)
}

// lookUp finds the line of the table that begins with name and a tab, and returns the rest of it.
func lookUp(table, name string) string {
	if strings.ContainsAny(name, "\t\n") {
		return ""
	}
	low, high := 0, len(table) // the line lies within table[low:high]; both are starts of lines
	for low < high {
		middle := low + (high-low)/2
		start := low + strings.LastIndexByte(table[low:middle], '\n') + 1
		line, _, _ := strings.Cut(table[start:high], "\n")
		key, text, _ := strings.Cut(line, "\t")
		switch {
		case key == name:
			return text
		case key < name:
			low = start + len(line) + 1
		default:
			high = start
		}
	}
	return ""
}

// Source is what a document made of these lines names as its source.
const Source = "qmpsh"
