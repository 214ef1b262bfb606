package manual

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func inMemory(text string) *Manual { return &Manual{index: newIndex(text), page: wholePage(text)} }

const example = "    -> { \"execute\": \"sell-drink\",\n         \"arguments\": {} }\n    <- { \"return\": {} }"

func TestOlderLayout(t *testing.T) {
	m := inMemory(sample(t, "older.7"))
	if m.Version() != "5.2.0" || m.index.count() != 4 {
		t.Errorf("version %q, index:\n%s", m.Version(), m.index.lines)
	}
	got, ok := m.Doc("sell-drink")
	want := qapi.Doc{
		Summary: "Sell a drink",
		Text: "Sell a drink. It takes a while, the door being slow.\n\nMore prose - with a dash.\n\n" +
			"Note: The \"door\" is 'slow'.",
		Examples: example,
		Members: map[string]string{
			"drink": "which one. If there are several:\n\n- the first slot wins\n- unless it is stuck\n\nAfter the list.",
			"limit": "most that may be paid, in cents",
			"what":  "what is ordered",
		},
		Features: map[string]string{"deprecated": "Use place-order."},
		Returns:  "Nothing on success\nIf the slot is empty, SlotEmpty",
		Since:    "0.14.0",
		Types:    map[string]string{"drink": "Drink", "coins": "[Coin]", "limit": "int", "what": "Drink"},
		Branches: map[string]string{"iced-tea": "Leaf"},
	}
	compare(t, got, want, ok)
	if event, ok := m.Doc("OUT_OF_STOCK"); !ok || event.Text != "A slot is empty" {
		t.Errorf("OUT_OF_STOCK: %#v", event)
	}
	if order, ok := m.TypeDoc("Order"); !ok || order.Text != "An order." {
		t.Errorf("Order has a chapter's prose: %#v", order)
	}
	if drink, ok := m.TypeDoc("Drink"); !ok || drink.Members["iced-tea"] != "from Leaf" || drink.Types != nil {
		t.Errorf("Drink: %#v", drink)
	}
}

func TestNewerLayout(t *testing.T) {
	m := inMemory(sample(t, "newer.7"))
	if m.Version() != "11.1.3" || m.index.count() != 4 {
		t.Errorf("version %q, index:\n%s", m.Version(), m.index.lines)
	}
	got, ok := m.Doc("sell-drink")
	want := qapi.Doc{
		Summary: "Sell a drink",
		Text: "This command is deprecated.\n\nSell a drink. It takes a while, the door being slow.\n\n- Open.\n- Close.\n\n" +
			"Note: The \"door\" is 'slow'.",
		Examples: example + "\n\nTwice:\n\n    <- {}",
		Members: map[string]string{
			"drink": "which one. If there are several:\n\n- the first slot wins\n- unless it is stuck\n\nAfter the list.",
			"limit": "most that may be paid, in cents",
			"speed": "- 'fast': at once\n- 'slow': later",
			"what":  "what is ordered",
		},
		Features: map[string]string{"deprecated": "Use place-order."},
		Returns:  "what is left",
		Errors:   "- If the slot is empty, SlotEmpty",
		Since:    "0.14",
		Types:    map[string]string{"drink": "Drink", "coins": "[Coin]", "limit": "int", "speed": "Speed", "what": "Drink"},
		Branches: map[string]string{"iced-tea": "Leaf"},

		ReturnType: "[Slot]",
	}
	compare(t, got, want, ok)
	if event, ok := m.Doc("OUT_OF_STOCK"); !ok || event.Text != "A slot is empty" {
		t.Errorf("OUT_OF_STOCK: %#v", event)
	}
	if drink, ok := m.TypeDoc("Drink"); !ok || drink.Members["iced-tea"] != "from Leaf" || drink.Since != "1.0" {
		t.Errorf("Drink: %#v", drink)
	}
}

func compare(t *testing.T, got, want qapi.Doc, ok bool) {
	t.Helper()
	if !ok || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func TestTypeInTheProseOfReturns(t *testing.T) {
	m := inMemory(sample(t, "older.7"))
	for prose, want := range map[string]string{
		"Drink":                            "Drink",
		"a list of Drink for each slot":    "[Drink]",
		"The Drink, if any.":               "Drink",
		"[Drink]":                          "[Drink]",
		"Nothing on success":               "",
		"":                                 "",
		"a b c d e f g h, and then Drink.": "",
		"sell-drink":                       "",
	} {
		if got := m.returned(prose); got != want {
			t.Errorf("%q returns %q, want %q", prose, got, want)
		}
	}
}

func TestKindsAreKeptApart(t *testing.T) {
	m := inMemory(sample(t, "newer.7"))
	if _, ok := m.Doc("Drink"); ok {
		t.Error("Doc knows a type")
	}
	if _, ok := m.TypeDoc("sell-drink"); ok {
		t.Error("TypeDoc knows a command")
	}
	for _, name := range []string{"", "sell", "zz", "sell-drink\tc", "Values"} {
		if _, ok := m.Doc(name); ok {
			t.Errorf("Doc knows %q", name)
		}
	}
}

// install writes a page below dir as a distribution does, packed as its suffix says.
func install(t *testing.T, dir string, kind Kind, suffix, text string) string {
	t.Helper()
	path := filepath.Join(dir, "man7", kind.Page()+".7"+suffix)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	data := []byte(text)
	if suffix == ".gz" {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindLooksInManpath(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	plain := install(t, first, GuestAgent, "", sample(t, "older.7"))
	packed := install(t, second, GuestAgent, ".gz", sample(t, "newer.7"))
	for manpath, want := range map[string]string{
		first + string(filepath.ListSeparator) + second: plain,
		second + string(filepath.ListSeparator) + first: packed,
		second + string(filepath.ListSeparator):         packed,
	} {
		got, err := Find(GuestAgent, manpath)
		if err != nil || got != want {
			t.Errorf("Find in %s: %q, %v; want %q", manpath, got, err, want)
		}
	}
}

func TestPagesOfTheThreeKinds(t *testing.T) {
	for kind, want := range map[Kind]string{QEMU: "qemu-qmp-ref(7)", StorageDaemon: "qemu-storage-daemon-qmp-ref(7)",
		GuestAgent: "qemu-ga-ref(7)"} {
		if kind.String() != want {
			t.Errorf("%d is %s, want %s", kind, kind, want)
		}
	}
}

func TestUsualDirectoriesFillEmptyElements(t *testing.T) {
	sep := string(filepath.ListSeparator)
	for manpath, want := range map[string]string{
		"":                "/usr/local/share/man",
		"/a" + sep:        "/a",
		sep + "/a":        "/usr/local/share/man",
		"/a" + sep + "/b": "/a",
	} {
		dirs := directories(manpath)
		if dirs[0] != want || strings.Count(strings.Join(dirs, " "), "/usr/share/man") != 1 {
			t.Errorf("directories(%q) = %q", manpath, dirs)
		}
	}
}

// TestInstalledManual reads the manual of this host, where there is one, and finds all in it that QEMU of its version has.
func TestInstalledManual(t *testing.T) {
	path, err := Find(QEMU, "")
	if err != nil {
		if !errors.Is(err, ErrNotInstalled) {
			t.Error(err)
		}
		return
	}
	m, err := Open(t.Context(), path, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"query-status", "migrate", "STOP"}
	for _, version := range []string{"7.2", "11.1"} {
		if strings.HasPrefix(m.Version(), version+".") {
			names = namesOf(t, version)
		}
	}
	for _, name := range names {
		doc, ok := m.Doc(name)
		if !ok || doc.Text == "" && doc.Returns == "" || doc.Since == "" {
			t.Errorf("%s in %s: %#v", name, path, doc)
		}
		for _, text := range []string{doc.Text, doc.Returns, doc.Errors} {
			if strings.Contains(text, `\f`) || strings.Contains(text, `\-`) || strings.Contains(text, `\(`) {
				t.Errorf("%s has roff in it: %s", name, text)
			}
		}
	}
}

// namesOf returns the commands and events of a saved schema.
func namesOf(t *testing.T, version string) []string {
	t.Helper()
	schema := saved.Schema(t, version, qapi.Parse)
	var names []string
	for _, c := range schema.Commands() {
		names = append(names, c.Name)
	}
	for _, e := range schema.Events() {
		names = append(names, e.Name)
	}
	return names
}

func TestBrokenPages(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), filepath.Join(dir, "none.7"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a page that is not there: %v", err)
	}
	path := filepath.Join(dir, "broken.7.gz")
	if err := os.WriteFile(path, []byte("not gzip"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, ""); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a page that is not gzip: %v", err)
	}
	empty := install(t, dir, QEMU, "", "")
	if m, err := Open(t.Context(), empty, dir); err != nil || m.index.count() != 0 {
		t.Errorf("an empty page: %v", err)
	}
}

func TestIndexIsCachedUntilThePageChanges(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "new", "cache")
	path := install(t, dir, QEMU, ".gz", sample(t, "older.7"))
	check := func(version string, cached bool) {
		t.Helper()
		m, err := Open(t.Context(), path, cache)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := m.page.(*cachedPage); m.Version() != version || got != cached {
			t.Errorf("version %s, from the cache: %v; want %s, %v", m.Version(), got, version, cached)
		}
		if doc, ok := m.Doc("sell-drink"); !ok || doc.Summary != "Sell a drink" {
			t.Errorf("%#v", doc)
		}
	}
	check("5.2.0", false)
	check("5.2.0", true)
	install(t, dir, QEMU, ".gz", sample(t, "newer.7"))
	if err := os.Chtimes(path, time.Time{}, time.Unix(1_700_000_000, 0)); err != nil {
		t.Fatal(err)
	}
	check("11.1.3", false)
	check("11.1.3", true)
	if files, err := os.ReadDir(cache); err != nil || len(files) != 1 {
		t.Errorf("the cache has %v, %v; want one file", files, err)
	}
}

func TestDamagedCacheIsReplaced(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	path := install(t, dir, QEMU, "", sample(t, "older.7"))
	if _, err := Open(t.Context(), path, cache); err != nil {
		t.Fatal(err)
	}
	key, err := keyOf(path)
	if err != nil {
		t.Fatal(err)
	}
	file := cachePath(cache, key)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Replace(whole, []byte("sell-drink\tc"), []byte("sell-drinx\tc"), 1)
	for _, text := range [][]byte{damaged, whole[:len(whole)/2], whole[:10], {}, append(bytes.Clone(whole), 'x')} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Open(t.Context(), path, cache)
		if err != nil {
			t.Fatal(err)
		}
		if _, cached := m.page.(*cachedPage); cached {
			t.Errorf("a damaged cache of %d bytes is used", len(text))
		}
		if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, whole) {
			t.Errorf("the damaged cache was not replaced: %v", err)
		}
	}
}

func TestCacheReplacedUnderAReader(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	path := install(t, dir, QEMU, "", sample(t, "older.7"))
	if _, err := Open(t.Context(), path, cache); err != nil {
		t.Fatal(err)
	}
	old, err := Open(t.Context(), path, cache)
	if err != nil {
		t.Fatal(err)
	}
	install(t, dir, QEMU, "", sample(t, "newer.7"))
	if _, err := Open(t.Context(), path, cache); err != nil {
		t.Fatal(err)
	}
	if doc, ok := old.Doc("sell-drink"); ok {
		t.Errorf("an entry of another page was read: %#v", doc)
	}
}

func TestCacheThatCannotBeWrittenIsNoError(t *testing.T) {
	dir := t.TempDir()
	path := install(t, dir, QEMU, "", sample(t, "older.7"))
	m, err := Open(t.Context(), path, filepath.Join(path, "below-a-file"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := m.Doc("sell-drink"); !ok {
		t.Error("nothing is found without a cache")
	}
}

func TestSeveralAtOnce(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	path := install(t, dir, QEMU, ".gz", sample(t, "newer.7"))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			m, err := Open(t.Context(), path, cache)
			if err != nil {
				t.Error(err)
				return
			}
			if _, ok := m.Doc("sell-drink"); !ok {
				t.Error("sell-drink is not found")
			}
		})
	}
	wg.Wait()
}

func TestInline(t *testing.T) {
	for roff, want := range map[string]string{
		`block\-commit`:                       "block-commit",
		`\fBbold\fP \f(CWcode\fR \f[B]x\f[]`:  "bold code x",
		`\(dqa\(dq \(aqb\(aq \(bu \(rs \(em`:  `"a" 'b' • \ —`,
		`\&.hidden \%word a\~b c\ d`:          ".hidden word a b c d",
		`back\eslash \\ \[u00e9] \[aq] \(zz`:  `back\slash \ é ' zz`,
		`text \" a comment`:                   "text ",
		`small \s-1caps\s0`:                   "small caps",
		`at the end \`:                        `at the end \`,
		`\(b`:                                 "(b",
		"no escapes at all, \u00fc included.": "no escapes at all, ü included.",
	} {
		if got := inline(roff); got != want {
			t.Errorf("inline(%q) = %q, want %q", roff, got, want)
		}
	}
}

func FuzzManual(f *testing.F) {
	f.Add([]byte(sample(f, "older.7")))
	f.Add([]byte(sample(f, "newer.7")))
	f.Add([]byte(".SS \\fBa\\fP (Command)\n.SS Arguments\n.TP\n.B \\fBx\\fP: \\fB"))
	f.Add([]byte(".TP\n.B Command a\n.INDENT\n.TP\n.B Arguments\n.INDENT\n.IP \\(bu\n\\fBx\\fP (\\"))
	f.Fuzz(func(t *testing.T, page []byte) {
		m := inMemory(string(page))
		last := ""
		for line := range strings.Lines(m.index.lines) {
			name, _, _ := strings.Cut(line, "\t")
			if name <= last {
				t.Fatalf("%q comes after %q", name, last)
			}
			last = name
			e, ok := m.index.find(name)
			if !ok || e.name != name {
				t.Fatalf("%q is in the index and not found", name)
			}
			if _, ok := m.read(e); !ok {
				t.Fatalf("the entry of %q is not read", name)
			}
		}
	})
}

func FuzzCache(f *testing.F) {
	page := sample(f, "newer.7")
	ix := newIndex(page)
	dir := f.TempDir()
	if err := writeCache(dir, "k\np\n1 2\n", ix, page); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(cachePath(dir, "k\np\n1 2\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte("k\np\n1 2\n7.2\n0 0 0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, ok := parseCache(string(text), "k\np\n1 2\n")
		if !ok {
			return
		}
		for line := range strings.Lines(c.index.lines) {
			name, _, _ := strings.Cut(line, "\t")
			c.index.find(name)
		}
		if c.pageAt > len(text) || c.pageAt != len(c.head)+len(c.index.lines) {
			t.Fatalf("the page is said to begin at %d of %d", c.pageAt, len(text))
		}
	})
}

// bigPage is a page as large as QEMU's: 850 kB with a thousand entries.
func bigPage() string {
	var b strings.Builder
	b.WriteString(".TH \"X\" \"7\" \"D\" \"11.1.3\" \"M\"\n.SH ALL\n")
	for i := range 1000 {
		fmt.Fprintf(&b, ".INDENT 0.0\n.TP\n.B Command name\\-%04d (Since: 1.0)\nDoes the thing.\n.INDENT 7.0\n.TP\n.B Arguments\n.INDENT 7.0\n", i)
		for m := range 8 {
			fmt.Fprintf(&b, ".IP \\(bu 2\n\\fBmember\\-%d\\fP (\\fBstring\\fP, \\fIoptional\\fP) \\-\\- what it is, in words\n", m)
		}
		b.WriteString(".UNINDENT\n.UNINDENT\n.UNINDENT\n")
	}
	return b.String()
}

func benchmarkPage(b *testing.B) (path, cache string) {
	b.Helper()
	dir := b.TempDir()
	path = filepath.Join(dir, "page.7.gz")
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	if _, err := w.Write([]byte(bigPage())); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path, buffer.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return path, dir
}

// BenchmarkOpen compares opening a page the first time and from its cached index.
func BenchmarkOpen(b *testing.B) {
	path, cache := benchmarkPage(b)
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Open(b.Context(), path, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Open(b.Context(), path, cache); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDoc is one look-up in an open manual.
func BenchmarkDoc(b *testing.B) {
	path, cache := benchmarkPage(b)
	for range 2 { // the second is from the cache
		if _, err := Open(b.Context(), path, cache); err != nil {
			b.Fatal(err)
		}
	}
	m, err := Open(b.Context(), path, cache)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if doc, ok := m.Doc("name-0500"); !ok || len(doc.Members) != 8 {
			b.Fatalf("%#v", doc)
		}
	}
}
