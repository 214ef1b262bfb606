package machine

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"
)

// lively is a snapshot with something in every part.
func lively(tb testing.TB) Snapshot {
	tb.Helper()
	s := absorbAll(tb, Snapshot{}, recorded(tb, "replies-7.2.json.gz")["mirror-running"], began)
	s = absorbAll(tb, s, recorded(tb, "replies-7.2.json.gz")["create-failed"], began.Add(2*time.Second))
	s = absorbAll(tb, s, recorded(tb, "replies-7.2.json.gz")["mirror-running"], began.Add(4*time.Second))
	for _, m := range recording(tb, "slow")[:80] {
		if m.query < queryCount {
			var err error
			if s, err = Absorb(s, m.query, m.reply, m.at.Add(5*time.Second)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return s
}

// check fails the test where a figure cannot be shown.
func check(t *testing.T, s Snapshot) {
	t.Helper()
	figures := []float64{
		s.Migration.Throughput.Value, s.Migration.DirtyRate.Value, s.Migration.Verdict.Sending, s.Migration.Verdict.NeedBandwidth.Value,
	}
	for _, j := range s.Jobs {
		figures = append(figures, j.Rate.Value)
		if done, _ := j.Fraction(); done < 0 || done > 1 || math.IsNaN(done) {
			t.Errorf("job %q is done by %v", j.ID, done)
		}
		if j.Left.Value < 0 || len(j.History) > historyPoints {
			t.Errorf("job %q: %v left, %d points", j.ID, j.Left, len(j.History))
		}
		j.Actions(func(string) bool { return true })
	}
	for _, d := range s.Disks {
		figures = append(figures, d.IO.ReadRate.Value, d.IO.WriteRate.Value, d.IO.ReadOps.Value, d.IO.WriteOps.Value)
		if d.IO.ReadRate.Value < 0 || d.IO.WriteOps.Value < 0 {
			t.Errorf("disk %q has negative rates", d.Name())
		}
	}
	for _, f := range figures {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			t.Errorf("not a figure: %v", f)
		}
	}
	if done, _ := s.Migration.Fraction(); done < 0 || done > 1 || math.IsNaN(done) {
		t.Errorf("the migration is done by %v", done)
	}
	if len(s.Migration.History) > pointsKept || len(s.Migration.Ends) > passesKept {
		t.Errorf("%d points, %d passes", len(s.Migration.History), len(s.Migration.Ends))
	}
	s.Migration.Verdict.Sentences(plain)
}

func FuzzReduce(f *testing.F) {
	s := lively(f)
	before := fmt.Sprintf("%+v", s)
	for _, e := range []Event{
		{Name: "JOB_STATUS_CHANGE", Data: json.RawMessage(`{"id":"mir0","status":"aborting"}`)},
		{Name: "BLOCK_JOB_COMPLETED", Data: json.RawMessage(`{"device":"mir0","len":9,"offset":-1,"type":"mirror","error":"x"}`)},
		{Name: "BLOCK_IO_ERROR", Data: json.RawMessage(`{"device":"drive0","action":"stop","operation":"read"}`)},
		{Name: "VSERPORT_CHANGE", Data: json.RawMessage(`{"id":"agent0","open":true}`)},
		{Name: "MIGRATION", Data: json.RawMessage(`{"status":"completed"}`)},
		{Name: "DEVICE_TRAY_MOVED", Data: json.RawMessage(`{"device":"cd0","tray-open":true}`)},
		{Name: "STOP"}, {Name: "SHUTDOWN", Data: json.RawMessage(`{"guest":true}`)},
	} {
		f.Add(e.Name, []byte(e.Data), int64(time.Second))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte, after int64) {
		next, _ := Reduce(s, Event{Name: name, Data: data, Received: began.Add(time.Duration(after))})
		check(t, next)
		if fmt.Sprintf("%+v", s) != before {
			t.Error("the snapshot given has changed")
		}
	})
}

func FuzzAbsorb(f *testing.F) {
	s := lively(f)
	before := fmt.Sprintf("%+v", s)
	for _, file := range []string{"replies-1.1.json", "replies-7.2.json.gz", "replies-11.1.json.gz"} {
		for _, machine := range recorded(f, file) {
			for q := range queryCount {
				if reply, err := machine.answer(q.Command()); err == nil {
					f.Add(byte(q), []byte(reply), int64(7*time.Second))
				}
			}
		}
	}
	f.Add(byte(QueryMigrate), []byte(`{"status":"active","total-time":-5,"ram":{"dirty-sync-count":-3,"page-size":-1,"mbps":1e308}}`), int64(0))
	f.Fuzz(func(t *testing.T, q byte, reply []byte, after int64) {
		at := began.Add(time.Duration(after))
		next, err := Absorb(s, Query(q), reply, at)
		check(t, next)
		if err == nil { // and once more, now that it is what is compared with
			again, err := Absorb(next, Query(q), reply, at.Add(time.Second))
			if err != nil {
				t.Errorf("accepted once and then refused: %v", err)
			}
			check(t, again)
		}
		if fmt.Sprintf("%+v", s) != before {
			t.Error("the snapshot given has changed")
		}
	})
}

func BenchmarkReduce(b *testing.B) {
	s := lively(b)
	for _, e := range []Event{
		{Name: "RTC_CHANGE", Data: json.RawMessage(`{"offset":1}`)},
		{Name: "STOP"},
		{Name: "JOB_STATUS_CHANGE", Data: json.RawMessage(`{"id":"mir0","status":"running"}`)},
		{Name: "VSERPORT_CHANGE", Data: json.RawMessage(`{"id":"agent0","open":true}`)},
		{Name: "MIGRATION_PASS", Data: json.RawMessage(`{"pass":3}`)},
	} {
		b.Run(e.Name, func(b *testing.B) {
			e.Received = began
			b.ReportAllocs()
			for b.Loop() {
				Reduce(s, e)
			}
		})
	}
}

func BenchmarkAbsorb(b *testing.B) {
	s := lively(b)
	machine := recorded(b, "replies-7.2.json.gz")["mirror-running"]
	for _, m := range recording(b, "slow")[:80] {
		if m.query == QueryMigrate {
			machine["query-migrate"] = m.reply
		}
	}
	for _, q := range []Query{QueryStatus, QueryJobs, QueryMigrate, QueryBlockStats, QueryBlock} {
		b.Run(q.Command(), func(b *testing.B) {
			reply, err := machine.answer(q.Command())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Absorb(s, q, reply, began.Add(time.Minute)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
