package manual

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrNotInstalled says that no directory of manual pages has the page.
var ErrNotInstalled = errors.New("the manual is not installed on this host")

// Find returns the file of a manual. It looks where man(1) does: in manpath, which is the value of $MANPATH, with the
// usual directories at its end or in the place of an empty element; with "" in the usual directories alone.
func Find(kind Kind, manpath string) (string, error) { return findIn(directories(manpath), kind) }

// findIn returns the first page of the directories that can be read. One that cannot is better than none: Open says why.
func findIn(dirs []string, kind Kind) (string, error) {
	var unreadable string
	for _, dir := range dirs {
		for _, suffix := range []string{"", ".gz", ".bz2", ".xz", ".zst", ".lzma"} {
			path := filepath.Join(dir, "man7", kind.Page()+".7"+suffix)
			if info, err := os.Stat(path); err != nil || info.IsDir() {
				continue
			}
			if program := unpacker(path); program == "" {
				return path, nil
			} else if _, err := lookup(program); err == nil {
				return path, nil
			}
			unreadable = path
		}
	}
	if unreadable != "" {
		return unreadable, nil
	}
	return "", fmt.Errorf("%s: %w", kind, ErrNotInstalled)
}

// usual are the directories that man(1) knows by itself.
const usual = "/usr/local/share/man:/usr/local/man:/usr/share/man:/usr/man:/opt/local/share/man:/opt/homebrew/share/man"

func directories(manpath string) []string {
	var dirs []string
	filled := false
	for _, dir := range filepath.SplitList(manpath) {
		if dir == "" {
			dirs, filled = append(dirs, strings.Split(usual, ":")...), true
			continue
		}
		dirs = append(dirs, dir)
	}
	if !filled {
		dirs = append(dirs, strings.Split(usual, ":")...)
	}
	return dirs
}
