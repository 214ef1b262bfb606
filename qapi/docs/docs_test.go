package docs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
	"github.com/qmpsh/qmpsh/qapi/manual"
	"github.com/qmpsh/qmpsh/qapi/source"
	"github.com/qmpsh/qmpsh/qapi/summary"
)

// page is a manual of two commands.
const page = `.TH "QEMU-QMP-REF" "7" "Jan 01, 2026" "7.2.22" "QEMU"
.SH ALL
.SS \fBquery\-status\fP (Command)
.sp
Prose of the manual.
.SS Since
.sp
0.14
.SS \fBstop\fP (Command)
.sp
More prose.
.SS \fBRunState\fP (Enum)
.sp
States.
.SS Values
.INDENT 0.0
.TP
.B \fBpaused\fP
it stands
.UNINDENT
`

const userSource = `##
# @stop:
#
# Prose of the user's source.
##
{ 'command': 'stop' }
##
# @query-more:
#
# A command of a fork.  It has prose.
##
{ 'command': 'query-more' }
`

// install writes the page as one of the three manuals and returns what to set $MANPATH to.
func install(t testing.TB, kind manual.Kind) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "man7"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "man7", kind.Page()+".7"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func userDocs(t *testing.T) qapi.Docs {
	t.Helper()
	s, err := source.New("fork.json", []byte(userSource))
	if err != nil {
		t.Fatal(err)
	}
	return s.Docs()
}

func TestSourcesComeInOrder(t *testing.T) {
	d := New(t.Context(), Options{User: userDocs(t), ManPath: install(t, manual.QEMU), Version: "7.2.9", CacheDir: t.TempDir()})
	const fromManual = "QEMU 7.2.22 manual on this host, qemu-qmp-ref(7)"
	for _, test := range []struct{ name, text, summary, source string }{
		{"stop", "Prose of the user's source.", "Prose of the user's source", "fork.json"},
		{"query-more", "A command of a fork. It has prose.", "A command of a fork", "fork.json"},
		{"query-status", "Prose of the manual.", summary.Entry("query-status"), fromManual},
		{"quit", "", summary.Entry("quit"), summary.Source},
	} {
		doc, ok := d.Doc(test.name)
		if !ok || doc.Text != test.text || doc.Summary != test.summary || doc.Source != test.source || doc.Note != "" {
			t.Errorf("%s: %#v", test.name, doc)
		}
		if got := d.Summary(test.name); got != test.summary {
			t.Errorf("the summary of %s is %q", test.name, got)
		}
	}
	if doc, ok := d.Doc("no-such-command"); ok {
		t.Errorf("got %#v", doc)
	}
	if doc, ok := d.TypeDoc("RunState"); !ok || doc.Members["paused"] != "it stands" || doc.Source != fromManual {
		t.Errorf("RunState: %#v", doc)
	}
	if err := d.ManualError(); err != nil {
		t.Error(err)
	}
}

func TestAnotherVersionIsSaid(t *testing.T) {
	manpath := install(t, manual.QEMU)
	for version, want := range map[string]string{
		"7.2.0":  "",
		"":       "",
		"11.1.3": "the manual is of QEMU 7.2.22 and the server is 11.1.3: they may differ",
		"1.1":    "the manual is of QEMU 7.2.22 and the server is 1.1: they may differ",
	} {
		doc, ok := New(t.Context(), Options{ManPath: manpath, Version: version}).Doc("query-status")
		if !ok || doc.Note != want {
			t.Errorf("for server %q: %q, want %q", version, doc.Note, want)
		}
	}
}

func TestStorageDaemonMakesDoWithTheManualOfQEMU(t *testing.T) {
	doc, _ := New(t.Context(), Options{Kind: manual.StorageDaemon, ManPath: install(t, manual.StorageDaemon)}).Doc("query-status")
	if !strings.HasSuffix(doc.Source, "qemu-storage-daemon-qmp-ref(7)") {
		t.Errorf("its own manual: %q", doc.Source)
	}
	d := New(t.Context(), Options{Kind: manual.StorageDaemon, ManPath: install(t, manual.QEMU)})
	d.find = func(kind manual.Kind, manpath string) (string, error) { // as if the usual directories were empty
		if kind == manual.StorageDaemon {
			return "", manual.ErrNotInstalled
		}
		return manual.Find(kind, manpath)
	}
	if doc, ok := d.Doc("query-status"); !ok || !strings.HasSuffix(doc.Source, "qemu-qmp-ref(7)") {
		t.Errorf("QEMU's manual: %#v", doc)
	}
}

func TestKindOfServers(t *testing.T) {
	command := func(name string) *qapi.Schema {
		return qapi.NewSchema([]*qapi.Command{{Name: name, Args: new(qapi.Object), Returns: new(qapi.Object)}}, nil)
	}
	for name, want := range map[string]manual.Kind{
		"query-status": manual.QEMU, "guest-info": manual.GuestAgent, "blockdev-add": manual.StorageDaemon,
	} {
		if got := KindOf(command(name)); got != want {
			t.Errorf("a server with %s has %s", name, got)
		}
	}
}

func TestOwnLinesForMembers(t *testing.T) {
	schema, err := compat.Schema()
	if err != nil {
		t.Fatal(err)
	}
	d := New(t.Context(), Options{ManPath: install(t, manual.QEMU), Schema: schema})
	doc, ok := d.Doc("migrate")
	if !ok || doc.Source != summary.Source || doc.Members["uri"] != summary.Member("migrate", "uri") {
		t.Errorf("migrate: %#v", doc)
	}
	if doc, ok := d.Doc("query-status"); !ok || doc.Members != nil {
		t.Errorf("query-status has members: %#v", doc)
	}
}

func TestEverythingOf2012HasALine(t *testing.T) {
	schema, err := compat.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var d Docs
	for _, c := range schema.Commands() {
		if d.Summary(c.Name) == "" {
			t.Errorf("%s has none", c.Name)
		}
	}
	for _, e := range schema.Events() {
		if d.Summary(e.Name) == "" {
			t.Errorf("%s has none", e.Name)
		}
	}
}

func TestUnreadableManualIsReported(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "man7"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "man7", manual.QEMU.Page()+".7.gz")
	if err := os.WriteFile(path, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := New(t.Context(), Options{ManPath: dir})
	err := d.ManualError()
	if err == nil || errors.Is(err, manual.ErrNotInstalled) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if doc, ok := d.Doc("quit"); !ok || doc.Source != summary.Source {
		t.Errorf("without a manual: %#v", doc)
	}
}

func TestNothingIsOpenedBeforeItIsNeeded(t *testing.T) {
	d := New(t.Context(), Options{ManPath: install(t, manual.QEMU)})
	d.open = func() (*manual.Manual, error) {
		t.Error("the manual is opened")
		return nil, manual.ErrNotInstalled
	}
	if d.Summary("quit") == "" {
		t.Error("quit has no summary")
	}
}

func TestSeveralAtOnce(t *testing.T) {
	d := New(t.Context(), Options{ManPath: install(t, manual.QEMU), CacheDir: t.TempDir()})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if doc, ok := d.Doc("query-status"); !ok || doc.Since != "0.14" {
				t.Errorf("%#v", doc)
			}
			d.TypeDoc("RunState")
		})
	}
	wg.Wait()
}

func BenchmarkDoc(b *testing.B) {
	d := New(b.Context(), Options{ManPath: install(b, manual.QEMU), CacheDir: b.TempDir()})
	b.ReportAllocs()
	for b.Loop() {
		d.Doc("query-status")
	}
}
