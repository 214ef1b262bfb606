package render

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

// What is not known of a server that cannot tell is said, not made up.
func TestDescribeWhatAnOldServerHas(t *testing.T) {
	schema := saved.Schema(t, "7.2", qapi.Parse).AsOf("QEMU 1.1").Restrict([]string{"stop", "device_add", "from-elsewhere"})
	const further, unknown, asOf = "Further arguments", "Not in the schema", "what QEMU 1.1 has"
	for name, want := range map[string][]string{
		"stop": {asOf}, "device_add": {further, asOf}, "from-elsewhere": {unknown},
	} {
		var out strings.Builder
		if err := (Printer{}).DescribeCommand(&out, schema.Command(name), nil, nil); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{further, unknown, asOf} {
			if strings.Contains(out.String(), text) != slices.Contains(want, text) {
				t.Errorf("%s: want %q in\n%s", name, want, &out)
			}
		}
	}
}

// A guest agent cannot describe its commands: their arguments are known from the manual alone.
func TestDescribeWhatOnlyTheManualKnows(t *testing.T) {
	command := &qapi.Command{Name: "guest-file-open", Args: new(qapi.Object), Open: true, Returns: &qapi.Builtin{Name: "any", JSON: "value"}}
	docs := fixed{"guest-file-open": {
		Members: map[string]string{"path": "Full path to the file in the guest.", "mode": "open mode, as per fopen()"},
		Types:   map[string]string{"path": "string"},
	}}
	var out strings.Builder
	if err := (Printer{}).DescribeCommand(&out, command, docs, nil); err != nil {
		t.Fatal(err)
	}
	const want = "These are written about:\nmode  any\n    open mode, as per fopen()\npath  string\n    Full path to the file in the guest.\n"
	if !strings.Contains(out.String(), want) {
		t.Errorf("want\n%s\nin\n%s", want, &out)
	}
}

// fixed is documentation by name.
type fixed map[string]qapi.Doc

func (f fixed) Doc(name string) (qapi.Doc, bool)   { doc, ok := f[name]; return doc, ok }
func (fixed) TypeDoc(name string) (qapi.Doc, bool) { return qapi.Doc{}, false }

func TestEveryEntityCanBeDescribed(t *testing.T) {
	masked := regexp.MustCompile(`(?m)(\w  +|of )\[*\d+\]*(,|$)`)
	for _, version := range []string{"7.2", "11.1"} {
		schema := saved.Schema(t, version, qapi.Parse)
		for _, command := range schema.Commands() {
			for _, width := range []int{40, 80, 200} {
				var out strings.Builder
				p := Printer{Terminal: true, Width: width, Theme: NewTheme(TrueColor, false)}
				if err := p.DescribeCommand(&out, command, nil, nil); err != nil {
					t.Fatalf("%s: %v", command.Name, err)
				}
				for line := range strings.SplitSeq(out.String(), "\n") {
					if Width(line) > width {
						t.Errorf("%s: %d cells in %d: %q", command.Name, Width(line), width, line)
					}
				}
			}
			var out strings.Builder
			if err := (Printer{}).DescribeCommand(&out, command, nil, nil); err != nil {
				t.Fatal(err)
			}
			if found := masked.FindString(out.String()); found != "" {
				t.Errorf("%s: %q looks like a masked name in\n%s", command.Name, found, out.String())
			}
			out.Reset()
			if err := (Printer{Format: JSON}).DescribeCommand(&out, command, nil, nil); err != nil || !json.Valid([]byte(out.String())) {
				t.Errorf("%s as JSON: %v", command.Name, err)
			}
		}
		for _, event := range schema.Events() {
			var out strings.Builder
			if err := (Printer{Terminal: true, Width: 60}).DescribeEvent(&out, event, nil); err != nil {
				t.Fatal(err)
			}
			for line := range strings.SplitSeq(out.String(), "\n") {
				if Width(line) > 60 {
					t.Errorf("%s: %q", event.Name, line)
				}
			}
		}
	}
}

func TestDescriptionShowsTheChosenBranch(t *testing.T) {
	schema := saved.Schema(t, "11.1", qapi.Parse)
	cases := []struct {
		name    string
		command string
		choices map[string]string
		want    []string
		not     []string
	}{
		{"many branches are named", "blockdev-add", nil, []string{"driver chooses one of 46 branches", "qcow2, qcow,"}, []string{"lazy-refcounts"}},
		{"a branch", "blockdev-add", map[string]string{"driver": "qcow2"}, []string{"driver=qcow2 adds", "├─ lazy-refcounts", "object by driver or str, mandatory"}, []string{"chooses one of"}},
		{"a branch in a branch", "blockdev-add", map[string]string{"driver": "qcow2", "file.driver": "file"}, []string{"│  └─ driver=file adds", "│     ├─ filename  "}, nil},
		{"a branch that adds nothing", "object-add", map[string]string{"qom-type": "pef-guest"}, []string{"qom-type=pef-guest adds nothing"}, nil},
		{"in a list", "transaction", map[string]string{"actions.0.type": "abort"}, []string{"type=abort adds"}, nil},
		{"deep down", "chardev-add", map[string]string{"backend.type": "socket", "backend.data.addr.type": "inet"}, []string{"type=inet adds", "host", "keep-alive"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			if err := (Printer{}).DescribeCommand(&out, schema.Command(c.command), nil, c.choices); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, out.String())
				}
			}
			for _, not := range c.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q in\n%s", not, out.String())
				}
			}
		})
	}
}

func TestDescriptionRefusesAChoiceThatIsNone(t *testing.T) {
	command := saved.Schema(t, "7.2", qapi.Parse).Command("blockdev-add")
	for _, c := range []struct{ tag, value, want string }{
		{"driver", "qcow9", `driver: "qcow9" is not one of its 42 values; did you mean: qcow2, qcow`},
		{"driver", "nothing-like-it", `driver: "nothing-like-it" is not one of blkdebug, `},
		{"file.locking", "on", "file.locking chooses no branch here"},
		{"drivr", "qcow2", "drivr chooses no branch here; did you mean: driver"},
		{"node-name", "x", "node-name chooses no branch here"},
	} {
		err := (Printer{}).DescribeCommand(io.Discard, command, nil, map[string]string{c.tag: c.value})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s=%s: %v", c.tag, c.value, err)
		}
	}
}

// docsForTest is documentation of one command.
type docsForTest struct{}

func (docsForTest) Doc(name string) (qapi.Doc, bool) {
	return qapi.Doc{
		Summary: "write one image's data into another",
		Text:    "Live writing of an overlay's data into the image below it, while the guest goes on.\n\n- the first of two items, which is long enough to be wrapped somewhere\n- the second\n\n    { \"execute\": \"block-commit\" }",
		Members: map[string]string{"device": "the name of the node at the top of the chain, which this text calls the active layer", "base": "deprecated name of \x1b[31mbase-node"},
		Features: map[string]string{"deprecated": "The members base and top name files; " +
			"base-node and top-node name nodes."},
		Returns: "nothing when the job has begun", Errors: "- DeviceNotFound when there is no such device",
		Since: "1.3", Source: "QEMU 7.2 manual on this host", Note: "the server is QEMU 11.1, the manual is of 7.2",
	}, name == "block-commit"
}

func (docsForTest) TypeDoc(string) (qapi.Doc, bool) { return qapi.Doc{}, false }

// nestedDocs knows the types below blockdev-add's members.
type nestedDocs struct{}

func (nestedDocs) Doc(string) (qapi.Doc, bool) {
	return qapi.Doc{
		Types:    map[string]string{"cache": "BlockdevCacheOptions"},
		Branches: map[string]string{"qcow2": "BlockdevOptionsQcow2"},
		Examples: "-> { \"execute\": \"blockdev-add\" }\n<- { \"return\": {} }",
	}, true
}

func (nestedDocs) TypeDoc(name string) (qapi.Doc, bool) {
	switch name {
	case "BlockdevCacheOptions":
		return qapi.Doc{Members: map[string]string{"direct": "past the host's page cache"}}, true
	case "BlockdevOptionsQcow2":
		return qapi.Doc{Members: map[string]string{"lazy-refcounts": "write counts of references late"}}, true
	}
	return qapi.Doc{}, false
}

func TestDescriptionFollowsTheDocumentationOfTypes(t *testing.T) {
	command := saved.Schema(t, "11.1", qapi.Parse).Command("blockdev-add")
	for _, format := range []Format{Auto, JSON} {
		var out strings.Builder
		if err := (Printer{Format: format}).DescribeCommand(&out, command, nestedDocs{}, map[string]string{"driver": "qcow2"}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"past the host's page cache", "write counts of references late", "BlockdevCacheOptions", "blockdev-add"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: no %q", format, want)
			}
		}
	}
}

func TestDescriptionForPrograms(t *testing.T) {
	var out strings.Builder
	if err := (Printer{Format: JSON}).DescribeCommand(&out, saved.Schema(t, "7.2", qapi.Parse).Command("yank"), docsForTest{}, nil); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name, Kind string
		AllowOOB   bool `json:"allow-oob"`
		Arguments  struct {
			Members []struct {
				Name      string
				Mandatory bool
				Type      struct{ Kind, Description string }
			}
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	m := got.Arguments.Members
	if got.Name != "yank" || got.Kind != "command" || !got.AllowOOB || len(m) != 1 || m[0].Name != "instances" || !m[0].Mandatory ||
		m[0].Type.Kind != "array" || m[0].Type.Description != "list of object by type" {
		t.Errorf("got %+v", got)
	}
}

func TestDescriptionWithDocumentation(t *testing.T) {
	var out strings.Builder
	p := Printer{Terminal: true, Width: 60}
	if err := p.DescribeCommand(&out, saved.Schema(t, "7.2", qapi.Parse).Command("block-commit"), docsForTest{}, nil); err != nil {
		t.Fatal(err)
	}
	golden(t, "describe/block-commit.txt", out.String())
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestDescriptionScreens(t *testing.T) {
	schema := saved.Schema(t, "11.1", qapi.Parse)
	for _, c := range []struct {
		command string
		choices map[string]string
	}{
		{"blockdev-add", nil}, {"blockdev-add", map[string]string{"driver": "qcow2", "file.driver": "file"}}, {"query-yank", nil}, {"device_add", nil},
	} {
		name := c.command
		if c.choices != nil {
			name += "-chosen"
		}
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := (Printer{Terminal: true, Width: 80}).DescribeCommand(&out, schema.Command(c.command), nil, c.choices); err != nil {
				t.Fatal(err)
			}
			golden(t, "describe/"+name+".txt", out.String())
		})
	}
}

func TestListing(t *testing.T) {
	schema := saved.Schema(t, "7.2", qapi.Parse)
	var commands []*qapi.Command
	for _, name := range []string{"block-commit", "query-status", "x-query-jit"} {
		commands = append(commands, schema.Command(name))
	}
	events := []*qapi.Event{schema.Event("STOP")}
	print := func(p Printer) string {
		var out strings.Builder
		if err := p.Listing(&out, commands, events, docsForTest{}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := `Commands
block-commit  write one image's data into anoth…
query-status  write one image's data into anoth…
x-query-jit   write one image's data into anoth…

Events
STOP          write one image's data into anoth…
`
	if got := print(Printer{Terminal: true, Width: 48}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got := print(Printer{}); !strings.HasPrefix(got, "block-commit  write one image's data into another\n") {
		t.Errorf("in a pipe:\n%s", got)
	}
	if got := print(Printer{Format: JSONL}); !strings.HasPrefix(got, `{"name":"block-commit","kind":"command","summary":"write one image's data into another"}`+"\n") {
		t.Errorf("as JSON lines:\n%s", got)
	}
}
