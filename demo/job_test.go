package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

type jobInfo struct {
	ID      string
	Type    string
	Status  string
	Current int64 `json:"current-progress"`
	Total   int64 `json:"total-progress"`
	Device  string
	Offset  int64
	Len     int64
	Speed   int64
	Ready   bool
	Paused  bool
}

func (k *talk) jobs() []jobInfo {
	k.t.Helper()
	var list []jobInfo
	k.get("query-jobs", "", &list)
	return list
}

func (k *talk) job(id string) jobInfo {
	k.t.Helper()
	for _, j := range k.jobs() {
		if j.ID == id {
			return j
		}
	}
	return jobInfo{}
}

// lines returns the messages that came since the last call, events with their data, without timestamps.
func (k *talk) lines() string {
	var b strings.Builder
	for line := range strings.Lines(k.said.String()) {
		if _, event, ok := strings.Cut(line, `"event": `); ok {
			b.WriteString(strings.TrimSuffix(event, "}\r\n") + "\n")
		}
	}
	k.said.Reset()
	return b.String()
}

func TestTheMirrorThatIsUnderWay(t *testing.T) {
	k := begin(t, demo.Options{})
	start := k.job("drive0")
	if start.Type != "mirror" || start.Status != "running" || start.Current == 0 || start.Current > start.Total/5 {
		t.Fatalf("at the start: %+v", start)
	}
	k.pass(10 * time.Second)
	// 40 MiB a second are its limit.
	if got := k.job("drive0").Current - start.Current; got < 399<<20 || got > 401<<20 {
		t.Errorf("copied %d bytes in 10 s", got)
	}
	k.pass(3 * time.Minute)
	j := k.job("drive0")
	if j.Status != "ready" || j.Current != j.Total || j.Total <= start.Total {
		t.Errorf("three minutes later: %+v; the guest has written meanwhile", j)
	}
	if seen := k.seen(); !strings.Contains(seen, "JOB_STATUS_CHANGE BLOCK_JOB_READY") {
		t.Errorf("events were %s", seen)
	}
	k.do("job-complete", `{"id":"drive0"}`)
	k.lines()
	k.pass(time.Second)
	if got, want := k.lines(), strings.Join([]string{
		`"JOB_STATUS_CHANGE", "data": {"status": "waiting", "id": "drive0"}`,
		`"JOB_STATUS_CHANGE", "data": {"status": "pending", "id": "drive0"}`,
		`"BLOCK_JOB_COMPLETED", "data": {"device": "drive0", "len": N, "offset": N, "speed": 41943040, "type": "mirror"}`,
		`"JOB_STATUS_CHANGE", "data": {"status": "concluded", "id": "drive0"}`,
		`"JOB_STATUS_CHANGE", "data": {"status": "null", "id": "drive0"}`, "",
	}, "\n"); numbersOf("len", numbersOf("offset", got)) != want {
		t.Errorf("completion:\n%s\nwant\n%s", got, want)
	}
	if d := k.disk("drive0"); d.Inserted.File != "/srv/backup/web01.qcow2" || d.Inserted.Node != "copy" {
		t.Errorf("the disk goes on with %+v", d.Inserted)
	}
	if k.node("root") != nil || k.node("base") != nil {
		t.Error("the old chain is still open")
	}
}

// numbersOf replaces a member's digits by N.
func numbersOf(name, text string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, `"`+name+`": `)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString(`"` + name + `": N`)
		text = strings.TrimLeft(after, "0123456789")
	}
}

func TestPauseResumeAndSpeedOfAJob(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("job-pause", `{"id":"drive0"}`)
	k.refused(`{"execute":"job-pause","arguments":{"id":"drive0"}}`, "GenericError", "Job is already paused")
	before := k.job("drive0")
	k.pass(10 * time.Second)
	if after := k.job("drive0"); after.Status != "paused" || after.Current != before.Current {
		t.Errorf("a paused job went on: %+v", after)
	}
	k.do("block-job-resume", `{"device":"drive0"}`)
	k.refused(`{"execute":"job-resume","arguments":{"id":"drive0"}}`, "GenericError", "Can't resume a job that was not paused")
	k.refused(`{"execute":"job-complete","arguments":{"id":"drive0"}}`, "GenericError",
		"Job 'drive0' in state 'running' cannot accept command verb 'complete'")
	k.do("block-job-set-speed", `{"device":"drive0","speed":1048576}`)
	before = k.job("drive0")
	k.pass(10 * time.Second)
	if got := k.job("drive0").Current - before.Current; got < 10<<20-100 || got > 10<<20+100 {
		t.Errorf("copied %d bytes in 10 s at 1 MiB/s", got)
	}
	k.do("job-cancel", `{"id":"drive0"}`)
	k.seen()
	k.pass(time.Second)
	if seen := k.seen(); seen != "JOB_STATUS_CHANGE BLOCK_JOB_CANCELLED JOB_STATUS_CHANGE JOB_STATUS_CHANGE" {
		t.Errorf("cancelling: %s", seen)
	}
	k.refused(`{"execute":"job-cancel","arguments":{"id":"drive0"}}`, "GenericError", "Job not found")
	k.refused(`{"execute":"block-job-cancel","arguments":{"device":"drive0"}}`, "DeviceNotActive", "Block job 'drive0' not found")
}

func TestAMirrorThatIsCancelledWhenReadyLeavesACopy(t *testing.T) {
	k := begin(t, demo.Options{})
	k.pass(5 * time.Minute)
	k.do("block-job-cancel", `{"device":"drive0"}`)
	k.seen()
	k.pass(time.Second)
	if seen := k.seen(); !strings.Contains(seen, "BLOCK_JOB_COMPLETED") {
		t.Errorf("events were %s", seen)
	}
	if d := k.disk("drive0"); d.Inserted.Node != "root" {
		t.Errorf("the disk has moved to %s", d.Inserted.Node)
	}
}

func TestStreamCommitAndFinalization(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("block-stream", `{"device":"drive1","job-id":"st","auto-finalize":false,"auto-dismiss":false}`)
	k.refused(`{"execute":"block-commit","arguments":{"device":"drive1","job-id":"c"}}`, "GenericError",
		"Node 'drive1' is busy: block device is in use by block job: stream")
	k.pass(5 * time.Minute)
	if j := k.job("st"); j.Status != "pending" {
		t.Fatalf("after five minutes: %+v", j)
	}
	if d := k.disk("drive1"); d.Inserted.Depth != 1 {
		t.Error("the chain has changed before the job was finalized")
	}
	k.do("job-finalize", `{"id":"st"}`)
	if d := k.disk("drive1"); d.Inserted.Depth != 0 || d.Inserted.Backing != "" {
		t.Errorf("after the stream: %+v", d.Inserted)
	}
	if j := k.job("st"); j.Status != "concluded" {
		t.Errorf("finalized: %+v", j)
	}
	k.do("job-dismiss", `{"id":"st"}`)

	k.do("blockdev-snapshot-sync", `{"device":"drive1","snapshot-file":"/tmp/over.qcow2","snapshot-node-name":"over"}`)
	k.pass(time.Minute)
	k.do("block-commit", `{"device":"drive1","job-id":"c"}`)
	k.pass(time.Minute)
	if j := k.job("c"); j.Status != "ready" {
		t.Fatalf("a commit of what the guest writes to waits to be completed: %+v", j)
	}
	k.do("block-job-complete", `{"device":"c"}`)
	k.pass(time.Second)
	if d := k.disk("drive1"); d.Inserted.Node != "data" || d.Inserted.ReadOnly {
		t.Errorf("after the commit: %+v", d.Inserted)
	}
	if k.node("over") != nil {
		t.Error("the overlay is still open")
	}
}

func TestCommitOfAnImageInTheMiddle(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("blockdev-snapshot-sync", `{"device":"drive1","snapshot-file":"/tmp/1.qcow2"}`)
	k.do("block-commit", `{"device":"drive1","job-id":"c","top-node":"data","base-node":"data-old"}`)
	k.pass(5 * time.Minute)
	if d := k.disk("drive1"); d.Inserted.Depth != 1 || d.Inserted.Backing != "/srv/images/data.qcow2" {
		t.Errorf("after the commit: %+v", d.Inserted)
	}
}

func TestBackupEndsByItself(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("drive-backup", `{"device":"drive1","sync":"top","target":"/backup/data.qcow2","job-id":"b"}`)
	k.refused(`{"execute":"drive-backup","arguments":{"device":"cd0","sync":"full","target":"/backup/data.qcow2"}}`,
		"GenericError", `Failed to get "write" lock`)
	k.pass(2 * time.Minute)
	if seen := k.seen(); !strings.Contains(seen, "BLOCK_JOB_COMPLETED") || k.job("b").ID != "" {
		t.Errorf("events were %s", seen)
	}
	k.do("blockdev-add", `{"driver":"qcow2","node-name":"t","file":{"driver":"file","filename":"/backup/data.qcow2"}}`)
	k.do("blockdev-mirror", `{"job-id":"m","device":"drive1","target":"t","sync":"none"}`)
	k.refused(`{"execute":"blockdev-del","arguments":{"node-name":"t"}}`, "GenericError", "Node t is in use")
	k.pass(time.Second)
	if j := k.job("m"); j.Status != "ready" {
		t.Errorf("a mirror of what is written from now on is ready at once: %+v", j)
	}
}

func TestJobsThatAreRefused(t *testing.T) {
	k := begin(t, demo.Options{})
	for _, c := range []struct{ args, desc string }{
		{`{"device":"drive1","job-id":"1st"}`, "Invalid job ID '1st'"},
		{`{"device":"drive1","job-id":"drive0"}`, "Job ID 'drive0' already in use"},
		{`{"device":"data-old","job-id":"s"}`, "Block node is read-only"},
		{`{"device":"drive1","speed":-1}`, "Parameter 'speed' expects a non-negative value"},
		{`{"device":"data"}`, ""},
		{`{"device":"drive1","job-id":"s"}`, "Node 'drive1' is busy: block device is in use by block job: stream"},
		{`{"device":"nope"}`, "Cannot find device='nope' nor node-name='nope'"},
	} {
		if c.desc == "" {
			k.do("block-stream", c.args)
			continue
		}
		k.refused(`{"execute":"block-stream","arguments":`+c.args+`}`, "GenericError", c.desc)
	}
}
