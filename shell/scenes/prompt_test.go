package scenes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// A scene is what a user does at the prompt and sees there.
type scene struct {
	name string
	play func(p *prompt)
}

// A stage is what the scenes of a table are played on: terminals of these sizes, each with a machine and a program.
type stage struct {
	sizes   [][2]int // width and height; nil means usual
	machine []string // arguments of QEMU; nil means web01
	env     []string // NAME=VALUE for the program
	flags   []string // of the program
}

// usual is what people have: a terminal as it opens, and a corner of a screen.
var usual = [][2]int{{80, 24}, {50, 15}}

// patience is how long a scene waits for what it is to see, on a busy machine.
const patience = 60 * time.Second

// A prompt is the program in a terminal, and the machine behind it.
type prompt struct {
	*tmuxtest.Session
	t    testing.TB
	qemu *qemutest.QEMU
	home string // of the program; the files that scenes need are here too
}

// play plays the scenes one after the other in each size. One that fails does not spoil the next: that gets another
// terminal.
func (st stage) play(t *testing.T, scenes []scene, env ...string) {
	st.env = append(st.env, env...)
	t.Helper()
	sizes := st.sizes
	if sizes == nil {
		sizes = usual
	}
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			home := qemutest.Dir(t)
			q := qemutest.StartIn(t, home, st.arguments(t, home)...)
			var p *prompt
			for _, sc := range scenes {
				t.Run(sc.name, func(t2 *testing.T) {
					begun := p != nil
					if !begun {
						p = st.start(t, q, home, size)
					}
					mine := &prompt{p.For(t2), t2, p.qemu, p.home}
					defer func() {
						if t2.Failed() {
							mine.thaw()
							mine.Signal(syscall.SIGKILL)
							mine.WaitExit()
							p = nil
						}
					}()
					if !begun {
						mine.known()
						mine.run("query-name") // it waits for the schema: a scene may keep the machine from telling it
					}
					mine.fresh()
					sc.play(mine)
				})
			}
		})
	}
}

func (st stage) arguments(t testing.TB, dir string) []string {
	if st.machine != nil {
		return st.machine
	}
	return web01(t, dir)
}

// start runs the program on a machine.
func (st stage) start(t testing.TB, q *qemutest.QEMU, home string, size [2]int) *prompt {
	t.Helper()
	// Not by tmux's own means: these have a TERM of their own.
	argv := append([]string{"env"}, environment(t, home, st.env...)...)
	argv = append(append(argv, filepath.Join(built, "qmpsh")), st.flags...)
	s := tmuxtest.Start(t, tmuxtest.Options{Width: size[0], Height: size[1], Dir: home, Deadline: patience},
		append(argv, q.Socket)...)
	return &prompt{s, t, q, home}
}

// environment is what the program finds around it: a home of its own, and the cache that the tests share.
func environment(t testing.TB, home string, more ...string) []string {
	t.Helper()
	races := filepath.Join(t.TempDir(), "race")
	t.Cleanup(func() {
		logs, _ := filepath.Glob(races + "*")
		for _, log := range logs {
			text, _ := os.ReadFile(log)
			t.Errorf("the program raced:\n%s", text)
		}
	})
	return append([]string{
		"HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CACHE_HOME=" + filepath.Join(built, "cache"),
		"TERM=tmux-256color", "PAGER=cat", "SHELL=/bin/sh", "VISUAL=", "EDITOR=false", "NO_COLOR=", "COLORTERM=",
		"GORACE=log_path=" + races,
	}, more...)
}

// web01 is a machine with a little of everything. Its guest does not run.
func web01(t testing.TB, dir string) []string {
	t.Helper()
	base := qemutest.Image(t, dir, "base.qcow2", "qcow2", "16M")
	top := qemutest.Image(t, dir, "top.qcow2", "qcow2", "16M", "-b", base, "-F", "qcow2")
	return []string{"-machine", "q35", "-name", "web01", "-m", "16", "-S",
		"-blockdev", "driver=file,filename=" + top + ",node-name=file0",
		"-blockdev", "driver=qcow2,file=file0,node-name=disk0",
		"-device", "virtio-blk-pci,drive=disk0,id=vd0",
		"-chardev", "null,id=serial0", "-chardev", "ringbuf,id=ring0",
		"-netdev", "user,id=net0", "-device", "virtio-net-pci,netdev=net0,id=nic0",
		"-object", "iothread,id=io0", "-device", "pcie-root-port,id=port1,chassis=1",
	}
}

// waiting is what the last row looks like when the program waits for a line and none has been begun.
var waiting = regexp.MustCompile(`^\S+( [a-z-]+| \([^)]*\))?( hmp)?>$`)

// known waits until the program knows the machine's name. Every machine of the scenes is web01.
func (p *prompt) known() {
	p.t.Helper()
	p.WaitUntil("the machine's name", func(sc tmuxtest.Screen) bool {
		return waiting.MatchString(sc.Last()) && strings.HasPrefix(sc.Last(), "web01 ")
	})
}

// ready waits for an empty line to be typed on, and returns that screen.
func (p *prompt) ready() tmuxtest.Screen {
	p.t.Helper()
	return p.WaitUntil("an empty prompt", func(sc tmuxtest.Screen) bool { return waiting.MatchString(sc.Last()) })
}

// fresh drops what is being typed and empties the screen.
func (p *prompt) fresh() {
	p.t.Helper()
	const mark = "#mark"
	for {
		p.Press("C-c")
		p.ready()
		p.Type(mark)
		whole := false
		p.WaitUntil("the mark, or its end", func(sc tmuxtest.Screen) bool {
			whole = strings.Contains(strings.Join(sc, "\n"), mark)
			return whole || strings.HasSuffix(sc.Last(), mark[len(mark)-1:])
		})
		if whole {
			break
		}
		// Between two lines Ctrl-C is a signal, and it may come so late that it drops the beginning of the mark.
	}
	p.Press("C-c", "C-l")
	p.WaitGone(mark)
	p.ready()
	p.Forget()
}

// begin types the start of a line, and waits until it is there.
func (p *prompt) begin(text string) {
	p.t.Helper()
	p.Type(text)
	p.sees(text)
}

// complete types the start of a line and presses Tab.
func (p *prompt) complete(text string) {
	p.t.Helper()
	p.begin(text)
	p.Press("Tab")
}

// run enters a line, waits until it has been carried out, and returns the screen then.
func (p *prompt) run(line string) tmuxtest.Screen {
	p.t.Helper()
	p.submit(line)
	return p.ready()
}

// submit enters a line. What it leads to may still be under way.
func (p *prompt) submit(line string) {
	p.t.Helper()
	p.Type(line)
	p.WaitUntil("the typed line", func(sc tmuxtest.Screen) bool { return !waiting.MatchString(sc.Last()) })
	p.Press("Enter")
}

// sees waits until each of the texts is on the screen, or has been there and was moved up out of it, wherever rows
// break. It returns all of that.
func (p *prompt) sees(texts ...string) tmuxtest.Screen {
	p.t.Helper()
	var all tmuxtest.Screen
	for _, text := range texts {
		p.WaitUntil(fmt.Sprintf("%q", text), func(sc tmuxtest.Screen) bool {
			if all = sc; !shows(sc, text) {
				all = p.History()
			}
			return shows(all, text)
		})
	}
	return all
}

// lacks fails when the screen has one of the texts.
func (p *prompt) lacks(sc tmuxtest.Screen, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if shows(sc, text) {
			p.t.Fatalf("%q is on the screen:\n%s", text, sc)
		}
	}
}

// shows reports whether a screen has a text, wherever rows break and however columns are set.
func shows(sc tmuxtest.Screen, text string) bool {
	return strings.Contains(solid(sc.String()), solid(text))
}

func solid(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// open starts a machine and a program of the test's own, in a terminal as it opens.
func open(t *testing.T, st stage) *prompt {
	t.Helper()
	size := usual[0]
	if len(st.sizes) > 0 {
		size = st.sizes[0]
	}
	home := qemutest.Dir(t)
	p := st.start(t, qemutest.StartIn(t, home, st.arguments(t, home)...), home, size)
	p.known()
	return p
}

// machineRuns checks that QEMU has not ended.
func (p *prompt) machineRuns() {
	p.t.Helper()
	select {
	case <-p.qemu.Done():
		p.t.Fatalf("QEMU has ended:\n%s", p.qemu.Stderr())
	default:
	}
}
