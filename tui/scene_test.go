package tui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/qmptalk"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
	"github.com/qmpsh/qmpsh/render"
)

// TestSceneMigration watches a guest that dirties its memory move from one QEMU to another: it does not converge until
// bandwidth and downtime are raised from the dashboard.
func TestSceneMigration(t *testing.T) {
	dir := qemutest.Dir(t)
	guest := []string{"-machine", "pc", "-drive", "if=floppy,format=raw,file=" + qemutest.DirtyGuest(t, dir), "-boot", "a", "-m", "256"}
	incoming := filepath.Join(dir, "in.sock")
	qemutest.Start(t, append(guest, "-incoming", "unix:"+incoming)...)
	source := qemutest.Start(t, append(guest, "-name", "web01")...)

	s := watch(t, source.Socket, 120, 40)
	s.WaitMatch(`web01  ● RUNNING`) // the forms that are opened next name it
	s.Type("3b")
	s.WaitFor("Bandwidth of the migration")
	s.Press("C-u")
	s.Type("30M\n")
	s.WaitFor("sent: migrate-set-parameters max-bandwidth=31457280  ok")
	s.Type("s")
	s.WaitFor("Migrate web01")
	s.Press("C-u")
	s.Type("unix:" + incoming + "\n")
	s.WaitFor("Migrate web01?")
	s.Type("y")
	s.WaitFor("sent: migrate uri=unix:")
	s.WaitMatch(`active   pass [2-9]`)
	s.WaitFor("a pass ended") // the chart
	s.Type("d")
	s.WaitFor("Downtime of the migration")
	s.Press("C-u")
	s.Type("10s\n")
	s.WaitFor("sent: migrate-set-parameters downtime-limit=10000  ok")
	s.Type("b")
	s.WaitFor("Bandwidth of the migration")
	s.Press("C-u")
	s.Type("10G\n")
	s.WaitFor("sent: migrate-set-parameters max-bandwidth=10737418240  ok")
	s.WaitMatch(`(?s)completed.*total +[0-9.]+ .*downtime +[0-9.]+ `)
	s.WaitFor("POSTMIGRATE")
	s.Type("q")
	s.WaitFor("left, and nothing is left behind")
}

// TestSceneMirror runs a mirror with a speed limit, and pauses, resumes, quickens and completes it from the dashboard.
func TestSceneMirror(t *testing.T) {
	dir := qemutest.Dir(t)
	disk := filepath.Join(dir, "disk.raw")
	if err := os.WriteFile(disk, bytes.Repeat([]byte("data"), 96<<18), 0o600); err != nil {
		t.Fatal(err)
	}
	q := idleMachine(t, "-machine", "pc", "-S", "-drive", "id=drive0,if=none,format=raw,file="+disk, "-device", "virtio-blk-pci,drive=drive0")
	s := watch(t, q.Socket, 80, 24)
	s.WaitFor("no block jobs")
	run(s, "drive-mirror device=drive0 target="+filepath.Join(dir, "copy.raw")+" format=raw sync=full speed=1M")
	s.WaitMatch(`drive0 +mirror +running`)
	s.Type("2p")
	s.WaitFor("sent: job-pause id=drive0  ok")
	s.WaitMatch(`drive0 +mirror +paused`)
	s.Type("p")
	s.WaitFor("sent: job-resume id=drive0  ok")
	s.WaitMatch(`drive0 +mirror +running`)
	s.Type("b")
	s.WaitFor("Speed limit of drive0")
	s.Press("C-u")
	s.Type("1G\n")
	s.WaitFor("sent: block-job-set-speed device=drive0 speed=1073741824  ok")
	s.WaitMatch(`drive0 +mirror +ready`)
	s.Type("c")
	s.WaitFor("Complete drive0 on web01?")
	s.Type("y")
	s.WaitFor("sent: job-complete id=drive0")
	s.WaitMatch(`drive0 +mirror +completed`)
}

// TestSceneChardev adds a chardev, with the completion of the prompt, and removes it.
func TestSceneChardev(t *testing.T) {
	q := idleMachine(t)
	s := watch(t, q.Socket, 80, 24)
	s.WaitFor("Chardevs (1)")
	run(s, "qom-set path=/machine property=mem-merge value=off") // a truth value, as only the machine knows
	run(s, "chardev-add id=extra0 backend.type=null backend.data={}")
	s.WaitMatch(`extra0 +null`)
	s.Type(":chardev-rem")
	s.WaitFor(": chardev-rem")
	s.Press("Tab")
	s.WaitFor(": chardev-remove")
	s.Type("id=ext")
	s.Press("Tab")
	if s.WaitMatch(`▸extra0|: chardev-remove id=extra0`).Contains("▸extra0") { // the value came after the key
		s.Press("Enter")
		s.WaitFor(": chardev-remove id=extra0")
	}
	s.Press("Enter")
	s.WaitMatch(`sent: chardev-remove id="?extra0"?  ok`)
	s.Press("Escape")
	s.WaitFor("Chardevs (1)")
}

// TestSceneRestart kills QEMU under the dashboard and starts it again on the same socket.
func TestSceneRestart(t *testing.T) {
	dir := qemutest.Dir(t)
	q := qemutest.StartIn(t, dir, "-name", "web01")
	s := watch(t, q.Socket, 80, 24, "NO_COLOR=1")
	s.WaitMatch(`web01  ● RUNNING.*link ready`)
	q.Kill()
	s.WaitFor("LINK LOST")
	s.WaitFor("last known: running")
	if !strings.Contains(strings.Join(s.Styled(), "\n"), "\x1b[2m") {
		t.Error("the old picture is not dimmed")
	}
	s.Type("1p")
	s.WaitFor("Pause web01?")
	s.Type("y")
	s.WaitFor("not sent: stop")
	qemutest.StartIn(t, dir, "-name", "web02")
	s.Type("R")
	s.WaitMatch(`web02  ● RUNNING.*link ready`)
	s.Type("6")
	s.WaitFor("link lost: events in between were missed")
}

// TestSceneHung stops QEMU with a signal: the dashboard says so, its keys work, and nothing is piled up.
func TestSceneHung(t *testing.T) {
	q := idleMachine(t)
	s := watch(t, q.Socket, 80, 24)
	s.WaitMatch(`web01  ● RUNNING.*link ready`)
	if err := syscall.Kill(q.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.WaitFor("not answering for")
	run := func(keys, want string) { s.Type(keys); s.WaitFor(want) }
	run("1py", "no answer for")
	run(":query-name\n", "not sent: stop has no answer yet")
	s.Press("Escape")
	s.WaitGone("Command to")
	run("5", "no block devices")
	run("?", "mouse: click chooses")
	s.Press("Escape")
	if err := syscall.Kill(q.PID(), syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	s.WaitFor("● PAUSED")
	s.WaitFor("link ready")
}

// TestSceneTypedAhead: keys that were typed before the dashboard was there are its own.
func TestSceneTypedAhead(t *testing.T) {
	q := idleMachine(t)
	holder := qmptalk.Dial(t, q.Socket)
	s := watch(t, q.Socket, 80, 24)
	s.Type("5z/abc")
	s.WaitFor("5z/abc") // echoed by the terminal: nobody reads yet
	holder.Close()
	s.WaitFor("Filter Block")
	s.WaitFor("/ abc")
}

// TestSceneTwice shows the dashboard again and again on one session, as the prompt does.
func TestSceneTwice(t *testing.T) {
	q := idleMachine(t)
	s := watch(t, q.Socket, 80, 24, envTimes+"=3")
	for range 3 {
		s.WaitMatch(`web01  ● RUNNING`)
		s.Type("5")
		s.WaitFor("no block devices")
		s.Type("q")
		s.WaitGone("no block devices")
	}
	s.WaitFor("left, and nothing is left behind")
}

// TestSceneMouse answers a question with the mouse, as a terminal sends its clicks.
func TestSceneMouse(t *testing.T) {
	q := idleMachine(t)
	s := watch(t, q.Socket, 80, 24)
	s.WaitMatch(`web01  ● RUNNING.*link ready`)
	s.Type("1p")
	clickOn(s, "[ no ]")
	s.WaitFor("nothing was sent")
	s.Type("p")
	clickOn(s, "y pause it")
	s.WaitFor("● PAUSED")
	s.WaitMatch(`sent: stop  ok`)
	s.Type("?")
	clickOn(s, "esc closes")
	s.WaitGone("esc closes")
	clickOn(s, "4 Chardevs")
	s.WaitFor("▸")
}

// clickOn waits for a text and clicks on its first cell.
func clickOn(s *tmuxtest.Session, text string) {
	screen := s.WaitFor(text)
	row := screen.Row(text)
	before, _, _ := strings.Cut(screen[row], text)
	at := fmt.Sprintf("%d;%d", render.Width(before)+1, row+1)
	s.Send("\x1b[<0;" + at + "M\x1b[<0;" + at + "m")
}
