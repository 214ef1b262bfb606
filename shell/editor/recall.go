package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A recall is the way through the history from one line: Up goes to the newest older line that begins with what had
// been typed, Down comes back.
type recall struct {
	typed   buffer
	entries []string
	at      int // index into entries; their number for the typed line itself
}

func newRecall(h *History, typed buffer) *recall {
	entries := h.Entries()
	return &recall{typed, entries, len(entries)}
}

// older and newer return the line one step away, or ok false at the end of the way.
func (r *recall) older() (buffer, bool) {
	current := r.line()
	for i := r.at - 1; i >= 0; i-- {
		if e := r.entries[i]; strings.HasPrefix(e, r.typed.String()) && e != current {
			r.at = i
			return newBuffer(e), true
		}
	}
	return buffer{}, false
}

func (r *recall) newer() (buffer, bool) {
	current := r.line()
	for i := r.at + 1; i < len(r.entries); i++ {
		if e := r.entries[i]; strings.HasPrefix(e, r.typed.String()) && e != current {
			r.at = i
			return newBuffer(e), true
		}
	}
	if r.at == len(r.entries) {
		return buffer{}, false
	}
	r.at = len(r.entries)
	return r.typed, true
}

func (r *recall) line() string {
	if r.at < len(r.entries) {
		return r.entries[r.at]
	}
	return r.typed.String()
}

// A search looks through the history for a text, whatever its case, from the newest line to older ones.
type search struct {
	typed   buffer // the line when the search began
	entries []string
	text    string
	at      int // the line found, or the number of entries when none is yet
	found   buffer
	length  int // bytes of the match, at the cursor of found
	failed  bool
}

func newSearch(h *History, typed buffer) *search {
	entries := h.Entries()
	return &search{typed: typed, entries: entries, at: len(entries), found: typed}
}

// extend adds to the text, or takes its last character away when more is "".
func (s *search) extend(more string) {
	if more == "" {
		_, n := utf8.DecodeLastRuneInString(s.text)
		s.text = s.text[:len(s.text)-n]
		s.at = len(s.entries)
	}
	s.text += more
	if s.text == "" {
		s.at, s.found, s.length, s.failed = len(s.entries), s.typed, 0, false
		return
	}
	s.look(min(s.at, len(s.entries)-1), -1)
}

// next goes to the next older line with the text, or with step 1 to the next newer one.
func (s *search) next(step int) {
	if s.text == "" {
		return
	}
	s.look(s.at+step, step)
}

func (s *search) look(from, step int) {
	for i := from; i >= 0 && i < len(s.entries); i += step {
		e := s.entries[i]
		if s.at < len(s.entries) && i != s.at && e == s.entries[s.at] {
			continue
		}
		if at, n := indexFold(e, s.text); at >= 0 {
			s.at, s.failed, s.length = i, false, n
			s.found = newBuffer(e).at(at)
			return
		}
	}
	s.failed = true
}

// notice says what is searched for.
func (s *search) notice() string {
	if at, _ := indexFold(s.found.String(), s.text); s.failed && s.at < len(s.entries) && at >= 0 {
		return "no other line of the history has: " + s.text
	} else if s.failed {
		return "no line of the history has: " + s.text
	}
	return "search the history: " + s.text + "▏"
}

// indexFold is the byte at which the last match of text in s begins, and its length, -1 when there is none. Letters
// match whatever their case.
func indexFold(s, text string) (at, length int) {
	for i := len(s); i >= 0; i-- {
		if i < len(s) && !utf8.RuneStart(s[i]) {
			continue
		}
		if n, ok := prefixFold(s[i:], text); ok {
			return i, n
		}
	}
	return -1, 0
}

func prefixFold(s, text string) (length int, ok bool) {
	for _, want := range text {
		have, n := utf8.DecodeRuneInString(s[length:])
		if n == 0 || have != want && unicode.ToLower(have) != unicode.ToLower(want) {
			return 0, false
		}
		length += n
	}
	return length, true
}
