package completion

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mostFiles bounds how much of a directory is read at a key press.
const mostFiles = 2000

// files lists the directory that the word is in. Files of the server are known only where it shares ours; ours always.
func (l *lister) files(ours bool) {
	if !ours && !l.engine.options.Local || strings.HasPrefix(l.slot.word, "json:") {
		return
	}
	dir, prefix := filepath.Split(l.slot.word)
	read := dir
	if read == "" {
		read = "."
	}
	if home, err := os.UserHomeDir(); ours && err == nil && strings.HasPrefix(read, "~/") {
		read = home + read[1:]
	}
	handle, err := os.Open(read)
	if err != nil {
		return
	}
	defer handle.Close()
	entries, _ := handle.ReadDir(mostFiles) // what could be read of it is good enough
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") && !strings.HasPrefix(prefix, ".") {
			continue
		}
		l.file(dir, read, entry, ours)
	}
}

func (l *lister) file(dir, read string, entry fs.DirEntry, ours bool) {
	text, whole := dir+entry.Name(), true
	if isDir(read, entry) {
		text += string(filepath.Separator)
		whole = false
	}
	c := Candidate{Text: text, Insert: text, Blank: whole && !ours && l.blank()}
	if !ours {
		c.Insert = write(l.slot, text, l.slot.place.t, whole)
	}
	l.add(c)
}

// isDir follows symbolic links.
func isDir(dir string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.IsDir()
	}
	info, err := os.Stat(filepath.Join(dir, entry.Name()))
	return err == nil && info.IsDir()
}
