package render

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Bytes is a measured number of bytes in binary units with one decimal: "292.0 MiB". The decimal stays when it is zero,
// so that a figure that changes does not jump.
func Bytes(n float64) string {
	value, unit := binary(n)
	if unit == "B" {
		return strconv.FormatFloat(math.Round(value), 'f', 0, 64) + " B"
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + unit
}

// Size is a number of bytes that somebody set: exact where it is a whole number of units ("512 MiB", "20 MiB"), with one
// decimal elsewhere ("1.2 GiB").
func Size(n float64) string {
	text := Bytes(n)
	if value, _ := binary(n); value == math.Trunc(value) {
		text = strings.Replace(text, ".0 ", " ", 1)
	}
	return text
}

// Rate is a measured number of bytes a second: "31.4 MiB/s".
func Rate(n float64) string { return Bytes(n) + "/s" }

// Limit is a number of bytes a second that somebody set: "20 MiB/s".
func Limit(n float64) string { return Size(n) + "/s" }

// Of is a part of a whole in bytes, both in the unit of the whole: "292.0 / 512.0 MiB".
func Of(done, total float64) string {
	_, unit := binary(total)
	scale := unitScale(unit)
	decimals := 1
	if unit == "B" {
		decimals = 0
	}
	format := func(n float64) string { return strconv.FormatFloat(n/scale, 'f', decimals, 64) }
	return format(done) + " / " + format(total) + " " + unit
}

// binaryUnits in which sizes are written.
const binaryUnits = "KMGTPE"

// binary is a number in the largest unit that keeps it at least 1 as people round it: 1023.99 MiB is 1.0 GiB.
func binary(n float64) (value float64, unit string) {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, "B"
	}
	unit = "B"
	for _, letter := range binaryUnits {
		if math.Abs(n) < 1023.95 {
			break
		}
		n /= 1024
		unit = string(letter) + "iB"
	}
	return n, unit
}

// unitScale is how many bytes a unit is.
func unitScale(unit string) float64 {
	return math.Pow(1024, float64(strings.Index(binaryUnits, unit[:1])+1))
}

// Percent is a share from 0 to 1 in whole percent, cut rather than rounded, so that 100% means all of it: "57%".
func Percent(share float64) string {
	if !(share > 0) { // or not a number
		return "0%"
	}
	return strconv.Itoa(int(min(share, 1)*100+1e-9)) + "%"
}

// Count is a number in decimal steps of a thousand, for rates of operations and long counters: "950", "12.3 k", "4.0 M".
func Count(n float64) string {
	unit := ""
	for _, letter := range "kMGT" {
		if math.Abs(n) < 999.5 {
			break
		}
		n /= 1000
		unit = " " + string(letter)
	}
	if unit == "" {
		return strconv.FormatFloat(math.Round(n), 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'f', 1, 64) + unit
}

// Duration is a measured time to about two digits: "3 ms", "1.6 s", "11 s", "2 m 35 s", "3 h 12 m", "4 d 3 h".
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + Duration(-max(d, -math.MaxInt64))
	case d == 0:
		return "0 s"
	case d < time.Millisecond:
		return "<1 ms"
	case d < 999500*time.Microsecond:
		return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
	case d < 9950*time.Millisecond:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	}
	return Age(d.Round(time.Second))
}

// Age is a time that has passed, in whole seconds and at most two units: "3 s", "2 m 35 s", "3 h 12 m".
func Age(d time.Duration) string {
	seconds := int64(max(d, 0) / time.Second)
	steps := []struct {
		unit string
		size int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}}
	for i, step := range steps {
		if seconds < step.size {
			continue
		}
		lower, size := "s", int64(1)
		if i+1 < len(steps) {
			lower, size = steps[i+1].unit, steps[i+1].size
		}
		text := strconv.FormatInt(seconds/step.size, 10) + " " + step.unit
		if rest := seconds % step.size / size; rest > 0 {
			text += " " + strconv.FormatInt(rest, 10) + " " + lower
		}
		return text
	}
	return strconv.FormatInt(seconds, 10) + " s"
}

// Bar is a progress bar of w cells, drawn in eighths of a cell. The share goes from 0 to 1; a full bar means all of it.
func Bar(share float64, w int) string {
	if w <= 0 {
		return ""
	}
	if !(share > 0) { // or not a number
		share = 0
	}
	eighths := int(min(share, 1)*float64(w*8) + 1e-9)
	bar := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[part-1])
	}
	return Pad(bar, w)
}

// Spark is a line of w cells that draws the last w values as bars against the largest of them, or against top when that
// is larger. What is not a number is a gap.
func Spark(values []float64, top float64, w int) string {
	if w <= 0 {
		return ""
	}
	if len(values) > w {
		values = values[len(values)-w:]
	}
	for _, v := range values {
		if v > top && !math.IsInf(v, 0) {
			top = v
		}
	}
	levels := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			b.WriteByte(' ')
		case top <= 0 || v <= 0:
			b.WriteRune(levels[0])
		default:
			b.WriteRune(levels[int(min(v/top, 1)*float64(len(levels)-1)+0.5)])
		}
	}
	return PadLeft(b.String(), w)
}
