package editor

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/chzyer/readline"
)

// A mode is what kind of line is read.
type mode struct {
	prompt string // in place of the editor's own, when bare
	bare   bool   // an answer: no callbacks, no history
	secret bool   // nothing is shown or kept
}

// state is the line that is being read. It belongs to readline's goroutine while one is, and to the reader before
// and after.
type state struct {
	mode   mode
	buf    buffer // as readline has it
	todo   key    // what the filter leaves to the listener
	menu   *menu
	recall *recall
	search *search
	left   escaped
	undo   []buffer
	last   keyCode
	yank   string          // survives the line
	off    map[string]bool // callbacks that have failed once
}

// escaped is what an Escape key has ended.
type escaped struct {
	menu   *menu
	search *search
	buf    buffer
}

// undoSteps bounds what Ctrl-_ can take back.
const undoSteps = 200

func (s *state) start(m mode) {
	*s = state{mode: m, yank: s.yank, off: s.off}
}

// filter sees every key before readline. What readline is to do itself it returns; for everything else it returns a
// BEL and leaves the key to listen. It never tells readline to pass a key over: that leaves a wake-up behind which
// makes it read keys that belong to the next program.
func (e *lineEditor) filter(r rune) (out rune, process bool) {
	defer func() {
		if cause := recover(); cause != nil {
			e.failed(cause)
			out, process = bell, true
			if isStop(r) && r != 0 {
				e.readline.Terminal.KickRead()
			}
		}
	}()
	k := e.pressed(r)
	if k.code == keyRune && !isStop(r) && e.search == nil {
		return r, true
	}
	if isStop(r) {
		if k = e.stopped(r); k.code == keyNone {
			if r == 0 {
				close(e.ended)
			}
			return r, true
		}
		if r != 0 {
			e.readline.Terminal.KickRead() // it waits behind these keys
		}
	}
	e.todo = k
	return bell, true
}

// isStop reports whether readline stops reading behind a character; 0 is the end of the input.
func isStop(r rune) bool {
	return r == enter || r == newline || r == ctrlC || r == ctrlD || r == 0
}

// pressed says which key stands behind a rune from readline.
func (e *lineEditor) pressed(r rune) key {
	switch {
	case r == bell:
		return e.in.pop()
	case r == readline.MetaBackward:
		return key{code: keyWordLeft}
	case r == readline.MetaForward:
		return key{code: keyWordRight}
	case r == readline.MetaDelete:
		return key{code: keyKillWord}
	case r == readline.MetaBackspace:
		return key{code: keyRuboutWord}
	case r < 0x20 || r == rubout:
		return control(r)
	case !isText(r):
		return key{}
	}
	return key{keyRune, string(r)}
}

// stopped decides whether a key ends the line: then it draws the line for the last time and returns no key.
func (e *lineEditor) stopped(r rune) key {
	switch {
	case r == 0:
		if e.reads() && len(e.buf.line) > 0 { // readline would hand it over as if Enter had been pressed
			return key{code: keyDiscard}
		}
		return key{}
	case r == ctrlC && e.in.interrupted():
		return key{}
	case r == ctrlC && e.search != nil:
		return key{code: keyAbort}
	case r == ctrlC:
		e.screen.finish("^C")
		return key{}
	case r == ctrlD && (len(e.buf.line) > 0 || e.search != nil):
		return key{code: keyDelete}
	case r == ctrlD:
		return key{}
	case e.search != nil, e.menu != nil && e.menu.selected >= 0:
		return key{code: keyAccept}
	case !e.mode.bare && e.isOpen():
		return key{code: keyNewline}
	}
	e.screen.finish("")
	return key{}
}

func (e *lineEditor) isOpen() (open bool) {
	e.safely("Open", e.cfg.Open != nil, func() { open = e.cfg.Open(e.buf.String()) })
	return open
}

// listen sees every key after readline, with the line as it has become, and carries out what the filter left to it.
// Behind a key that ended the line it may run beside whoever got the line, and touches nothing.
func (e *lineEditor) listen(line []rune, pos int, r rune) (newLine []rune, newPos int, changed bool) {
	if r == enter || r == newline || r == ctrlC || r == ctrlD {
		return nil, 0, false
	}
	defer func() {
		if cause := recover(); cause != nil {
			e.failed(cause)
			newLine, newPos, changed = nil, 0, false
		}
	}()
	before, after := e.buf, buffer{line, pos}
	k := key{code: keyRune}
	switch r {
	case 0: // before the first key
		e.draw()
		return nil, 0, false
	case bell:
		k, e.todo = e.todo, key{}
		after = e.apply(k, after)
	default:
		e.typed(after, unicode.IsSpace(r))
	}
	e.remember(k.code, before, after)
	e.buf = after
	e.draw()
	return slices.Clone(after.line), after.pos, r == bell
}

// remember keeps what the line was, for undoing. Characters typed in a row are undone together.
func (e *lineEditor) remember(code keyCode, before, after buffer) {
	if code != keyUndo && !slices.Equal(before.line, after.line) && (code != keyRune || e.last != keyRune) {
		if len(e.undo) == undoSteps {
			e.undo = e.undo[1:]
		}
		e.undo = append(e.undo, before)
	}
	if code != keyRedraw {
		e.last = code
	}
}

// apply carries out a key.
func (e *lineEditor) apply(k key, b buffer) buffer {
	switch {
	case k.code == keyEscape:
		e.left = escaped{e.menu, e.search, b}
	case k.code == keyUnescape && e.last == keyEscape:
		e.menu, e.search = e.left.menu, e.left.search
		return e.left.buf
	case k.code == keyUnescape:
		return b
	}
	if e.search != nil {
		if after, done := e.searchKey(k, b); done {
			return after
		}
		b = e.buf
	}
	if e.menu != nil {
		if after, done := e.menuKey(k, b); done {
			return after
		}
	}
	if !e.mode.bare {
		if after, done := e.lineKey(k, b); done {
			return after
		}
	}
	switch k.code {
	case keyUndo:
		if n := len(e.undo); n > 0 {
			b, e.undo = e.undo[n-1], e.undo[:n-1]
		}
	case keyClear:
		e.screen.clear()
	case keyStop:
		e.Suspend()
		stopProcess()
		e.Resume()
	default:
		after, killed, changed := b.edit(k, e.yank)
		if len(killed) > 0 && !e.mode.secret {
			e.yank = joinKilled(e.yank, string(killed), e.last, k.code)
		}
		if changed {
			e.recall = nil
		}
		return after
	}
	return b
}

// joinKilled is what can be yanked back behind a kill: kills in a row are one, as in a shell.
func joinKilled(before, killed string, last, now keyCode) string {
	switch {
	case !kills(last):
		return killed
	case now == keyKillRow || now == keyKillWord:
		return before + killed
	}
	return killed + before
}

// lineKey carries out the keys that a line has and an answer has not.
func (e *lineEditor) lineKey(k key, b buffer) (after buffer, done bool) {
	switch k.code {
	case keyTab, keyBackTab:
		return e.complete(b), true
	case keyUp:
		if !b.firstRow() {
			return b.up(), true
		}
		return e.browse(b, (*recall).older), true
	case keyDown:
		if !b.lastRow() {
			return b.down(), true
		}
		return e.browse(b, (*recall).newer), true
	case keySearchBack, keySearchForward:
		e.search = newSearch(e.cfg.History, b)
		return b, true
	case keyRight, keyEnd, keyWordRight:
		if ghost := e.ghost(b); b.atEnd() && ghost != "" {
			return e.acceptGhost(b, ghost, k.code == keyWordRight), true
		}
	case keyFunction:
		return e.bound(k.text, b), true
	}
	return b, false
}

// browse goes one step through the history.
func (e *lineEditor) browse(b buffer, step func(*recall) (buffer, bool)) buffer {
	if e.recall == nil {
		e.recall = newRecall(e.cfg.History, b)
	}
	if after, ok := step(e.recall); ok {
		return after
	}
	return b
}

// acceptGhost takes over the ghost text, or its first word.
func (e *lineEditor) acceptGhost(b buffer, ghost string, word bool) buffer {
	after := b.insert(cleanInsert(ghost))
	if word {
		end := buffer{after.line, b.pos}.wordRight()
		after = buffer{after.line[:end:end], end}
	}
	return after
}

// bound calls what the owner has bound to a key.
func (e *lineEditor) bound(name string, b buffer) buffer {
	call := e.cfg.Keys[name]
	e.safely(name, call != nil, func() {
		if text := cleanInsert(call(b.String(), b.offset())); text != b.String() {
			b = newBuffer(text)
		}
	})
	return b
}

// searchKey carries out a key while the history is searched. A key with another meaning ends the search and is
// carried out on what was found.
func (e *lineEditor) searchKey(k key, b buffer) (after buffer, done bool) {
	s := e.search
	switch k.code {
	case keyRune, keyText:
		s.extend(k.text)
	case keyBackspace:
		s.extend("")
	case keySearchBack:
		s.next(-1)
	case keySearchForward:
		s.next(1)
	case keyRedraw:
		return b, true
	case keyEscape, keyAbort:
		e.search = nil
		return s.typed, true
	case keyAccept, keyTab, keyEnd:
		e.search = nil
		return newBuffer(s.found.String()), true
	default:
		e.search = nil
		e.buf = s.found
		return s.found, false
	}
	return s.found, true
}

// failed notes a bug in this package, and ends the line: the terminal must not stay in raw mode without a reader.
func (e *lineEditor) failed(cause any) {
	e.noteBug(cause)
	e.in.interrupt()
}

// safely calls back, if there is something to call. What panics is switched off, so that a line can be typed on.
func (e *lineEditor) safely(name string, there bool, call func()) {
	if !there || e.off[name] {
		return
	}
	defer func() {
		if cause := recover(); cause != nil {
			if e.off == nil {
				e.off = map[string]bool{}
			}
			e.off[name] = true
			text, _, _ := strings.Cut(fmt.Sprint(cause), "\n")
			e.Print(fmt.Sprintf("a bug: %s failed and is switched off: %s", name, inert(text)))
		}
	}()
	call()
}
