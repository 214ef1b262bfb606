package tui

import (
	"sort"
	"strings"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A blockPane shows the block devices and their traffic.
type blockPane struct {
	list list
	rowFilter
}

func (p *blockPane) title(f facts) string {
	return counted(paneNames[paneBlock], len(f.snapshot.Disks)) + p.list.above() + p.mark()
}

// shown are the disks that pass the filter, those in trouble first.
func (p *blockPane) shown(f facts) []machine.Disk {
	disks := make([]machine.Disk, 0, len(f.snapshot.Disks))
	for _, d := range f.snapshot.Disks {
		if keeps(p.keep, d.Name(), d.File, d.Driver) {
			disks = append(disks, d)
		}
	}
	sort.SliceStable(disks, func(i, j int) bool { return failing(disks[i]) && !failing(disks[j]) })
	return disks
}

func failing(d machine.Disk) bool { return d.IOStatus != "" && d.IOStatus != "ok" }

func (p *blockPane) keys(f facts) []string {
	var keys []string
	for _, d := range p.shown(f) {
		keys = append(keys, d.Name())
	}
	return keys
}

func (p *blockPane) view(f facts, w, h int, focused bool) []string {
	var items []item
	name := column(p.keys(f), 14, (w-1)/3)
	for _, d := range p.shown(f) {
		items = append(items, item{key: d.Name(), lines: diskLines(f, d, name, w-1)})
	}
	if len(items) == 0 {
		words := "no block devices"
		if p.keep != "" {
			words = "no block device matches; / changes the filter"
		}
		return hushed(f, w, words)
	}
	return p.list.view(f, items, w, h, focused)
}

// diskLines are a disk's name in so many cells and its medium, and below it its traffic, in w cells.
func diskLines(f facts, d machine.Disk, name, w int) []string {
	first := named(d.Name(), name) + " "
	if !d.Inserted {
		return []string{first + f.theme.Paint(render.RoleDim, strings.Join(nonEmpty("no medium", traits(d)), ", "))}
	}
	first += render.Fit(render.Clean(d.Driver), 6) + " " + render.PadLeft(usage(d), 19)
	if failing(d) {
		first += "  " + f.theme.Paint(render.RoleBad, "I/O "+render.Clean(d.IOStatus))
	}
	if traits := traits(d); traits != "" && render.Width(first)+2+render.Width(traits) <= w {
		first += "  " + f.theme.Paint(render.RoleDim, traits)
	}
	lines := []string{first}
	if d.IO.At.IsZero() {
		return lines
	}
	return append(lines,
		traffic(f, "read ", d.IO.ReadRate, d.IO.ReadOps, durationOr(d.IO.ReadTime), w, reads(d.IO.History)),
		traffic(f, "write", d.IO.WriteRate, d.IO.WriteOps, durationOr(d.IO.WriteTime), w, writes(d.IO.History)))
}

// usage is what the image takes of the host against what the guest sees.
func usage(d machine.Disk) string {
	if !d.VirtualSize.Known {
		return ""
	}
	if !d.ActualSize.Known {
		return bytesOr(d.VirtualSize)
	}
	return bytesOr(d.ActualSize) + " / " + bytesOr(d.VirtualSize)
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
	if d.TrayOpen.Or(false) {
		words = append(words, "tray open")
	}
	return strings.Join(words, ", ")
}

// mostSpark is how wide a line of bars is at most.
const mostSpark = 40

// traffic is bytes and operations a second and the mean latency, with the bytes' course behind where there is room.
func traffic(f facts, label string, rate, ops machine.Maybe[float64], latency string, w int, history []float64) string {
	operations := unknown
	if ops.Known {
		operations = render.Count(ops.Value) + "/s"
	}
	line := "  " + f.theme.Paint(render.RoleDim, label) + render.PadLeft(rateOr(rate), 14) +
		render.PadLeft(operations, 10) + render.PadLeft(latency, 9)
	if spark := min(w-render.Width(line)-2, mostSpark); spark >= 8 && len(history) > 0 {
		line += "  " + f.theme.Paint(render.RoleAccent, render.Spark(history, 0, spark))
	}
	return line
}

func reads(points []machine.IOPoint) []float64 {
	return course(points, func(p machine.IOPoint) float64 { return p.ReadRate })
}

func writes(points []machine.IOPoint) []float64 {
	return course(points, func(p machine.IOPoint) float64 { return p.WriteRate })
}

func (p *blockPane) move(f facts, rows int)   { p.list.move(p.keys(f), rows) }
func (p *blockPane) choose(f facts, line int) { p.list.choose(p.keys(f), line) }

func (p *blockPane) actions(facts) []action { return nil }

func (p *blockPane) detail(f facts, w int) (string, []string, bool) {
	disks := p.shown(f)
	if len(disks) == 0 {
		return "", nil, false
	}
	chosen := disks[min(p.list.index, len(disks)-1)]
	for _, d := range disks {
		if d.Name() == p.list.chosen {
			chosen = d
		}
	}
	return "Block device " + render.Clean(chosen.Name()), diskDetail(f, chosen, w), true
}

func diskDetail(f facts, d machine.Disk, w int) []string {
	r := rows{f: f, label: 14, w: w, lines: append(diskLines(f, d, column([]string{d.Name()}, 14, w/3), w), "")}
	r.add("file", render.Clean(d.File))
	r.add("backing file", render.Clean(d.BackingFile))
	r.add("node", render.Clean(d.Node))
	r.add("device", render.Clean(d.QDev))
	c := d.IO.Counters
	r.add("reads", render.Count(float64(c.ReadOps))+", "+render.Bytes(float64(c.ReadBytes)))
	r.add("writes", render.Count(float64(c.WriteOps))+", "+render.Bytes(float64(c.WriteBytes)))
	if c.FlushOps > 0 {
		flushes := render.Count(float64(c.FlushOps))
		if d.IO.FlushTime.Known {
			flushes += ", " + render.Duration(d.IO.FlushTime.Value) + " each"
		}
		r.add("flushes", flushes)
	}
	if n := c.FailedReads + c.FailedWrites; n > 0 {
		r.say(render.RoleBad, "failed", render.Count(float64(n)))
	}
	if d.IO.HighestOffset.Or(0) > 0 {
		r.add("written up to", bytesOr(d.IO.HighestOffset))
	}
	if d.IO.Idle.Known {
		r.add("idle for", render.Duration(d.IO.Idle.Value))
	}
	return r.lines
}
