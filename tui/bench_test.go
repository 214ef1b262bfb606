package tui

import (
	"testing"
	"time"
)

// BenchmarkFrame draws all panes of a busy machine anew, as each second does: the milliseconds a frame costs.
func BenchmarkFrame(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		b.Run(sizeName(size), func(b *testing.B) {
			d := newDriver(b, size[0], size[1]).show(busyMachine())
			d.tell(func(n *news) {
				for range 200 {
					n.events = append(n.events, someEvents()...)
				}
			})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				d.now.now = noon.Add(time.Duration(i) * time.Second)
				d.m.Update(d.now)
				if d.m.View().Content == "" {
					b.Fatal("no picture")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(b.N), "ms/frame")
		})
	}
}

// BenchmarkEvents takes in a flood of events, a tenth of a second's worth at a time.
func BenchmarkEvents(b *testing.B) {
	d := newDriver(b, 120, 40).show(quietMachine())
	events := someEvents()
	for b.Loop() {
		d.tell(func(n *news) { n.events = events })
	}
}
