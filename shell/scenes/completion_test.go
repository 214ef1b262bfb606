package scenes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// menu waits until the rows of an open menu hold each of the texts, and returns these rows from top to bottom.
func (p *prompt) menu(texts ...string) []string {
	p.t.Helper()
	var rows []string
	p.WaitUntil("a menu with "+strings.Join(texts, ", "), func(sc tmuxtest.Screen) bool {
		rows = menuOf(sc)
		for _, text := range texts {
			if !strings.Contains(solid(strings.Join(rows, "\n")), solid(text)) {
				return false
			}
		}
		return rows != nil
	})
	return rows
}

// menuTitle is the row below a menu.
var menuTitle = regexp.MustCompile(`^ *─ [0-9]+ of [0-9]+ ─`)

// menuOf is the menu on a screen with its title, nil when there is none.
func menuOf(sc tmuxtest.Screen) []string {
	for i := len(sc) - 1; i > 0; i-- {
		if menuTitle.MatchString(sc[i]) {
			return sc[max(0, i-10) : i+1]
		}
	}
	return nil
}

// none waits until no menu is open.
func (p *prompt) none() {
	p.t.Helper()
	p.WaitUntil("no menu", func(sc tmuxtest.Screen) bool { return menuOf(sc) == nil })
}

func TestCompletion(t *testing.T) {
	stage{}.play(t, []scene{
		{"Tab shows commands in a window of ten rows with a line of help each", func(p *prompt) {
			p.complete("query-b")
			rows := p.menu("query-balloon", "query-block", "query-block-jobs", "─ commands")
			if len(rows) > 11 {
				p.t.Errorf("the menu has %d rows:\n%s", len(rows), strings.Join(rows, "\n"))
			}
		}},
		{"the menu of all commands scrolls and says where one is", func(p *prompt) {
			p.Press("Tab")
			p.menu("add-fd")
			for range 16 {
				p.Press("Down")
			}
			p.WaitMatch(`(?m)─ 16 of 2[0-9][0-9] ─`)
			p.Press("Up")
			p.WaitMatch(`(?m)─ 15 of 2[0-9][0-9] ─`)
			p.Press("Escape")
			p.none()
			p.ready()
		}},
		{"typing narrows the menu", func(p *prompt) {
			p.complete("block-")
			p.menu("block-commit", "block-dirty-bitmap-add")
			p.Type("st")
			p.menu("block-stream")
			p.WaitUntil("only what goes on so", func(sc tmuxtest.Screen) bool {
				return menuOf(sc) != nil && !sc.Contains("block-dirty-bitmap-add")
			})
			p.Press("Tab", "Enter")
			p.WaitMatch(`(?m)> block-stream`)
		}},
		{"letters in the middle of words find a command", func(p *prompt) {
			p.complete("bdbadd")
			p.sees("block-dirty-bitmap-add")
		}},
		{"capital letters find what is written small", func(p *prompt) {
			p.complete("QUERY-STATU")
			p.sees("query-status")
		}},
		{"the only candidate is put in", func(p *prompt) {
			p.complete("query-hotplug")
			p.sees("> query-hotpluggable-cpus")
			p.Press("Enter")
			p.ready()
		}},
		{"members come with the mandatory ones first", func(p *prompt) {
			p.complete("block-stream ")
			rows := p.menu("device str mandatory")
			if !strings.Contains(rows[0], "device") {
				p.t.Errorf("the first one is %q", rows[0])
			}
			p.Press("Tab", "Enter")
			p.sees("block-stream device=")
		}},
		{"members that were given are not offered again", func(p *prompt) {
			p.complete("block-job-set-speed speed=1 ")
			p.sees("device=")
		}},
		{"a union's members follow its tag", func(p *prompt) {
			p.complete("blockdev-add driver=qcow2 file.driver=file file.fi")
			p.sees("file.filename=")
		}},
		{"members of an object come with a dot", func(p *prompt) {
			p.complete("blockdev-add driver=qcow2 fi")
			p.menu("file.", "data-file.")
			p.Press("C-c")
			p.ready()
			p.complete("blockdev-add driver=null-co cache.")
			p.menu("direct", "no-flush", "cache.: BlockdevCacheOptions")
		}},
		{"values of an enum are offered", func(p *prompt) {
			p.complete("blockdev-add driver=qco")
			p.menu("qcow", "qcow2")
		}},
		{"booleans are offered", func(p *prompt) {
			p.complete("blockdev-add driver=null-co read-only=")
			p.menu("on", "off")
		}},
		{"members are completed inside of a JSON value", func(p *prompt) {
			p.complete(`blockdev-add driver=qcow2 file={"driver": "file", "filen`)
			p.sees(`"filename"`)
		}},
		{"a raw message is completed too", func(p *prompt) {
			p.complete(`{"execute": "query-stat`)
			p.menu("query-status", "query-stats")
		}},
		{"an inner word is replaced and not lengthened", func(p *prompt) {
			p.begin("blockdev-add driver=raw node-name=n")
			for range len("raw node-name=n") {
				p.Press("Left")
			}
			p.Type("nu")
			p.Press("Tab")
			p.menu("null-aio", "null-co")
			p.Press("Tab", "Enter")
			p.sees("driver=null-aio node-name=n")
		}},
		{"directives are offered", func(p *prompt) {
			p.complete(".re")
			p.sees(".reconnect", "try a lost link again")
			p.Press("C-c")
			p.ready()
			p.complete(".set ")
			p.menu("confirm", "format", "pager", "time")
		}},
		{"file names are offered where a member is a path", func(p *prompt) {
			for _, name := range []string{"disk-one.raw", "disk-two.raw"} {
				if err := os.WriteFile(filepath.Join(p.home, name), nil, 0o600); err != nil {
					p.t.Fatal(err)
				}
			}
			p.complete("blockdev-add driver=file filename=" + p.home + "/disk-")
			p.menu("disk-one.raw", "disk-two.raw")
			p.Type("t")
			p.Press("Tab", "Enter")
			p.sees("/disk-two.raw")
		}},
		{"unstable commands are marked", func(p *prompt) {
			p.complete("x-query-ro")
			p.sees("x-query-roms")
			p.Press("C-c")
			p.ready()
			p.complete("x-query-")
			p.menu("unstable")
		}},
		{"deprecated ones come last", func(p *prompt) {
			p.complete("block-commit device=disk0 ")
			p.menu("base-node", "top-node")
			p.Press("BTab")
			rows := p.menu("▸")
			for _, row := range rows {
				if strings.Contains(row, "▸") && !strings.Contains(row, "deprecated") {
					p.t.Errorf("the last one is %q", row)
				}
			}
		}},
		{"a hint says what the member under the cursor is", func(p *prompt) {
			p.Type("block-stream device")
			p.sees("device: str, mandatory")
		}},
		{"the only way to go on is proposed in grey and taken by Right", func(p *prompt) {
			p.Type("query-hotplugga")
			p.WaitMatch(`(?m)> query-hotpluggable-cpus`)
			p.Press("Right", "Enter")
			p.ready()
			p.lacks(p.Screen(), "has no command")
		}},
		{"what was typed before is proposed in grey", func(p *prompt) {
			p.run("query-name | .name")
			p.fresh()
			p.Type("query-na")
			p.WaitMatch(`(?m)> query-name \| \.name`)
			p.Press("Right", "Enter")
			p.sees("web01")
			p.ready()
		}},
		{"Escape leaves the menu and the line as it was typed", func(p *prompt) {
			p.complete("query-b")
			p.menu("query-balloon")
			p.Press("Tab", "Tab", "Escape")
			p.none()
			p.WaitMatch(`(?m)> query-b`)
		}},
	})
}
