//go:build unix

package machine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/machine"
)

// patience is how long a test waits for what must come.
const patience = 90 * time.Second

// A client speaks QMP with a real server and hands its events to a watcher.
type client struct {
	tb      testing.TB
	conn    net.Conn
	watcher *machine.Watcher
	began   time.Time

	mu      sync.Mutex // guards what follows, and writing
	last    int
	pending map[int]chan reply
	sent    []time.Time // by the watcher
}

type reply struct {
	ID     int
	Return json.RawMessage
	Error  *refused
	Event  string
	Data   json.RawMessage
}

type refused struct{ Class, Desc string }

func (r *refused) Error() string    { return r.Desc }
func (r *refused) QMPClass() string { return r.Class }

// watchReal connects to a server and watches it until the test ends.
func watchReal(tb testing.TB, q *qemutest.QEMU, options machine.Options) *client {
	tb.Helper()
	conn, err := net.Dial("unix", q.Socket)
	if err != nil {
		tb.Fatal(err)
	}
	c := &client{tb: tb, conn: conn, began: time.Now(), pending: map[int]chan reply{}}
	c.watcher = machine.NewWatcher(watched{c}, options)
	in := json.NewDecoder(conn)
	var greeting struct{ QMP json.RawMessage }
	if err := in.Decode(&greeting); err != nil || greeting.QMP == nil {
		tb.Fatalf("no greeting: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { c.read(in) })
	if _, err := c.Call(ctx, "qmp_capabilities", nil); err != nil {
		tb.Fatal(err)
	}
	running.Go(func() { c.watcher.Run(ctx) })
	tb.Cleanup(func() {
		cancel()
		_ = conn.Close()
		running.Wait()
	})
	return c
}

func (c *client) read(in *json.Decoder) {
	for {
		var r reply
		if in.Decode(&r) != nil {
			return
		}
		if r.Event != "" {
			c.watcher.Event(machine.Event{Name: r.Event, Data: r.Data})
			continue
		}
		c.mu.Lock()
		waiting := c.pending[r.ID]
		delete(c.pending, r.ID)
		c.mu.Unlock()
		if waiting != nil {
			waiting <- r
		}
	}
}

// Call sends a command and waits for its reply, as machine.Caller says.
func (c *client) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	c.mu.Lock()
	c.last++
	message := map[string]any{"execute": name, "id": c.last}
	if arguments != nil {
		message["arguments"] = arguments
	}
	waiting := make(chan reply, 1)
	c.pending[c.last] = waiting
	err := json.NewEncoder(c.conn).Encode(message)
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case r := <-waiting:
		if r.Error != nil {
			return nil, r.Error
		}
		return r.Return, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// watched is the client as the watcher has it: what goes through it is counted.
type watched struct{ *client }

func (w watched) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	w.mu.Lock()
	w.sent = append(w.sent, time.Now())
	w.mu.Unlock()
	return w.client.Call(ctx, name, arguments)
}

// do sends a command that must succeed.
func (c *client) do(name, arguments string) {
	c.tb.Helper()
	var raw json.RawMessage
	if arguments != "" {
		raw = json.RawMessage(arguments)
	}
	if _, err := c.Call(c.tb.Context(), name, raw); err != nil {
		c.tb.Fatalf("%s %s: %v", name, arguments, err)
	}
}

// act does what an action of the first job says.
func (c *client) act(verb machine.Verb, speed int64) {
	c.tb.Helper()
	job := c.watcher.Snapshot().Jobs[0]
	for _, a := range job.Actions(func(string) bool { return true }) {
		if a.Verb != verb {
			continue
		}
		if a.Value != "" {
			c.do(a.Command, fmt.Sprintf(`{%q:%q,%q:%d}`, a.Member, job.ID, a.Value, speed))
		} else {
			c.do(a.Command, fmt.Sprintf(`{%q:%q}`, a.Member, job.ID))
		}
		return
	}
	c.tb.Fatalf("a job that is %s cannot be asked to %s", job.Status, verb)
}

// await waits until a snapshot is as it should be, and returns it.
func (c *client) await(what string, want func(s machine.Snapshot) bool) machine.Snapshot {
	c.tb.Helper()
	snapshots, end := c.watcher.Subscribe()
	defer end()
	deadline := time.After(patience)
	for {
		select {
		case s := <-snapshots:
			if want(s) {
				return s
			}
		case <-deadline:
			s := c.watcher.Snapshot()
			c.tb.Fatalf("not within %v: %s\nrun %+v\njobs %+v\nmigration %s %+v", patience, what, s.Run, s.Jobs,
				s.Migration.Status, s.Migration.Verdict)
		}
	}
}

// checkPolite checks that the watcher did not send more than it may. How the commands lie within a second is checked
// where time stands still while one looks.
func (c *client) checkPolite() {
	c.tb.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	seconds := time.Since(c.began).Seconds()
	if most := machine.MostCommands * (seconds + 1); float64(len(c.sent)) > most {
		c.tb.Errorf("%d commands in %.1f s", len(c.sent), seconds)
	}
}

func TestARealMirror(t *testing.T) {
	dir := qemutest.Dir(t)
	const size = 96 << 20
	source := filepath.Join(dir, "source.img")
	if err := os.WriteFile(source, bytes.Repeat([]byte("qmp!"), size/4), 0o600); err != nil {
		t.Fatal(err)
	}
	q := qemutest.StartIn(t, dir, "-machine", "pc", "-name", "web01", "-S",
		"-drive", "if=none,id=drive0,format=raw,file="+source, "-device", "virtio-blk-pci,drive=drive0,id=disk0")
	c := watchReal(t, q, machine.Options{})
	s := c.await("the first picture", func(s machine.Snapshot) bool { return len(s.Disks) == 1 && s.Run.State != "" })
	if s.Run.State != "prelaunch" || s.Disks[0].Name() != "drive0" || s.Disks[0].VirtualSize.Or(0) != size {
		t.Errorf("%+v %+v", s.Run, s.Disks[0])
	}

	const speed = 4 << 20
	c.do("drive-mirror", fmt.Sprintf(`{"device":"drive0","job-id":"copy","target":%q,"sync":"full","format":"raw","speed":%d}`,
		filepath.Join(dir, "target.img"), speed))
	s = c.await("a rate", func(s machine.Snapshot) bool { return len(s.Jobs) == 1 && s.Jobs[0].Rate.Or(0) > 0 })
	j := s.Jobs[0]
	if j.ID != "copy" || j.Type != "mirror" || j.Total != size || j.SpeedLimit.Or(0) != speed || !j.Active() || !j.Left.Known {
		t.Errorf("%+v", j)
	}
	if done, ok := j.Fraction(); !ok || done <= 0 || done >= 1 {
		t.Errorf("done: %v", done)
	}
	c.act(machine.Pause, 0)
	c.await("the pause", func(s machine.Snapshot) bool { return s.Jobs[0].Paused && !s.Jobs[0].Rate.Known })
	c.act(machine.Resume, 0)
	c.await("the resumption", func(s machine.Snapshot) bool { return !s.Jobs[0].Paused && s.Jobs[0].Status == "running" })
	c.act(machine.SetSpeed, 0)
	c.await("readiness", func(s machine.Snapshot) bool {
		return s.Jobs[0].Ready && s.Jobs[0].SpeedLimit == machine.Known[int64](0)
	})
	c.act(machine.Complete, 0)
	s = c.await("the end", func(s machine.Snapshot) bool { return s.Jobs[0].End != machine.JobAlive && !s.Jobs[0].Listed })
	if j := s.Jobs[0]; j.End != machine.JobCompleted || j.Error != "" || j.Current != size {
		t.Errorf("%+v", j)
	}
	c.await("the disk to be the copy", func(s machine.Snapshot) bool {
		return len(s.Disks) == 1 && filepath.Base(s.Disks[0].File) == "target.img"
	})
	c.checkPolite()
}

// The speed of a job is told truly: what is measured is what was allowed.
func TestARealRateIsTrue(t *testing.T) {
	dir := qemutest.Dir(t)
	image := filepath.Join(dir, "source.img")
	if err := os.WriteFile(image, bytes.Repeat([]byte("qmp!"), 96<<20/4), 0o600); err != nil {
		t.Fatal(err)
	}
	q := qemutest.StartIn(t, dir, "-blockdev", "driver=raw,node-name=from,file.driver=file,file.filename="+image,
		"-blockdev", "driver=null-co,node-name=to,size=100663296")
	c := watchReal(t, q, machine.Options{})
	const speed = 4 << 20
	c.do("blockdev-backup", fmt.Sprintf(`{"job-id":"save","device":"from","target":"to","sync":"full","speed":%d}`, speed))
	s := c.await("eight seconds of rates", func(s machine.Snapshot) bool { return len(s.Jobs) == 1 && len(s.Jobs[0].History) >= 7 })
	rate := s.Jobs[0].Rate.Or(0)
	if rate < 0.5*speed || rate > 1.5*speed {
		t.Errorf("the rate is said to be %.0f, the limit is %d", rate, speed)
	}
	c.act(machine.Cancel, 0)
	s = c.await("the end", func(s machine.Snapshot) bool { return s.Jobs[0].End != machine.JobAlive })
	if s.Jobs[0].End != machine.JobCancelled {
		t.Errorf("%+v", s.Jobs[0])
	}
}

// TestARealMigrationThatStalls follows the verdict's advice, and the migration completes. The link is so slow, and the
// memory so small, that the slowest host sends and dirties enough.
func TestARealMigrationThatStalls(t *testing.T) {
	dir := qemutest.Dir(t)
	guest := qemutest.DirtyGuestOf(t, dir, 32)
	drive := "if=floppy,format=raw,file.locking=off,file=" + guest
	common := []string{"-machine", "pc", "-name", "web01", "-m", "256", "-boot", "a", "-drive", drive}
	from := qemutest.StartIn(t, dir, common...)
	there := qemutest.Dir(t)
	incoming := "unix:" + filepath.Join(there, "in.sock")
	to := qemutest.StartIn(t, there, append(common, "-incoming", incoming)...)
	destination := watchReal(t, to, machine.Options{MigrationEvents: true})
	source := watchReal(t, from, machine.Options{MigrationEvents: true})
	for _, c := range []*client{source, destination} {
		c.await("migration events", func(s machine.Snapshot) bool { return slices.Contains(s.Migration.Capabilities, "events") })
	}
	source.do("migrate-set-parameters", `{"max-bandwidth":16777216,"downtime-limit":100}`)
	source.do("migrate", fmt.Sprintf(`{"uri":%q}`, incoming))
	destination.await("that it is the destination", func(s machine.Snapshot) bool {
		return s.Migration.Verdict.Outlook == machine.OutlookIncoming
	})
	s := source.await("the verdict that it is stalled", func(s machine.Snapshot) bool {
		return s.Migration.Verdict.Outlook == machine.OutlookStalled
	})
	v := s.Migration.Verdict
	if v.AutoConverge != machine.RemedyRestart || v.Postcopy != machine.RemedyRestart || v.Last < 3 {
		t.Errorf("%+v", v)
	}
	t.Log(strings.Join(v.Sentences(units()), "\n"))
	source.do("migrate-set-parameters", fmt.Sprintf(`{"downtime-limit":%d}`, v.NeedDowntime.Value.Milliseconds()))
	source.watcher.Refresh(machine.StaleOf(machine.QueryMigrateParameters))
	s = source.await("the end", func(s machine.Snapshot) bool {
		return !s.Migration.Active() && s.Migration.Downtime.Known && s.Run.State == "postmigrate"
	})
	m := s.Migration
	if m.Status != "completed" || m.Verdict.Outlook != machine.OutlookCompleted || m.Ended.IsZero() || len(m.Ends) < 3 {
		t.Errorf("%s, ended %v, %d passes", m.Status, m.Ended, len(m.Ends))
	}
	if m.Passes <= v.Last || m.TotalTime.Or(0) < time.Second || m.RAM.Remaining != 0 {
		t.Errorf("after %d passes and %v", m.Passes, m.TotalTime)
	}
	destination.await("the guest to run there", func(s machine.Snapshot) bool { return s.Run.Running })
	source.checkPolite()
	destination.checkPolite()
}

func units() machine.Units {
	return machine.Units{
		Bytes:    func(n float64) string { return fmt.Sprintf("%.1f MiB", n/(1<<20)) },
		Rate:     func(n float64) string { return fmt.Sprintf("%.1f MiB/s", n/(1<<20)) },
		Duration: func(d time.Duration) string { return d.Round(time.Millisecond).String() },
	}
}

func TestARealMachineThatIsStopped(t *testing.T) {
	q := qemutest.Start(t)
	c := watchReal(t, q, machine.Options{})
	c.await("the run state", func(s machine.Snapshot) bool { return s.Run.State == "running" })
	if err := syscall.Kill(q.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s := c.await("silence", func(s machine.Snapshot) bool { return !s.Answering() })
	if silent := s.At.Sub(s.Silent); silent < machine.SilentAfter {
		t.Errorf("silent for %v only", silent)
	}
	c.mu.Lock()
	before := len(c.sent)
	c.mu.Unlock()
	c.watcher.Refresh(machine.StaleAll)
	if err := syscall.Kill(q.PID(), syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	c.await("an answer", func(s machine.Snapshot) bool { return s.Answering() })
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sent) > before+machine.MostCommands {
		t.Errorf("%d commands were sent while it was stopped", len(c.sent)-before)
	}
}

func TestARealChardevComesAndGoes(t *testing.T) {
	q := qemutest.Start(t)
	c := watchReal(t, q, machine.Options{})
	has := func(s machine.Snapshot) bool {
		return slices.ContainsFunc(s.Chardevs, func(d machine.Chardev) bool {
			return d.Label == "extra" && d.Kind == "null"
		})
	}
	c.do("chardev-add", `{"id":"extra","backend":{"type":"null","data":{}}}`)
	c.await("the chardev", has)
	c.do("chardev-remove", `{"id":"extra"}`)
	c.await("the chardev to be gone", func(s machine.Snapshot) bool { return !has(s) })
}

func TestARealStopAndContinue(t *testing.T) {
	q := qemutest.Start(t)
	c := watchReal(t, q, machine.Options{Mode: machine.Cheap})
	c.await("the run state", func(s machine.Snapshot) bool { return s.Run.State == "running" })
	c.do("stop", "")
	c.await("the pause", func(s machine.Snapshot) bool { return s.Run.State == "paused" && s.Run.Seen })
	c.do("cont", "")
	c.await("it to run", func(s machine.Snapshot) bool { return s.Run.Running && s.Run.Seen })
}

// What a job's status does not offer, a real server refuses; so nothing is kept from an operator.
func TestARealServerRefusesWhatIsNotOffered(t *testing.T) {
	args := []string{}
	for _, node := range []string{"a", "b", "c", "d", "e", "f"} {
		args = append(args, "-blockdev", "driver=null-co,read-zeroes=on,size=16777216,node-name="+node)
	}
	c := watchReal(t, qemutest.Start(t, args...), machine.Options{})
	c.do("blockdev-backup", `{"job-id":"slow","device":"a","target":"b","sync":"full","speed":65536}`)
	c.do("blockdev-mirror", `{"job-id":"mirror","device":"c","target":"d","sync":"full"}`)
	c.do("blockdev-backup", `{"job-id":"manual","device":"e","target":"f","sync":"full","auto-finalize":false,"auto-dismiss":false}`)

	c.refuses("slow", "running")
	c.do("job-pause", `{"id":"slow"}`)
	c.refuses("slow", "paused")
	c.refuses("mirror", "ready")
	c.do("job-pause", `{"id":"mirror"}`)
	c.refuses("mirror", "standby")
	c.refuses("manual", "pending")
	c.do("job-finalize", `{"id":"manual"}`)
	c.refuses("manual", "concluded")
	c.do("job-dismiss", `{"id":"manual"}`)
}

// refuses waits for the job's status, and tries every verb that is not offered then.
func (c *client) refuses(id, status string) {
	c.tb.Helper()
	var job machine.Job
	c.await(id+" to be "+status, func(s machine.Snapshot) bool {
		i := slices.IndexFunc(s.Jobs, func(j machine.Job) bool { return j.ID == id && j.Status == status && j.Block })
		if i >= 0 {
			job = s.Jobs[i]
		}
		return i >= 0
	})
	offered := job.Actions(func(string) bool { return true })
	for _, v := range []machine.Verb{
		machine.Pause, machine.Resume, machine.Complete, machine.Finalize, machine.Cancel, machine.Dismiss, machine.SetSpeed,
	} {
		if slices.ContainsFunc(offered, func(a machine.Action) bool { return a.Verb == v }) {
			continue
		}
		name, arguments := "job-"+string(v), fmt.Sprintf(`{"id":%q}`, id)
		if v == machine.SetSpeed {
			name, arguments = "block-job-set-speed", fmt.Sprintf(`{"device":%q,"speed":0}`, id)
		}
		if _, err := c.Call(c.tb.Context(), name, json.RawMessage(arguments)); err == nil {
			c.tb.Errorf("a job that is %s is not offered %s, and the server does it", status, v)
		}
	}
}
