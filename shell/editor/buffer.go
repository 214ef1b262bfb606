package editor

import (
	"slices"
	"unicode"

	"github.com/rivo/uniseg"
)

// A buffer is a line under the cursor. Rows of a multi-line one are parted by line ends. Its methods return the
// buffer as it is after one editing step and never change the runes they were given, so that a kept buffer stays
// what it was.
type buffer struct {
	line []rune
	pos  int // before the rune of this index
}

func newBuffer(s string) buffer {
	line := []rune(s)
	return buffer{line, len(line)}
}

func (b buffer) String() string { return string(b.line) }

// offset is the cursor's place in bytes of String.
func (b buffer) offset() int { return len(string(b.line[:b.pos])) }

// at returns the buffer with its cursor before the byte offset of String.
func (b buffer) at(offset int) buffer {
	n := 0
	for i, r := range b.line {
		if n >= offset {
			return buffer{b.line, i}
		}
		n += len(string(r))
	}
	return buffer{b.line, len(b.line)}
}

func (b buffer) atEnd() bool { return b.pos == len(b.line) }

// splice replaces the runes from start to end with text and puts the cursor behind it.
func (b buffer) splice(start, end int, text []rune) buffer {
	line := slices.Concat(b.line[:start], text, b.line[end:])
	return buffer{line, start + len(text)}
}

func (b buffer) insert(text string) buffer { return b.splice(b.pos, b.pos, []rune(text)) }

// row is where the row of the cursor starts and ends.
func (b buffer) row() (start, end int) {
	start, end = b.pos, b.pos
	for start > 0 && b.line[start-1] != newline {
		start--
	}
	for end < len(b.line) && b.line[end] != newline {
		end++
	}
	return start, end
}

func (b buffer) firstRow() bool { start, _ := b.row(); return start == 0 }
func (b buffer) lastRow() bool  { _, end := b.row(); return end == len(b.line) }

// left is the place one character, as people see it, to the left.
func (b buffer) left() int {
	if b.pos == 0 {
		return 0
	}
	start, _ := b.row()
	if start == b.pos {
		return b.pos - 1
	}
	last := start
	for at := start; at < b.pos; {
		last = at
		at += graphemeLen(b.line[at:])
	}
	return last
}

// right is the place one character to the right.
func (b buffer) right() int {
	if b.atEnd() {
		return b.pos
	}
	return b.pos + graphemeLen(b.line[b.pos:])
}

// graphemeLen is how many runes the first character of line has. line is not empty.
func graphemeLen(line []rune) int {
	if line[0] == newline || len(line) == 1 || line[0] < 0x80 && line[1] < 0x80 {
		return 1
	}
	const longest = 32 // runes looked at: more than any sensible character has
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(string(line[:min(len(line), longest)]), -1)
	return max(1, len([]rune(first)))
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// wordLeft is the start of the word before the cursor, wordRight the end of the one behind it.
func (b buffer) wordLeft() int {
	p := b.pos
	for p > 0 && !isWord(b.line[p-1]) {
		p--
	}
	for p > 0 && isWord(b.line[p-1]) {
		p--
	}
	return p
}

func (b buffer) wordRight() int {
	p := b.pos
	for p < len(b.line) && !isWord(b.line[p]) {
		p++
	}
	for p < len(b.line) && isWord(b.line[p]) {
		p++
	}
	return p
}

// blankLeft is the end of the blanks before the word before the cursor, as a shell's Ctrl-W has it.
func (b buffer) blankLeft() int {
	p := b.pos
	for p > 0 && unicode.IsSpace(b.line[p-1]) {
		p--
	}
	for p > 0 && !unicode.IsSpace(b.line[p-1]) {
		p--
	}
	return p
}

// transpose swaps the characters around the cursor; at the end of the row, the two before it.
func (b buffer) transpose() buffer {
	start, end := b.row()
	p := b.pos
	if p == end {
		p--
	}
	if p-1 < start || p >= end {
		return b
	}
	line := slices.Clone(b.line)
	line[p-1], line[p] = line[p], line[p-1]
	return buffer{line, p + 1}
}

// up and down move the cursor to the row above or below, in the same column where there is one.
func (b buffer) up() buffer {
	start, _ := b.row()
	if start == 0 {
		return b
	}
	above := buffer{b.line, start - 1}
	from, to := above.row()
	return buffer{b.line, min(from+b.pos-start, to)}
}

func (b buffer) down() buffer {
	start, end := b.row()
	if end == len(b.line) {
		return b
	}
	below := buffer{b.line, end + 1}
	from, to := below.row()
	return buffer{b.line, min(from+b.pos-start, to)}
}

// edit carries out a key that only moves or changes the text, and returns what it killed, if anything. ok is false
// for keys of another kind.
func (b buffer) edit(k key, yank string) (after buffer, killed []rune, ok bool) {
	start, end := b.row()
	switch k.code {
	case keyText:
		return b.insert(k.text), nil, true
	case keyNewline:
		return b.insert("\n"), nil, true
	case keyYank:
		return b.insert(yank), nil, true
	case keyLeft:
		return buffer{b.line, b.left()}, nil, true
	case keyRight:
		return buffer{b.line, b.right()}, nil, true
	case keyWordLeft:
		return buffer{b.line, b.wordLeft()}, nil, true
	case keyWordRight:
		return buffer{b.line, b.wordRight()}, nil, true
	case keyHome:
		return buffer{b.line, start}, nil, true
	case keyEnd:
		return buffer{b.line, end}, nil, true
	case keyTranspose:
		return b.transpose(), nil, true
	case keyDelete:
		return b.splice(b.pos, b.right(), nil), nil, true
	case keyBackspace:
		return b.splice(b.left(), b.pos, nil), nil, true
	case keyDiscard:
		return buffer{}, nil, true
	}
	return b.kill(k, start, end)
}

// kills reports whether a key removes text which can be yanked back.
func kills(code keyCode) bool { return code >= keyKillWord && code <= keyKillRowStart }

// kill carries out a key that removes text which can be yanked back.
func (b buffer) kill(k key, start, end int) (after buffer, killed []rune, ok bool) {
	from, to := b.pos, b.pos
	switch k.code {
	case keyKillRow:
		if to = end; to == b.pos && !b.atEnd() {
			to++ // the line end itself
		}
	case keyKillRowStart:
		from = start
	case keyKillWord:
		to = b.wordRight()
	case keyRuboutWord:
		from = b.wordLeft()
	case keyRuboutBlank:
		from = b.blankLeft()
	default:
		return b, nil, false
	}
	return b.splice(from, to, nil), slices.Clone(b.line[from:to]), true
}
