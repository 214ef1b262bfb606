package scenes

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
)

func TestAMachineThatEndsIsToldBeforeItsLink(t *testing.T) {
	for _, size := range usual {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			p := open(t, stage{sizes: [][2]int{size}})
			p.complete("query-b")
			p.menu("query-balloon")
			p.signalQEMU(syscall.SIGTERM)
			p.sees("link lost")
			p.WaitMatch(`(?s)SHUTDOWN  host-signal.*link lost.*\(lost [^)]+\)> query-b\n +query-balloon`)
		})
	}
}

// A crash is a QEMU that dies behind the prompt, and is started again on the same socket.
func TestLink(t *testing.T) {
	for _, size := range usual {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			home := qemutest.Dir(t)
			machine := []string{"-name", "web01"}
			q := qemutest.StartIn(t, home, machine...)
			p := stage{}.start(t, q, home, size)
			p.known()
			play := func(name string, f func(p *prompt)) {
				t.Run(name, func(t *testing.T) {
					mine := &prompt{p.For(t), t, q, home}
					f(mine)
				})
			}
			play("a lost link is told above the half-typed line, which stays", func(p *prompt) {
				p.begin("query-na")
				q.Kill()
				p.sees("link lost", "qmp.sock closed by QEMU", "redialling")
				p.WaitMatch(`(?m)^web01 \(lost [^)]+\)> query-na`)
			})
			play("a command without a link says that nothing was sent", func(p *prompt) {
				p.fresh()
				p.run("query-name")
				p.sees("error:", "nothing was sent", ".reconnect")
			})
			play("reconnect says why there is still no link", func(p *prompt) {
				p.fresh()
				p.run(".reconnect")
				p.sees("error: no connection to", "connection refused", "redialling goes on", "is QEMU still running?")
			})
			play("completion goes on without a link", func(p *prompt) {
				p.fresh()
				p.complete("query-b")
				p.menu("query-balloon", "query-block")
				p.fresh()
			})
			play("the link comes back by itself", func(p *prompt) {
				q = qemutest.StartIn(t, home, machine...)
				p.qemu = q
				p.sees("link is back after")
				p.known()
				p.run("query-name")
				p.sees("name web01")
			})
			play("a command that was under way is told of as unknown", func(p *prompt) {
				p.fresh()
				p.qemu = q
				p.freeze()
				p.submit("object-del id=none")
				p.WaitFor("Ctrl-C stops waiting")
				q.Kill()
				p.ready()
				p.sees("error:", "the outcome is unknown", "link lost")
			})
			play("reconnect does not wait for the next attempt", func(p *prompt) {
				p.fresh()
				q = qemutest.StartIn(t, home, machine...)
				p.qemu = q
				p.run(".reconnect")
				p.sees("link is back after")
				p.known()
				p.run("query-name")
				p.sees("name web01")
			})
		})
	}
}

func TestAnotherTarget(t *testing.T) {
	t.Parallel()
	p := open(t, stage{machine: []string{"-name", "web01"}})
	home := qemutest.Dir(t)
	other := qemutest.StartIn(t, home, "-name", "db02")
	p.run(".target " + other.Socket)
	p.WaitMatch(`(?m)^db02 running>$`)
	p.run("query-name")
	p.sees("name db02")
	p.run(".target " + p.qemu.Socket)
	p.known()
}

func TestMonitorThatAnotherClientHolds(t *testing.T) {
	t.Parallel()
	first := open(t, stage{machine: []string{"-name", "web01"}})
	p := stage{}.start(t, first.qemu, first.home, [2]int{80, 24})
	if code := p.WaitExit(); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	p.sees("another client holds this monitor", fmt.Sprintf("pid %d", first.Pid()))
}
