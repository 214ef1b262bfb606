package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

const migrationLabel = 8

// migrationFigures are what is left and how fast it goes, the most telling first.
func migrationFigures(f facts, m machine.Migration, w int) []string {
	r := rows{f: f, label: migrationLabel}
	sent := render.PadLeft(render.Bytes(float64(m.RAM.Transferred+m.Disk.Transferred)), 10)
	switch {
	case m.Active() && m.Incoming:
		return nil
	case m.Active():
		r.add("left", leftOf(m.RAM.Remaining+m.Disk.Remaining, m.RAM.Total+m.Disk.Total))
		r.add("sending", measured(f, m.Throughput, render.RoleAccent, throughputs(m.History), w))
		r.add("dirtied", measured(f, m.DirtyRate, render.RoleSecond, dirtyRates(m.History), w))
		r.add("sent", sent)
		if strings.HasPrefix(m.Status, "postcopy") { // the guest has moved: only this limit is in force
			r.add("limit", "  "+limitOr(m.Limits.PostcopyBandwidth)+"  of postcopy")
		} else {
			r.add("limits", "  "+limitOr(m.Limits.Bandwidth)+"  downtime "+durationOr(m.Limits.Downtime))
		}
		if m.ExpectedDowntime.Known {
			r.add("expects", "  downtime of "+render.Duration(m.ExpectedDowntime.Value))
		}
	default:
		r.w = w
		r.say(render.RoleBad, "error", render.Clean(m.Error))
		r.add("total", took(m.TotalTime))
		r.add("downtime", took(m.Downtime))
		if m.Passes > 0 {
			r.add("passes", render.PadLeft(plural(m.Passes, ""), 6))
		}
		if !m.Incoming && m.RAM.Transferred+m.Disk.Transferred > 0 { // not known of one that came, nor of one long ago
			r.add("sent", sent)
		}
		r.add("set-up", took(m.SetupTime))
	}
	return append(r.lines, extras(f, m)...)
}

// leftOf is what is left of a total, which is not told while a migration is set up.
func leftOf(left, total int64) string {
	if total == 0 {
		return render.PadLeft(unknown, 10)
	}
	return render.PadLeft(render.Bytes(float64(left)), 10) + "    of " + render.Size(float64(total))
}

// took is a time in the figures' column.
func took(d machine.Maybe[time.Duration]) string {
	if !d.Known {
		return ""
	}
	return render.PadLeft(render.Duration(d.Value), 10)
}

// measured is a rate with its course behind it.
func measured(f facts, value machine.Maybe[float64], role render.Role, values []float64, w int) string {
	text := render.PadLeft(rateOr(value), 12)
	if spark := min(w-migrationLabel-2-12-3, mostSpark); spark >= 6 && len(values) > 1 {
		text += "  " + f.theme.Paint(role, render.Spark(values, 0, spark))
	}
	return text
}

// extras are what only some migrations have.
func extras(f facts, m machine.Migration) []string {
	r := rows{f: f, label: migrationLabel}
	if m.Throttle.Or(0) > 0 {
		r.add("throttle", plural(m.Throttle.Value, "% of the vCPUs' time"))
	}
	if m.PostcopyRequests > 0 {
		r.add("postcopy", count(m.PostcopyRequests)+" pages asked for")
	}
	if m.PostcopyBlock.Or(0) > 0 {
		r.add("waited", render.Duration(m.PostcopyBlock.Value)+" for pages, the guest's vCPUs")
	}
	if m.MultifdBytes > 0 {
		r.add("multifd", render.Bytes(float64(m.MultifdBytes)))
	}
	if x := m.XBZRLE.Value; x.Pages > 0 || x.Overflow > 0 || x.CacheMissRate > 0 {
		r.add("xbzrle", shrunk(x.Pages, x.Bytes, x.EncodingRate, x.Overflow, "not smaller"))
		r.add("cache", "of "+render.Size(float64(x.CacheSize))+", "+render.Percent(x.CacheMissRate)+" of the pages were not in it")
	}
	if c := m.Compression.Value; c.Pages > 0 || c.Busy > 0 {
		r.add("packed", shrunk(c.Pages, c.CompressedSize, c.Rate, c.Busy, "times no thread was free"))
	}
	r.add("pages", pages(m))
	if len(m.Capabilities) > 0 {
		r.add("with", render.Clean(strings.Join(m.Capabilities, ", ")))
	}
	return r.lines
}

// pages are how many were sent: whole, or as a mark that they hold zeros alone.
func pages(m machine.Migration) string {
	var parts []string
	if m.PageRate.Or(0) > 0 && m.Active() {
		parts = append(parts, render.Count(m.PageRate.Value)+"/s")
	}
	if m.RAM.Normal > 0 {
		parts = append(parts, count(m.RAM.Normal)+" whole")
	}
	if m.RAM.Duplicate > 0 {
		parts = append(parts, count(m.RAM.Duplicate)+" zero")
	}
	return strings.Join(parts, ", ")
}

// shrunk is what became of pages that were sent smaller, and how often that failed.
func shrunk(pages, size int64, ratio float64, failed int64, why string) string {
	text := count(pages) + " pages in " + render.Bytes(float64(size))
	if ratio > 0 {
		text += fmt.Sprintf(", %.1f to 1", ratio)
	}
	if failed > 0 {
		text += ", " + count(failed) + " " + why
	}
	return text
}

func count(n int64) string { return render.Count(float64(n)) }

func throughputs(points []machine.MigrationPoint) []float64 {
	return course(points, func(p machine.MigrationPoint) float64 { return p.Throughput })
}

func dirtyRates(points []machine.MigrationPoint) []float64 {
	return course(points, func(p machine.MigrationPoint) float64 { return p.DirtyRate })
}

// course is one figure of every point of a history.
func course[P any](points []P, figure func(P) float64) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = figure(p)
	}
	return values
}
