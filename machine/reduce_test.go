package machine

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// told folds events, written "NAME {data}", a second apart.
func told(s Snapshot, events ...string) Snapshot {
	at := began
	if s.At.After(at) {
		at = s.At
	}
	for _, e := range events {
		name, data, _ := strings.Cut(e, " ")
		at = at.Add(time.Second)
		event := Event{Name: name, Received: at}
		if data != "" {
			event.Data = json.RawMessage(data)
		}
		s, _ = Reduce(s, event)
	}
	return s
}

// asked folds the reply to one query.
func asked(t *testing.T, s Snapshot, q Query, reply string, at time.Time) Snapshot {
	t.Helper()
	s, err := Absorb(s, q, json.RawMessage(reply), at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func after(seconds float64) time.Time {
	return began.Add(time.Duration(seconds * float64(time.Second)))
}

func TestWhyAMachineStopped(t *testing.T) {
	for _, c := range []struct{ name, events, state, reason, device string }{
		{"by a command", `STOP`, "paused", "", ""},
		{"guest shut down", `SHUTDOWN {"guest":true,"reason":"guest-shutdown"}|STOP`, "shutdown", "the guest shut down", ""},
		{"shut down in 2012", `SHUTDOWN|STOP`, "shutdown", "shut down from the host", ""},
		{"a cause of the future", `SHUTDOWN {"guest":false,"reason":"cosmic-ray"}|STOP`, "shutdown", "cosmic-ray", ""},
		{"watchdog", `WATCHDOG {"action":"pause"}|STOP`, "watchdog", "the watchdog ran out, action pause", ""},
		{"panic", `GUEST_PANICKED {"action":"pause"}|STOP`, "guest-panicked", "the guest panicked, action pause", ""},
		{"I/O error", `BLOCK_IO_ERROR {"device":"d0","operation":"write","action":"stop","nospace":true,"reason":"No space left on device"}|STOP`,
			"io-error", "write error on d0: No space left on device", "d0"},
		{"I/O error of a node", `BLOCK_IO_ERROR {"device":"","node-name":"n0","operation":"read","action":"stop","reason":"Input/output error"}|STOP`,
			"io-error", "read error on n0: Input/output error", "n0"},
		{"an I/O error that is reported to the guest does not stop it",
			`BLOCK_IO_ERROR {"device":"d0","operation":"read","action":"report","reason":"x"}|STOP`, "paused", "", ""},
		{"a reason that is long gone", `WATCHDOG {"action":"none"}|A|B|C|STOP`, "paused", "", ""},
		{"it runs again", `WATCHDOG {"action":"pause"}|STOP|RESUME`, "running", "", ""},
		{"asleep", `SUSPEND`, "suspended", "", ""},
		{"awake", `SUSPEND|WAKEUP`, "running", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := asked(t, Snapshot{}, QueryStatus, `{"status":"running","running":true}`, began)
			s = told(s, strings.Split(c.events, "|")...)
			if s.Run.State != c.state || s.Run.Reason.Text != c.reason || s.Run.Reason.Device != c.device || !s.Run.Seen {
				t.Errorf("%+v", s.Run)
			}
			since := s.Run.Since
			if c.state != "running" { // the server confirms, and has the last word on the name of the state
				s = asked(t, s, QueryStatus, `{"status":"debug","running":false}`, s.At.Add(time.Second))
				if s.Run.State != "debug" || !s.Run.Since.Equal(since) || !s.Run.Seen || s.Run.Reason.Text != c.reason {
					t.Errorf("confirmed: %+v", s.Run)
				}
			}
		})
	}
}

func TestTheLivesOfJobs(t *testing.T) {
	const listed = `[{"id":"j","type":"mirror","status":"running","current-progress":5,"total-progress":9}]`
	status := func(s string) string { return `JOB_STATUS_CHANGE {"id":"j","status":"` + s + `"}` }
	ended := func(event, more string) string {
		return event + ` {"type":"mirror","device":"j","len":9,"offset":9,"speed":0` + more + `}`
	}
	for _, c := range []struct {
		name   string
		before string // the reply to query-jobs
		events []string
		after  string // the reply to query-jobs, or ""
		want   string
	}{
		{"it runs", listed, nil, "", "mirror running 5/9 listed"},
		{"it has vanished", listed, nil, `[]`, "mirror running 5/9 gone"},
		{"it completed between two queries", listed, []string{
			status("waiting"), status("pending"), ended("BLOCK_JOB_COMPLETED", ""), status("concluded"), status("null"),
		}, `[]`, "mirror null 9/9 completed"},
		{"it came and went between two queries", `[]`, []string{
			status("created"), status("running"), ended("BLOCK_JOB_COMPLETED", ""), status("concluded"), status("null"),
		}, `[]`, "mirror null 9/9 completed"},
		{"on an old server it came and went", `[]`, []string{ended("BLOCK_JOB_COMPLETED", "")}, "", "mirror  9/9 completed"},
		{"it failed", listed, []string{
			status("aborting"), ended("BLOCK_JOB_COMPLETED", `,"error":"No space left"`), status("concluded"), status("null"),
		}, `[]`, "mirror null 9/9 failed: No space left"},
		{"it was cancelled", listed, []string{
			status("aborting"), ended("BLOCK_JOB_CANCELLED", ""), status("concluded"), status("null"),
		}, `[]`, "mirror null 9/9 cancelled"},
		{"it waits to be dismissed", listed, []string{status("waiting"), status("pending"), status("concluded")},
			`[{"id":"j","type":"mirror","status":"concluded","current-progress":9,"total-progress":9}]`,
			"mirror concluded 9/9 completed listed"},
		{"a cancelled one waits to be dismissed", `[]`, []string{status("created"), status("aborting"), status("concluded")},
			`[{"id":"j","type":"create","status":"concluded","current-progress":1,"total-progress":1,"error":"Operation canceled"}]`,
			"create concluded 1/1 cancelled: Operation canceled listed"},
		{"it is ready", listed, []string{status("ready"), ended("BLOCK_JOB_READY", "")}, "", "mirror ready 9/9 ready listed"},
		{"it is paused while ready", listed, []string{status("ready"), status("standby")}, "", "mirror standby 5/9 paused ready listed"},
		{"another one of that name", listed, []string{
			ended("BLOCK_JOB_COMPLETED", ""), status("concluded"), status("null"), status("created"), status("running"),
		}, "", " running 0/0 listed"},
		{"another one of that name, whose beginning was missed", listed, []string{ended("BLOCK_JOB_COMPLETED", "")}, listed,
			"mirror running 5/9 listed"},
		{"the last event of one never seen", `[]`, []string{status("null")}, "", ""},
		{"an event of an odd shape", listed, []string{`JOB_STATUS_CHANGE [1]`, `JOB_STATUS_CHANGE {"id":7}`, `JOB_STATUS_CHANGE`}, "",
			"mirror running 5/9 listed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := told(asked(t, Snapshot{}, QueryJobs, c.before, began), c.events...)
			if c.after != "" {
				s = asked(t, s, QueryJobs, c.after, s.At.Add(time.Second))
			}
			var got []string
			for _, j := range s.Jobs {
				got = append(got, jobText(j))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got  %q\nwant %q", strings.Join(got, "; "), c.want)
			}
		})
	}
}

func jobText(j Job) string {
	text := fmt.Sprintf("%s %s %d/%d", j.Type, j.Status, j.Current, j.Total)
	for _, word := range []struct {
		is   bool
		word string
	}{{j.Paused, "paused"}, {j.Ready, "ready"}, {j.End != JobAlive, j.End.String()}} {
		if word.is {
			text += " " + word.word
		}
	}
	if j.Error != "" {
		text += ": " + j.Error
	}
	if j.Listed {
		text += " listed"
	}
	return text
}

func TestEndedJobsAreForgotten(t *testing.T) {
	s := asked(t, Snapshot{}, QueryJobs, `[]`, began)
	for i := range 100 {
		s = told(s, fmt.Sprintf(`BLOCK_JOB_COMPLETED {"device":"j%d","type":"stream","len":1,"offset":1}`, i))
	}
	if len(s.Jobs) > keepEndedMost+1 || s.Jobs[0].ID != "j99" {
		t.Errorf("%d ended jobs, the first is %s", len(s.Jobs), s.Jobs[0].ID)
	}
	s = asked(t, s, QueryStatus, `{"status":"running","running":true}`, s.At.Add(KeepEnded+time.Second))
	if len(s.Jobs) != 0 {
		t.Errorf("%d ended jobs are kept for ever", len(s.Jobs))
	}
}

func TestTheRateOfAJob(t *testing.T) {
	var s Snapshot
	for i := range 21 { // 10 units a second for 10 s
		reply := fmt.Sprintf(`[{"id":"j","type":"backup","status":"running","current-progress":%d,"total-progress":400}]`, i*5)
		s = asked(t, s, QueryJobs, reply, after(float64(i)/2))
	}
	j := s.Jobs[0]
	if j.Rate != Known(10.0) || j.Left != Known(30*time.Second) || len(j.History) < 8 {
		t.Errorf("rate %v, left %v, %d points", j.Rate, j.Left, len(j.History))
	}
	s = asked(t, s, QueryJobs, `[{"id":"j","type":"backup","status":"paused","current-progress":100,"total-progress":400}]`, after(11))
	if j := s.Jobs[0]; j.Rate.Known || j.Left.Known {
		t.Errorf("a paused job has the rate %v and %v left", j.Rate, j.Left)
	}
	for i := range 10 { // it stands still
		s = asked(t, s, QueryJobs, `[{"id":"j","type":"backup","status":"running","current-progress":100,"total-progress":400}]`, after(12+float64(i)))
	}
	if j := s.Jobs[0]; j.Rate != Known(0.0) || j.Left.Known {
		t.Errorf("a job that stands still has the rate %v and %v left", j.Rate, j.Left)
	}
}

// On servers before 3.0 query-block-jobs alone says what there is.
func TestJobsOfAnOldServer(t *testing.T) {
	s := asked(t, Snapshot{}, QueryBlockJobs, `[{"device":"d0","len":100,"offset":10,"speed":0,"type":"stream"}]`, began)
	j := s.Jobs[0]
	if jobText(j) != "stream running 10/100 listed" {
		t.Errorf("%s", jobText(j))
	}
	old := func(c string) bool { return c == "block_job_cancel" || c == "block_job_set_speed" }
	want := []Action{{Cancel, "block_job_cancel", "device", ""}, {SetSpeed, "block_job_set_speed", "device", "value"}}
	if got := j.Actions(old); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v", got)
	}
	s = asked(t, s, QueryBlockJobs, `[]`, after(2))
	if len(s.Jobs) != 1 || s.Jobs[0].End != JobGone {
		t.Errorf("%+v", s.Jobs)
	}
}

func TestChardevNames(t *testing.T) {
	for _, c := range []struct {
		filename string
		want     Chardev
	}{
		{"null", Chardev{Kind: "null"}},
		{"pty:/dev/pts/3", Chardev{Kind: "pty", Address: "/dev/pts/3"}},
		{"unix:/run/q.sock,server=on", Chardev{Kind: "unix", Address: "/run/q.sock", Listening: true, Connected: Known(true)}},
		{"unix:/run/q.sock,server", Chardev{Kind: "unix", Address: "/run/q.sock", Listening: true, Connected: Known(true)}},
		{"unix:/run/q.sock", Chardev{Kind: "unix", Address: "/run/q.sock", Connected: Known(true)}},
		{"disconnected:unix:/run/a,b.sock,server=on", Chardev{Kind: "unix", Address: "/run/a,b.sock", Listening: true, Connected: Known(false)}},
		{"tcp:127.0.0.1:4444,server=on <-> 127.0.0.1:50338", Chardev{
			Kind: "tcp", Address: "127.0.0.1:4444", Peer: "127.0.0.1:50338", Listening: true, Connected: Known(true)}},
		{"telnet:[::1]:23,server=on <-> [::1]:4", Chardev{
			Kind: "telnet", Address: "[::1]:23", Peer: "[::1]:4", Listening: true, Connected: Known(true)}},
		{"disconnected:tcp:h:1", Chardev{Kind: "tcp", Address: "h:1", Connected: Known(false)}},
		{"/dev/ttyS0", Chardev{Address: "/dev/ttyS0"}},
		{"", Chardev{}},
		{":", Chardev{}},
		{"disconnected:", Chardev{}},
	} {
		c.want.Filename = c.filename
		if got := parseChardev(c.filename, true); got != c.want {
			t.Errorf("%q\ngot  %+v\nwant %+v", c.filename, got, c.want)
		}
	}
	if c := parseChardev("unix:/q,server", false); c.Connected.Known {
		t.Error("a server of 2012 does not tell whether a socket is connected")
	}
}

func TestAPortOpens(t *testing.T) {
	s := asked(t, Snapshot{}, QueryChardev, `[
		{"label":"charagent0","filename":"unix:/a,server=on","frontend-open":false},
		{"label":"port1","filename":"null","frontend-open":true},
		{"label":"other","filename":"null","frontend-open":false}]`, began)
	s = told(s, `VSERPORT_CHANGE {"id":"agent0","open":true}`, `VSERPORT_CHANGE {"id":"port1","open":false}`, `VSERPORT_CHANGE {"id":[]}`)
	var got []string
	for _, c := range s.Chardevs {
		got = append(got, fmt.Sprint(c.Label, " ", c.Frontend))
	}
	if strings.Join(got, ", ") != "charagent0 true, other false, port1 false" {
		t.Errorf("%v", got)
	}
	if _, stale := Reduce(s, Event{Name: "VSERPORT_CHANGE"}); !stale.Has(QueryChardev) {
		t.Error("the query does not confirm")
	}
}

func TestATrayMoves(t *testing.T) {
	s := asked(t, Snapshot{}, QueryBlock, `[{"device":"cd0","qdev":"ide1","removable":true,"tray_open":false},{"device":"","qdev":"sd1"}]`, began)
	s = told(s, `DEVICE_TRAY_MOVED {"device":"cd0","id":"ide1","tray-open":true}`)
	if s.Disks[0].TrayOpen != Known(true) || s.Disks[1].TrayOpen.Known {
		t.Errorf("%+v", s.Disks)
	}
}

func TestEventsSayWhatIsStale(t *testing.T) {
	for event, want := range map[string]Stale{
		"STOP":            StaleOf(QueryStatus),
		"MIGRATION_PASS":  StaleOf(QueryMigrate),
		"BALLOON_CHANGE":  StaleOf(QueryBalloon), // without its data
		"RTC_CHANGE":      0,
		"NEVER_HEARD_OF":  0,
		"ACPI_DEVICE_OST": StaleOf(QueryMemory, QueryCPUs),
	} {
		s, stale := Reduce(Snapshot{}, Event{Name: event, Time: began})
		if stale != want || s.LastEvent != (EventMark{event, began}) {
			t.Errorf("%s: stale %v, last event %v", event, stale, s.LastEvent)
		}
	}
	s, stale := Reduce(Snapshot{}, Event{Name: "BALLOON_CHANGE", Data: json.RawMessage(`{"actual":1073741824}`)})
	if stale != 0 || s.Memory.Balloon != Known[int64](1<<30) {
		t.Errorf("%v %v", stale, s.Memory.Balloon)
	}
}

func TestAMigrationByItsEvents(t *testing.T) {
	s := told(Snapshot{}, `MIGRATION {"status":"setup"}`, `MIGRATION {"status":"active"}`)
	if m := s.Migration; !m.Active() || !m.Started.Equal(after(1)) {
		t.Errorf("%+v", m)
	}
	s = told(s, `MIGRATION {"status":"completed"}`)
	s = asked(t, s, QueryMigrate, `{"status":"completed","total-time":2100,"downtime":12,"ram":{"transferred":9,"total":9,"remaining":0}}`, after(4))
	m := s.Migration
	if m.Active() || !m.Started.Equal(after(1)) || !m.Ended.Equal(after(3)) || m.Downtime != Known(12*time.Millisecond) {
		t.Errorf("%+v", m)
	}
	s = asked(t, s, QueryMigrate, `{"status":"active","total-time":100,"ram":{"transferred":1,"total":9,"remaining":8,"dirty-sync-count":1}}`, after(60))
	if m := s.Migration; m.Downtime.Known || !m.Started.Equal(after(59.9)) || !m.Ended.IsZero() || len(m.History) != 1 {
		t.Errorf("the next one: %+v", m)
	}
}
