package scenes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kept is what the history file holds.
func (p *prompt) kept() string {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.home, "qmpsh", "history"))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

func TestHistory(t *testing.T) {
	const secret = "hunter2"
	stage{}.play(t, []scene{
		{"Up brings the last line back, of several rows as well", func(p *prompt) {
			p.Type("{\"execute\":\n\"query-name\"}\n")
			p.sees("name web01")
			p.fresh()
			p.Press("Up")
			p.sees(`{"execute": "query-name"}`)
			p.Press("Enter")
			p.sees("name web01")
			p.ready()
		}},
		{"Ctrl-R finds a line", func(p *prompt) {
			p.run("query-kvm")
			p.run("query-name")
			p.fresh()
			p.Press("C-r")
			p.Type("kvm")
			p.sees("query-kvm")
			p.Press("C-r")
			p.sees("no other line of the history has: kvm")
			p.Type("?")
			p.sees("no line of the history has: kvm?")
			p.Press("BSpace")
			p.sees("search the history: kvm")
			p.Press("Enter", "Enter")
			p.sees("present")
			p.ready()
		}},
		{"the file is the user's alone", func(p *prompt) {
			p.run("query-kvm")
			info, err := os.Stat(filepath.Join(p.home, "qmpsh", "history"))
			if err != nil || info.Mode().Perm() != 0o600 {
				p.t.Fatalf("mode %v (%v)", info.Mode(), err)
			}
		}},
		{"a line with a secret is not kept", func(p *prompt) {
			p.run("object-add qom-type=secret id=s1 data=" + secret)
			p.run("object-del id=s1")
			p.run(`{"execute": "object-add", "arguments": {"qom-type": "secret", "id": "s2", "data": "` + secret + `"}}`)
			p.run("object-del id=s2")
			p.run(".hmp set_password vnc " + secret)
			p.run("set_password protocol=vnc password=" + secret)
			p.fresh()
			if text := p.kept(); strings.Contains(text, secret) || !strings.Contains(text, "object-del id=s2") {
				p.t.Fatalf("the history is\n%s", text)
			}
			p.run(".history")
			p.lacks(p.Screen(), secret)
		}},
		{"a secret that is asked for is not shown, and reaches QEMU", func(p *prompt) {
			p.submit("object-add qom-type=secret id=s3 data=?")
			p.WaitFor("data (not shown):")
			p.Type(secret + "\n")
			p.ready()
			p.sees("ok")
			p.lacks(p.History(), secret)
			p.run("object-del id=s3")
			p.sees("ok")
			if text := p.kept(); strings.Contains(text, secret) {
				p.t.Fatalf("the history is\n%s", text)
			}
		}},
		{"Ctrl-C at the question for a secret sends nothing", func(p *prompt) {
			p.submit("object-add qom-type=secret id=s4 data=?")
			p.WaitFor("data (not shown):")
			p.Type(secret)
			p.Press("C-c")
			p.ready()
			p.sees("nothing was sent")
			p.lacks(p.History(), secret)
		}},
		{"secrets are masked in the log of the wire", func(p *prompt) {
			p.run(".log masked.jsonl")
			p.run("object-add qom-type=secret id=s5 data=" + secret)
			p.run("object-del id=s5")
			p.run(".log off")
			text, err := os.ReadFile(filepath.Join(p.home, "masked.jsonl"))
			if err != nil || strings.Contains(string(text), secret) || !strings.Contains(string(text), "s5") {
				p.t.Fatalf("the log is (%v)\n%s", err, text)
			}
		}},
	})
}

func TestHistoryIsSharedByOpenPrompts(t *testing.T) {
	t.Parallel()
	first := open(t, stage{machine: []string{"-name", "web01"}})
	second := open(t, stage{machine: []string{"-name", "web01"}, env: []string{"XDG_STATE_HOME=" + first.home}})
	first.run("query-uuid")
	second.run("query-kvm")
	second.run(".history query-u")
	second.WaitMatch(`(?m)^ +[0-9]+  query-uuid$`)
	second.Press("Up", "Up", "Up")
	second.WaitMatch(`(?m)> query-uuid$`)
}
