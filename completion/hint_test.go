package completion

import (
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

func TestHint(t *testing.T) {
	e := engine(t)
	for _, tt := range []struct{ line, want string }{
		{`block-commit¦`, `block-commit: `},
		{`block-comm¦`, ``},
		{`block-commit ¦`, `needs device`},
		{`block-commit device=drive0 ¦`, ``},
		{`block-commit device=dri¦ve0`, `device: str, mandatory · `},
		{`block-commit dev¦ice=drive0`, `device: str, mandatory · `},
		{`block-commit device=d speed=¦`, `speed: int, optional · `},
		{`block-commit device=d base=¦`, `base: str, optional, deprecated · `},
		{`blockdev-add driver=qcow2 file.driver=file file.filename=¦`, `file.filename: str, mandatory · `},
		{`migrate-set-capabilities capabilities.0.state=¦`, `capabilities.0.state: bool, mandatory`},
		{`transaction( abort¦`, ``},
		{`transaction( block-dirty-bitmap-clear node=n ¦`, `needs name`},
		{`transaction( block-dirty-bitmap-clear node=n na¦me=x`, `name: str, mandatory`},
		{`device_add driver=virtio-net-pci ma¦c=x`, `mac: str · address`},
		{`device_add driver=virtio-net-pci mac=¦`, `mac: str · address`},
		{`{"execute": "block-commit¦"}`, `block-commit: `},
		{`.events¦`, `.events`},
		{`.help¦`, `.help: describe a command`},
		{`query-block | .¦`, ``},
	} {
		before, after, _ := strings.Cut(tt.line, "¦")
		got := e.Hint(before+after, len(before))
		if strings.HasSuffix(tt.want, " ") && (!strings.HasPrefix(got, tt.want) || len(got) == len(tt.want)) ||
			!strings.HasSuffix(tt.want, " ") && !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s\n got %q\nwant %q", tt.line, got, tt.want)
		}
	}
}

func TestTitle(t *testing.T) {
	e := engine(t)
	for _, tt := range []struct{ line, want string }{
		{``, `commands`},
		{`blockdev-add `, `blockdev-add`},
		{`device_add driver=`, `driver: str, mandatory`},
		{`blockdev-add driver=qcow2 file.driver=file file.`, `file.: object by driver`},
		{`migrate-set-capabilities capabilities.`, `capabilities.: list of object`},
		{`.he`, `directives`},
		{`.help `, `.help`},
		{`transaction( `, `actions`},
	} {
		if got := e.Complete(tt.line, len(tt.line)).Title; got != tt.want {
			t.Errorf("%q: title %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestGhost(t *testing.T) {
	e := engine(t)
	history := []string{"block-commit device=drive0", "stop", "block-commit device=drive1 speed=1M"}
	for _, tt := range []struct{ line, want string }{
		{"block-com", "mit device=drive1 speed=1M"},
		{"block-commit device=drive0", ""},
		{"block-commit device=dr", "ive1 speed=1M"},
		{"sto", "p"},
		{"query-vers", "ion"},
		{"query-", ""},
		{"", ""},
		{"   ", ""},
		{"set_link name=n u", "p="},
		{"blockdev-add driver=vh", "dx"},
		{`{"execute": "query-vers`, `ion"`},
	} {
		if got := e.Ghost(tt.line, history); got != tt.want {
			t.Errorf("ghost of %q is %q, want %q", tt.line, got, tt.want)
		}
	}
}

// The rank is one tuple: what goes away last, then how well the word fits, then what is needed, then order.
func TestRankIsAnOrderedList(t *testing.T) {
	all := []Candidate{
		{Text: "xstop", tier: 0},
		{Text: "stop-old", Deprecated: true, tier: 0},
		{Text: "s-t-o-p", tier: 1},
		{Text: "Stop", tier: 0},
		{Text: "sxtxoxp", tier: 0},
		{Text: "stop-b", tier: 1},
		{Text: "stop-a", tier: 1},
		{Text: "stop-needed", tier: 0},
		{Text: "go", tier: 0},
		{Text: "set-top", tier: 0},
	}
	got, prefixed := rank("stop", all)
	var names []string
	for _, c := range got {
		names = append(names, c.Text)
	}
	want := "stop-needed stop-b stop-a Stop set-top s-t-o-p xstop sxtxoxp stop-old"
	if strings.Join(names, " ") != want || prefixed != 5 {
		t.Errorf("ranked %s, %d prefixed\nwant   %s", strings.Join(names, " "), prefixed, want)
	}
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		word, text string
		class      int
	}{
		{"", "x", prefixMatch}, {"blo", "block", prefixMatch}, {"BLO", "block", foldedMatch},
		{"set-l", "set_link", foldedMatch}, {"bdc", "block-dirty-bitmap-clear", startsMatch},
		{"bl-di-cl", "block-dirty-bitmap-clear", startsMatch}, {"dirtycl", "block-dirty-bitmap-clear", startsMatch},
		{"mirr", "drive-mirror", startsMatch}, {"irr", "drive-mirror", insideMatch}, {"dvmr", "drive-mirror", scatteredMatch},
		{"x", "drive", -1}, {"drives", "drive", -1}, {"dd", "drive", -1},
		{strings.Repeat("a", 100), strings.Repeat("a-", 100), scatteredMatch},
	} {
		m, ok := matches(tt.word, tt.text)
		if ok != (tt.class >= 0) || ok && m.class != tt.class {
			t.Errorf("%q in %q: %+v %v, want class %d", tt.word, tt.text, m, ok, tt.class)
		}
	}
}

// An engine without schema, documentation or live values knows at least its directives.
func TestEngineWithoutAnything(t *testing.T) {
	e := New(nil, nil, nil, Options{Directives: directives})
	for _, line := range saved.Lines(t)[:100] {
		around(t, e, line, len(line))
	}
	if got := offered(e, `.e¦`, 1); got != `.e → .events_ +3` {
		t.Errorf("offered %s", got)
	}
}

// documented has prose for what no summary speaks of.
type documented struct{}

func (documented) Doc(name string) (qapi.Doc, bool) {
	return qapi.Doc{Summary: "from the manual", Members: map[string]string{"strange": "What it is. And more."}}, name == "vendor-thing"
}
func (documented) TypeDoc(string) (qapi.Doc, bool) { return qapi.Doc{}, false }

func TestHelpComesFromDocumentation(t *testing.T) {
	s := qapi.NewSchema([]*qapi.Command{{Name: "vendor-thing", Args: &qapi.Object{Members: []*qapi.Member{
		{Name: "strange", Type: &qapi.Builtin{Name: "str", JSON: "string"}, Optional: true},
	}}}}, nil)
	e := New(s, documented{}, nil, Options{})
	if got := e.Complete("", 0).Candidates[0].Help; got != "from the manual" {
		t.Errorf("help of the command is %q", got)
	}
	if got := e.Complete("vendor-thing ", 13).Candidates[0].Help; got != "What it is" {
		t.Errorf("help of the member is %q", got)
	}
}

// FuzzComplete asks at every place of any text.
func FuzzComplete(f *testing.F) {
	for _, line := range saved.Lines(f)[:200] {
		f.Add(line, len(line)/2)
	}
	e := engine(f)
	f.Fuzz(func(t *testing.T, line string, cursor int) {
		if cursor >= 0 && cursor <= len(line) {
			around(t, e, line, cursor)
		}
		e.Complete(line, cursor)
		e.Hint(line, cursor)
		e.Ghost(line, []string{line + "x"})
	})
}
