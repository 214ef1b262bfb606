package editor

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A History is the lines that were entered, oldest first. Its file holds one line as a JSON string in each of its
// rows, so that an entry of many rows is one; all prompts of a user share it, and see each other's entries. Those of
// this prompt stay the newest: what went to another machine must not be where the own last line is expected. Nobody
// else may read it.
type History struct {
	path  string
	limit int
	keep  func(line string) bool

	mu      sync.Mutex // guards what follows
	entries []string
	own     int   // how many of them, the last ones, were entered here
	read    int64 // how much of the file is in entries
	file    os.FileInfo
}

const (
	// longestEntry bounds an entry of the history, in bytes: a pasted novel is not worth keeping.
	longestEntry = 64 << 10
	// DefaultHistory is how many lines a history keeps when it is not told otherwise.
	DefaultHistory = 10000
)

// NewHistory is a history in the file path, of up to limit lines (0 means DefaultHistory), or only in memory when path
// is "". A line for which keep returns false is not written, nor kept in memory; nil keeps every line. Nothing is read
// until it is needed.
func NewHistory(path string, limit int, keep func(line string) bool) *History {
	if limit <= 0 {
		limit = DefaultHistory
	}
	return &History{path: path, limit: limit, keep: keep}
}

// Add appends a line, unless it is empty, equal to the one before it, or not to be kept.
func (h *History) Add(line string) error {
	if strings.TrimSpace(line) == "" || len(line) > longestEntry || h.keep != nil && !h.keep(line) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load(false)
	if n := len(h.entries); n > 0 && h.entries[n-1] == line {
		return nil
	}
	if h.path == "" {
		h.take([]string{line}, true)
		h.forget()
		return nil
	}
	if err := h.append(line); err != nil {
		h.take([]string{line}, true)
		return fmt.Errorf("the line is not in the history file: %w", err)
	}
	return nil
}

// Entries is all lines, oldest first, with those that other prompts have added by now. It is not to be changed.
func (h *History) Entries() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load(false)
	return h.entries[:len(h.entries):len(h.entries)]
}

// Suggest is the rest of the newest line that begins with text, or "".
func (h *History) Suggest(text string) string {
	if text == "" {
		return ""
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := len(h.entries) - 1; i >= 0; i-- {
		if rest, ok := strings.CutPrefix(h.entries[i], text); ok && rest != "" {
			return rest
		}
	}
	return ""
}

// append writes a line to the file, and cuts the file when it has grown to twice the limit.
func (h *History) append(line string) error {
	row, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	unlock, err := lockFile(h.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	h.load(false)
	row = append(row, '\n')
	if !endsInLine(f) { // a writer was killed in the middle of its row
		row = append([]byte{'\n'}, row...)
	}
	if _, err := f.Write(row); err != nil {
		return err
	}
	h.load(true)
	if len(h.entries) >= 2*h.limit {
		return h.trim()
	}
	return nil
}

// endsInLine reports whether a file is empty or ends with a line end.
func endsInLine(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return true
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return err != nil || last[0] == '\n'
}

// trim replaces the file by one with the newest entries. The caller holds the file's lock; whoever appends opens the
// file anew, so that nobody writes to the one that is replaced.
func (h *History) trim() error {
	h.forget()
	var b bytes.Buffer
	for _, line := range h.entries {
		row, err := json.Marshal(line)
		if err != nil {
			return err
		}
		b.Write(append(row, '\n'))
	}
	next := h.path + ".new"
	if err := os.WriteFile(next, b.Bytes(), 0o600); err != nil {
		return err
	}
	if err := os.Rename(next, h.path); err != nil {
		return err
	}
	h.file, _ = os.Stat(h.path)
	h.read = int64(b.Len())
	return nil
}

// forget drops the oldest entries beyond the limit.
func (h *History) forget() {
	if over := len(h.entries) - h.limit; over > 0 {
		h.entries = append([]string(nil), h.entries[over:]...)
		h.own = min(h.own, len(h.entries))
	}
}

// take appends lines to those that were entered here, or to those before them.
func (h *History) take(lines []string, own bool) {
	if own || h.own == 0 {
		h.entries = append(h.entries, lines...)
	} else if at := len(h.entries) - h.own; len(lines) > 0 {
		h.entries = slices.Concat(h.entries[:at], lines, h.entries[at:])
	}
	if own {
		h.own += len(lines)
	}
}

// load takes in what the file has more than at the last time; all of it when it is another file. It was entered here, or
// not.
func (h *History) load(own bool) {
	if h.path == "" {
		return
	}
	info, err := os.Stat(h.path)
	if err != nil {
		return // no file yet, or none to be had: what is in memory serves
	}
	if h.file == nil || !os.SameFile(h.file, info) || info.Size() < h.read {
		h.entries, h.own, h.read = nil, 0, 0
	}
	if h.file = info; info.Size() == h.read {
		return
	}
	f, err := os.Open(h.path)
	if err != nil {
		return
	}
	defer f.Close()
	if _, err := f.Seek(h.read, io.SeekStart); err == nil {
		h.take(h.readRows(bufio.NewReader(f)), own)
	}
}

// readRows returns the whole rows of the file. A row that is not a string, or not wholly written yet, is passed over.
func (h *History) readRows(in *bufio.Reader) (lines []string) {
	for {
		row, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) || err != nil {
			return lines
		}
		h.read += int64(len(row))
		var line string
		if json.Unmarshal(row, &line) == nil && line != "" {
			lines = append(lines, line)
		}
	}
}
