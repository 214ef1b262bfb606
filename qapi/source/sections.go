package source

import "strings"

// A section is a part of a comment: the description of a member, or what stands under a tag such as "Returns:".
type section struct {
	kind  sectionKind
	name  string // of a member or feature
	line  int    // of the source
	lines []string
}

type sectionKind byte

const (
	bodySection sectionKind = iota
	memberSection
	featureSection
	returnsSection
	errorsSection
	sinceSection
	noteSection
	exampleSection
	hiddenSection // for QEMU's developers
)

// sections cuts the comment up. The tags of all dialects are known at once, because what one has no other uses.
func (c *Comment) sections() []section {
	list := []section{{line: c.first}}
	blank, features := true, false
	for i, line := range c.Lines {
		current := &list[len(list)-1]
		if line == "Features:" {
			features, blank = true, true
			list = append(list, section{line: c.first + i})
			continue
		}
		next, opens := opening(line)
		switch {
		case opens:
			if next.kind == memberSection && features {
				next.kind = featureSection
			}
			next.line = c.first + i
			list = append(list, next)
		case blank && line != "" && !continues(current.kind, line):
			list = append(list, section{line: c.first + i, lines: []string{line}})
		default:
			current.lines = append(current.lines, line)
		}
		blank = line == ""
	}
	return list
}

// continues reports whether a line behind a blank one still belongs to the section: when it is indented, or more of an
// example. Text that begins at the margin again is body.
func continues(kind sectionKind, line string) bool {
	return kind == bodySection || strings.IndexByte(" \t", line[0]) >= 0 ||
		kind == exampleSection && strings.IndexByte("-<{}[]", line[0]) >= 0
}

// opening returns the section that a line opens, with what follows the tag as its first line. Today a tag comes behind a
// blank line only; it did not always.
func opening(line string) (section, bool) {
	if rest, ok := strings.CutPrefix(line, "@"); ok {
		n := nameLength(rest)
		if text, ok := strings.CutPrefix(rest[n:], ":"); ok && n > 0 {
			return section{kind: memberSection, name: rest[:n], lines: firstLine(text)}, true
		}
		return section{}, false
	}
	if directive, ok := strings.CutPrefix(line, ".. "); ok {
		return directiveSection(directive)
	}
	word, text, colon := strings.Cut(line, ":")
	if !colon {
		text, ok := strings.CutPrefix(line, "Since ") // as in 2012
		return section{kind: sinceSection, lines: []string{text}}, ok && startsWithDigit(text)
	}
	kind, ok := tags(word)
	return section{kind: kind, lines: firstLine(text)}, ok
}

func tags(word string) (sectionKind, bool) {
	switch word {
	case "Returns", "Return":
		return returnsSection, true
	case "Errors":
		return errorsSection, true
	case "Since":
		return sinceSection, true
	case "Note", "Notes":
		return noteSection, true
	case "Example", "Examples":
		return exampleSection, true
	case "TODO":
		return hiddenSection, true
	}
	return 0, false
}

// directiveSection knows the directives of reStructuredText that QEMU's sources use.
func directiveSection(directive string) (section, bool) {
	name, text, ok := strings.Cut(directive, "::")
	if !ok {
		return section{kind: hiddenSection}, true // a comment or a label
	}
	switch name {
	case "note", "tip", "hint", "important", "attention", "caution", "warning", "danger", "admonition", "seealso":
		return section{kind: noteSection, lines: firstLine(text)}, true
	case "qmp-example", "code-block", "code", "parsed-literal":
		return section{kind: exampleSection}, true
	}
	return section{kind: hiddenSection}, true
}

func firstLine(text string) []string {
	if text = strings.TrimSpace(text); text != "" {
		return []string{text}
	}
	return nil
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
