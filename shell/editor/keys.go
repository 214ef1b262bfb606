package editor

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A key is a press of a special key, or a piece of text that arrived as one.
type key struct {
	code keyCode
	text string // of keyText; of keyAlt the character, of keyFunction the name
}

type keyCode int

const (
	keyNone keyCode = iota
	keyRune         // text is one character, which readline inserts by itself
	keyText         // a paste or a burst: text is inserted as one
	keyUp
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyPageUp
	keyPageDown
	keyDelete
	keyBackspace
	keyWordLeft
	keyWordRight
	keyKillWord     // to the end of the word
	keyRuboutWord   // back to the start of the word
	keyRuboutBlank  // back to the blank before the word
	keyKillRow      // to the end of the row
	keyKillRowStart // to the start of the row
	keyYank
	keyTranspose
	keyUndo
	keyTab
	keyBackTab
	keyEscape
	keyUnescape // what was taken for Escape was the beginning of the next key, which is on its way
	keyAbort    // Ctrl-G
	keyNewline
	keySearchBack
	keySearchForward
	keyClear
	keyStop     // Ctrl-Z
	keyFunction // one that the owner of the editor may have bound: text is its name, as in Config.Keys
	keyRedraw   // not from the keyboard: something that the frame shows has changed
	keyDiscard  // not from the keyboard: the line is thrown away
	keyAccept   // Enter that only takes over what is chosen
)

// Control characters that this package names.
const (
	ctrlC   = 3
	ctrlD   = 4
	bell    = 7
	newline = '\n'
	enter   = '\r'
	escape  = 0x1b
	rubout  = 0x7f
)

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// burst is how many printable characters in one piece are taken as a paste by a terminal without brackets, or as
	// typed ahead.
	burst = 16
	// tabsTyped is in how many places a piece that is typed ahead may have tabs before text: a pasted table has more.
	tabsTyped = 2
	// longestSequence bounds an escape sequence; a longer one is noise.
	longestSequence = 4096
)

// A decoder takes what a terminal sends apart into keys. Bytes that are not yet a whole key wait in it.
type decoder struct {
	raw   []byte
	paste bool // between the brackets of a paste
	table bool // what waits is a paste without brackets, in which tabs are blanks
	begun bool // an escape character has been taken for the Escape key: the rest of another may be late
}

// feed takes in a piece: what the terminal had at once.
func (d *decoder) feed(b []byte) {
	d.raw = append(d.raw, b...)
	d.table = !d.paste && len(d.raw) >= burst && laidOut(d.raw)
}

// laidOut reports whether the tabs of a piece indent or align its text. If not, they were typed ahead. Those with no text
// behind them do not count: nobody pastes these.
func laidOut(piece []byte) bool {
	runs := 0
	for i, c := range piece {
		first := c == '\t' && (i == 0 || piece[i-1] != '\t')
		if !first || printable(piece[i:], true) == 0 {
			continue
		}
		if runs++; runs > tabsTyped || i > 0 && (piece[i-1] == enter || piece[i-1] == newline) {
			return true
		}
	}
	return false
}

// pending reports whether bytes are waiting.
func (d *decoder) pending() bool { return len(d.raw) > 0 || d.paste }

// next returns the next whole key, or keyNone when there is none yet. With force, bytes that could be the start of a
// longer key are taken for what they are: nothing more is coming.
func (d *decoder) next(force bool) key {
	d.begun = d.begun && (len(d.raw) > 0 || !force)
	for len(d.raw) > 0 || d.paste {
		k, n := d.one(force)
		if n == 0 && k.code == keyNone {
			return key{}
		}
		d.raw = d.raw[n:]
		if k.code != keyNone {
			return k
		}
	}
	return key{}
}

// one decodes the key at the front and says how many bytes it takes: 0 when it is not whole yet. A key without a
// meaning is keyNone with its length.
func (d *decoder) one(force bool) (key, int) {
	if d.paste {
		return d.pasted(force)
	}
	if d.begun {
		rest := d.rest()
		if rest == partOfSequence && !force {
			return key{}, 0
		}
		if d.begun = false; rest == wholeSequence {
			d.raw = append([]byte{escape}, d.raw...)
			return key{code: keyUnescape}, 0
		}
	}
	if bytes.HasPrefix(d.raw, []byte(pasteStart)) {
		d.raw, d.paste = d.raw[len(pasteStart):], true
		return d.pasted(force)
	}
	if n := printable(d.raw, d.table); n >= burst || n > 0 && d.table {
		return key{keyText, clean(string(d.raw[:n]))}, n
	}
	c := d.raw[0]
	switch {
	case c == escape:
		return d.escaped(force)
	case c < 0x20 || c == rubout:
		return control(rune(c)), 1
	case !utf8.FullRune(d.raw) && !force:
		return key{}, 0
	}
	r, n := utf8.DecodeRune(d.raw)
	if r == utf8.RuneError && n == 1 || !isText(r) {
		return key{}, n
	}
	return key{keyRune, string(r)}, n
}

func (d *decoder) pasted(force bool) (key, int) {
	if i := bytes.Index(d.raw, []byte(pasteEnd)); i >= 0 {
		text := clean(string(d.raw[:i]))
		d.paste = false
		return key{keyText, text}, i + len(pasteEnd)
	}
	if !force {
		return key{}, 0
	}
	d.paste = false // the end got lost
	return key{keyText, clean(string(d.raw))}, len(d.raw)
}

// escaped decodes what begins with an escape character.
func (d *decoder) escaped(force bool) (key, int) {
	if len(d.raw) == 1 {
		if d.begun = force; force {
			return key{code: keyEscape}, 1
		}
		return key{}, 0
	}
	switch c := d.raw[1]; c {
	case '[', 'O':
		return d.sequence(force)
	case ']', 'P', '_', '^', 'X':
		return d.report(force)
	default:
		if c < 0x20 && c != enter && c != newline && c != '\b' { // Escape, and another key close behind it
			return key{code: keyEscape}, 1
		}
		if !utf8.FullRune(d.raw[1:]) && !force {
			return key{}, 0
		}
		r, n := utf8.DecodeRune(d.raw[1:])
		return alt(r), 1 + n
	}
}

// sequence decodes ESC [ parameters final and ESC O final.
func (d *decoder) sequence(force bool) (key, int) {
	i := 2
	if d.raw[1] == '[' && len(d.raw) > 2 && d.raw[2] == '[' { // the Linux console's F1 to F5
		i = 3
	}
	for i < len(d.raw) && d.raw[i] >= 0x20 && d.raw[i] < 0x40 {
		i++
	}
	switch {
	case i > longestSequence:
		return key{}, i
	case i == len(d.raw) && !force:
		return key{}, 0
	case i == len(d.raw):
		return key{}, i
	case d.raw[i] < 0x20 || d.raw[i] > 0x7e: // broken off by another key
		return key{}, i
	}
	return special(string(d.raw[2:i]), d.raw[i]), i + 1
}

// report skips what a terminal answers to a question: ESC ] … BEL, or one of its like up to ESC \.
func (d *decoder) report(force bool) (key, int) {
	for i := 2; i < len(d.raw); i++ {
		switch {
		case d.raw[i] == bell:
			return key{}, i + 1
		case d.raw[i] == '\\' && d.raw[i-1] == escape:
			return key{}, i + 1
		case i > longestSequence, d.raw[i] == ctrlC: // nothing holds up an interrupt
			return key{}, i
		}
	}
	if force {
		return alt(rune(d.raw[1])), 2
	}
	return key{}, 0
}

// special is the key of ESC [ parameters final, or of ESC O final.
func special(parameters string, final byte) key {
	first, modifier, _ := strings.Cut(parameters, ";")
	if plain, err := strconv.Atoi(modifier); err == nil && plain > 1 && (final == 'C' || final == 'D') {
		return key{code: map[byte]keyCode{'C': keyWordRight, 'D': keyWordLeft}[final]}
	}
	if parameters == "[" {
		return key{keyFunction, "F" + strconv.Itoa(int(final-'A')+1)}
	}
	switch final {
	case 'A':
		return key{code: keyUp}
	case 'B':
		return key{code: keyDown}
	case 'C':
		return key{code: keyRight}
	case 'D':
		return key{code: keyLeft}
	case 'H':
		return key{code: keyHome}
	case 'F':
		return key{code: keyEnd}
	case 'M':
		return control(enter) // the keypad's Enter
	case 'Z':
		return key{code: keyBackTab}
	case 'P', 'Q', 'R', 'S':
		if first == "" || first == "1" {
			return key{keyFunction, "F" + strconv.Itoa(int(final-'P')+1)}
		}
	case '~':
		return numbered(first, modifier)
	}
	return key{}
}

// numbered is the key of ESC [ number ~.
func numbered(number, modifier string) key {
	n, err := strconv.Atoi(number)
	if err != nil {
		return key{}
	}
	switch n {
	case 1, 7:
		return key{code: keyHome}
	case 4, 8:
		return key{code: keyEnd}
	case 3:
		if modifier != "" {
			return key{code: keyKillWord}
		}
		return key{code: keyDelete}
	case 5:
		return key{code: keyPageUp}
	case 6:
		return key{code: keyPageDown}
	}
	// 11 to 24 are F1 to F12, with gaps behind F5 and F10.
	switch {
	case n >= 11 && n <= 15:
		return key{keyFunction, "F" + strconv.Itoa(n-10)}
	case n >= 17 && n <= 21:
		return key{keyFunction, "F" + strconv.Itoa(n-11)}
	case n >= 23 && n <= 24:
		return key{keyFunction, "F" + strconv.Itoa(n-12)}
	}
	return key{}
}

// alt is the key of Alt with a character.
func alt(r rune) key {
	switch r {
	case 'b', 'B':
		return key{code: keyWordLeft}
	case 'f', 'F':
		return key{code: keyWordRight}
	case 'd', 'D':
		return key{code: keyKillWord}
	case rubout, '\b':
		return key{code: keyRuboutWord}
	case enter, newline:
		return key{code: keyNewline}
	}
	return key{}
}

// control is the key of a control character. Those that readline must see by itself, because it stops reading behind
// them, are keyRune.
func control(r rune) key {
	switch r {
	case enter, newline, ctrlC, ctrlD:
		return key{keyRune, string(r)}
	case 1:
		return key{code: keyHome}
	case 2:
		return key{code: keyLeft}
	case 5:
		return key{code: keyEnd}
	case 6:
		return key{code: keyRight}
	case bell:
		return key{code: keyAbort}
	case '\b', rubout:
		return key{code: keyBackspace}
	case '\t':
		return key{code: keyTab}
	case 11:
		return key{code: keyKillRow}
	case 12:
		return key{code: keyClear}
	case 14:
		return key{code: keyDown}
	case 16:
		return key{code: keyUp}
	case 18:
		return key{code: keySearchBack}
	case 19:
		return key{code: keySearchForward}
	case 20:
		return key{code: keyTranspose}
	case 21:
		return key{code: keyKillRowStart}
	case 23:
		return key{code: keyRuboutBlank}
	case 25:
		return key{code: keyYank}
	case 26:
		return key{code: keyStop}
	case 31:
		return key{code: keyUndo}
	case 15, 17, 22, 24: // Ctrl-O, Ctrl-Q, Ctrl-V, Ctrl-X
		return key{keyFunction, "C-" + string('a'+r-1)}
	}
	return key{}
}

// printable counts the bytes at the front that are whole printable characters, or, if so wanted, tabs before such.
func printable(b []byte, tabs bool) int {
	n, end := 0, 0
	for n < len(b) {
		c := b[n]
		if c == '\t' && tabs {
			n++
			continue
		}
		if c < 0x20 || c == rubout || !utf8.FullRune(b[n:]) {
			break
		}
		_, size := utf8.DecodeRune(b[n:])
		n += size
		end = n
	}
	return end
}

// clean makes pasted text fit for the buffer: line ends are \n, tabs are blanks, other control characters, and what
// could reorder the text, are dropped, and so are the line ends behind the text, which would look like rows to fill.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "  ").Replace(strings.ToValidUTF8(text, ""))
	text = strings.Map(func(r rune) rune {
		if r == newline || isText(r) {
			return r
		}
		return -1
	}, text)
	return strings.TrimRight(text, "\n")
}

// isText reports whether a character may stand in a line: no control character, and none that overrides direction.
func isText(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, r == utf8.RuneError:
		return false
	}
	return true
}
