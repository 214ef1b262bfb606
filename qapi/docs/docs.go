// Package docs puts what is written about a server's commands and events in order: the QAPI source that the user named
// comes first, then the QEMU manual installed on this host, then this project's own lines. It answers for saying which
// of them a text came from, and when the manual is of another version than the server. It opens nothing until it is
// asked for something that needs it.
package docs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/manual"
	"github.com/qmpsh/qmpsh/qapi/summary"
)

// Options say where documentation is to be found. The zero value has the manual of QEMU in the usual directories.
type Options struct {
	User     qapi.Docs    // of the QAPI source that the user named; nil for none
	Kind     manual.Kind  // which manual; see KindOf
	Version  string       // of the server, as "7.2.22"; "" when it is not known
	ManPath  string       // the value of $MANPATH
	CacheDir string       // where the manual's index is kept; "" keeps none
	Schema   *qapi.Schema // names the members that our own lines are given for; nil for none
}

// Docs is the documentation of one server. It may be used by several goroutines.
type Docs struct {
	options Options
	find    func(kind manual.Kind, manpath string) (string, error)
	open    func() (*manual.Manual, error)
	page    string // of the manual that is open; set by open

	mu    sync.Mutex          // guards known
	known map[string]qapi.Doc // what the manual said, by name: completion asks for the same again with each key
}

var _ qapi.Docs = (*Docs)(nil)

// New returns the documentation that the options describe. The context ends what opens the manual, which may take a
// program that unpacks it.
func New(ctx context.Context, options Options) *Docs {
	d := &Docs{options: options, find: manual.Find, known: make(map[string]qapi.Doc)}
	d.open = sync.OnceValues(func() (*manual.Manual, error) { return d.openManual(ctx) })
	return d
}

// KindOf returns the manual that describes a server with this schema. The three programs are told apart by commands
// that only one of them has.
func KindOf(schema *qapi.Schema) manual.Kind {
	switch {
	case schema.Command("guest-info") != nil:
		return manual.GuestAgent
	case schema.Command("query-status") != nil:
		return manual.QEMU
	}
	return manual.StorageDaemon
}

// openManual opens the manual. The storage daemon's commands are all in QEMU's too, for hosts that have only that.
func (d *Docs) openManual(ctx context.Context) (*manual.Manual, error) {
	kinds := []manual.Kind{d.options.Kind}
	if d.options.Kind == manual.StorageDaemon {
		kinds = append(kinds, manual.QEMU)
	}
	var errs []error
	for _, kind := range kinds {
		path, err := d.find(kind, d.options.ManPath)
		if err == nil {
			var m *manual.Manual
			if m, err = manual.Open(ctx, path, d.options.CacheDir); err == nil {
				d.page = kind.String()
				return m, nil
			}
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// ManualError returns why there is no manual: manual.ErrNotInstalled, or that it could not be read, which is worth
// telling. It is nil when there is one. The manual is looked for when that was not done before.
func (d *Docs) ManualError() error {
	_, err := d.open()
	return err
}

// Doc implements qapi.Docs. The summary is our own line where there is one and the user's source has none: it is
// written to fit a menu. The caller does not change the maps.
func (d *Docs) Doc(name string) (qapi.Doc, bool) {
	if doc, ok := d.user(qapi.Docs.Doc, name); ok {
		if doc.Summary == "" {
			doc.Summary = summary.Entry(name)
		}
		return doc, true
	}
	if doc, ok := d.fromManual((*manual.Manual).Doc, name); ok {
		if line := summary.Entry(name); line != "" {
			doc.Summary = line
		}
		return doc, true
	}
	return d.own(name)
}

// TypeDoc implements qapi.Docs. We have no lines on types.
func (d *Docs) TypeDoc(name string) (qapi.Doc, bool) {
	if doc, ok := d.user(qapi.Docs.TypeDoc, name); ok {
		return doc, true
	}
	return d.fromManual((*manual.Manual).TypeDoc, name)
}

// Summary returns one line about a command or an event, or "". It never opens the manual, so that a listing of all costs
// nothing.
func (d *Docs) Summary(name string) string {
	if doc, ok := d.user(qapi.Docs.Doc, name); ok && doc.Summary != "" {
		return doc.Summary
	}
	return summary.Entry(name)
}

func (d *Docs) user(ask func(qapi.Docs, string) (qapi.Doc, bool), name string) (qapi.Doc, bool) {
	if d.options.User == nil {
		return qapi.Doc{}, false
	}
	return ask(d.options.User, name)
}

func (d *Docs) fromManual(ask func(*manual.Manual, string) (qapi.Doc, bool), name string) (qapi.Doc, bool) {
	m, err := d.open()
	if err != nil {
		return qapi.Doc{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc, ok := d.known[name]; ok {
		return doc, true
	}
	doc, ok := ask(m, name)
	if !ok {
		return qapi.Doc{}, false
	}
	doc.Source = strings.Join(strings.Fields("QEMU "+m.Version()+" manual on this host, "+d.page), " ")
	doc.Note = d.caution(m.Version())
	d.known[name] = doc
	return doc, true
}

// caution says that the manual is of another version than the server. The third number of a version changes nothing in
// the interface.
func (d *Docs) caution(version string) string {
	server := d.options.Version
	if version == "" || server == "" || release(version) == release(server) {
		return ""
	}
	return fmt.Sprintf("the manual is of QEMU %s and the server is %s: they may differ", version, server)
}

// release returns the first two numbers of a version.
func release(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// own returns what we have ourselves: a line for the name, and one for each member that the schema has.
func (d *Docs) own(name string) (qapi.Doc, bool) {
	doc := qapi.Doc{Summary: summary.Entry(name)}
	for _, m := range d.members(name) {
		if line := summary.Member(name, m.Name); line != "" {
			if doc.Members == nil {
				doc.Members = make(map[string]string)
			}
			doc.Members[m.Name] = line
		}
	}
	if doc.Summary == "" && len(doc.Members) == 0 {
		return qapi.Doc{}, false
	}
	doc.Source = summary.Source
	return doc, true
}

func (d *Docs) members(name string) []*qapi.Member {
	if d.options.Schema == nil {
		return nil
	}
	if c := d.options.Schema.Command(name); c != nil {
		return c.Args.Members
	}
	if e := d.options.Schema.Event(name); e != nil {
		return e.Data.Members
	}
	return nil
}
