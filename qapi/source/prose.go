package source

import "strings"

// prose makes plain text of a section's lines: paragraphs of one line each with a blank line between, list items of one
// line each, and literal blocks indented by four blanks.
func prose(lines []string, kind sectionKind) string {
	var w proseWriter
	lines = dedent(withoutOptions(lines))
	literal := kind == exampleSection
	for _, line := range lines {
		text := strings.TrimSpace(line)
		indented := line != "" && (line[0] == ' ' || line[0] == '\t')
		switch {
		case text == "":
			w.end()
			continue
		case kind == exampleSection, literal && indented:
			w.literal(line)
			continue
		}
		literal = false
		if strings.HasSuffix(text, "::") {
			literal = true
			text = strings.TrimSuffix(text, ":")
		}
		if text == ":" {
			continue
		}
		item, marked := cutMark(text)
		w.text(plain(item), marked, kind == returnsSection && strings.HasPrefix(text, "If "))
	}
	return w.String()
}

// withoutOptions drops the options of a directive, such as ":annotated:", which stand directly under its first line.
func withoutOptions(lines []string) []string {
	var kept []string
	for i, line := range lines {
		text := strings.TrimSpace(line)
		if i > 0 && text == "" {
			return append(kept, lines[i:]...)
		}
		if text == "" || text[0] != ':' || strings.Count(text, ":") < 2 {
			kept = append(kept, line)
		}
	}
	return kept
}

// A proseWriter joins lines into paragraphs.
type proseWriter struct {
	b       strings.Builder
	open    bool // a paragraph or an item goes on with the next line
	gap     bool // a blank line came
	inBlock bool // the last line was literal
}

func (w *proseWriter) end() { w.open, w.gap = false, true }

func (w *proseWriter) literal(line string) {
	w.newline(w.gap || !w.inBlock)
	w.b.WriteString("    " + strings.TrimRight(line, " \t"))
	w.open, w.gap, w.inBlock = false, false, true
}

// text adds a line; marked starts a list item, and fresh a line of its own.
func (w *proseWriter) text(s string, marked, fresh bool) {
	switch {
	case marked:
		w.newline(w.gap && !w.open)
		s = "- " + s
	case w.open && !fresh:
		w.b.WriteByte(' ')
	default:
		w.newline(w.gap || w.inBlock)
	}
	w.b.WriteString(s)
	w.open, w.gap, w.inBlock = true, false, false
}

func (w *proseWriter) newline(blank bool) {
	if w.b.Len() == 0 {
		return
	}
	w.b.WriteByte('\n')
	if blank {
		w.b.WriteByte('\n')
	}
}

func (w *proseWriter) String() string { return w.b.String() }

// dedent takes off the indentation that all lines but the first share. The first has none: a tag stood before it.
func dedent(lines []string) []string {
	least := -1
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) != "" && (i > 0 || indent > 0) && (least < 0 || indent < least) {
			least = indent
		}
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		n := len(line) - len(strings.TrimLeft(line, " "))
		out[i] = line[min(n, max(least, 0)):]
	}
	return out
}

// cutMark takes the mark off a list item.
func cutMark(text string) (rest string, marked bool) {
	for _, mark := range []string{"- ", "* ", "o "} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			return strings.TrimSpace(rest), true
		}
	}
	if isChoice(text) {
		return text, true
	}
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if n > 0 && n < 3 && (strings.HasPrefix(text[n:], ". ") || strings.HasPrefix(text[n:], ") ")) {
		return strings.TrimSpace(text[n+2:]), true
	}
	return text, false
}

// isChoice tells the lines of the lists that 2012 wrote without marks: 'VALUE' if …, `VALUE' to ….
func isChoice(text string) bool {
	if text == "" || strings.IndexByte("'`", text[0]) < 0 {
		return false
	}
	_, rest, ok := strings.Cut(text[1:], "' ")
	return ok && (strings.HasPrefix(rest, "if ") || strings.HasPrefix(rest, "to ") ||
		strings.HasPrefix(rest, "where "))
}

// plain takes the markup out of a line: @NAME, #TYPE, literals, roles, and the "#optional" of old.
func plain(s string) string {
	for _, word := range []string{"#optional", "@optional"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, word))
	}
	s = dropRoles(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		start := i == 0 || !isWordByte(s[i-1])
		switch c := s[i]; {
		case c == '`':
			text, n := quoted(s[i:])
			b.WriteString(text)
			i += n - 1
		case (c == '@' || c == '#') && start && i+1 < len(s) && isLetter(s[i+1]):
			// a reference
		case c == '\\' && i+1 < len(s) && (s[i+1] == '*' || s[i+1] == '_' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case strings.HasPrefix(s[i:], "**"):
			i++ // bold
		case c == ' ' && i > 0 && s[i-1] == ' ':
			// two blanks between sentences
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quoted returns what the backquote that s begins with becomes, and how many bytes of s that is. A name or code in
// quotes loses them; an old `word' gets straight ones.
func quoted(s string) (text string, length int) {
	mark := "`"
	if strings.HasPrefix(s, "``") {
		mark = "``"
	}
	inner, _, closed := strings.Cut(s[len(mark):], mark)
	switch {
	case closed && (len(mark) == 2 || !strings.Contains(inner, "'")):
		return inner, len(inner) + 2*len(mark)
	case len(mark) == 2:
		return "", 2
	}
	return "'", 1
}

// dropRoles takes away what names the kind of a cross-reference, such as ":ref:".
func dropRoles(s string) string {
	for _, role := range []string{":ref:", ":doc:", ":term:", ":qapi:cmd:", ":qapi:event:", ":qapi:obj:", ":qapi:type:"} {
		s = strings.ReplaceAll(s, role, "")
	}
	return s
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
