package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
)

const (
	extension  = ".schema"
	unfinished = "unfinished-" // begins the names of files that are being written

	filesMost      = 64        // files in the cache; those not used for longest go first
	unfinishedMost = time.Hour // after which nobody writes any more
)

// A file in the cache is this line, the key, an empty line and the schema's compact form.
const header = "qmpsh cache 1\n"

// Dir returns the directory of this user's cache. It need not exist.
func Dir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache directory: %w", err)
	}
	return filepath.Join(dir, "qmpsh"), nil
}

// read returns the schema under the key, or nil when there is none or the file is damaged or somebody else's.
func (l Loader) read(k key) *qapi.Schema {
	if l.Dir == "" || k.file == "" {
		return nil
	}
	path := filepath.Join(l.Dir, k.file)
	text, schema := readFile(path)
	if text != k.text {
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // so that what is in use stays; a cache that is read-only works all the same
	return schema
}

// readFile returns the key and the schema of a file.
func readFile(path string) (string, *qapi.Schema) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", nil
	}
	return parseFile(data)
}

func parseFile(data []byte) (string, *qapi.Schema) {
	rest, ok := bytes.CutPrefix(data, []byte(header))
	text, compact, found := bytes.Cut(rest, []byte("\n\n"))
	if !ok || !found {
		return "", nil
	}
	schema, err := qapi.ParseCompact(compact)
	if err != nil {
		return "", nil
	}
	return string(text) + "\n", schema
}

// write puts the schema into the cache. Other processes see the old file or the new one, never a part.
func (l Loader) write(k key, s *qapi.Schema) error {
	if l.Dir == "" || k.file == "" {
		return nil
	}
	if err := os.MkdirAll(l.Dir, 0o700); err != nil {
		return fmt.Errorf("keep the schema: %w", err)
	}
	data := s.AppendCompact([]byte(header + k.text + "\n"))
	if err := replaceFile(l.Dir, k.file, data); err != nil {
		return fmt.Errorf("keep the schema: %w", err)
	}
	l.prune()
	return nil
}

// replaceFile writes a file under another name and gives it its own when it is whole.
func replaceFile(dir, name string, data []byte) error {
	f, err := os.CreateTemp(dir, unfinished+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// A cached is a file in the cache.
type cached struct {
	name string
	used time.Time
}

// files returns the schemas in the cache, the last used first, and what a process left behind that died writing.
func (l Loader) files() (schemas, leftovers []cached) {
	entries, err := os.ReadDir(l.Dir)
	if err != nil {
		return nil, nil
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue // another process was faster
		}
		file := cached{entry.Name(), info.ModTime()}
		switch {
		case strings.HasSuffix(file.name, extension):
			schemas = append(schemas, file)
		case strings.HasPrefix(file.name, unfinished) && time.Since(file.used) > unfinishedMost:
			leftovers = append(leftovers, file)
		}
	}
	slices.SortFunc(schemas, func(a, b cached) int {
		return cmp.Or(b.used.Compare(a.used), strings.Compare(a.name, b.name))
	})
	return schemas, leftovers
}

// prune keeps the cache from growing for ever.
func (l Loader) prune() {
	schemas, gone := l.files()
	if len(schemas) > filesMost {
		gone = append(gone, schemas[filesMost:]...)
	}
	for _, file := range gone {
		_ = os.Remove(filepath.Join(l.Dir, file.name))
	}
}

// Recent returns the schema in the cache that was used last, for work without a server, and whose it is in a few words:
// "QEMU 7.2.22 (Debian 1:7.2+dfsg-7), /usr/bin/qemu-system-x86_64".
func (l Loader) Recent() (schema *qapi.Schema, whose string, err error) {
	schemas, _ := l.files()
	for _, file := range schemas {
		text, schema := readFile(filepath.Join(l.Dir, file.name))
		if schema != nil {
			return schema, describeKey(text), nil
		}
	}
	return nil, "", errors.New("no schema is kept from an earlier use")
}

// describeKey says whose schema it is out of the key's text.
func describeKey(text string) string {
	var version, pack, where string
	for line := range strings.SplitSeq(text, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "version":
			version = rest
		case "package":
			pack = unquote(rest)
		case "binary", "address":
			where = unquote(rest)
		}
	}
	if pack != "" {
		version += " (" + pack + ")"
	}
	return "QEMU " + version + ", " + where
}

// unquote returns the quoted string that the text begins with.
func unquote(text string) string {
	var s string
	if _, err := fmt.Sscanf(text, "%q", &s); err != nil {
		return text
	}
	return s
}
