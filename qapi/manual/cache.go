package manual

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A cache file has a head of a few lines, the index, and the decompressed page. The head says which state of which page
// it is made from; a file of another state is ignored and written anew, so that there is one for each page.
//
//	qmpsh manual index 1
//	/usr/share/man/man7/qemu-qmp-ref.7.gz
//	174303 1748131200000000000
//	7.2.22
//	38211 1234567890 689018              bytes and CRC-32 of the index, bytes of the page
const format = "qmpsh manual index 1"

// keyOf returns what tells a state of a page from every other: the first lines of its cache file.
func keyOf(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the manual: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("find the manual: %w", err)
	}
	return fmt.Sprintf("%s\n%q\n%d %d\n", format, path, info.Size(), info.ModTime().UnixNano()), nil
}

// cachePath returns the file for a page, whatever its state.
func cachePath(dir, key string) string {
	_, rest, _ := strings.Cut(key, "\n")
	path, _, _ := strings.Cut(rest, "\n")
	return filepath.Join(dir, fmt.Sprintf("manual-%08x.idx", crc32.ChecksumIEEE([]byte(path))))
}

// headChunk is read at once: it holds the head and the index of every page so far.
const headChunk = 96 << 10

// readCache returns the manual from its cache file, and false when there is none that is whole and fresh.
func readCache(dir, key string) (*Manual, bool) {
	if dir == "" {
		return nil, false
	}
	path := cachePath(dir, key)
	file, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer file.Close() // it was only read
	head := make([]byte, headChunk)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false
	}
	info, err := file.Stat()
	if err != nil {
		return nil, false
	}
	c, ok := parseCache(string(head[:n]), key)
	if !ok || int64(c.pageAt)+int64(c.pageSize) != info.Size() {
		return nil, false
	}
	c.path = path
	return &Manual{index: c.index, page: c}, true
}

// A cachedPage is the page in a cache file. The file is opened anew for each read, and its head compared, because another
// process may have replaced it by the one for a newer page.
type cachedPage struct {
	path     string
	head     string // all before the index
	pageAt   int    // offset of the page in the file
	pageSize int
	index    index
}

// parseCache reads the head and the index at the start of a cache file.
func parseCache(text, key string) (*cachedPage, bool) {
	rest, ok := strings.CutPrefix(text, key)
	version, rest, ok2 := strings.Cut(rest, "\n")
	sizes, rest, ok3 := strings.Cut(rest, "\n")
	var indexSize, pageSize int
	var sum uint32
	if n, err := fmt.Sscanf(sizes, "%d %d %d", &indexSize, &sum, &pageSize); !ok || !ok2 || !ok3 || n != 3 || err != nil {
		return nil, false
	}
	if indexSize < 0 || indexSize > len(rest) || pageSize < 0 || pageSize > maxPage {
		return nil, false
	}
	lines := rest[:indexSize]
	if crc32.ChecksumIEEE([]byte(lines)) != sum {
		return nil, false
	}
	head := text[:len(text)-len(rest)]
	return &cachedPage{head: head, pageAt: len(head) + indexSize, pageSize: pageSize,
		index: index{version: version, lines: lines}}, true
}

// errReplaced says that the cache file is another one by now.
var errReplaced = errors.New("the manual's index was replaced")

func (c *cachedPage) read(e entry) (string, error) {
	if e.offset > c.pageSize || e.length > c.pageSize-e.offset {
		return "", errReplaced
	}
	file, err := os.Open(c.path)
	if err != nil {
		return "", err
	}
	defer file.Close() // it was only read
	head := make([]byte, len(c.head))
	if _, err := io.ReadFull(file, head); err != nil || string(head) != c.head {
		return "", errReplaced
	}
	text := make([]byte, e.length)
	if _, err := file.ReadAt(text, int64(c.pageAt+e.offset)); err != nil {
		return "", err
	}
	return string(text), nil
}

// writeCache writes the cache file under another name and renames it, so that no reader sees half of one.
func writeCache(dir, key string, ix index, page string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "manual-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	head := fmt.Sprintf("%s%s\n%d %d %d\n", key, ix.version, len(ix.lines), crc32.ChecksumIEEE([]byte(ix.lines)), len(page))
	for _, part := range []string{head, ix.lines, page} {
		if _, err := file.WriteString(part); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), cachePath(dir, key))
}

// A pageText is a page that entries are read from.
type pageText interface {
	read(e entry) (string, error)
}

// A wholePage is a page in memory.
type wholePage string

func (p wholePage) read(e entry) (string, error) {
	if e.offset > len(p) || e.length > len(p)-e.offset {
		return "", io.ErrUnexpectedEOF
	}
	return string(p[e.offset : e.offset+e.length]), nil
}
