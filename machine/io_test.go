package machine

import (
	"fmt"
	"testing"
	"time"
)

func stats(device string, reads, readOps, readNanos int64) string {
	return fmt.Sprintf(`[{"device":%q,"stats":{"rd_bytes":%d,"rd_operations":%d,"rd_total_time_ns":%d,
		"wr_bytes":0,"wr_operations":0,"flush_operations":0}}]`, device, reads, readOps, readNanos)
}

func TestRatesOfADisk(t *testing.T) {
	s := asked(t, Snapshot{}, QueryBlock, `[{"device":"d0","inserted":{"file":"/i","drv":"raw"}}]`, began)
	s = asked(t, s, QueryBlockStats, stats("d0", 1<<40, 5000, 7e9), began)
	if io := s.Disks[0].IO; io.ReadRate.Known || len(io.History) != 0 {
		t.Errorf("one look gives no rate: %+v", io)
	}
	s = asked(t, s, QueryBlockStats, stats("d0", 1<<40+8<<20, 5100, 7e9+1e8), after(2))
	io := s.Disks[0].IO
	if io.ReadRate != Known(float64(4<<20)) || io.ReadOps != Known(50.0) || io.ReadTime != Known(time.Millisecond) ||
		io.WriteRate != Known(0.0) || io.WriteTime.Known || len(io.History) != 1 {
		t.Errorf("%+v", io)
	}
	t.Run("a reset is no spike", func(t *testing.T) {
		s := asked(t, s, QueryBlockStats, stats("d0", 512, 1, 10), after(4))
		if io := s.Disks[0].IO; io.ReadRate.Known || io.Counters.ReadBytes != 512 || len(io.History) != 1 {
			t.Errorf("%+v", io)
		}
		s = asked(t, s, QueryBlockStats, stats("d0", 1536, 2, 10), after(6))
		if io := s.Disks[0].IO; io.ReadRate != Known(512.0) || io.ReadTime.Known {
			t.Errorf("after it: %+v", io)
		}
	})
	t.Run("two looks at once give no rate", func(t *testing.T) {
		s := asked(t, s, QueryBlockStats, stats("d0", 1<<41, 5200, 8e9), after(2.001))
		if io := s.Disks[0].IO; io.ReadRate != Known(float64(4<<20)) {
			t.Errorf("%+v", io)
		}
	})
	t.Run("rates outlive a look at the devices", func(t *testing.T) {
		s := asked(t, s, QueryBlock, `[{"device":"new"},{"device":"d0"}]`, after(3))
		if s.Disks[1].IO.ReadOps != Known(50.0) || s.Disks[0].IO.ReadOps.Known {
			t.Errorf("%+v", s.Disks)
		}
	})
	t.Run("the history has an end", func(t *testing.T) {
		s := s
		for i := range 3 * historyPoints {
			s = asked(t, s, QueryBlockStats, stats("d0", 1<<41+int64(i)*1000, 6000, 9e9), after(3+float64(i)))
		}
		h := s.Disks[0].IO.History
		if len(h) != historyPoints || h[len(h)-1].ReadRate != 1000 || !h[len(h)-1].At.After(h[0].At) {
			t.Errorf("%d points, the last %+v", len(h), h[len(h)-1])
		}
	})
}

// Machines built with -blockdev have devices without a drive name, and those without an id have a node's name only.
func TestDisksAreToldApart(t *testing.T) {
	s := asked(t, Snapshot{}, QueryBlock, `[
		{"device":"","qdev":"a","inserted":{"node-name":"n1"}},
		{"device":"","qdev":"b","inserted":{"node-name":"n2"}},
		{"device":"","inserted":{"node-name":"n3"}}]`, began)
	s = asked(t, s, QueryBlockStats, `[
		{"device":"","qdev":"b","node-name":"n2","stats":{"rd_bytes":2}},
		{"device":"","qdev":"a","node-name":"n1","stats":{"rd_bytes":1}},
		{"device":"","node-name":"n3","stats":{"rd_bytes":3}},
		{"device":"","qdev":"gone","node-name":"n4","stats":{"rd_bytes":4}}]`, began)
	for i, name := range []string{"a", "b", "n3"} {
		if d := s.Disks[i]; d.Name() != name || d.IO.Counters.ReadBytes != int64(i+1) {
			t.Errorf("%s: %+v", d.Name(), d.IO.Counters)
		}
	}
}

func TestHugeFigures(t *testing.T) {
	s := asked(t, Snapshot{}, QueryBalloon, `{"actual":18446744073709551615}`, began)
	if got := s.Memory.Balloon.Value; got != 1<<63-1 {
		t.Errorf("2⁶⁴-1 became %d", got)
	}
	s = asked(t, s, QueryBalloon, `{"actual":1.5e3}`, began)
	if got := s.Memory.Balloon.Value; got != 1500 {
		t.Errorf("1.5e3 became %d", got)
	}
	if _, err := Absorb(s, QueryBalloon, []byte(`{"actual":"1"}`), began); err == nil {
		t.Error("a string was taken for a number")
	}
}
