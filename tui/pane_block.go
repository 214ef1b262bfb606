package tui

import (
	"strings"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A blockPane shows the block devices and their traffic.
type blockPane struct {
	list list
	keep string
}

func (p *blockPane) title(f facts) string {
	title := "Block"
	if n := len(f.snapshot.Disks); n > 0 {
		title += " (" + plural(n, "") + ")"
	}
	return title + filterMark(p.keep)
}

func (p *blockPane) filter(text string) bool { p.keep = text; return true }

func (p *blockPane) items(f facts, w int) []item {
	var items []item
	for _, d := range f.snapshot.Disks {
		hay := strings.ToLower(d.Name() + " " + d.File + " " + d.Driver)
		if p.keep == "" || strings.Contains(hay, strings.ToLower(p.keep)) {
			items = append(items, item{key: d.Name(), lines: diskLines(f, d, w-1)})
		}
	}
	return items
}

func (p *blockPane) view(f facts, w, h int, focused bool) []string {
	items := p.items(f, w)
	if len(items) == 0 {
		words := "no block devices"
		if p.keep != "" {
			words = "no block device matches; / changes the filter"
		}
		return hushed(f, w, words)
	}
	return p.list.view(f, items, w, h, focused)
}

// diskLines are a disk's name and medium, and below it its traffic.
func diskLines(f facts, d machine.Disk, w int) []string {
	name := render.Fit(render.Clean(d.Name()), min(16, w/3))
	if !d.Inserted {
		return []string{name + " " + f.theme.Paint(render.RoleDim, "no medium")}
	}
	first := name + " " + render.Fit(render.Clean(d.Driver), 7) + render.PadLeft(usage(d), 24)
	if bad := d.IOStatus; bad != "" && bad != "ok" {
		first += "  " + f.theme.Paint(render.RoleBad, "I/O "+render.Clean(bad))
	}
	first += "  " + f.theme.Paint(render.RoleDim, traits(d))
	lines := []string{first}
	if d.IO.At.IsZero() {
		return lines
	}
	spark := max(w-58, 0)
	return append(lines, traffic(f, "read ", d.IO.ReadRate, d.IO.ReadOps, durationOr(d.IO.ReadTime), spark, reads(d.IO.History)),
		traffic(f, "write", d.IO.WriteRate, d.IO.WriteOps, durationOr(d.IO.WriteTime), spark, writes(d.IO.History)))
}

// usage is what the image takes of the host against what the guest sees.
func usage(d machine.Disk) string {
	if !d.VirtualSize.Known {
		return ""
	}
	if !d.ActualSize.Known {
		return bytesOr(d.VirtualSize)
	}
	return bytesOr(d.ActualSize) + " of " + bytesOr(d.VirtualSize)
}

func traits(d machine.Disk) string {
	var words []string
	if d.ReadOnly {
		words = append(words, "read-only")
	}
	if d.BackingDepth > 0 {
		words = append(words, plural(d.BackingDepth, "below"))
	}
	if d.Encrypted {
		words = append(words, "encrypted")
	}
	return strings.Join(words, ", ")
}

func traffic(f facts, label string, rate, ops machine.Maybe[float64], latency string, spark int, history []float64) string {
	operations := unknown
	if ops.Known {
		operations = render.Count(ops.Value) + "/s"
	}
	line := "  " + f.theme.Paint(render.RoleDim, label) + render.PadLeft(rateOr(rate), 13) +
		render.PadLeft(operations, 11) + render.PadLeft(latency, 9) + "  "
	if spark >= 8 && len(history) > 0 {
		line += f.theme.Paint(render.RoleAccent, render.Spark(history, 0, min(spark, 40)))
	}
	return line
}

func reads(points []machine.IOPoint) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.ReadRate
	}
	return values
}

func writes(points []machine.IOPoint) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.WriteRate
	}
	return values
}

func (p *blockPane) move(f facts, rows int)   { p.list.move(keysOf(p.items(f, 40)), rows) }
func (p *blockPane) choose(f facts, line int) { p.list.choose(keysOf(p.items(f, 40)), line) }

func (p *blockPane) actions(facts) []action { return nil }

func (p *blockPane) detail(f facts, w int) (string, []string, bool) {
	p.list.settle(p.items(f, w))
	for _, d := range f.snapshot.Disks {
		if d.Name() == p.list.chosen {
			return "Block device " + render.Clean(d.Name()), diskDetail(f, d, w), true
		}
	}
	return "", nil, false
}

func diskDetail(f facts, d machine.Disk, w int) []string {
	lines := append(diskLines(f, d, w), "")
	add := func(label, value string) {
		if value != "" && value != unknown {
			lines = append(lines, row(f, label, 14, render.Clean(value)))
		}
	}
	add("file", d.File)
	add("backing file", d.BackingFile)
	add("node", d.Node)
	add("device", d.QDev)
	add("reads", render.Count(float64(d.IO.Counters.ReadOps))+", "+render.Bytes(float64(d.IO.Counters.ReadBytes)))
	add("writes", render.Count(float64(d.IO.Counters.WriteOps))+", "+render.Bytes(float64(d.IO.Counters.WriteBytes)))
	if n := d.IO.Counters.FailedReads + d.IO.Counters.FailedWrites; n > 0 {
		add("failed", render.Count(float64(n)))
	}
	add("highest write", bytesOr(d.IO.HighestOffset))
	return lines
}
