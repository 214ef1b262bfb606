package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A migrationPane shows the latest migration, its course, and what will become of it.
type migrationPane struct{}

func (*migrationPane) title(facts) string { return "Migration" }
func (*migrationPane) move(facts, int)    {}
func (*migrationPane) choose(facts, int)  {}
func (*migrationPane) filter(string) bool { return false }

func (p *migrationPane) view(f facts, w, h int, _ bool) []string {
	m := f.snapshot.Migration
	if m.Status == "" || m.Status == "none" {
		return hushed(f, w, "no migration; s starts one, or migrate at the prompt")
	}
	lines := migrationHead(f, m, w)
	words := verdictLines(f, m, w)
	figures := migrationFigures(f, m, w)
	if m.Active() && h >= 15 && len(m.History) > 1 {
		room := h - len(lines) - len(words) - len(figures)
		if room >= 5 {
			lines = append(lines, figures...)
			return append(append(lines, migrationChart(f, m, w, room)...), words...)
		}
	}
	// The verdict is what matters most: where there is little room the figures give way.
	for len(figures) > 0 && len(lines)+len(figures)+len(words) > h {
		figures = figures[:len(figures)-1]
	}
	return append(append(lines, figures...), words...)
}

// migrationHead is the status, the pass, the time, and how far it has come.
func migrationHead(f facts, m machine.Migration, w int) []string {
	line := " " + f.theme.Paint(migrationRole(m), render.Clean(m.Status))
	if m.Incoming {
		line += "  incoming"
	}
	if m.Passes > 0 {
		line += "   pass " + plural(m.Passes, "")
	}
	line += "  " + migrationTime(f, m)
	lines := []string{render.Truncate(line, w)}
	if share, ok := m.Fraction(); ok && !m.Incoming {
		lines = append(lines, " "+f.theme.Paint(render.RoleAccent, render.Bar(share, max(w-8, 4)))+
			render.PadLeft(render.Percent(share), 6))
	}
	return lines
}

func migrationRole(m machine.Migration) render.Role {
	switch m.Status {
	case "completed":
		return render.RoleGood
	case "failed", "postcopy-paused":
		return render.RoleBad
	case "cancelled", "cancelling", "pre-switchover":
		return render.RoleWarn
	}
	return render.RoleAccent
}

func migrationTime(f facts, m machine.Migration) string {
	if m.Active() && !m.Started.IsZero() {
		return since(f, m.Started)
	}
	text := ""
	if m.TotalTime.Known {
		text = "total " + render.Duration(m.TotalTime.Value)
	}
	if m.Downtime.Known {
		text += "  downtime " + render.Duration(m.Downtime.Value)
	}
	return strings.TrimSpace(text)
}

const migrationLabel = 10

// migrationFigures are what is left and how fast it goes, the most telling first.
func migrationFigures(f facts, m machine.Migration, w int) []string {
	if !m.Active() {
		return endFigures(f, m)
	}
	spark := max(w-32, 0)
	lines := []string{
		row(f, "left", migrationLabel, render.PadLeft(render.Bytes(float64(m.RAM.Remaining+m.Disk.Remaining)), 10)+
			"  of "+render.Size(float64(m.RAM.Total+m.Disk.Total))),
		row(f, "sending", migrationLabel, rate(f, m.Throughput, render.RoleAccent, throughputs(m.History), spark)),
		row(f, "dirtied", migrationLabel, rate(f, m.DirtyRate, render.RoleSecond, dirtyRates(m.History), spark)),
		row(f, "limits", migrationLabel, "bandwidth "+limitOr(m.Limits.Bandwidth)+"  downtime "+durationOr(m.Limits.Downtime)),
	}
	if m.ExpectedDowntime.Known {
		lines = append(lines, row(f, "downtime", migrationLabel, "expected "+durationOr(m.ExpectedDowntime)))
	}
	lines = append(lines, row(f, "sent", migrationLabel, render.Bytes(float64(m.RAM.Transferred+m.Disk.Transferred))))
	return append(lines, extras(f, m)...)
}

// rate is a figure with its course behind it.
func rate(f facts, value machine.Maybe[float64], role render.Role, course []float64, spark int) string {
	text := render.PadLeft(rateOr(value), 12)
	if spark >= 6 && len(course) > 1 {
		text += "  " + f.theme.Paint(role, render.Spark(course, 0, min(spark, 60)))
	}
	return text
}

func endFigures(f facts, m machine.Migration) []string {
	lines := []string{row(f, "sent", migrationLabel, render.Bytes(float64(m.RAM.Transferred+m.Disk.Transferred)))}
	if m.SetupTime.Known {
		lines = append(lines, row(f, "set-up", migrationLabel, durationOr(m.SetupTime)))
	}
	if m.Error != "" {
		lines = append(lines, row(f, "error", migrationLabel, f.theme.Paint(render.RoleBad, render.Clean(m.Error))))
	}
	return lines
}

// extras are what only some migrations have.
func extras(f facts, m machine.Migration) []string {
	var lines []string
	if m.Throttle.Or(0) > 0 {
		lines = append(lines, row(f, "throttle", migrationLabel, plural(m.Throttle.Value, "% of the vCPUs' time")))
	}
	if m.PostcopyRequests > 0 {
		lines = append(lines, row(f, "postcopy", migrationLabel, render.Count(float64(m.PostcopyRequests))+" pages asked for"))
	}
	if m.MultifdBytes > 0 {
		lines = append(lines, row(f, "multifd", migrationLabel, render.Bytes(float64(m.MultifdBytes))))
	}
	if m.XBZRLE.Known {
		lines = append(lines, row(f, "xbzrle", migrationLabel, render.Bytes(float64(m.XBZRLE.Value.Bytes))))
	}
	if m.Compression.Known {
		lines = append(lines, row(f, "compressed", migrationLabel, render.Bytes(float64(m.Compression.Value.CompressedSize))))
	}
	if len(m.Capabilities) > 0 {
		lines = append(lines, row(f, "with", migrationLabel, render.Clean(strings.Join(m.Capabilities, ", "))))
	}
	return lines
}

func throughputs(points []machine.MigrationPoint) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.Throughput
	}
	return values
}

func dirtyRates(points []machine.MigrationPoint) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.DirtyRate
	}
	return values
}

// migrationChart draws sending and dirtied over time, with a mark where a pass ended.
func migrationChart(f facts, m machine.Migration, w, h int) []string {
	c := chart{times: make([]time.Time, len(m.History)), marks: make([]time.Time, 0, len(m.Ends))}
	for i, p := range m.History {
		c.times[i] = p.At
	}
	for _, pass := range m.Ends {
		c.marks = append(c.marks, pass.Ended)
	}
	c.first = series{"sending", render.RoleAccent, throughputs(m.History)}
	c.second = series{"dirtied", render.RoleSecond, dirtyRates(m.History)}
	return c.view(f, w, h)
}

func (p *migrationPane) actions(f facts) []action {
	m := f.snapshot.Migration
	if !m.Active() {
		if m.Incoming {
			return nil
		}
		return []action{act("start", true, migrateForm(f), "s")}
	}
	actions := []action{
		act("cancel", true, cancelMigration(f, m), "x"),
		act("bandwidth", true, limitForm(f, limitBandwidth), "b"),
		act("downtime", true, limitForm(f, limitDowntime), "d"),
	}
	if m.Verdict.Postcopy == machine.RemedyReady && f.has("migrate-start-postcopy") {
		actions = append(actions, act("postcopy", true, request{
			command:  "migrate-start-postcopy",
			question: "Switch the migration of " + f.name() + " to postcopy?",
			because: "The guest moves now and fetches its memory from here as it needs it. " +
				"If the network between the hosts fails before all has come, the guest is lost.",
			yes: "switch",
		}, "o"))
	}
	if m.Status == "pre-switchover" {
		actions = append(actions, act("continue", true, request{
			command: "migrate-continue", arguments: arguments("state", "pre-switchover"),
			question: "Let " + f.name() + " move now?", because: "The guest stops here and goes on over there.", yes: "continue",
		}, "c"))
	}
	return actions
}

func cancelMigration(f facts, m machine.Migration) request {
	return request{
		command:  "migrate_cancel",
		question: "Cancel the migration of " + f.name() + "?",
		because: fmt.Sprintf("The guest keeps running here; %s were sent for nothing.",
			render.Bytes(float64(m.RAM.Transferred+m.Disk.Transferred))),
		yes: "cancel it",
	}
}

func (p *migrationPane) detail(f facts, w int) (string, []string, bool) {
	m := f.snapshot.Migration
	if m.Status == "" || m.Status == "none" {
		return "", nil, false
	}
	lines := append(migrationHead(f, m, w), migrationFigures(f, m, w)...)
	lines = append(append(lines, ""), verdictLines(f, m, w)...)
	if len(m.Ends) > 0 {
		lines = append(lines, "", f.theme.Paint(render.RoleHeader, " PASS      TOOK        LEFT         SENT      DIRTIED"))
	}
	for _, pass := range m.Ends {
		lines = append(lines, fmt.Sprintf(" %4d %9s %11s %12s %12s", pass.Number, render.Duration(pass.Ended.Sub(pass.Began)),
			render.Bytes(float64(pass.Left)), render.Rate(pass.Sent), render.Rate(pass.Dirtied)))
	}
	return "Migration of " + f.name(), lines, true
}
