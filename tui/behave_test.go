package tui

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// TestActions presses keys and compares what is sent, as it would be typed at the prompt.
func TestActions(t *testing.T) {
	job := func(status string, change func(*machine.Job)) machine.Snapshot {
		s := quietMachine()
		s.Jobs = []machine.Job{{ID: "j0", Type: "mirror", Status: status, Block: true, Listed: true}}
		if change != nil {
			change(&s.Jobs[0])
		}
		return s
	}
	migration := func(change func(*machine.Migration)) machine.Snapshot {
		s := busyMachine()
		change(&s.Migration)
		return s
	}
	paused := quietMachine()
	paused.Run = machine.Run{State: "paused"}
	for _, c := range []struct {
		name  string
		shown machine.Snapshot
		keys  []string
		sent  string
	}{
		{"pause the guest", quietMachine(), []string{"1", "p", "y"}, "stop"},
		{"resume the guest", paused, []string{"1", "p"}, "cont"},
		{"pause a job", job("running", nil), []string{"2", "p"}, "job-pause id=j0"},
		{"resume a job", job("paused", func(j *machine.Job) { j.Paused = true }), []string{"2", "p"}, "job-resume id=j0"},
		{"cancel a job", job("running", nil), []string{"2", "x", "y"}, "job-cancel id=j0"},
		{"complete a job", job("ready", func(j *machine.Job) { j.Ready = true }), []string{"2", "c", "y"}, "job-complete id=j0"},
		{"finalize a job", job("pending", nil), []string{"2", "f", "y"}, "job-finalize id=j0"},
		{"dismiss a job", job("concluded", func(j *machine.Job) { j.End = machine.JobCompleted }), []string{"2", "d"}, "job-dismiss id=j0"},
		{"speed of a job", job("running", nil), []string{"2", "b", "20M", "enter"}, "block-job-set-speed device=j0 speed=20971520"},
		{"cancel the migration", busyMachine(), []string{"3", "x", "y"}, "migrate_cancel"},
		{"bandwidth", busyMachine(), []string{"3", "b", "ctrl+u", "1.5GiB/s", "enter"}, "migrate-set-parameters max-bandwidth=1610612736"},
		{"downtime", busyMachine(), []string{"3", "d", "ctrl+u", "1.6 s", "enter"}, "migrate-set-parameters downtime-limit=1600"},
		{"postcopy", busyMachine(), []string{"3", "o", "y"}, "migrate-start-postcopy"},
		{"continue", migration(func(m *machine.Migration) { m.Status = "pre-switchover" }), []string{"3", "c", "y"}, "migrate-continue state=pre-switchover"},
		{"start", quietMachine(), []string{"3", "s", "backup:4444", "enter", "y"}, "migrate uri=tcp:backup:4444"},
		{"a typed command", quietMachine(), []string{":", "query-status", "enter"}, "query-status"},
		{"a typed command that does harm", quietMachine(), []string{":", "system_reset", "enter", "y"}, "system_reset"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDriver(t, 120, 40).show(c.shown).press(c.keys...)
			if got := d.sentLines(); got != c.sent {
				t.Fatalf("sent %q, want %q\n%s", got, c.sent, strings.Join(d.screen(), "\n"))
			}
			d.contains("sent: " + c.sent)
			d.fits()
		})
	}
}

// TestActionsOfOldServers: migrations had a command for each limit before migrate-set-parameters.
func TestActionsOfOldServers(t *testing.T) {
	old := func(command string) bool { return command != "migrate-set-parameters" }
	for keys, want := range map[string]string{"b": "migrate_set_speed value=104857600", "d": "migrate_set_downtime value=0.1"} {
		d := newDriver(t, 80, 24).show(busyMachine())
		d.m.facts.has = old
		text := map[string]string{"b": "100M", "d": "100ms"}[keys]
		d.press("3", keys, "ctrl+u", text, "enter")
		if got := d.sentLines(); got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
	}
}

// TestStorageDaemon: where there is no guest, nothing is offered that needs one.
func TestStorageDaemon(t *testing.T) {
	d := newDriver(t, 80, 24)
	d.m.facts.has = func(command string) bool {
		return !slices.Contains([]string{"query-status", "cont", "stop", "migrate"}, command)
	}
	d.show(machine.Snapshot{At: noon, Identity: machine.Identity{Name: "qsd"}})
	d.contains("qsd  ○ no run state", "nothing migrates from here")
	d.press("p", "3", "s", "b")
	d.lacks("resume guest", "Migrate qsd", "Bandwidth")
	if len(d.sent) > 0 {
		t.Errorf("sent %s", d.sentLines())
	}
}

// TestGuestAgent: it has nothing that could be watched, and the dashboard says so instead of showing that there is none.
func TestGuestAgent(t *testing.T) {
	d := newDriver(t, 80, 24)
	d.m.facts.has = func(command string) bool { return strings.HasPrefix(command, "guest-") }
	d.show(machine.Snapshot{At: noon}).contains("○ guest agent ", "there is nothing to watch", "a guest agent has none")
	d.lacks("no block jobs", "no chardevs")
	for _, pane := range []string{"5", "6"} {
		d.press(pane).contains("a guest agent has none")
	}
	d.fits()
	d = newDriver(t, 50, 15)
	d.m.facts.has = func(command string) bool { return strings.HasPrefix(command, "guest-") }
	d.show(machine.Snapshot{At: noon}).contains("and : asks it")
	d.fits()
}

// TestHarmAsksFirst: only y sends, and the question names the machine and the command.
func TestHarmAsksFirst(t *testing.T) {
	for _, no := range []string{"n", "esc", "enter", "q", "ctrl+c"} {
		d := newDriver(t, 80, 24).show(busyMachine()).press("3", "x")
		d.contains("Cancel the migration of web01?", "sends: migrate_cancel")
		d.press(no).contains("nothing was sent")
		if len(d.sent) > 0 || d.left || d.m.overlay != nil {
			t.Errorf("%s: sent %v, left %v", no, d.sent, d.left)
		}
	}
	d := newDriver(t, 80, 24).show(busyMachine()).press("3", "x", "j", "x", "5", "tab")
	if _, ok := d.m.overlay.(*question); !ok || len(d.sent) > 0 {
		t.Error("other keys answered the question")
	}
}

// TestCancelSaysWhatIsLost: a copy that is not whole is for nothing, but not what a stream has copied.
func TestCancelSaysWhatIsLost(t *testing.T) {
	for says, job := range map[string]machine.Job{
		"so far was for nothing": {Type: "mirror", Status: "running"},
		"the copy is whole":      {Type: "mirror", Status: "ready", Ready: true},
		"copied stays":           {Type: "stream", Status: "running"},
	} {
		job.ID, job.Block, job.Listed = "j0", true, true
		s := quietMachine()
		s.Jobs = []machine.Job{job}
		newDriver(t, 120, 40).show(s).press("2", "x").contains(says)
	}
}

// TestQuestionLeadsBack: a no returns to the line that was typed, a yes to where the reply is shown.
func TestQuestionLeadsBack(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "system_reset", "enter", "n")
	d.contains(": system_reset", "nothing was sent")
	d.press("enter", "y").answer(`{}`, nil)
	d.contains("ok", "Command to web01")
}

func TestReadOnly(t *testing.T) {
	d := newDriver(t, 80, 24, func(c *Config) { c.ReadOnly = true }).show(busyMachine())
	d.contains("READ-ONLY")
	for _, pane := range []string{"1", "2", "3", "4", "5"} {
		d.press(pane)
		if offered := d.m.offered(); len(offered) > 0 {
			t.Errorf("pane %s offers %q", pane, offered[0].Help().Desc)
		}
		for _, key := range []string{"p", "x", "c", "b", "d", "f", "o", "s"} {
			d.press(key)
		}
	}
	d.press(":", "stop", "enter")
	if len(d.sent) > 0 {
		t.Fatalf("sent %q", d.sentLines())
	}
	d.contains("not sent, read-only: stop ")
	d.press("ctrl+u", "query-status", "enter")
	if d.sentLines() != "query-status" {
		t.Errorf("sent %q", d.sentLines())
	}
}

// TestNothingPilesUp: while a server hangs, one request waits for its answer and no second one is sent.
func TestNothingPilesUp(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("2", "p")
	d.tell(func(n *news) {
		n.now = noon.Add(12 * time.Second)
		n.snapshot.Silent = noon
	})
	d.contains("not answering for 12 s", "sent: job-resume id=backup-of-the-accounting-disk  no answer for 12 s")
	d.press("p", "3", "d", "enter", "esc", ":", "query-status", "enter", "esc")
	if len(d.sent) != 1 {
		t.Fatalf("sent %q", d.sentLines())
	}
	d.contains("not sent: job-resume has no answer yet")
	d.press("5", "j", "z", "?").contains("Keys") // the keys still work
	d.press("esc").answer(`{}`, nil).press("1", "p", "y")
	if len(d.sent) != 2 {
		t.Errorf("sent %q after the answer", d.sentLines())
	}
}

// TestOutOfBandOvertakes: what goes out-of-band is for a server that hangs.
func TestOutOfBandOvertakes(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("2", "p")
	d.m.send(request{command: "migrate-pause", oob: true})
	if len(d.sent) != 2 {
		t.Errorf("sent %q", d.sentLines())
	}
}

// TestOutcomes: what is said of a request that failed.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "sent: job-resume id=backup-of-the-accounting-disk  ok  3 ms"},
		{&qmpconn.Error{Class: "GenericError", Desc: "Job cannot \x1b[2Jresume"}, "job-resume: Job cannot resume"},
		{&qmpconn.OpError{Op: "job-resume", Err: qmpconn.ErrNotReady}, "not sent: job-resume: not connected at the moment"},
		{&qmpconn.OpError{Op: "job-resume", Unknown: true, Err: qmpconn.ErrPeerClosed}, "its outcome is unknown"},
	} {
		d := newDriver(t, 120, 40).show(busyMachine()).press("2", "p").answer(`{}`, c.err)
		d.contains(c.want)
		if d.refreshed != machine.StaleOf(machine.QueryBlockJobs, machine.QueryJobs) {
			t.Errorf("asked again: %v", d.refreshed)
		}
	}
}

// TestLateOutcome: the answer to an earlier request does not hide what is said of a later one.
func TestLateOutcome(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("2", "p")
	d.m.send(request{command: "migrate-pause", oob: true})
	d.update(outcome{1, d.sent[0], nil, errors.New("too late"), time.Second})
	d.contains("sent: migrate-pause")
	d.lacks("too late")
	if d.m.waiting == nil {
		t.Error("the request sent last is not waited for any more")
	}
}

func TestReturnIsShown(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "query-kvm", "enter")
	d.answer(`{"enabled": false, "present": true}`, nil)
	d.contains("enabled  false", ": ")
	d.press("up").contains(": query-kvm")
	d.press("esc").lacks("enabled")
}

func TestCompletion(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "query-st", "tab")
	d.contains(": query-status ")
	d.press("ctrl+u", "block_", "tab", "down", "down", "enter").contains(": block_passwd ")
	d.press("ctrl+u", "migrate u", "tab").contains(": migrate uri=")
	d.press("ctrl+u", "query-", "tab", "bl").contains(": query-bl", "1 of ")
	d.press("esc").contains("Command to web01")
	d.press("esc").lacks("Command to web01")
}

// TestCompletionWarns: as at the prompt, the menu says what a later QEMU may not have.
func TestCompletionWarns(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine())
	d.m.hands.known.learn(saved.Schema(t, "7.2", qapi.Parse))
	d.press(":", "x-query-r", "tab").contains("unstable: list the blocks of RAM")
	d.press("ctrl+u", "nbd-server-").contains("deprecated: ")
	d.lacks("unstable")
}

// TestEnterBesideAnEmptyMenu: a menu that has nothing left to take over does not keep the line from being sent.
func TestEnterBesideAnEmptyMenu(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "block_", "tab", "ctrl+u", "balloon value=1M")
	d.contains("nothing to complete here")
	d.press("enter").lacks("nothing to complete here")
	if got := d.sentLines(); got != "balloon value=1048576" {
		t.Errorf("sent %q", got)
	}
}

// TestTypedBeforeTheSchema: a line is not sent before it can be checked, and then is.
func TestTypedBeforeTheSchema(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine())
	d.m.hands.known.tried.Store(false)
	d.press(":", "balloon value=1M", "enter").contains("asking what this QEMU can do")
	if len(d.sent) > 0 {
		t.Fatalf("sent %q", d.sentLines())
	}
	d.m.hands.known.tried.Store(true)
	d.tell(func(*news) {})
	if got := d.sentLines(); got != "balloon value=1048576" {
		t.Errorf("sent %q", got)
	}
}

// TestSecretsAreNotKept: neither on the screen nor in what was typed before.
func TestSecretsAreNotKept(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "set_password protocol=vnc password=sesame", "enter")
	if len(d.sent) != 1 {
		t.Fatalf("sent %q", d.sentLines())
	}
	d.answer(`{}`, nil).press("up")
	d.lacks("sesame")
}

func TestLeavingSendsNothing(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		d := newDriver(t, 80, 24).show(busyMachine()).press(key)
		if !d.left || len(d.sent) > 0 {
			t.Errorf("%s: left %v, sent %q", key, d.left, d.sentLines())
		}
	}
}

func TestLostLink(t *testing.T) {
	d := newDriver(t, 120, 40).show(busyMachine())
	down := qmpconn.Link{State: qmpconn.Lost, Since: noon, Down: noon, Retry: noon.Add(16 * time.Second), Err: errors.New("closed by the server")}
	d.tell(func(n *news) { n.now, n.link = noon.Add(12*time.Second), down })
	d.contains("LINK LOST 12 s", "last known: running", "redial 1 in 4 s", "292.0 / 512.0 MiB")
	for _, row := range d.styled()[1:38] {
		if !strings.HasPrefix(row, "\x1b[2m") || strings.Count(row, "\x1b") != 2 {
			t.Errorf("not dimmed: %q", row)
		}
	}
	d.press("R")
	if d.redials != 1 {
		t.Error("R did not redial")
	}
	d.tell(func(n *news) { n.link = qmpconn.Link{State: qmpconn.Negotiating, Down: noon} })
	d.contains("LINK LOST 12 s", "negotiating")
	d.tell(func(n *news) { n.link = qmpconn.Link{State: qmpconn.Ready, Since: noon} })
	d.contains("● RUNNING", "link ready")
}

func TestMouse(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine())
	click := func(x, y int) { d.update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	d.fits()
	click(60, 13)
	if d.m.focus != paneChardevs {
		t.Fatalf("focus on %s", paneNames[d.m.focus])
	}
	d.contains("▸? serial0")
	d.update(tea.MouseWheelMsg{X: 60, Y: 14, Button: tea.MouseWheelDown})
	d.contains("▸● モニター0")
	d.update(tea.MouseWheelMsg{X: 60, Y: 14, Button: tea.MouseWheelUp})
	d.contains("▸● agent0")
	d.update(tea.WindowSizeMsg{Width: 50, Height: 15})
	d.fits()
	click(13, 1)
	if d.m.focus != paneJobs {
		t.Errorf("focus on %s after a click on the tab of the jobs", paneNames[d.m.focus])
	}
}

// clickOn clicks on the middle of a text that the picture has.
func (d *driver) clickOn(text string) *driver {
	d.t.Helper()
	for y, row := range d.screen() {
		if before, _, ok := strings.Cut(row, text); ok {
			x := render.Width(before) + render.Width(text)/2
			d.update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
			return d
		}
	}
	d.t.Fatalf("nothing to click on: %q is not in the picture:\n%s", text, strings.Join(d.screen(), "\n"))
	return d
}

// TestButtons: the buttons of a question are pressed by clicks on them, and by no click beside them.
func TestButtons(t *testing.T) {
	for _, size := range sizes {
		ask := func() *driver { return newDriver(t, size[0], size[1]).show(busyMachine()).press("3", "x") }
		d := ask().clickOn("[ no ]").contains2("nothing was sent")
		if len(d.sent) > 0 || d.m.overlay != nil {
			t.Errorf("%v: no: sent %q", size, d.sentLines())
		}
		if d = ask().clickOn("y cancel it"); d.sentLines() != "migrate_cancel" || d.m.overlay != nil {
			t.Errorf("%v: yes: sent %q", size, d.sentLines())
		}
		d = ask().clickOn("]  [").clickOn("sends:").clickOn("link ready").clickOn("The guest keeps")
		if _, ok := d.m.overlay.(*question); !ok || len(d.sent) > 0 {
			t.Errorf("%v: a click beside the buttons answered; sent %q", size, d.sentLines())
		}
	}
	d := newDriver(t, 80, 24).show(busyMachine()).press("3", "x")
	d.update(tea.MouseClickMsg{X: 50, Y: 12, Button: tea.MouseRight})
	if len(d.sent) > 0 {
		t.Errorf("the right button sent %q", d.sentLines())
	}
}

// TestEachCellOfAQuestion: of all cells of the screen those of the buttons answer, and no others.
func TestEachCellOfAQuestion(t *testing.T) {
	yes, no := 0, 0
	d := newDriver(t, 80, 24).show(busyMachine()).press("3")
	for y := range 24 {
		for x := range 80 {
			if d.sent, d.m.waiting = nil, nil; d.m.overlay == nil {
				d.press("x")
			}
			d.update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
			if len(d.sent) > 0 {
				yes++
			} else if d.m.overlay == nil {
				no++
			}
		}
	}
	if yes != len("[ y cancel it ]") || no != len("[ no ]") {
		t.Errorf("%d cells say yes, %d no", yes, no)
	}
}

// TestClicksOnOverlays: a detail is closed, a field chosen, a candidate taken.
func TestClicksOnOverlays(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("?").contains2("Keys").clickOn("Everywhere").contains2("Keys")
	d.clickOn("esc closes").lacks("Keys")
	d.press("4", "enter").contains2("Chardev agent0").clickOn("link ready").lacks("Chardev agent0")
	d.press(":", "query-b", "tab").contains2("query-balloon")
	d.clickOn("query-block ").contains(": query-block")
	if c, ok := d.m.overlay.(*commandLine); !ok || c.open || strings.TrimSpace(c.input.value()) != "query-block" {
		t.Errorf("the candidate was not taken:\n%s", strings.Join(d.screen(), "\n"))
	}
}

// TestLongReplyScrolls: what a command returned can be read to its end.
func TestLongReplyScrolls(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press(":", "query-chardev", "enter")
	var all []string
	for i := range 100 {
		all = append(all, fmt.Sprintf(`{"label":"command-%d","filename":"null"}`, i))
	}
	d.answer("["+strings.Join(all, ",")+"]", nil).contains("command-0", "lines 1 to 15 of ")
	d.lacks("command-99")
	for range 20 {
		d.press("pgdown")
	}
	d.contains("command-99")
	d.update(tea.MouseWheelMsg{X: 40, Y: 12, Button: tea.MouseWheelUp})
	d.lacks("command-99")
	d.fits()
}

func TestFocusAndZoom(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("tab", "right", "l", "shift+tab", "h")
	if d.m.focus != paneJobs {
		t.Errorf("focus on %s", paneNames[d.m.focus])
	}
	d.press("z").contains("2 Jobs")
	d.lacks("3 Migration")
	d.press("z").contains("3 Migration")
	d.press("5").contains("5 Block")
	d.lacks("3 Migration")
}

// TestFilters: rows that do not match go, and come back.
func TestFilters(t *testing.T) {
	for pane, rows := range map[string][2]string{"2": {"drive0", "snap1"}, "4": {"agent0", "serial0"}, "5": {"drive0", "cd0"}, "6": {"RESUME", "BLOCK_IO"}} {
		d := newDriver(t, 80, 24).show(busyMachine()).tell(func(n *news) { n.events = someEvents() }).press(pane, "z")
		d.contains(rows[0], rows[1])
		d.press("/", strings.ToLower(rows[0])).lacks(rows[1])
		d.press("enter").contains(rows[0], "/"+strings.ToLower(rows[0]))
		d.press("/", "esc").contains(rows[1])
		d.press("/", "nothing has this").contains("/ changes")
	}
	d := newDriver(t, 80, 24).press("3", "/")
	if d.m.overlay != nil {
		t.Error("a pane without rows has a filter")
	}
}

// TestHabits: what hands do that know other programs of this kind.
func TestHabits(t *testing.T) {
	crowd := func() *driver {
		d := newDriver(t, 80, 24).show(crowdedMachine()).press("4")
		d.fits() // it is seen
		return d
	}
	t.Run("Esc drops the filter, then the zoom", func(t *testing.T) {
		d := crowd().press("z", "/", "t.42", "enter").contains2("▸● charchannel", "t.42").press("esc")
		d.contains("t.40", "t.41", "57 more below")
		d.lacks("1 Status")
		d.press("esc").contains("1 Status")
		if d.press("esc"); d.left {
			t.Error("one more leaves")
		}
	})
	t.Run("a page is what is seen", func(t *testing.T) {
		for _, keys := range [][2]string{{"pgdown", "pgup"}, {"ctrl+f", "ctrl+b"}, {"ctrl+d", "ctrl+u"}} {
			d := crowd()
			for range 11 {
				d.press(keys[0])
				d.fits()
			}
			d.contains("▸● charch…nt.88")
			d.press(keys[1]).contains("▸● charch…nt.80")
		}
	})
	t.Run("arrows choose while a filter is typed", func(t *testing.T) {
		crowd().press("/", "t.4", "down", "down").contains("▸● charch…nt.42")
	})
	t.Run("the wheel shows what it moves", func(t *testing.T) {
		d := crowd().press("1")
		d.fits()
		d.update(tea.MouseWheelMsg{X: 60, Y: 14, Button: tea.MouseWheelDown})
		d.contains("▸● charch…nt.03")
	})
	t.Run("words at the foot are clicked", func(t *testing.T) {
		d := crowd().clickOn("? help").contains2("Everywhere").press("esc")
		d.clickOn("z zoom").lacks("1 Status")
		d.clickOn("enter detail").contains("Chardev charchannel")
		if d.press("esc").clickOn("q leave"); !d.left {
			t.Error("q leave was clicked and nothing happened")
		}
	})
	t.Run("q in the command line leaves", func(t *testing.T) {
		for _, line := range []string{"q", "q!"} {
			if d := crowd().press(":", line, "enter"); !d.left || len(d.sent) > 0 {
				t.Errorf("%s: left %v, sent %q", line, d.left, d.sentLines())
			}
		}
		if d := crowd().press(":", "quit", "enter"); d.left || len(d.sent) > 0 {
			t.Errorf("quit: left %v, sent %q", d.left, d.sentLines())
		} else {
			d.contains("Send quit to ")
		}
	})
	t.Run("a key that does nothing says why", func(t *testing.T) {
		newDriver(t, 80, 24).show(quietMachine()).press("2", "enter").contains("there is nothing to tell more of here")
		d := newDriver(t, 80, 24, func(c *Config) { c.ReadOnly = true }).show(quietMachine()).press("1", "p")
		d.contains("not done, read-only: pause guest")
	})
	t.Run("function keys", func(t *testing.T) {
		d := crowd()
		d.update(tea.KeyPressMsg{Code: tea.KeyF1})
		d.contains("Everywhere")
		d.press("esc").update(tea.KeyPressMsg{Code: tea.KeyF10})
		if !d.left {
			t.Error("F10 does not leave")
		}
	})
}

// TestManyWithLongNames: rows are told apart by what their names end with, and the title says that there are more above.
func TestManyWithLongNames(t *testing.T) {
	for _, size := range append([][2]int{{300, 80}, {40, 12}}, sizes...) {
		d := newDriver(t, size[0], size[1]).show(crowdedMachine())
		d.fits()
		if size[0] < leastWidth {
			continue
		}
		d.press("4").contains("▸● charch", "t.00")
		d.lacks("↑")
		d.press("end").contains("t.99", "(100) ↑ ")
		d.fits()
		d.press("2").contains("▸mirror", "k-00")
		d.press("end").contains("▸mirror", "k-59", "(60) ↑ ")
		d.press("5").contains("▸libv", "t-00")
		d.press("end", "up").contains("▸libv", "t-58", "(60) ↑ ")
		d.press("1", "enter").contains("Status of ", "vCPUs ", "40  14 halted")
		d.press("end").contains("vCPU 39")
		d.fits()
	}
}

// TestEventsStayInPlace: who reads an old event is not carried away by new ones, and memory is bounded.
func TestEventsStayInPlace(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).tell(func(n *news) { n.events = someEvents() })
	d.press("6", "down", "down", "down").contains("▸12:02:44 BLOCK_IO_ERROR")
	d.tell(func(n *news) {
		for i := range 500 {
			n.events = append(n.events, qmpconn.Event{Name: fmt.Sprintf("NEW_%d", i), Time: noon})
		}
	})
	d.contains("▸12:02:44 BLOCK_IO_ERROR")
	d.press("end").contains("▸12:01:09 RESUME")
	d.tell(func(n *news) {
		n.dropped = 7
		for range 3 * keptEvents {
			n.events = append(n.events, qmpconn.Event{Name: "FLOOD", Time: noon})
		}
	})
	d.contains("7 lost", "▸12:03:44 FLOOD")
	if n := len(d.m.events.kept); n != keptEvents {
		t.Errorf("%d events are kept", n)
	}
	d.fits()
}

// TestPassesFit: on the smallest screen the table of the passes loses no digit.
func TestPassesFit(t *testing.T) {
	d := newDriver(t, 50, 15).show(busyMachine()).press("3", "enter")
	d.fits()
	d.press("end").contains("     9 s  49.0 MiB 31.4 MiB/s 29.1 MiB/s │")
	d.fits()
}

// TestSetUpTellsNoTotal: before the first pass nothing is known of what is left.
func TestSetUpTellsNoTotal(t *testing.T) {
	s := quietMachine()
	s.Migration = machine.Migration{Status: "setup", Started: noon}
	d := newDriver(t, 80, 24).show(s)
	d.contains("setup", "left              –  ")
	d.lacks("of 0 B")
}

// TestPassesShareARow: in postcopy some servers end ten passes a second, which left no other event to see.
func TestPassesShareARow(t *testing.T) {
	d := newDriver(t, 80, 24).show(quietMachine()).press("6")
	pass := func(n int) qmpconn.Event {
		return qmpconn.Event{Name: "MIGRATION_PASS", Data: fmt.Appendf(nil, `{"pass":%d}`, n), Time: ago(time.Minute - time.Duration(n)*time.Second)}
	}
	d.tell(func(n *news) { n.events = append(someEvents(), pass(1)) })
	d.contains("12:02:45 MIGRATION_PASS  pass 1 ")
	d.lacks("since")
	for i := 2; i <= 30; i++ {
		d.tell(func(n *news) { n.events = []qmpconn.Event{pass(i)} })
	}
	d.contains("▸12:03:14 MIGRATION_PASS  pass 30  30 events since 12:02:45", "BLOCK_JOB_READY", "12:01:09 RESUME")
	d.press("enter").contains("12:03:14.000", "the last of 30 since 2026-11-22 12:02:45.000", "pass  30")
	d.press("esc").tell(func(n *news) { n.events = append(someEvents()[:1], pass(31)) })
	d.contains("pass 30  30 events", "MIGRATION_PASS  pass 31 ")
	d.fits()
}

// TestDetailStaysFresh: an open detail follows the machine, and keeps what it showed when its row is gone.
func TestDetailStaysFresh(t *testing.T) {
	s := busyMachine()
	d := newDriver(t, 80, 24).show(s).press("2", "down", "enter").contains2("Job drive0", "57%")
	s.Jobs = busyJobs()
	s.Jobs[0].Current = 500 * mib
	d.show(s).contains("500.0 / 512.0 MiB")
}

func (d *driver) contains2(texts ...string) *driver {
	d.t.Helper()
	d.contains(texts...)
	return d
}

// TestNameComesLater: what was opened before the machine's name was known says it when it comes.
func TestNameComesLater(t *testing.T) {
	unnamed := quietMachine()
	unnamed.Identity.Name = ""
	d := newDriver(t, 80, 24).show(unnamed).press("3", "s")
	d.contains("Migrate unix:/run/q.sock")
	d.show(quietMachine()).contains("Migrate web01")
	d.lacks("Migrate unix:")
	d.contains("of a QEMU with -incoming ") // the whole hint
	d.press("host:4444", "enter").contains("Migrate web01?")

	d = newDriver(t, 80, 24).show(unnamed).press("1", "enter")
	d.contains("Status of unix:/run/q.sock")
	d.show(quietMachine()).contains("Status of web01")
}

// TestDetailOfAGoneRow: what a detail shows stays when its row goes, and does not turn into that of another.
func TestDetailOfAGoneRow(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine()).press("4", "end", "enter")
	d.contains("Chardev モニター0", "/run/q.sock")
	s := busyMachine()
	s.Chardevs = slices.DeleteFunc(s.Chardevs, func(c machine.Chardev) bool { return c.Label == "モニター0" })
	d.show(s).contains("Chardev モニター0", "/run/q.sock")
}

// TestChardevsAreCounted: the tenth comes after the second, whatever the order of the server's list.
func TestChardevsAreCounted(t *testing.T) {
	s := quietMachine()
	s.Chardevs = nil
	for _, n := range []int{11, 1, 8, 2, 9, 3, 10} {
		s.Chardevs = append(s.Chardevs, machine.Chardev{Label: fmt.Sprintf("char%d", n)})
	}
	d := newDriver(t, 80, 24).show(s)
	rows := regexp.MustCompile(`char\d+`).FindAllString(strings.Join(d.screen(), " "), -1)
	if got := strings.Join(rows, " "); got != "char1 char2 char3 char8 char9 char10 char11" {
		t.Errorf("the order is %s", got)
	}
}

// TestMigrationsOfManyKinds: the zoomed pane has room for what only some migrations have, and is silent about the rest.
func TestMigrationsOfManyKinds(t *testing.T) {
	s := busyMachine()
	d := newDriver(t, 120, 45).show(s).press("3", "z")
	d.lacks("xbzrle", "cache", "packed", "pages ", "multifd", "of postcopy")
	m := &s.Migration
	m.RAM.Normal, m.RAM.Duplicate, m.PageRate = 1234, 56789, machine.Known(8123.0)
	m.XBZRLE = machine.Known(machine.XBZRLE{CacheSize: 64 * mib, Bytes: 3 * mib, Pages: 2500, CacheMissRate: 0.71, EncodingRate: 3.24, Overflow: 12})
	m.Compression = machine.Known(machine.Compression{Pages: 9000, Busy: 3, CompressedSize: 12 * mib, Rate: 2.6})
	d.show(s).contains("limits     32 MiB/s", "xbzrle   2.5 k pages in 3.0 MiB, 3.2 to 1, 12 not smaller",
		"cache    of 64 MiB, 71% of the pages were not in it", "packed   9.0 k pages in 12.0 MiB, 2.6 to 1, 3 times no thread was free",
		"pages    8.1 k/s, 1.2 k whole, 56.8 k zero")
	m.XBZRLE, m.Compression = machine.Known(machine.XBZRLE{CacheSize: 64 * mib}), machine.Known(machine.Compression{})
	d.show(s).lacks("xbzrle", "cache", "packed")

	m.Status, m.PostcopyRequests, m.Limits.PostcopyBandwidth = "postcopy-active", 77, machine.Known(int64(0))
	d.show(s).contains("limit      none  of postcopy", "postcopy 77 pages asked for")
	d.lacks("32 MiB/s  downtime")
	m.Status, m.PostcopyBlock = "completed", machine.Known(1500*time.Millisecond)
	d.show(s).contains("waited   1.5 s for pages, the guest's vCPUs", "1.2 k whole")
	d.lacks("8.1 k/s")
	s.Migration = machine.Migration{Status: "completed"} // of a destination
	d.show(s).contains("completed")
	d.lacks("sent ")
}

// TestTimesAreNotCut: on the smallest screen with two columns, a name gives way to how long ago something was.
func TestTimesAreNotCut(t *testing.T) {
	s := quietMachine()
	s.LastEvent = machine.EventMark{Name: "JOB_STATUS_CHANGE", At: ago(18 * time.Second)}
	s.Jobs = []machine.Job{{ID: "drive0", Type: "mirror", Block: true, End: machine.JobCompleted, Ended: ago(time.Second)}}
	d := newDriver(t, 80, 24).show(s)
	d.contains("last event JOB_STATUS_CHANGE  18 s  ", "drive0    mirror  completed 12:03:43")
	s.LastEvent = machine.EventMark{Name: "MEMORY_DEVICE_SIZE_CHANGE", At: ago(155 * time.Second)}
	d.show(s).contains("last event MEMORY_DEVICE_S…  2 m 35 s")
	d.fits()
}

// TestPicturesAreDrawnOnce: what changes nothing draws nothing.
func TestPicturesAreDrawnOnce(t *testing.T) {
	d := newDriver(t, 80, 24).show(busyMachine())
	before := d.m.View()
	d.m.frame = "kept"
	d.update(tea.KeyReleaseMsg{Code: 'x'})
	d.update(tea.ColorProfileMsg{})
	d.update(tea.MouseMotionMsg{X: 3, Y: 3})
	if after := d.m.View(); after.Content != "kept" || after.WindowTitle != before.WindowTitle {
		t.Error("the picture was drawn again")
	}
}

// TestChoiceIsSeenWithoutColours: by a sign, and in reverse.
func TestChoiceIsSeenWithoutColours(t *testing.T) {
	d := newDriver(t, 50, 15, func(c *Config) { c.Theme = visible(render.Theme{}) }).show(busyMachine()).press("4")
	if !strings.Contains(d.styled()[1], "\x1b[7m 4 Chars") {
		t.Errorf("the tab in focus does not stand out: %q", d.styled()[1])
	}
	d.contains("▸● agent0")
	if picture := strings.Join(d.styled(), "\n"); !strings.Contains(picture, "▸\x1b[m\x1b[7m● agent0") {
		t.Errorf("the chosen row does not stand out:\n%q", picture)
	}
}

func TestEnding(t *testing.T) {
	if err := ending(nil, nil); err != nil {
		t.Error(err)
	}
	why := errors.New("terminated")
	if err := ending(tea.ErrProgramKilled, why); !errors.Is(err, why) {
		t.Error(err)
	}
	defer func() {
		if _, ok := recover().(*panicError); !ok {
			t.Error("the panic of a goroutine was swallowed")
		}
	}()
	ctx, cancel := context.WithCancelCause(context.Background())
	f := &feed{ctx: ctx, end: cancel}
	f.do(func() { panic("boom") })
	f.wait()
	_ = ending(tea.ErrProgramKilled, context.Cause(ctx))
}

// TestTheDestinationHasSentNothing: nor does it say how little that was.
func TestTheDestinationHasSentNothing(t *testing.T) {
	s := quietMachine()
	s.Migration = machine.Migration{Status: "completed", Incoming: true, Ended: ago(time.Second)}
	d := newDriver(t, 80, 24).show(s)
	d.contains("completed   incoming")
	d.lacks("0 B")
}

// TestAServerWithoutAGuest: a storage daemon has nothing to pause or resume.
func TestAServerWithoutAGuest(t *testing.T) {
	d := newDriver(t, 80, 24)
	d.m.facts.has = func(command string) bool { return command != "query-status" && command != "stop" && command != "cont" }
	d.show(machine.Snapshot{At: noon}).press("p")
	d.contains("no run state")
	d.lacks("resume guest", "not known yet")
	if len(d.sent) > 0 {
		t.Errorf("sent %s", d.sentLines())
	}
}

// TestAGuestThatHasMigratedIsNotResumedByOneKey: it would run twice.
func TestAGuestThatHasMigratedIsNotResumedByOneKey(t *testing.T) {
	s := quietMachine()
	s.Run = machine.Run{State: "postmigrate"}
	d := newDriver(t, 80, 24).show(s).press("p")
	d.contains("Resume web01 here?", "sends: cont")
	d.press("n")
	if len(d.sent) > 0 {
		t.Errorf("sent %s", d.sentLines())
	}
	if d.press("p", "y"); d.sentLines() != "cont" {
		t.Errorf("sent %s", d.sentLines())
	}
	s.Run.State, s.Migration = "paused", machine.Migration{Status: "postcopy-paused"}
	newDriver(t, 80, 24).show(s).press("p").contains("Resume web01 here?")
}
