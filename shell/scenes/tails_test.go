package scenes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTails(t *testing.T) {
	stage{}.play(t, []scene{
		{"a filter shows what it makes of the return", func(p *prompt) {
			p.run("query-status | .status, .running")
			p.sees("prelaunch false")
		}},
		{"objects out of a filter stand in one table", func(p *prompt) {
			p.run("query-named-block-nodes | .[] | {node: .\"node-name\", drv}")
			p.sees("NODE DRV", "disk0 qcow2", "file0 file")
		}},
		{"a mistake in a filter is shown before anything is sent", func(p *prompt) {
			p.run("stop | .[")
			sc := p.sees("^", "nothing was sent")
			p.lacks(sc, "ok")
		}},
		{"a return goes to a program of the user's", func(p *prompt) {
			p.run("query-name |! tr a-z A-Z")
			p.sees(`{"NAME": "WEB01"}`)
		}},
		{"a program that ends in the middle of a row keeps that row", func(p *prompt) {
			p.run("query-name |! printf 'no line end'")
			p.WaitMatch(`(?m)^no line end$`)
		}},
		{"a program that fails is told of and the command is not sent again", func(p *prompt) {
			p.run("query-name |! exit 3")
			p.sees("the command ran", "exit status 3")
		}},
		{"a return is written to a file", func(p *prompt) {
			p.run("query-name > name.json")
			p.sees("18 B written to name.json")
			p.run("query-name >> name.json")
			p.sees("18 B written to name.json")
			text, err := os.ReadFile(filepath.Join(p.home, "name.json"))
			if want := strings.Repeat("{\"name\": \"web01\"}\n", 2); err != nil || string(text) != want {
				p.t.Fatalf("the file holds %q, want %q (%v)", text, want, err)
			}
			if err := os.Remove(filepath.Join(p.home, "name.json")); err != nil {
				p.t.Fatal(err)
			}
		}},
		{"a file that cannot be written is told of", func(p *prompt) {
			p.run("query-name > none/name.json")
			p.sees("error:", "none/name.json", "the command ran")
		}},
		{"the underscore is the last return", func(p *prompt) {
			p.run("query-name")
			p.run("_ | .name | ascii_upcase")
			p.sees("WEB01")
			p.run(".jq .name | length | \"length \\(.)\"")
			p.sees("length 5")
		}},
		{"a long return goes to the pager", func(p *prompt) {
			p.run("query-commands | length | \"no pager: \\(. > 100)\"")
			p.lacks(p.sees("no pager: true"), "PAGED")
			p.submit("query-commands | [.[].name]")
			p.sees("PAGED FRX")
			p.Press("Enter")
			p.ready()
		}},
		{"the pager can be switched off", func(p *prompt) {
			p.run(".set pager off")
			p.run("query-commands | [.[].name]")
			p.lacks(p.Screen(), "PAGED")
			p.run(".set pager on")
		}},
		{"a format is set for what comes", func(p *prompt) {
			p.run(".set format yaml")
			p.run("query-status")
			p.sees("status: prelaunch")
			p.run(".set format json")
			p.run("query-name")
			p.sees(`{ "name": "web01" }`)
			p.run(".set format auto")
		}},
	}, "PAGER=sh -c 'wc -l; echo PAGED $LESS; read x </dev/tty'", "LESS=")
}
