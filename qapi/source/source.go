// Package source reads QAPI source files, the language in which QEMU describes its own interface: today's and the one of
// 2012. It answers for the parse tree, the schema and the documentation that such files hold. It is pure text
// processing: conditions are kept and taken to hold, because how a QEMU was built is not in the files, and nothing is
// generated from them.
package source

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
)

// A Source is a source file with all that it includes, read as one. It does not change.
type Source struct {
	Files    []*File   // each file once, the one that Load was given first
	Warnings []Warning // the quirks of all files

	defs   map[string]Definition
	schema *qapi.Schema
}

// Load reads the file at path and the files it includes, each once. Where one cannot be read, Excerpts shows the places
// of all faults found.
func Load(path string) (*Source, error) {
	return load(path, os.ReadFile)
}

// New returns the Source of one file's text, which may include no other. The name is for positions.
func New(name string, text []byte) (*Source, error) {
	return load(name, func(path string) ([]byte, error) {
		if path != name {
			return nil, errors.New("includes are not followed here")
		}
		return text, nil
	})
}

// Schema returns what the source defines. Every type has its real name.
func (s *Source) Schema() *qapi.Schema { return s.schema }

// Definition returns what defines the name, or nil.
func (s *Source) Definition(name string) Definition { return s.defs[name] }

func load(path string, read func(path string) ([]byte, error)) (*Source, error) {
	l := loader{read: read, seen: make(map[string]bool), texts: make(map[string]string)}
	if err := l.file(path); err != nil {
		return nil, err
	}
	s := &l.source
	s.defs = make(map[string]Definition)
	var faults []error
	for _, f := range s.Files {
		for _, item := range f.Items {
			if d, ok := item.(Definition); ok {
				faults = append(faults, l.define(d))
			}
		}
	}
	b := builder{defs: s.defs, texts: l.texts}
	s.schema = b.build(s.Files)
	s.Warnings = warnings(s.Files, s.defs)
	if err := errors.Join(append(faults, b.faults...)...); err != nil {
		return nil, err
	}
	return s, nil
}

// warnings returns the quirks of the files, each file's in the order of its lines.
func warnings(files []*File, defs map[string]Definition) []Warning {
	var all []Warning
	excused := exceptions(files)
	for _, f := range files {
		own := slices.Concat(f.Warnings, checkDocs(f, defs, excused))
		slices.SortStableFunc(own, func(a, b Warning) int { return cmp.Compare(a.Pos.Line, b.Pos.Line) })
		all = append(all, own...)
	}
	return all
}

// A loader follows includes.
type loader struct {
	source Source
	read   func(path string) ([]byte, error)
	seen   map[string]bool
	texts  map[string]string // of each file, for excerpts
}

func (l *loader) file(path string) error {
	if same := filepath.Clean(path); l.seen[same] {
		return nil
	} else {
		l.seen[same] = true
	}
	text, err := l.read(path)
	if err != nil {
		return fmt.Errorf("read the QAPI source: %w", err)
	}
	l.texts[path] = string(text)
	f, err := Parse(path, text)
	if err != nil {
		return err
	}
	l.source.Files = append(l.source.Files, f)
	for _, item := range f.Items {
		include, ok := item.(*Include)
		if !ok {
			continue
		}
		if err := l.file(filepath.Join(filepath.Dir(path), include.File)); err != nil {
			return l.within(include, err)
		}
	}
	return nil
}

// within says which include led to a file that cannot be opened. A fault inside the file says enough by itself.
func (l *loader) within(include *Include, err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	return &Error{Pos: include.Pos, Line: lineOf(l.texts[include.Pos.File], include.Pos.Line), Message: err.Error()}
}

// define remembers a definition. Commands, events and types share one set of names.
func (l *loader) define(d Definition) error {
	h := d.head()
	if first := l.source.defs[h.Name]; first != nil {
		return &Error{Pos: h.Pos, Line: lineOf(l.texts[h.Pos.File], h.Pos.Line),
			Message: fmt.Sprintf("%s is defined already at %s", h.Name, first.head().Pos)}
	}
	l.source.defs[h.Name] = d
	return nil
}
