package scenes

import (
	"os"
	"syscall"
	"testing"
)

func TestRunning(t *testing.T) {
	stage{}.play(t, []scene{
		{"a command that takes long shows a spinner and the time", func(p *prompt) {
			p.freeze()
			p.submit("query-name")
			p.WaitMatch(`(?m)^\S query-name [0-9.]+ s · Ctrl-C stops waiting$`)
			p.thaw()
			p.ready()
			p.sees("name web01")
			p.lacks(p.Screen(), "Ctrl-C stops waiting")
		}},
		{"Ctrl-C stops waiting, keeps the session, and a late reply is announced", func(p *prompt) {
			p.freeze()
			p.submit("query-name")
			p.WaitFor("Ctrl-C stops waiting")
			p.Press("C-c")
			p.ready()
			p.sees("stopped waiting for query-name", "QEMU may still be at it")
			p.begin("query-sta")
			p.thaw()
			p.sees("late reply to query-name", "ok", "name web01")
			p.WaitMatch(`(?m)> query-sta`)
			p.Type("tus\n")
			p.sees("running false")
			p.ready()
		}},
		{"a late refusal is announced too", func(p *prompt) {
			p.freeze()
			p.submit("blockdev-del node-name=none")
			p.WaitFor("Ctrl-C stops waiting")
			p.Press("C-c")
			p.ready()
			p.thaw()
			p.sees("late reply to blockdev-del", "QEMU refused blockdev-del")
		}},
		{"what is typed while a command runs is the next line", func(p *prompt) {
			p.freeze()
			p.submit("query-name")
			p.WaitFor("Ctrl-C stops waiting")
			p.Type("query-status | .status\n")
			p.thaw()
			p.sees("name web01", "> query-status | .status prelaunch")
			p.ready()
		}},
		{"Tab typed ahead completes, also amid text", func(p *prompt) {
			p.ahead("blockdev-add driver=qco\t")
			p.menu("qcow", "qcow2")
			p.Press("Escape", "C-c")
			p.ready()
			p.ahead("query-hotplug\t\rblock-stre\tdevice=disk0")
			p.sees("> query-hotpluggable-cpus", "> block-stream device=disk0")
			p.Press("C-c")
			p.ready()
		}},
		{"tabs of an indented text are blanks, also without the brackets of a paste", func(p *prompt) {
			p.Send("{\r\t\"execute\": \"query-name\",\r\t\"arguments\": {\r\t\t}\r}")
			p.WaitMatch(`> \{
    "execute": "query-name",
    "arguments": \{
      \}
  \}$`)
			p.Press("Enter")
			p.sees("name web01")
		}},
	})
}

// ahead types text while a command runs.
func (p *prompt) ahead(text string) {
	p.t.Helper()
	p.freeze()
	p.submit("query-name")
	p.WaitFor("Ctrl-C stops waiting")
	p.Send(text)
	p.thaw()
}

// freeze and thaw stop the machine's process, so that it answers nothing, and let it go on.
func (p *prompt) freeze() { p.signalQEMU(syscall.SIGSTOP) }
func (p *prompt) thaw()   { p.signalQEMU(syscall.SIGCONT) }

func (p *prompt) signalQEMU(sig syscall.Signal) {
	p.t.Helper()
	process, err := os.FindProcess(p.qemu.PID())
	if err == nil {
		err = process.Signal(sig)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
