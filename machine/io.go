package machine

import (
	"encoding/json"
	"time"
)

// IO is the traffic of one disk: counters as the server has them, and rates measured between its last two replies.
// A counter that went back, as after a reset, gives no rate for that interval.
type IO struct {
	At       time.Time // when the counters were read; zero: never
	Counters Counters

	ReadRate, WriteRate            Maybe[float64]       // bytes a second
	ReadOps, WriteOps, FlushOps    Maybe[float64]       // operations a second
	ReadTime, WriteTime, FlushTime Maybe[time.Duration] // mean of the operations of the interval; not known when there were none
	HighestOffset                  Maybe[int64]         // bytes: the end of the last sector ever written in the image file
	Idle                           Maybe[time.Duration] // since the last operation
	History                        []IOPoint            // oldest first
}

// Counters count since the device was made.
type Counters struct {
	ReadBytes, WriteBytes          int64
	ReadOps, WriteOps, FlushOps    int64
	ReadTime, WriteTime, FlushTime time.Duration // summed over all operations
	FailedReads, FailedWrites      int64
}

// An IOPoint is the traffic over one interval.
type IOPoint struct {
	At                  time.Time // end of the interval
	ReadRate, WriteRate float64   // bytes a second
	ReadOps, WriteOps   float64   // operations a second
}

// ioLeast is the shortest interval that gives rates worth showing.
const ioLeast = 50 * time.Millisecond

type statsReply struct {
	Device, QDev string
	NodeName     string `json:"node-name"`
	Stats        struct {
		ReadBytes    count  `json:"rd_bytes"`
		WriteBytes   count  `json:"wr_bytes"`
		ReadOps      count  `json:"rd_operations"`
		WriteOps     count  `json:"wr_operations"`
		FlushOps     count  `json:"flush_operations"`
		ReadTime     count  `json:"rd_total_time_ns"`
		WriteTime    count  `json:"wr_total_time_ns"`
		FlushTime    count  `json:"flush_total_time_ns"`
		FailedReads  count  `json:"failed_rd_operations"`
		FailedWrites count  `json:"failed_wr_operations"`
		Highest      *count `json:"wr_highest_offset"`
		Idle         *count `json:"idle_time_ns"`
	}
	Parent *statsReply
}

func (r *statsReply) counters() Counters {
	t := &r.Stats
	return Counters{
		ReadBytes: int64(t.ReadBytes), WriteBytes: int64(t.WriteBytes),
		ReadOps: int64(t.ReadOps), WriteOps: int64(t.WriteOps), FlushOps: int64(t.FlushOps),
		ReadTime: time.Duration(t.ReadTime), WriteTime: time.Duration(t.WriteTime), FlushTime: time.Duration(t.FlushTime),
		FailedReads: int64(t.FailedReads), FailedWrites: int64(t.FailedWrites),
	}
}

// highest is the highest offset written in the image file, which the node below the format counts where there is one.
func (r *statsReply) highest() Maybe[int64] {
	if r.Parent != nil {
		return r.Parent.highest()
	}
	return maybe(r.Stats.Highest)
}

func absorbBlockStats(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r []*statsReply
	if err := array(reply, &r); err != nil {
		return err
	}
	s.Disks = append([]Disk(nil), s.Disks...)
	for _, b := range r {
		if b == nil {
			return errShape
		}
		d := findDisk(s.Disks, b.Device, b.QDev, b.NodeName)
		if d == nil {
			continue
		}
		d.IO = d.IO.next(b.counters(), at)
		d.IO.HighestOffset = b.highest()
		d.IO.Idle = Maybe[time.Duration]{}
		if b.Stats.Idle != nil {
			d.IO.Idle = Known(time.Duration(*b.Stats.Idle))
		}
	}
	return nil
}

// next is the traffic after the counters were read again.
func (io IO) next(now Counters, at time.Time) IO {
	before, interval := io.Counters, at.Sub(io.At)
	if !io.At.IsZero() && interval >= 0 && interval < ioLeast {
		return io
	}
	next := IO{At: at, Counters: now, History: io.History}
	if io.At.IsZero() || interval < 0 || now.wentBack(before) {
		return next
	}
	d := now.minus(before)
	rate := func(n int64) Maybe[float64] { return Known(perSecond(n, interval)) }
	next.ReadRate, next.WriteRate = rate(d.ReadBytes), rate(d.WriteBytes)
	next.ReadOps, next.WriteOps, next.FlushOps = rate(d.ReadOps), rate(d.WriteOps), rate(d.FlushOps)
	next.ReadTime, next.WriteTime = mean(d.ReadTime, d.ReadOps), mean(d.WriteTime, d.WriteOps)
	next.FlushTime = mean(d.FlushTime, d.FlushOps)
	next.History = appendCapped(io.History, IOPoint{
		At: at, ReadRate: next.ReadRate.Value, WriteRate: next.WriteRate.Value,
		ReadOps: next.ReadOps.Value, WriteOps: next.WriteOps.Value,
	}, historyPoints)
	return next
}

// mean is the mean time of n operations; not known when there were none, or when the server does not time them.
func mean(sum time.Duration, n int64) Maybe[time.Duration] {
	if n <= 0 || sum <= 0 {
		return Maybe[time.Duration]{}
	}
	return Known(sum / time.Duration(n))
}

func (c Counters) wentBack(before Counters) bool {
	return c.ReadBytes < before.ReadBytes || c.WriteBytes < before.WriteBytes ||
		c.ReadOps < before.ReadOps || c.WriteOps < before.WriteOps || c.FlushOps < before.FlushOps ||
		c.ReadTime < before.ReadTime || c.WriteTime < before.WriteTime || c.FlushTime < before.FlushTime
}

func (c Counters) minus(o Counters) Counters {
	return Counters{
		ReadBytes: c.ReadBytes - o.ReadBytes, WriteBytes: c.WriteBytes - o.WriteBytes,
		ReadOps: c.ReadOps - o.ReadOps, WriteOps: c.WriteOps - o.WriteOps, FlushOps: c.FlushOps - o.FlushOps,
		ReadTime: c.ReadTime - o.ReadTime, WriteTime: c.WriteTime - o.WriteTime, FlushTime: c.FlushTime - o.FlushTime,
		FailedReads: c.FailedReads - o.FailedReads, FailedWrites: c.FailedWrites - o.FailedWrites,
	}
}
