// Package manual reads the QEMU reference manuals that are installed on this host: qemu-qmp-ref(7) and its siblings for
// the storage daemon and the guest agent. It answers for finding the right page and for the documentation of one name
// in it; the page is read as a whole once, to index it, and from then on only the entry that is asked for is. It refuses
// to be a man page viewer: it knows the two layouts that QEMU's manuals have had, and no others.
package manual

import (
	"context"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A Kind is one of the three manuals.
type Kind int

// The manuals, by the program whose interface they describe.
const (
	QEMU Kind = iota
	StorageDaemon
	GuestAgent
)

// Page returns the name of the manual page, in section 7.
func (k Kind) Page() string {
	switch k {
	case StorageDaemon:
		return "qemu-storage-daemon-qmp-ref"
	case GuestAgent:
		return "qemu-ga-ref"
	}
	return "qemu-qmp-ref"
}

// String returns the page as people refer to it, such as "qemu-qmp-ref(7)".
func (k Kind) String() string { return k.Page() + "(7)" }

// A Manual is an indexed manual page. It does not change and may be read by several goroutines.
type Manual struct {
	index index
	page  pageText
}

// Open reads the page in the file at path, or its index from cacheDir, where it leaves it when it was not there. With
// cacheDir "" nothing is kept. That the cache cannot be written is no error. A page that is packed otherwise than with
// gzip is unpacked by the program for it, which ctx ends; that there is none is an UnpackerError.
func Open(ctx context.Context, path, cacheDir string) (*Manual, error) {
	key, err := keyOf(path)
	if err != nil {
		return nil, err
	}
	if m, ok := readCache(cacheDir, key); ok {
		return m, nil
	}
	text, err := readPage(ctx, path)
	if err != nil {
		return nil, err
	}
	m := &Manual{index: newIndex(text), page: wholePage(text)}
	if cacheDir != "" && m.index.count() > 0 {
		writeCache(cacheDir, key, m.index, text) // without it the next start is slower, and that is all
	}
	return m, nil
}

// Version returns the version of QEMU that the manual is of, such as "7.2.22", or "" when the page does not say.
func (m *Manual) Version() string { return m.index.version }

// Doc implements qapi.Docs. The members that a command takes from a type have their prose too.
func (m *Manual) Doc(name string) (qapi.Doc, bool) {
	e, ok := m.index.find(name)
	if !ok || e.kind == typeEntry {
		return qapi.Doc{}, false
	}
	return m.read(e)
}

// TypeDoc implements qapi.Docs.
func (m *Manual) TypeDoc(name string) (qapi.Doc, bool) {
	e, ok := m.index.find(name)
	if !ok || e.kind != typeEntry {
		return qapi.Doc{}, false
	}
	return m.read(e)
}

// maxBases bounds how many types one document takes members from: real ones take three.
const maxBases = 8

// read reads an entry, and those that it takes members from.
func (m *Manual) read(e entry) (qapi.Doc, bool) {
	text, err := m.page.read(e)
	if err != nil {
		return qapi.Doc{}, false
	}
	doc, bases := parseEntry(text)
	if e.kind == commandEntry && doc.ReturnType == "" {
		doc.ReturnType = m.returned(doc.Returns)
		if strings.Trim(doc.Returns, ".[]") == strings.Trim(doc.ReturnType, "[]") {
			doc.Returns = "" // it says no more
		}
	}
	for n := 0; len(bases) > 0 && n < maxBases; n++ {
		base := bases[0]
		bases = bases[1:]
		if e, ok := m.index.find(base); ok && e.kind == typeEntry {
			if text, err := m.page.read(e); err == nil {
				more, further := parseEntry(text)
				inherit(&doc, more)
				bases = append(bases, further...)
			}
		}
	}
	return doc, true
}

// returned finds the type that a command returns in the prose of the older layout, which begins with it more or less: a
// list of BlockInfo, the UuidInfo for the VM.
func (m *Manual) returned(prose string) string {
	list := false
	words := strings.Fields(prose)
	for _, word := range words[:min(8, len(words))] {
		list = list || word[0] == '['
		word = strings.Trim(word, ".,:;()[]")
		list = list || strings.EqualFold(word, "list") || strings.EqualFold(word, "array")
		if e, ok := m.index.find(word); ok && e.kind == typeEntry {
			if list {
				return "[" + word + "]"
			}
			return word
		}
	}
	return ""
}

// inherit adds the members of a type that doc does not have itself.
func inherit(doc *qapi.Doc, base qapi.Doc) {
	for _, m := range []struct{ to, from *map[string]string }{
		{&doc.Members, &base.Members}, {&doc.Types, &base.Types}, {&doc.Branches, &base.Branches},
	} {
		for name, text := range *m.from {
			if _, have := (*m.to)[name]; !have {
				put(m.to, name, text)
			}
		}
	}
}

// put sets a key of a map that may still be nil.
func put(m *map[string]string, key, value string) {
	if *m == nil {
		*m = make(map[string]string)
	}
	(*m)[key] = value
}
