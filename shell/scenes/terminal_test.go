package scenes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

func TestTerminal(t *testing.T) {
	stage{}.play(t, []scene{
		{"Ctrl-L empties the screen and keeps the line", func(p *prompt) {
			p.run("query-name")
			p.begin("query-sta")
			p.Press("C-l")
			p.WaitGone("name")
			p.WaitMatch(`\A\S+ \S+> query-sta`)
		}},
		{"wide characters stand where they are typed", func(p *prompt) {
			p.Type("# 日本語 gelöscht 🙂 e\u0301nd")
			p.sees("日本語 gelöscht 🙂")
			p.Press("Left", "Left", "Left", "Left")
			p.Type("<")
			p.WaitMatch(`🙂<? ?<?`)
			p.sees("日本語 gelöscht")
		}},
		{"a pasted message of thousands of lines is one entry", func(p *prompt) {
			var b strings.Builder
			b.WriteString("{\"execute\": \"query-name\",\n\"arguments\":\n{\n")
			b.WriteString(strings.Repeat("\n", 3000) + "}}")
			p.Paste(b.String())
			p.sees("}}")
			p.Press("Enter")
			p.ready()
			p.sees("name web01")
		}},
		{"pasted lines are not run before Enter", func(p *prompt) {
			p.Paste("stop\nstop\n")
			p.sees("stop")
			p.lacks(p.Screen(), "ok")
			p.Press("C-c")
			p.ready()
		}},
		{"Escape close before Ctrl-C keeps no line, no menu and no search", func(p *prompt) {
			for _, keys := range []string{"", "\t", "\x12q"} {
				p.begin("query-b")
				p.Send(keys + "\x1b\x03")
				p.ready()
				p.sees("> query-b^C")
				p.fresh()
			}
		}},
		{"rows that a narrow window has broken are not joined in a wide one", func(p *prompt) {
			p.run("query-name")
			p.complete("query-b")
			joined := regexp.MustCompile(`query-.*query-`)
			for _, size := range [][2]int{{80, 24}, {50, 15}, {80, 24}, {30, 10}, {120, 30}, {20, 24}, {100, 24}} {
				p.Resize(size[0], size[1])
				sc := p.WaitUntil("a menu as wide as the window", func(sc tmuxtest.Screen) bool {
					return len(menuOf(sc)) > 7 && sc.Contains("leaves the guest") == (size[0] >= 100)
				})
				if row := joined.FindString(sc.String()); row != "" {
					p.t.Errorf("%v: %q", size, row)
				}
			}
			p.Press("Escape")
			p.none()
			p.sees("name web01")
		}},
		{"a window that changes keeps the line and the menu", func(p *prompt) {
			p.complete("query-b")
			p.menu("query-balloon")
			p.Resize(60, 12)
			p.menu("query-balloon")
			p.Resize(100, 30)
			p.menu("query-balloon")
			p.Press("Escape")
			p.none()
			p.WaitMatch(`(?m)> query-b`)
		}},
	})
}

func TestNarrowAndWide(t *testing.T) {
	stage{sizes: [][2]int{{40, 24}, {300, 50}, {50, 5}}}.play(t, []scene{
		{"a line is typed, completed and run", func(p *prompt) {
			p.complete("query-b")
			p.menu("query-balloon")
			p.Press("Escape")
			p.none()
			p.Press("C-c")
			p.ready()
			p.run("query-status")
			p.sees("prelaunch")
		}},
		{"a mistake gets a caret that is seen", func(p *prompt) {
			p.run("blockdev-add driver=qcow2 node-name=with-a-long-name file.driver=fiel file.filename=/nowhere/at/all.qcow2")
			p.sees("fiel", "^~~~", "nothing was sent")
		}},
		{"no row is wider than the window", func(p *prompt) {
			p.run(".set")
			p.sees("time off")
			for _, word := range []string{"resets", "destroys", "json,", "jsonl,", "yaml,", "table,"} {
				if all := p.History(); !all.Contains(word) {
					p.t.Errorf("%q is broken:\n%s", word, all)
				}
			}
			p.run("query-chardev")
			p.sees("serial0")
		}},
	})
}

func TestInterruptFromElsewhereDropsTheLine(t *testing.T) {
	stage{}.play(t, []scene{
		{"half a line is dropped, and the next one runs", func(p *prompt) {
			p.begin("query-sta")
			p.Signal(syscall.SIGINT)
			p.WaitMatch(`> query-sta\^C\n\S+ \S+>$`)
			p.run("query-name")
			p.sees("name web01")
		}},
		{"a menu is dropped with its line", func(p *prompt) {
			p.complete("query-b")
			p.menu("query-balloon")
			p.Signal(syscall.SIGINT)
			p.none()
			p.WaitMatch(`> query-b\^C\n\S+ \S+>$`)
		}},
		{"a question is not answered with yes", func(p *prompt) {
			p.submit("quit")
			p.WaitFor("[y/N]")
			p.Type("y")
			p.WaitFor("[y/N] y")
			p.Signal(syscall.SIGINT)
			p.ready()
			p.sees("nothing was sent")
			p.machineRuns()
		}},
		{"what runs is waited for no more, and the line typed ahead stays", func(p *prompt) {
			p.freeze()
			p.submit("query-name")
			p.WaitFor("Ctrl-C stops waiting")
			p.Type("query-stat")
			p.Signal(syscall.SIGINT)
			p.sees("stopped waiting for query-name")
			p.thaw()
			p.sees("late reply to query-name")
			p.WaitMatch(`> query-stat`)
		}},
	})
}

func TestDumbTerminalGetsPlainLines(t *testing.T) {
	t.Parallel()
	home := qemutest.Dir(t)
	q := qemutest.StartIn(t, home, "-name", "web01")
	p := stage{env: []string{"TERM=dumb"}}.start(t, q, home, [2]int{80, 24})
	p.WaitMatch(`>$`)
	p.Type("query-name\n")
	p.sees("name web01")
	p.Type("quit\n")
	p.WaitFor("[y/N]")
	p.Type("n\n")
	p.WaitMatch(`nothing was sent\n\S+ \S+>$`)
	p.Type("query-st")
	p.WaitMatch(`> query-st$`)
	p.Press("C-c")
	p.WaitMatch(`query-st\^C\n\S+ \S+>$`)
	p.Type("query-st")
	p.WaitMatch(`> query-st$`)
	p.Signal(syscall.SIGINT)
	p.WaitMatch(`> query-st\n\S+ \S+>$`)
	p.Type("set_password protocol=vnc password=?\n")
	p.sees("password (not shown):")
	p.Type("hunter2")
	p.Press("C-c")
	p.WaitMatch(`nothing was sent\n\S+ \S+>$`)
	p.lacks(p.History(), "hunter2")
	p.machineRuns()
	p.Press("C-d")
	if code := p.WaitExit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(p.Styled().String(), "\x1b[3") {
		t.Errorf("colours on a dumb terminal:\n%q", p.Styled().String())
	}
}

// A login is a shell with job control, in which the program runs.
func login(t *testing.T, size [2]int) *prompt {
	t.Helper()
	home := qemutest.Dir(t)
	q := qemutest.StartIn(t, home, "-name", "web01")
	s := tmuxtest.Start(t, tmuxtest.Options{Width: size[0], Height: size[1], Dir: home, Deadline: patience,
		Env: environment(t, home, "PS1=login$ ", "PS2=", "SOCKET="+q.Socket, "HISTFILE=/dev/null")}, "bash", "--norc", "--noprofile", "-i")
	p := &prompt{s, t, q, home}
	p.WaitMatch(`login\$$`)
	p.Type("stty -a >before\n")
	p.WaitMatch(`login\$ stty -a >before\nlogin\$$`)
	p.Type("clear; " + filepath.Join(built, "qmpsh") + " $SOCKET\n")
	p.known()
	return p
}

// sane checks that the terminal is as it was before the program ran.
func (p *prompt) sane() {
	p.t.Helper()
	p.WaitMatch(`login\$$`)
	p.Type("clear; stty -a >after; cmp before after && echo as it was\n")
	p.WaitMatch(`(?m)^as it was$`)
}

func TestCtrlZStopsAndComesBack(t *testing.T) {
	for _, size := range usual {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			p := login(t, size)
			p.begin("query-na")
			p.Press("C-z")
			p.WaitMatch(`(?s)Stopped.*login\$$`)
			p.sane()
			p.Type("fg\n")
			p.WaitMatch(`> query-na`)
			p.Type("me\n")
			p.sees("name web01")
			p.ready()
			p.Press("C-d")
			p.sane()
		})
	}
}

func TestKilledProgramRunsNothingAndLeavesTheTerminalAsItWas(t *testing.T) {
	for name, sig := range map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM} {
		for what, line := range map[string]string{"half a line": "query-na", "a whole line": "cont", "a menu": "query-b"} {
			t.Run(name+" at "+what, func(t *testing.T) {
				t.Parallel()
				p := login(t, usual[0])
				p.run("stop")
				p.Forget()
				p.begin(line)
				if what == "a menu" {
					p.Press("Tab")
					p.menu("query-balloon")
				}
				p.kill(sig)
				p.WaitMatch(`login\$$`)
				p.ended(130)
				p.sane()
				p.lacks(p.History(), "RESUME", "error:")
				p.machineRuns()
			})
		}
	}
}

// TestQuitSignalWritesItsDumpForAPerson: Go's dump is of use in a hang; the terminal is as it was all the same.
func TestQuitSignalWritesItsDumpForAPerson(t *testing.T) {
	for _, where := range []string{"at the prompt", "in the dashboard", "behind the dashboard"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			p := login(t, usual[0])
			if where != "at the prompt" {
				p.Type(".dash\n")
				p.WaitMatch(`web01  ● RUNNING.*link ready`)
			}
			if where == "behind the dashboard" {
				p.Press("q")
				p.ready()
			}
			if where != "in the dashboard" {
				p.begin("query-na")
			}
			p.kill(syscall.SIGQUIT)
			p.WaitMatch(`login\$$`)
			if all := p.History(); !regexp.MustCompile(`(?m)^SIGQUIT: quit$`).MatchString(all.String()) {
				t.Errorf("no dump, or not from the start of a row:\n%s", all)
			}
			p.Type("clear\n")
			p.WaitMatch(`\Alogin\$$`)
			p.sane()
		})
	}
}

func TestHangUpThatIsIgnoredStaysSo(t *testing.T) {
	p := login(t, usual[0])
	p.Press("C-d")
	p.sane()
	p.Type("clear; trap '' HUP; " + filepath.Join(built, "qmpsh") + " $SOCKET\n")
	p.known()
	p.begin("query-na")
	p.kill(syscall.SIGHUP)
	p.Type("me\n")
	p.sees("name web01")
	p.ready()
	p.Press("C-d")
	p.sane()
}

// TestSignalsToTheDashboard: however a signal ends it, the terminal is as it was and the exit code says so; the prompt
// under it ends with it, but for Ctrl-C's signal, which ends only what runs there.
func TestSignalsToTheDashboard(t *testing.T) {
	for name, sig := range map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM, "INT": syscall.SIGINT} {
		for _, prompt := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s at the prompt's %v", name, prompt), func(t *testing.T) {
				t.Parallel()
				p := login(t, usual[0])
				if prompt {
					p.Type(".dash\n")
				} else {
					p.Press("C-d")
					p.sane()
					p.Type("clear; " + filepath.Join(built, "qmpsh") + " $SOCKET dash\n")
				}
				p.WaitMatch(`web01  ● RUNNING.*link ready`)
				p.kill(sig)
				if prompt && sig == syscall.SIGINT {
					p.ready()
					p.lacks(p.Screen(), "error:")
					p.run("query-name")
					p.Press("C-d")
					p.WaitMatch(`login\$$`)
					p.ended(0)
				} else {
					p.WaitMatch(`login\$$`)
					p.ended(130)
				}
				p.sane()
			})
		}
	}
}

// ended checks the exit code of the program, and that nothing of the dashboard is left on the terminal.
func (p *prompt) ended(code int) {
	p.t.Helper()
	p.lacks(p.Screen(), "╭", "link ready")
	p.Type("echo $?.\n")
	p.WaitMatch(fmt.Sprintf(`(?m)^%d\.$`, code))
	if modes := p.Modes(); modes != "" {
		p.t.Errorf("left behind: %s", modes)
	}
}

// kill signals the program in a login.
func (p *prompt) kill(sig syscall.Signal) {
	p.t.Helper()
	pids, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/%d/children", p.Pid(), p.Pid()))
	if err != nil || len(pids) != 1 {
		p.t.Fatalf("%v: %v", pids, err)
	}
	for _, pid := range childrenOf(p.t, pids[0]) {
		if err := syscall.Kill(pid, sig); err != nil {
			p.t.Fatal(err)
		}
	}
}

// childrenOf reads the process ids in a file of /proc.
func childrenOf(t testing.TB, path string) []int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, field := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

func TestLinuxConsole(t *testing.T) {
	stage{}.play(t, []scene{
		{"what the console's characters lack is not drawn", func(p *prompt) {
			p.complete("query-b")
			p.Press("Tab")
			p.sees("► query-balloon")
			p.lacks(p.Screen(), "▸", "…")
		}},
		{"its F1 describes the command that is typed", func(p *prompt) {
			p.begin("query-name")
			p.Send("\x1b[[A")
			p.WaitMatch(`(?s)Returns.*> query-name`) // Ctrl-C before that is for the pager
		}},
		{"its Home and End are known", func(p *prompt) {
			p.begin("uery-nam")
			p.Send("\x1b[1~")
			p.Type("q")
			p.Send("\x1b[4~")
			p.Type("e\n")
			p.sees("name web01")
		}},
	}, "TERM=linux")
}
