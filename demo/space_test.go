package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

func TestAJobRunsOutOfSpace(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("drive-backup", `{"device":"drive1","sync":"full","target":"/mnt/full/b.qcow2","job-id":"b","auto-dismiss":false}`)
	k.lines()
	k.pass(10 * time.Second)
	events := k.lines()
	for _, want := range []string{
		`"BLOCK_JOB_ERROR", "data": {"device": "b", "operation": "write", "action": "report"}`,
		`"JOB_STATUS_CHANGE", "data": {"status": "aborting", "id": "b"}`,
		`"error": "No space left on device"`, `{"status": "concluded", "id": "b"}`,
	} {
		_, rest, ok := strings.Cut(events, want)
		if !ok {
			t.Fatalf("no %s in order among\n%s", want, events)
		}
		events = rest
	}
	var jobs []struct{ ID, Status, Error string }
	k.get("query-jobs", "", &jobs)
	if len(jobs) != 2 || jobs[1].Status != "concluded" || jobs[1].Error != "No space left on device" {
		t.Errorf("query-jobs says %+v", jobs)
	}
	k.do("job-dismiss", `{"id":"b"}`)
}

func TestAJobStopsForLackOfSpace(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("drive-mirror", `{"device":"drive1","sync":"full","target":"/mnt/full/m.qcow2","on-target-error":"stop"}`)
	k.pass(10 * time.Second)
	var jobs []struct {
		Device, Status string
		IO             string `json:"io-status"`
	}
	k.get("query-block-jobs", "", &jobs)
	if j := jobs[1]; j.Device != "drive1" || j.Status != "paused" || j.IO != "nospace" {
		t.Errorf("query-block-jobs says %+v", jobs)
	}
	k.do("job-resume", `{"id":"drive1"}`)
	k.pass(time.Second)
	if seen := k.seen(); strings.Count(seen, "BLOCK_JOB_ERROR") != 2 {
		t.Errorf("events were %s", seen)
	}
}

func TestTheGuestRunsOutOfSpace(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("blockdev-snapshot-sync", `{"device":"drive1","snapshot-file":"/mnt/full/s.qcow2"}`)
	k.lines()
	k.pass(20 * time.Minute)
	if events := k.lines(); k.status() != "io-error" || !strings.Contains(events, `"BLOCK_IO_ERROR", "data": {"device": "drive1"`) ||
		!strings.Contains(events, `"STOP"`) {
		t.Fatalf("%s after\n%s", k.status(), events)
	}
	if text := k.ask(`{"execute":"query-block"}`); !strings.Contains(text, `"io-status": "nospace", "device": "drive1"`) {
		t.Errorf("query-block says %s", text)
	}
	k.do("cont", `{}`)
	k.pass(time.Second)
	if k.status() != "io-error" {
		t.Error("it went on without space")
	}
	k.do("blockdev-snapshot-sync", `{"device":"drive1","snapshot-file":"/tmp/s.qcow2"}`)
	k.do("cont", `{}`)
	k.pass(time.Minute)
	if k.status() != "running" {
		t.Error("it does not go on with space")
	}
}
