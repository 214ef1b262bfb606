package manual

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A block is a piece of an entry between two requests of the formatter, in plain text.
type block struct {
	kind  blockKind
	depth int // how many indentations it stands in
	low   int // the least depth since the block before: what it says is over, even when depth is as before
	text  string
}

type blockKind byte

const (
	paragraph blockKind = iota
	bullet              // a list item's text
	tag                 // the word that a list entry explains
	label               // a title in the running text, such as "Example:"
	heading1            // .SS
	literal             // one line to be shown as it is
)

// A blockReader cuts roff, as docutils writes it, into blocks.
type blockReader struct {
	blocks  []block
	depth   int
	low     int
	kind    blockKind // of the lines being collected
	lines   []string
	tagNext bool // the next line is a tag
	literal bool // between .nf and .fi
	table   bool // between .TS and .TE; tables are left out
}

func readBlocks(roff string) []block {
	var r blockReader
	for line := range strings.Lines(roff) {
		r.line(strings.TrimRight(line, "\r\n"))
	}
	r.flush()
	return r.blocks
}

// flush ends the paragraph or list item that is being collected.
func (r *blockReader) flush() {
	if len(r.lines) > 0 || r.kind == bullet {
		r.add(r.kind, join(r.lines))
	}
	r.lines, r.kind = nil, paragraph
}

func (r *blockReader) add(kind blockKind, text string) {
	r.blocks = append(r.blocks, block{kind: kind, depth: r.depth, low: r.low, text: text})
	r.low = r.depth
}

// join makes one line of many. The manuals up to QEMU 9 list errors in lines that are no list: "If …".
func join(lines []string) string {
	var b strings.Builder
	last := ""
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case last == "":
		case strings.HasPrefix(line, "If ") && strings.IndexByte(".,:;", last[len(last)-1]) < 0:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(line)
		last = line
	}
	return b.String()
}

func (r *blockReader) line(line string) {
	if line == "" || line[0] != '.' {
		r.text(line)
		return
	}
	request, rest, _ := strings.Cut(line, " ")
	switch request {
	case ".TE":
		r.table = false
	case ".TS":
		r.flush()
		r.table = true
	case ".sp", ".PP", ".P", ".LP":
		r.flush()
	case ".TP":
		r.flush()
		r.tagNext = true
	case ".B", ".I":
		r.text(rest)
	case ".IP":
		r.flush()
		r.item(arguments(rest))
	case ".INDENT", ".RS":
		r.flush()
		r.depth++
	case ".UNINDENT", ".RE":
		r.flush()
		r.depth = max(r.depth-1, 0)
		r.low = min(r.low, r.depth)
	case ".nf", ".EX":
		r.flush()
		r.literal = true
	case ".fi", ".EE":
		r.literal = false
	case ".SS", ".SH":
		r.flush()
		r.add(heading1, inline(rest))
	}
}

func (r *blockReader) text(line string) {
	switch {
	case r.table:
	case r.literal:
		r.add(literal, inline(line))
	case r.tagNext:
		r.tagNext = false
		r.add(tag, inline(line))
	case strings.TrimSpace(line) != "":
		text, request := cutRequest(line)
		r.lines = append(r.lines, inline(text))
		if request != "" {
			r.line(request)
		}
	}
}

// cutRequest cuts off a request that docutils glued to the end of a line: headings in QEMU 5.2, lists in 10 and 11.
func cutRequest(line string) (text, request string) {
	for _, glued := range []string{`\fP.SS `, " .INDENT "} {
		if at := strings.LastIndex(line, glued); at >= 0 {
			dot := at + strings.IndexByte(glued, '.')
			return line[:dot], line[dot:]
		}
	}
	return line, ""
}

// item begins a list item, or a title in the place of the mark.
func (r *blockReader) item(args []string) {
	if len(args) == 0 {
		return
	}
	if mark := strings.TrimRight(args[0], ".)"); args[0] == `\(bu` || isNumber(mark) {
		r.kind = bullet
		return
	}
	r.add(label, inline(args[0]))
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// arguments splits what follows a request: words, or strings in double quotes.
func arguments(s string) []string {
	var list []string
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" {
			return list
		}
		end := strings.IndexAny(s, " \t")
		if s[0] == '"' {
			s = s[1:]
			end = strings.IndexByte(s, '"')
		}
		if end < 0 {
			end = len(s)
		}
		list = append(list, s[:end])
		s = s[min(end+1, len(s)):]
	}
}

// inline makes plain text of a line: fonts go, and special characters become themselves.
func inline(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for {
		at := strings.IndexByte(s, '\\')
		if at < 0 || at+1 == len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		var text string
		text, s = escape(s[at+1:])
		b.WriteString(text)
	}
}

// escape returns what an escape sequence stands for and what follows it. s is not empty; the backslash is cut off.
func escape(s string) (text, rest string) {
	switch s[0] {
	case 'f', 'F', 'm', 'M', '*', 'n':
		_, rest = argument(s[1:])
		return "", rest
	case 's':
		return "", strings.TrimLeft(s[1:], "+-0123456789")
	case '(', '[':
		name, rest := argument(s)
		return special(name), rest
	case '"':
		return "", ""
	case 'e':
		return `\`, s[1:]
	case '&', '%', '|', '^', ':', 'c', '/', ',', ')':
		return "", s[1:]
	case '~', ' ', '0':
		return " ", s[1:]
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// argument reads the name behind an escape: one character, (two, or [any].
func argument(s string) (name, rest string) {
	switch {
	case s == "":
		return "", ""
	case s[0] == '(' && len(s) >= 3:
		return s[1:3], s[3:]
	case s[0] == '[':
		name, rest, _ = strings.Cut(s[1:], "]")
		return name, rest
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// special returns the character of that name, or the name where it is not known.
func special(name string) string {
	switch name {
	case "bu":
		return "•"
	case "aq", "oq", "cq":
		return "'"
	case "dq", "lq", "rq":
		return `"`
	case "em":
		return "—"
	case "en":
		return "–"
	case "ti":
		return "~"
	case "ha":
		return "^"
	case "rs":
		return `\`
	case "ga":
		return "`"
	case "hy", "mi":
		return "-"
	case "->":
		return "→"
	case "<-":
		return "←"
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok {
		if r, err := strconv.ParseUint(hex, 16, 21); err == nil {
			return string(rune(r))
		}
	}
	return name
}
