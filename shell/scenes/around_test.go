package scenes

import (
	"regexp"
	"testing"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

func TestAroundTheLine(t *testing.T) {
	stage{}.play(t, []scene{
		{"the prompt has the machine's name and run state, and follows it", func(p *prompt) {
			p.run("cont")
			p.WaitMatch(`web01 running>$`)
			p.run("stop")
			p.WaitMatch(`web01 paused>$`)
			p.sees("RESUME", "STOP")
		}},
		{"the run state has a colour", func(p *prompt) {
			p.WaitUntil("a coloured state", func(tmuxtest.Screen) bool {
				return regexp.MustCompile(`\x1b\[[0-9;]*3[0-9][0-9;]*m(paused|prelaunch)`).MatchString(p.Styled().String())
			})
		}},
		{"a mistyped command is coloured when one has left it", func(p *prompt) {
			p.begin("query-stats ")
			good := p.colour("query-stats")
			p.fresh()
			p.begin("qurey-stats ")
			p.WaitUntil("another colour", func(tmuxtest.Screen) bool {
				c := p.colour("qurey-stats")
				return c != "" && c != good
			})
		}},
		{"a value that will be refused is underlined", func(p *prompt) {
			p.begin("blockdev-add driver=qcow3 node-name=x")
			p.WaitUntil("an underlined value", func(tmuxtest.Screen) bool {
				return regexp.MustCompile(`[\[;]4[;m]`).MatchString(p.colour("qcow3"))
			})
		}},
		{"a mistake gets a caret and is sent nowhere", func(p *prompt) {
			p.run("blockdev-add driver=qcow3 node-name=x")
			p.sees("^~~~~", "did you mean: qcow2", "nothing was sent")
			p.fresh()
			p.run("blockdev-add driver=qcow2 node-name=n0 filename=x")
			p.sees("did you mean: file.filename", "nothing was sent")
		}},
		{"words without their key are told what they were meant for", func(p *prompt) {
			p.run("device_del nic0")
			p.sees("expected key=value", "did you mean: id=nic0", "nothing was sent")
			p.fresh()
			p.run("hmp info block")
			p.sees(`no command "hmp"`, "did you mean: .hmp")
			p.fresh()
			p.run("info block")
			p.sees(`no command "info"`, "did you mean: .hmp info block")
			p.fresh()
			p.Paste("query-name\nquery-status\nquery-block")
			p.sees("query-block")
			p.Press("Enter")
			p.sees("another command begins here: one at a time", "nothing was sent")
			p.ready()
		}},
		{"a command that this QEMU has not got offers the nearest", func(p *prompt) {
			p.run("block-comit device=disk0")
			p.sees(`no command "block-comit"`, "^~~~~~~~~~~", "did you mean: block-commit", "nothing was sent")
		}},
		{"all that is missing is said at once", func(p *prompt) {
			p.run("block-job-set-speed")
			p.sees("device", "speed", "nothing was sent")
		}},
		{"what QEMU refuses is told as its refusal", func(p *prompt) {
			p.run("blockdev-del node-name=none")
			p.sees("QEMU refused blockdev-del", "'none'")
		}},
		{"a command that starts a job says how to follow it", func(p *prompt) {
			p.run("blockdev-add driver=null-co node-name=sink size=16M")
			p.run("blockdev-mirror device=disk0 target=sink sync=full job-id=copy speed=1")
			p.sees("job copy runs by itself", ".watch follows it", "job-cancel id=copy")
			p.Forget()
			p.submit(".watch")
			p.sees("copy mirror")
			p.Press("C-c")
			p.ready()
			p.run(".set confirm off")
			p.run("block-job-cancel device=copy force=true")
			p.run(".set confirm on")
			p.sees("BLOCK_JOB_CANCELLED copy")
			p.run("blockdev-del node-name=sink")
		}},
		{"a command that starts a migration says how to follow it", func(p *prompt) {
			p.run("cont")
			p.WaitMatch(`web01 running>$`)
			p.run(`migrate uri="exec:cat >/dev/null"`)
			p.sees("the migration runs by itself", ".watch", "migrate_cancel")
			p.WaitMatch(`web01 postmigrate>$`) // no event says so
			p.run("cont")
			p.run("stop")
		}},
	})
}

// colour is the style in which a text stands on the screen.
func (p *prompt) colour(text string) string {
	p.t.Helper()
	m := regexp.MustCompile(`((?:\x1b\[[0-9;]*m)+)` + regexp.QuoteMeta(text)).FindStringSubmatch(p.Styled().String())
	if m == nil {
		return ""
	}
	return m[1]
}
