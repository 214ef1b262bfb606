package manual

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An index says where in a page the entry of each name is. It is kept as text, one line "NAME TAB KIND TAB OFFSET TAB
// LENGTH" for each name in byte order, and searched as it is: a program that asks for one name reads no more of it.
type index struct {
	version string
	lines   string
}

// An entry is where one definition stands in the page.
type entry struct {
	name   string
	kind   entryKind
	offset int // in bytes, from the start of the page
	length int // in bytes
}

type entryKind byte

const (
	commandEntry entryKind = 'c'
	eventEntry   entryKind = 'e'
	typeEntry    entryKind = 't'
)

// newIndex reads a whole page.
func newIndex(page string) index {
	var entries []entry
	var ix index
	open, previous, offset := false, "", 0
	for line := range strings.Lines(page) {
		start := offset
		offset += len(line)
		line = strings.TrimRight(line, "\r\n")
		glued, e, ok := heading(line, previous)
		previous = line
		switch {
		case ok:
			start += glued
		case strings.HasPrefix(line, ".SH"):
		case ix.version == "" && strings.HasPrefix(line, ".TH "):
			ix.version = titleVersion(line)
			continue
		default:
			continue
		}
		if open {
			last := &entries[len(entries)-1]
			last.length = start - last.offset
		}
		if open = ok; ok {
			e.offset = start
			entries = append(entries, e)
		}
	}
	if open {
		last := &entries[len(entries)-1]
		last.length = len(page) - last.offset
	}
	ix.lines = indexLines(entries)
	return ix
}

// indexLines prints entries in the order of their names, the first of each name only.
func indexLines(entries []entry) string {
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return a.name == b.name })
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%s\t%c\t%d\t%d\n", e.name, e.kind, e.offset, e.length)
	}
	return b.String()
}

// heading returns the entry that a line begins, and how many bytes of the line are still the entry before: QEMU 5.2's
// page has headings glued to the end of a line. The layouts are
//
//	.SS \fBblock\-commit\fP (Command)          until QEMU 9
//	.B Command block\-commit (Since: 1.3)      since QEMU 10, behind a line ".TP"
func heading(line, previous string) (glued int, e entry, ok bool) {
	if rest, found := strings.CutPrefix(line, ".B "); found && previous == ".TP" {
		word, rest, _ := strings.Cut(rest, " ")
		name, _, _ := strings.Cut(rest, " ")
		e.kind, ok = kindOf(word)
		e.name = inline(name)
		return 0, e, ok && isName(e.name)
	}
	const opening = `.SS \fB`
	at := strings.Index(line, opening)
	if at < 0 {
		return 0, e, false
	}
	name, rest, found := strings.Cut(line[at+len(opening):], `\fP (`)
	word, _, closed := strings.Cut(rest, ")")
	e.kind, ok = kindOf(word)
	e.name = inline(name)
	return at, e, found && closed && ok && isName(e.name)
}

func kindOf(word string) (entryKind, bool) {
	switch word {
	case "Command":
		return commandEntry, true
	case "Event":
		return eventEntry, true
	case "Object", "Enum", "Alternate", "Struct", "Union":
		return typeEntry, true
	}
	return 0, false
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '\\' {
			return false
		}
	}
	return s != ""
}

// titleVersion returns the version of a line .TH "NAME" "SECTION" "DATE" "VERSION" "MANUAL".
func titleVersion(line string) string {
	parts := arguments(strings.TrimPrefix(line, ".TH"))
	if len(parts) < 4 || strings.ContainsAny(parts[3], "\t\n") {
		return ""
	}
	return parts[3]
}

func (ix index) count() int { return strings.Count(ix.lines, "\n") }

// find looks a name up by halving the text.
func (ix index) find(name string) (entry, bool) {
	low, high := 0, len(ix.lines) // both are starts of lines
	for low < high {
		middle := low + (high-low)/2
		start := low + strings.LastIndexByte(ix.lines[low:middle], '\n') + 1
		line, _, _ := strings.Cut(ix.lines[start:high], "\n")
		key, _, _ := strings.Cut(line, "\t")
		switch {
		case key == name:
			return parseLine(line)
		case key < name:
			low = start + len(line) + 1
		default:
			high = start
		}
	}
	return entry{}, false
}

func parseLine(line string) (entry, bool) {
	parts := strings.Split(line, "\t")
	if len(parts) != 4 || len(parts[1]) != 1 {
		return entry{}, false
	}
	offset, err1 := strconv.Atoi(parts[2])
	length, err2 := strconv.Atoi(parts[3])
	e := entry{name: parts[0], kind: entryKind(parts[1][0]), offset: offset, length: length}
	return e, err1 == nil && err2 == nil && offset >= 0 && length >= 0 && length <= maxPage
}
