package manual

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNotInstalled says that no directory of manual pages has the page.
var ErrNotInstalled = errors.New("the manual is not installed on this host")

// Find returns the file of a manual. It looks where man(1) does: in manpath, which is the value of $MANPATH, with the
// usual directories at its end or in the place of an empty element; with "" in the usual directories alone.
func Find(kind Kind, manpath string) (string, error) { return findIn(directories(manpath), kind) }

// findIn returns the first page of the directories that can be read. One that cannot is better than none: it is said.
func findIn(dirs []string, kind Kind) (string, error) {
	var unreadable string
	for _, dir := range dirs {
		for _, suffix := range []string{"", ".gz", ".bz2", ".xz", ".zst", ".lzma"} {
			path := filepath.Join(dir, "man7", kind.Page()+".7"+suffix)
			info, err := os.Stat(path)
			switch {
			case errors.Is(err, fs.ErrNotExist) || err != nil || info.IsDir():
			case suffix == ".xz" || suffix == ".zst" || suffix == ".lzma":
				unreadable = path
			default:
				return path, nil
			}
		}
	}
	if unreadable != "" {
		return "", unsupported(unreadable)
	}
	return "", fmt.Errorf("%s: %w", kind, ErrNotInstalled)
}

// An UnsupportedError says that a manual is there, compressed in a way that this package does not read.
type UnsupportedError struct {
	Path string
}

func unsupported(path string) error { return &UnsupportedError{Path: path} }

// Error says what is not read, and what helps.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s: manuals compressed as %s are not read; unpack it, or pack it with gzip, into a directory of $MANPATH",
		e.Path, filepath.Ext(e.Path))
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
