package render

import (
	"math"
	"testing"
	"time"
)

func TestUnits(t *testing.T) {
	const mib = 1 << 20
	cases := []struct{ what, got, want string }{
		{"bytes", Bytes(512), "512 B"},
		{"measured", Bytes(48 * mib), "48.0 MiB"},
		{"one step up", Bytes(1023.99 * mib), "1.0 GiB"},
		{"set", Size(512 * mib), "512 MiB"},
		{"set, not whole", Size(1.25 * 1024 * mib), "1.2 GiB"},
		{"rate", Rate(31.4 * mib), "31.4 MiB/s"},
		{"limit", Limit(20 * mib), "20 MiB/s"},
		{"limit of none", Limit(0), "0 B/s"},
		{"part", Of(292*mib, 512*mib), "292.0 / 512.0 MiB"},
		{"part of bytes", Of(3, 10), "3 / 10 B"},
		{"part of more", Of(mib, 4096*mib), "0.0 / 4.0 GiB"},
		{"not a number", Bytes(math.NaN()), "0 B"},
		{"largest", Bytes(math.MaxUint64), "16.0 EiB"},
		{"negative", Bytes(-2 * mib), "-2.0 MiB"},
		{"percent", Percent(0.5703), "57%"},
		{"percent not quite", Percent(0.9999), "99%"},
		{"percent all", Percent(1), "100%"},
		{"percent exact", Percent(0.29), "29%"},
		{"percent of nothing", Percent(math.NaN()), "0%"},
		{"count", Count(950), "950"},
		{"count k", Count(12345), "12.3 k"},
		{"count step", Count(999.9), "1.0 k"},
		{"ms", Duration(3 * time.Millisecond), "3 ms"},
		{"almost a second", Duration(999900 * time.Microsecond), "1 s"},
		{"tenths", Duration(1640 * time.Millisecond), "1.6 s"},
		{"whole", Duration(3 * time.Second), "3 s"},
		{"almost ten", Duration(9960 * time.Millisecond), "10 s"},
		{"seconds", Duration(11400 * time.Millisecond), "11 s"},
		{"minutes", Duration(155 * time.Second), "2 m 35 s"},
		{"tiny", Duration(10 * time.Microsecond), "<1 ms"},
		{"none", Duration(0), "0 s"},
		{"age", Age(3900 * time.Millisecond), "3 s"},
		{"age of a day", Age(99 * time.Hour), "4 d 3 h"},
		{"age of an hour", Age(time.Hour), "1 h"},
		{"bar", Bar(0.57, 25), "██████████████▎          "},
		{"bar full", Bar(1.5, 3), "███"},
		{"bar not quite", Bar(0.999, 3), "██▉"},
		{"bar of nothing", Bar(math.NaN(), 3), "   "},
		{"spark", Spark([]float64{0, 1, 2, 4, 7}, 0, 6), " ▁▂▃▅█"},
		{"spark with a gap", Spark([]float64{9, 1, math.NaN(), 2}, 4, 3), "▃ ▅"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}
