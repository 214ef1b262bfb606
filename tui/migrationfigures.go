package tui

import (
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
		r.add("left", render.PadLeft(render.Bytes(float64(m.RAM.Remaining+m.Disk.Remaining)), 10)+
			"    of "+render.Size(float64(m.RAM.Total+m.Disk.Total)))
		r.add("sending", measured(f, m.Throughput, render.RoleAccent, throughputs(m.History), w))
		r.add("dirtied", measured(f, m.DirtyRate, render.RoleSecond, dirtyRates(m.History), w))
		r.add("sent", sent)
		r.add("limits", "  "+limitOr(m.Limits.Bandwidth)+"  downtime "+durationOr(m.Limits.Downtime))
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
		r.add("sent", sent)
		r.add("set-up", took(m.SetupTime))
	}
	return append(r.lines, extras(f, m)...)
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
		r.add("postcopy", render.Count(float64(m.PostcopyRequests))+" pages asked for")
	}
	if m.MultifdBytes > 0 {
		r.add("multifd", render.Bytes(float64(m.MultifdBytes)))
	}
	if m.XBZRLE.Known {
		r.add("xbzrle", render.Bytes(float64(m.XBZRLE.Value.Bytes)))
	}
	if m.Compression.Known {
		r.add("packed", render.Bytes(float64(m.Compression.Value.CompressedSize)))
	}
	if len(m.Capabilities) > 0 {
		r.add("with", render.Clean(strings.Join(m.Capabilities, ", ")))
	}
	return r.lines
}

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
