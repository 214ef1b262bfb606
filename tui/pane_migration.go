package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A migrationPane shows the latest migration, its course, and what will become of it.
type migrationPane struct{ noFilter }

func (*migrationPane) title(facts) string { return paneNames[paneMigration] }
func (*migrationPane) move(facts, int)    {}
func (*migrationPane) choose(facts, int)  {}

// idle reports whether there has been no migration.
func idle(m machine.Migration) bool { return m.Status == "" || m.Status == "none" }

func (p *migrationPane) view(f facts, w, h int, _ bool) []string {
	m := f.snapshot.Migration
	if !f.has("migrate") {
		return hushed(f, w, "nothing migrates from here")
	}
	if idle(m) {
		return hushed(f, w, "no migration; s starts one, or migrate at the prompt")
	}
	s := section{head: migrationHead(f, m, w), figures: migrationFigures(f, m, w), verdict: verdictLines(f, m.Verdict, w)}
	if m.Active() && h >= chartFrom && len(m.History) > 1 {
		s = s.fit(h - leastChart)
		s.chart = migrationChart(f, m, w, min(h-s.height(), mostChart))
	}
	return s.fit(h).lines()
}

// The rows of the chart, axis and legend included, and from how many rows of the pane on it is there.
const leastChart, mostChart, chartFrom = 7, 22, 16

// A section is what the pane can show. Where there is little room, what matters least gives way.
type section struct {
	head, figures, chart []string
	verdict              [][]string
}

// keyFigures are the figures that stand before the rest of the verdict's sentences: left, sending, dirtied.
const keyFigures = 3

func (s section) height() int {
	n := len(s.head) + len(s.figures) + len(s.chart)
	for _, sentence := range s.verdict {
		n += len(sentence)
	}
	return n
}

// fit drops figures and sentences, the least important first, until the rest fits h rows: the head, the first two
// sentences (what is, and what to change) and the key figures stay longest.
func (s section) fit(h int) section {
	for s.height() > h {
		switch {
		case len(s.figures) > keyFigures:
			s.figures = s.figures[:len(s.figures)-1]
		case len(s.verdict) > 2:
			s.verdict = s.verdict[:len(s.verdict)-1]
		case len(s.figures) > 0:
			s.figures = s.figures[:len(s.figures)-1]
		case len(s.verdict) > 1:
			s.verdict = s.verdict[:len(s.verdict)-1]
		default:
			return s
		}
	}
	return s
}

func (s section) lines() []string {
	lines := append(append(append([]string{}, s.head...), s.figures...), s.chart...)
	for _, sentence := range s.verdict {
		lines = append(lines, sentence...)
	}
	return lines
}

// migrationHead is the status, the pass, the time, and how far it has come.
func migrationHead(f facts, m machine.Migration, w int) []string {
	words := []string{f.theme.Paint(migrationRole(m), render.Clean(m.Status))}
	if m.Incoming {
		words = append(words, "incoming")
	}
	if m.Passes > 0 && m.Active() {
		words = append(words, "pass "+plural(m.Passes, ""))
	}
	lines := []string{render.Truncate(" "+strings.Join(append(words, migrationTime(f, m)...), "   "), w)}
	if share, ok := m.Fraction(); ok && m.Active() && !m.Incoming {
		lines = append(lines, " "+f.theme.Paint(render.RoleAccent, render.Bar(share, max(w-8, 4)))+
			render.PadLeft(render.Percent(share), 6))
	}
	return lines
}

func migrationRole(m machine.Migration) render.Role {
	switch m.Status {
	case "completed":
		return render.RoleGood
	case "failed", "failing", "postcopy-paused":
		return render.RoleBad
	case "cancelled", "cancelling", "pre-switchover":
		return render.RoleWarn
	}
	return render.RoleAccent
}

// migrationTime is how long it has run, or when it ended.
func migrationTime(f facts, m machine.Migration) []string {
	switch {
	case m.Active() && !m.Started.IsZero():
		return []string{since(f, m.Started)}
	case !m.Active() && !m.Ended.IsZero():
		return []string{m.Ended.Format(time.TimeOnly)}
	}
	return nil
}

func (p *migrationPane) detail(f facts, w int) (string, []string, bool) {
	m := f.snapshot.Migration
	if idle(m) {
		return "", nil, false
	}
	s := section{head: migrationHead(f, m, w), figures: migrationFigures(f, m, w), verdict: verdictLines(f, m.Verdict, w)}
	lines := s.lines()
	lines = append(lines, passTable(f, m.Ends, w)...)
	for _, why := range m.Blocked {
		lines = append(lines, paintAll(f, render.RoleWarn, render.Wrap(" blocked: "+render.Clean(why), w))...)
	}
	return "Migration of " + f.name(), lines, true
}

// passTable has a row for each pass that has ended, under an empty line; its columns are close where w cells are few.
func passTable(f facts, passes []machine.Pass, w int) []string {
	if len(passes) == 0 {
		return nil
	}
	columns := " %4s %9s %11s %13s %13s"
	if w < 55 {
		columns = "%4s %7s %9s %10s %10s"
	}
	lines := []string{"", f.theme.Paint(render.RoleHeader, fmt.Sprintf(columns, "PASS", "TOOK", "LEFT", "SENT", "DIRTIED"))}
	for _, pass := range passes {
		lines = append(lines, fmt.Sprintf(columns, strconv.Itoa(pass.Number), render.Duration(pass.Ended.Sub(pass.Began)),
			render.Bytes(float64(pass.Left)), render.Rate(pass.Sent), render.Rate(pass.Dirtied)))
	}
	return lines
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
