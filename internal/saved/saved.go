// Package saved holds what the tests of several packages read: introspection of two servers, QAPI source of 2012, and
// lines that operators type. It imports nothing of ours, so that every package's tests may import it; what belongs to
// the tests of one package alone stays in that package's testdata.
package saved

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed *.gz lines.txt
var files embed.FS

// Introspection returns what QEMU of a version, "7.2" or "11.1", returned for query-qmp-schema.
func Introspection(tb testing.TB, version string) []byte {
	tb.Helper()
	return read(tb, files, "query-qmp-schema-"+version+".json.gz")
}

// Schema returns that introspection as parse reads it. Parse is qapi.Parse: its own tests want this package as well.
func Schema[S any](tb testing.TB, version string, parse func(introspection []byte) (S, error)) S {
	tb.Helper()
	schema, err := parse(Introspection(tb, version))
	if err != nil {
		tb.Fatal(err)
	}
	return schema
}

// Source2012 returns the name and the text of QEMU's QAPI source file of early 2012, when 1.1 was made.
func Source2012(tb testing.TB) (name string, text []byte) {
	tb.Helper()
	name = "qapi-schema-1.1.json"
	return name, read(tb, files, name+".gz")
}

// Lines returns lines that operators type, of every kind. An entry of several rows has line feeds in it.
func Lines(tb testing.TB) []string {
	tb.Helper()
	var lines []string
	for line := range strings.Lines(string(read(tb, files, "lines.txt"))) {
		lines = append(lines, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "↵", "\n"))
	}
	if len(lines) < 300 {
		tb.Fatalf("%d lines are saved", len(lines))
	}
	return lines
}

// File returns the content of a file, unpacked where its name ends in .gz.
func File(tb testing.TB, path string) []byte {
	tb.Helper()
	return read(tb, os.DirFS(filepath.Dir(path)), filepath.Base(path))
}

func read(tb testing.TB, from fs.FS, name string) []byte {
	tb.Helper()
	text, err := fs.ReadFile(from, name)
	if err == nil && strings.HasSuffix(name, ".gz") {
		text, err = unpack(text)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func unpack(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
