package manual

import (
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// parseEntry makes a document of an entry's roff. Bases are the types whose members it says belong here too.
func parseEntry(roff string) (doc qapi.Doc, bases []string) {
	a := assembler{doc: &doc, itemDepth: -1}
	// The first line is the entry's heading; since QEMU 10 it says the version: Command block-commit (Since: 1.3).
	heading, roff, _ := strings.Cut(roff, "\n")
	_, since, _ := strings.Cut(inline(heading), "(Since: ")
	doc.Since = strings.TrimSuffix(since, ")")
	for _, b := range readBlocks(roff) {
		a.block(b)
	}
	a.finish()
	return doc, a.bases
}

// A part is a section of an entry.
type part byte

const (
	bodyPart part = iota
	membersPart
	featuresPart
	returnsPart
	errorsPart
	sincePart
	notePart
	examplePart
	hiddenPart
)

// partOf returns the section of that title.
func partOf(title string) (part, bool) {
	switch title {
	case "Arguments", "Members", "Values", "Alternatives":
		return membersPart, true
	case "Features":
		return featuresPart, true
	case "Returns", "Return":
		return returnsPart, true
	case "Errors", "Error":
		return errorsPart, true
	case "Since":
		return sincePart, true
	case "Note", "Notes":
		return notePart, true
	case "Example", "Examples":
		return examplePart, true
	case "If", "TODO":
		return hiddenPart, true
	}
	return 0, false
}

// An assembler puts each block where it belongs. The older layout has a heading for each section and a tag for each
// member; the newer has a tag for each section, indented, and a list item for each member.
type assembler struct {
	doc   *qapi.Doc
	bases []string

	part      part
	tagged    bool // the section began with a tag: it ends where the indentation does
	partDepth int
	itemDepth int // where the members stand; -1 before the first

	member  string // the member that text belongs to
	example bool   // the running text is at an example

	body, returns, errors, members, examples prose
}

func (a *assembler) block(b block) {
	if b.kind == heading1 || b.kind == tag {
		if p, ok := partOf(b.text); ok || b.kind == heading1 {
			a.open(b, p, ok)
			return
		}
	}
	if a.tagged && b.low < a.partDepth {
		a.close()
	}
	if (a.part == membersPart || a.part == featuresPart) && a.takeMember(b) {
		return
	}
	a.text(b)
}

// open begins a section. One with an unknown heading is a chapter of the manual behind the entry.
func (a *assembler) open(b block, p part, known bool) {
	a.close()
	if !known {
		p = hiddenPart
	}
	a.part, a.tagged, a.partDepth, a.itemDepth = p, b.kind == tag, b.depth, -1
	if p == notePart {
		a.body.lead("Note: ")
	}
}

// close ends a section.
func (a *assembler) close() {
	a.endMember()
	a.part, a.tagged, a.example = bodyPart, false, false
}

// takeMember begins a member, if the block does.
func (a *assembler) takeMember(b block) bool {
	starts := b.kind == tag && !a.tagged || b.kind == bullet && a.tagged
	if starts && (a.itemDepth < 0 || b.depth == a.itemDepth) && a.startMember(b.text) {
		a.itemDepth = b.depth
		return true
	}
	if b.low < a.itemDepth {
		a.endMember()
	}
	return false
}

// startMember reads what a member is called, and all that stands on the same line. It is false for something else:
//
//	job-id: string (optional)                          until QEMU 9
//	The members of X when driver is "file"
//	job-id (string, optional) -- the text              since QEMU 10
//	When driver is file: The members of X.
func (a *assembler) startMember(text string) bool {
	const members = "The members of "
	if before, after, found := strings.Cut(text, members); found && (before == "" || strings.HasPrefix(before, "When ")) {
		a.endMember()
		a.startBase(before, after)
		return true
	}
	head, prose, _ := strings.Cut(text, " -- ")
	head = strings.TrimSuffix(head, " --")
	name, kind, _ := strings.Cut(head, " (")
	if old, after, found := strings.Cut(name, ": "); found { // the type may have been cut at "(optional)"
		name, kind = old, after
	}
	kind, _, _ = strings.Cut(strings.TrimSuffix(kind, ")"), ", ")
	if !isName(name) {
		return false
	}
	a.endMember()
	a.member = name
	if kind = qapiType(kind); kind != "" && a.part == membersPart && kind != "optional" {
		put(&a.doc.Types, name, kind)
	}
	if prose != "" {
		a.members.add(block{text: prose})
	}
	return true
}

// startBase notes a type whose members belong here, or do so for one value of the union's tag.
func (a *assembler) startBase(when, rest string) {
	name, condition, conditional := strings.Cut(strings.TrimSuffix(rest, "."), " when ")
	if when != "" {
		condition, conditional = strings.TrimSuffix(strings.TrimPrefix(when, "When "), ": "), true
	}
	name, _, _ = strings.Cut(name, " ")
	name = strings.TrimSuffix(name, ".")
	if !conditional {
		a.bases = append(a.bases, name)
		return
	}
	_, value, _ := strings.Cut(condition, " is ")
	value, _, _ = strings.Cut(value, " (")
	put(&a.doc.Branches, strings.Trim(value, `"`), name)
}

// qapiType returns the name that the schema has for a type as the manual calls it.
func qapiType(name string) string {
	if element, ok := strings.CutPrefix(name, "array of "); ok {
		return "[" + qapiType(element) + "]"
	}
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		return "[" + qapiType(name[1:len(name)-1]) + "]"
	}
	switch name {
	case "string":
		return "str"
	case "boolean":
		return "bool"
	case "value":
		return "any"
	}
	return name
}

func (a *assembler) endMember() {
	text := a.members.take()
	if a.member == "" {
		return
	}
	if text == "Not documented" {
		text = "" // but it exists, which Types says of others than an enum's values
	}
	switch {
	case a.part == featuresPart:
		put(&a.doc.Features, a.member, text)
	case text != "" || a.doc.Types[a.member] == "":
		put(&a.doc.Members, a.member, text)
	}
	a.member = ""
}

// text adds a block to what is being written about.
func (a *assembler) text(b block) {
	switch {
	case a.part == hiddenPart:
	case a.part == sincePart:
		a.doc.Since = strings.TrimSpace(a.doc.Since + " " + b.text)
	case a.part == returnsPart:
		a.returns.add(b)
	case a.part == errorsPart:
		a.errors.add(b)
	case a.member != "":
		a.members.add(b)
	case b.kind == label && strings.HasPrefix(b.text, "Example"):
		a.startExample(b.text)
	case a.part == examplePart || a.example && b.kind == literal:
		a.examples.add(b)
	default:
		a.example = false
		a.body.add(b)
	}
}

// startExample begins an example of the newer layout: a label, maybe with a title, and literal lines behind it.
func (a *assembler) startExample(text string) {
	a.example = true
	a.examples.last = paragraph // a blank line after the example before
	if title := strings.Trim(strings.TrimPrefix(text, "Example"), "s: "); title != "" {
		a.examples.add(block{text: title + ":"})
	}
}

func (a *assembler) finish() {
	a.close()
	a.doc.Text = a.body.take()
	a.doc.Errors, a.doc.Examples = a.errors.take(), a.examples.take()
	a.doc.Returns = a.returns.take()
	// Since QEMU 10 the type comes first: [JobInfo] -- a list with info for each active job.
	if kind, text, found := strings.Cut(a.doc.Returns, " -- "); found && !strings.Contains(kind, " ") {
		a.doc.Returns, a.doc.ReturnType = text, qapiType(kind)
	}
	a.doc.Since = strings.TrimSuffix(a.doc.Since, ".")
	a.doc.Summary = summary(a.doc.Text)
}

// summary returns the first sentence of a text without its full stop.
func summary(text string) string {
	for _, prefix := range []string{"Availability: ", "This command is deprecated.", "This event is deprecated."} {
		if first, rest, _ := strings.Cut(text, "\n\n"); strings.HasPrefix(first, prefix) {
			text = rest
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	if strings.HasPrefix(line, "Note: ") || strings.HasPrefix(line, "- ") {
		return ""
	}
	for i := 0; i+2 < len(line); i++ {
		if line[i] == '.' && line[i+1] == ' ' && line[i+2] >= 'A' && line[i+2] <= 'Z' {
			return line[:i]
		}
	}
	return strings.TrimSuffix(line, ".")
}
