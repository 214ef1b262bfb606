package machine

import (
	"fmt"
	"testing"
	"time"
)

// TestAMigrationOf2012 simulates a server that tells no passes, no rates and no limits: passes are seen where what
// remains grows.
func TestAMigrationOf2012(t *testing.T) {
	const mib = 1 << 20
	look := func(s Snapshot, seconds float64, remaining, transferred int) Snapshot {
		return asked(t, s, QueryMigrate, fmt.Sprintf(`{"status":"active","ram":{"total":%d,"remaining":%d,"transferred":%d}}`,
			512*mib, remaining*mib, transferred*mib), after(seconds))
	}
	var s Snapshot
	at, sent := 0.0, 0
	pass := func(from int) {
		for left := from; left > 0; left -= 16 {
			s = look(s, at, left, sent)
			at += 0.5
			sent += 16
		}
	}
	for _, from := range []int{512, 256, 128} {
		pass(from)
	}
	s = look(s, at, 64, sent)
	if v := s.Migration.Verdict; v.Outlook != OutlookConverging || v.Left.Known || s.Migration.Passes != 4 {
		t.Errorf("it falls: pass %d, %+v", s.Migration.Passes, v)
	}
	for range 5 {
		pass(64)
	}
	s = look(s, at, 64, sent)
	if v := s.Migration.Verdict; v.Outlook != OutlookStalled || v.NeedDowntime.Value < 2*time.Second || v.NeedBandwidth.Known {
		t.Errorf("it does not fall: %+v", v)
	}
	if got := s.Migration.Throughput.Value; got < 31*mib || got > 33*mib {
		t.Errorf("the throughput, measured, is %.0f", got)
	}
	s = asked(t, s, QueryMigrate, `{"status":"completed"}`, after(at+1))
	if m := s.Migration; m.Active() || m.RAM.Transferred == 0 || m.Ended.IsZero() || m.Verdict.Outlook != OutlookCompleted {
		t.Errorf("the last figures are gone: %+v", m.RAM)
	}
}

func TestAMigrationThatIsStuck(t *testing.T) {
	var s Snapshot
	for i := range 30 {
		s = asked(t, s, QueryMigrate, fmt.Sprintf(`{"status":"active","total-time":%d,
			"ram":{"total":9000000,"remaining":5000000,"transferred":4000000,"dirty-sync-count":1,"mbps":0,"page-size":4096}}`, i*500), after(float64(i)/2))
	}
	v := s.Migration.Verdict
	if v.Outlook != OutlookStuck || v.Still < 14*time.Second {
		t.Errorf("%+v", v)
	}
	if got := v.Sentences(plain)[0]; got != "stuck: nothing has been sent for 14.5 s" {
		t.Errorf("%s", got)
	}
}

// A server's own words are in the sentences: a status of the future must not be lost.
func TestAMigrationStatusOfTheFuture(t *testing.T) {
	s := asked(t, Snapshot{}, QueryMigrate, `{"status":"teleporting"}`, began)
	if !s.Migration.Active() || s.Migration.Verdict.Outlook != OutlookEarly {
		t.Errorf("%+v", s.Migration.Verdict)
	}
}

func TestOutlooksWithoutPasses(t *testing.T) {
	for status, want := range map[string]string{
		"":                 "",
		"none":             "",
		"setup":            "setting up",
		"wait-unplug":      "waits for the guest to let a device go",
		"pre-switchover":   "waits before the switchover, the guest stands still: migrate-continue goes on",
		"device":           "finishing: what is left fits into the downtime limit",
		"postcopy-paused":  "the postcopy has lost its connection: the guest hangs where pages are missing until it is recovered",
		"postcopy-recover": "the postcopy is being recovered",
		"cancelling":       "cancelling",
		"cancelled":        "cancelled",
		"completed":        "completed",
	} {
		s := asked(t, Snapshot{}, QueryMigrate, fmt.Sprintf(`{"status":%q}`, status), began)
		got := ""
		if lines := s.Migration.Verdict.Sentences(plain); len(lines) > 0 {
			got = lines[0]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", status, got, want)
		}
	}
}
