package demo

import (
	"math"
	"time"
)

// counters are what query-blockstats counts, since the machine came up.
type counters struct {
	rdBytes, wrBytes          int64
	rdOps, wrOps, flushOps    int64
	rdNanos, wrNanos, flNanos int64
	highest                   int64 // end of the last byte ever written, in the image file
}

func (c counters) json() object {
	return object{
		{"rd_bytes", c.rdBytes}, {"wr_bytes", c.wrBytes}, {"unmap_bytes", 0},
		{"rd_operations", c.rdOps}, {"wr_operations", c.wrOps}, {"flush_operations", c.flushOps}, {"unmap_operations", 0},
		{"rd_total_time_ns", c.rdNanos}, {"wr_total_time_ns", c.wrNanos}, {"flush_total_time_ns", c.flNanos},
		{"unmap_total_time_ns", 0}, {"wr_highest_offset", c.highest},
		{"rd_merged", 0}, {"wr_merged", 0}, {"unmap_merged", 0},
		{"failed_rd_operations", 0}, {"failed_wr_operations", 0}, {"failed_flush_operations", 0},
		{"failed_unmap_operations", 0},
		{"invalid_rd_operations", 0}, {"invalid_wr_operations", 0}, {"invalid_flush_operations", 0},
		{"invalid_unmap_operations", 0},
		{"account_invalid", true}, {"account_failed", true}, {"timed_stats", []object{}},
	}
}

// A load is what a guest does to a disk: mean rates, and how they swing.
type load struct {
	rd, wr         float64 // bytes a second, in the mean
	rdSize, wrSize float64 // bytes an operation
	period         time.Duration
	swing          float64 // 0 steady, 1 between nothing and twice the mean
	flush          float64 // flushes a second
	grow           float64 // share of what is written that the image grows by
}

// systemLoad is that of a root file system: logs, a package now and then.
func systemLoad() load {
	return load{
		rd: 1.1e6, wr: 640e3, rdSize: 24 << 10, wrSize: 12 << 10, period: 47 * time.Second, swing: 0.8, flush: 2, grow: 0.02,
	}
}

// databaseLoad is that of a database: small reads, steady writes.
func databaseLoad() load {
	return load{
		rd: 9.4e6, wr: 5.2e6, rdSize: 16 << 10, wrSize: 16 << 10, period: 20 * time.Second, swing: 0.5, flush: 11, grow: 0.05,
	}
}

// cdLoad is that of a file system that was just mounted.
func cdLoad() load {
	return load{rd: 2.4e6, rdSize: 64 << 10, period: 9 * time.Second, swing: 0.9}
}

// bootFactor is how much more is read while the guest starts.
const bootFactor = 9

// agesOfIO gives a disk the counters of a guest that has been up for a day.
func (m *Machine) agesOfIO(d *disk) {
	const day = 86400
	d.io = counters{
		rdBytes: int64(d.load.rd*day) &^ 4095, wrBytes: int64(d.load.wr*day) &^ 4095,
		rdOps: int64(d.load.rd * day / d.load.rdSize), wrOps: int64(d.load.wr * day / d.load.wrSize),
		flushOps: int64(d.load.flush * day), highest: d.root.content.used,
	}
	d.io.rdNanos, d.io.wrNanos, d.io.flNanos = d.io.rdOps*310e3, d.io.wrOps*190e3, d.io.flushOps*1400e3
	d.root.io = d.io
	d.root.file.io = d.io
}

// liveIO lets the guest read and write for a tick.
func (m *Machine) liveIO() {
	for _, d := range m.disks {
		if m.running() && d.root != nil && !d.trayOpen && !d.root.locked() {
			m.traffic(d)
		}
	}
}

// traffic is what one disk sees in a tick, within its limits.
func (m *Machine) traffic(d *disk) {
	l := d.load
	wave := 1.0
	if l.period > 0 {
		wave += l.swing * math.Sin(2*math.Pi*float64(m.uptime()%l.period)/float64(l.period))
	}
	rd, wr := l.rd*wave*m.jitter(), l.wr*wave*m.jitter()
	if m.booting() {
		rd *= bootFactor
	}
	seconds := tick.Seconds()
	rdBytes, rdOps := throttled(rd*seconds, l.rdSize, d.limits.BPSRd, d.limits.IOPSRd, d.limits)
	wrBytes, wrOps := throttled(wr*seconds, l.wrSize, d.limits.BPSWr, d.limits.IOPSWr, d.limits)
	if d.root.readOnly {
		wrBytes, wrOps = 0, 0
	}
	if wrOps > 0 && d.root.content.full(d.root.filename) {
		m.noSpace(d)
		return
	}
	flushes := int64(0)
	if m.rng.Float64() < l.flush*seconds && wrOps > 0 {
		flushes = 1 + int64(l.flush*seconds)
	}
	m.account(d, counters{
		rdBytes: rdBytes, wrBytes: wrBytes, rdOps: rdOps, wrOps: wrOps, flushOps: flushes,
		rdNanos: rdOps * int64(280e3+m.rng.Float64()*80e3), wrNanos: wrOps * int64(160e3+m.rng.Float64()*60e3),
		flNanos: flushes * int64(1.1e6+m.rng.Float64()*0.7e6),
	})
}

// noSpace is what becomes of a write that finds no space: the guest stands until somebody has made some and lets it go on.
func (m *Machine) noSpace(d *disk) {
	d.ioStatus = "nospace"
	m.emit("BLOCK_IO_ERROR", member{"device", d.name}, member{"node-name", d.root.name}, member{"operation", "write"},
		member{"action", "stop"}, member{"nospace", true}, member{"reason", "No space left on device"})
	m.pauseAs("io-error")
}

// jitter is what makes one tick differ from the next: 1 in the mean.
func (m *Machine) jitter() float64 { return 0.6 + 0.8*m.rng.Float64() }

// throttled turns a wish into whole operations within the limits of one direction and half of those for both.
func throttled(bytes, size float64, bps, iops int64, both limits) (int64, int64) {
	if size == 0 {
		return 0, 0
	}
	least := func(limit int64, share float64) {
		if limit > 0 {
			bytes = min(bytes, float64(limit)*share*tick.Seconds())
		}
	}
	least(bps, 1)
	least(both.BPS, 0.5)
	least(iops*int64(size), 1)
	least(both.IOPS*int64(size), 0.5)
	ops := int64(math.Round(bytes / size))
	if ops == 0 && bytes >= 512 {
		return int64(bytes) &^ 511, 1
	}
	return ops * int64(size), ops
}

// account adds a tick's traffic to the disk and its image, which grows, and to the jobs that have to copy it again.
func (m *Machine) account(d *disk, c counters) {
	sums := []*counters{&d.io, &d.root.io}
	if d.root.file != nil {
		sums = append(sums, &d.root.file.io)
	}
	for _, sum := range sums {
		sum.rdBytes += c.rdBytes
		sum.wrBytes += c.wrBytes
		sum.rdOps += c.rdOps
		sum.wrOps += c.wrOps
		sum.flushOps += c.flushOps
		sum.rdNanos += c.rdNanos
		sum.wrNanos += c.wrNanos
		sum.flNanos += c.flNanos
	}
	content := d.root.content
	content.used = min(content.size, content.used+int64(float64(c.wrBytes)*d.load.grow))
	for _, sum := range sums {
		sum.highest = max(sum.highest, content.used)
	}
	for _, j := range m.jobs {
		if j.node == d.root {
			j.dirtied(c.wrBytes)
		}
	}
}
