package tui

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi/compat"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

var update = flag.Bool("update", false, "write the golden files anew")

// noon is the present of every picture in these tests.
var noon = time.Date(2026, 11, 22, 12, 3, 44, 0, time.Local)

// A driver feeds the model with messages and keys, without a terminal and without a server.
type driver struct {
	t         testing.TB
	m         *model
	now       news
	sent      []request
	refreshed machine.Stale
	redials   int
	left      bool // a key asked to leave
}

func newDriver(t testing.TB, w, h int, change ...func(*Config)) *driver {
	config := Config{Target: "unix:/run/q.sock", Theme: render.NewTheme(render.Mono, false)}
	for _, c := range change {
		c(&config)
	}
	d := &driver{t: t}
	known := newKnowledge(config)
	schema, err := compat.Schema()
	if err != nil {
		t.Fatal(err)
	}
	known.learn(schema)
	d.m = newModel(config, hands{
		perform: func(_ int, r request) { d.sent = append(d.sent, r) },
		refresh: func(s machine.Stale) { d.refreshed |= s },
		redial:  func() { d.redials++ },
		known:   known,
	})
	d.m.facts.has = func(string) bool { return true }
	d.now = news{now: noon, link: qmpconn.Link{State: qmpconn.Ready, Since: noon.Add(-5 * time.Minute)}}
	d.m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	d.m.Update(d.now)
	return d
}

// tell gives the model news: what change does to those that it has.
func (d *driver) tell(change func(*news)) *driver {
	change(&d.now)
	d.m.Update(d.now)
	d.now.events = nil
	return d
}

func (d *driver) show(s machine.Snapshot) *driver {
	return d.tell(func(n *news) { n.snapshot = s })
}

// press presses keys by Bubble Tea's names; other strings are typed.
func (d *driver) press(keys ...string) *driver {
	for _, key := range keys {
		msg := tea.KeyPressMsg{}
		switch code, named := namedKeys[key]; {
		case named:
			msg.Code = code
		case strings.HasPrefix(key, "ctrl+") && len(key) == 6:
			msg.Code, msg.Mod = rune(key[5]), tea.ModCtrl
		case key == "shift+tab":
			msg.Code, msg.Mod = tea.KeyTab, tea.ModShift
		default:
			for _, r := range key {
				d.update(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			continue
		}
		d.update(msg)
	}
	return d
}

var namedKeys = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp,
	"pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "space": tea.KeySpace,
}

func (d *driver) update(msg tea.Msg) {
	if _, cmd := d.m.Update(msg); cmd != nil {
		_, quits := cmd().(tea.QuitMsg)
		d.left = d.left || quits
	}
}

// answer lets the request sent last end.
func (d *driver) answer(returned string, err error) *driver {
	d.t.Helper()
	if len(d.sent) == 0 {
		d.t.Fatal("nothing was sent")
	}
	d.update(outcome{d.m.sent, d.sent[len(d.sent)-1], []byte(returned), err, 3 * time.Millisecond})
	return d
}

// styled is the picture with its styles, one string a row.
func (d *driver) styled() []string { return strings.Split(d.m.View().Content, "\n") }

// screen is the picture without styles.
func (d *driver) screen() []string {
	rows := d.styled()
	for i := range rows {
		rows[i] = ansi.Strip(rows[i])
	}
	return rows
}

// fits fails the test when the picture has not exactly the size of the screen.
func (d *driver) fits() {
	d.t.Helper()
	rows := d.styled()
	if len(rows) != d.m.h {
		d.t.Fatalf("%d rows on a screen of %dx%d:\n%s", len(rows), d.m.w, d.m.h, strings.Join(rows, "\n"))
	}
	for i, row := range rows {
		if got := render.Width(row); got != d.m.w {
			d.t.Fatalf("row %d is %d cells wide on a screen of %dx%d: %q", i, got, d.m.w, d.m.h, row)
		}
		if text := ansi.Strip(row); strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
			d.t.Fatalf("row %d has control characters: %q", i, text)
		}
	}
}

func (d *driver) contains(texts ...string) {
	d.t.Helper()
	picture := strings.Join(d.screen(), "\n")
	for _, text := range texts {
		if !strings.Contains(picture, text) {
			d.t.Errorf("the picture lacks %q:\n%s", text, picture)
		}
	}
}

func (d *driver) lacks(texts ...string) {
	d.t.Helper()
	picture := strings.Join(d.screen(), "\n")
	for _, text := range texts {
		if strings.Contains(picture, text) {
			d.t.Errorf("the picture has %q:\n%s", text, picture)
		}
	}
}

// sentLines are the requests sent, as typed at the prompt.
func (d *driver) sentLines() string {
	var lines []string
	for _, r := range d.sent {
		lines = append(lines, r.line())
	}
	return strings.Join(lines, "\n")
}

// golden compares the picture with a file, the blanks at the ends of rows aside.
func (d *driver) golden(name string) {
	d.t.Helper()
	d.fits()
	rows := d.screen()
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	got := strings.Join(rows, "\n") + "\n"
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	if got != string(want) {
		d.t.Errorf("%s differs (go test -update writes it):\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
