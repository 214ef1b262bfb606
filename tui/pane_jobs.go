package tui

import (
	"sort"
	"strconv"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A jobsPane shows the jobs that run and those that ended lately.
type jobsPane struct {
	list list
	rowFilter
}

func (p *jobsPane) title(f facts) string {
	return counted(paneNames[paneJobs], len(f.snapshot.Jobs)) + p.list.above() + p.mark()
}

// counted is a title with a number, where there is something to count.
func counted(title string, n int) string {
	if n == 0 {
		return title
	}
	return title + " (" + strconv.Itoa(n) + ")"
}

// shown are the jobs that pass the filter: those in trouble first, else in machine's order.
func (p *jobsPane) shown(f facts) []machine.Job {
	jobs := make([]machine.Job, 0, len(f.snapshot.Jobs))
	for _, job := range f.snapshot.Jobs {
		if keeps(p.keep, job.ID, job.Type, job.Status) {
			jobs = append(jobs, job)
		}
	}
	sort.SliceStable(jobs, func(i, j int) bool { return troubled(jobs[i]) && !troubled(jobs[j]) })
	return jobs
}

// troubled reports whether a living job stands still because of an error.
func troubled(job machine.Job) bool {
	return job.End == machine.JobAlive && (job.Error != "" || job.IOStatus == "failed" || job.IOStatus == "nospace")
}

func (p *jobsPane) keys(f facts) []string {
	var keys []string
	for _, job := range p.shown(f) {
		keys = append(keys, job.ID)
	}
	return keys
}

func (p *jobsPane) view(f facts, w, h int, focused bool) []string {
	var items []item
	jobs := p.shown(f)
	columns := jobColumnsOf(jobs, w-1)
	for _, job := range jobs {
		items = append(items, item{key: job.ID, lines: jobLines(f, job, columns, w-1)})
	}
	if len(items) == 0 {
		words := "no block jobs; block-stream, blockdev-mirror, … start one"
		if p.keep != "" {
			words = "no job matches; / changes the filter"
		}
		return hushed(f, w, words)
	}
	return p.list.view(f, items, w, h, focused)
}

// jobColumns are the widths of a job's name and type.
type jobColumns struct{ name, kind int }

// jobColumnsOf leaves room for the status in w cells, and gives the names what is left.
func jobColumnsOf(jobs []machine.Job, w int) jobColumns {
	names, kinds := make([]string, len(jobs)), make([]string, len(jobs))
	for i, job := range jobs {
		names[i], kinds[i] = job.ID, job.Type
	}
	const status = 20 // "completed 12:03:20"
	kind := column(kinds, 6, min(15, w/4))
	return jobColumns{column(names, 8, max(w-kind-4-status, w/3)), kind}
}

// jobLines are what one job has to say in w cells. The rows stay the same ones while it runs.
func jobLines(f facts, job machine.Job, columns jobColumns, w int) []string {
	lines := []string{jobHead(f, job, columns, w)}
	if job.End == machine.JobAlive {
		lines = append(lines, jobProgress(f, job, w), jobFigures(job, w))
	}
	if job.Error != "" {
		lines = append(lines, f.theme.Paint(render.RoleBad, render.Truncate(render.Clean(job.Error), w)))
	}
	return append(lines, "")
}

// jobHead is what the job is, and how it stands.
func jobHead(f facts, job machine.Job, columns jobColumns, w int) string {
	word, role, ended := render.Clean(job.Status), render.RolePlain, ""
	switch {
	case job.End != machine.JobAlive:
		word, role = job.End.String(), endRole(job.End)
		if !job.Ended.IsZero() {
			ended = " " + job.Ended.Format(time.TimeOnly)
		}
	case troubled(job):
		role = render.RoleBad
		if job.IOStatus != "" && job.IOStatus != "ok" {
			word = "I/O " + render.Clean(job.IOStatus)
		}
	case job.Paused:
		word, role = "paused", render.RoleWarn
	case job.Ready:
		word, role = "ready", render.RoleGood
	}
	head := named(job.ID, columns.name) + "  " +
		render.Fit(render.Clean(job.Type), columns.kind) + "  " + f.theme.Paint(role, word)
	if render.Width(head+ended) > w {
		return head
	}
	return head + ended
}

func endRole(end machine.JobEnd) render.Role {
	switch end {
	case machine.JobFailed:
		return render.RoleBad
	case machine.JobCancelled, machine.JobGone:
		return render.RoleWarn
	}
	return render.RoleGood
}

// jobProgress is a bar with the share done and the time left.
func jobProgress(f facts, job machine.Job, w int) string {
	const figures = 6 + 11
	share, ok := job.Fraction()
	if !ok || w < figures+4 {
		return ""
	}
	left := ""
	if job.Left.Known {
		left = render.Duration(job.Left.Value)
	}
	return f.theme.Paint(render.RoleAccent, render.Bar(share, w-figures)) + render.PadLeft(render.Percent(share), 6) +
		render.PadLeft(left, 11)
}

// jobFigures are how much is done, how fast it goes and how fast it may go, each in a column of its own.
func jobFigures(job machine.Job, w int) string {
	if !job.Block {
		return render.Count(float64(job.Current)) + " / " + render.Count(float64(job.Total))
	}
	rate := ""
	if job.Rate.Known && job.Active() {
		rate = render.Rate(job.Rate.Value)
	}
	text := render.PadLeft(render.Of(float64(job.Current), float64(job.Total)), 19) + render.PadLeft(rate, 14)
	if limit := "   limit " + limitOr(job.SpeedLimit); job.SpeedLimit.Or(0) > 0 && render.Width(text+limit) <= w {
		text += limit
	}
	return text
}

func (p *jobsPane) move(f facts, rows int)   { p.list.move(p.keys(f), rows) }
func (p *jobsPane) choose(f facts, line int) { p.list.choose(p.keys(f), line) }

// chosen is the job that actions are about.
func (p *jobsPane) chosen(f facts) (machine.Job, bool) {
	jobs := p.shown(f)
	for _, job := range jobs {
		if job.ID == p.list.chosen {
			return job, true
		}
	}
	if len(jobs) > 0 {
		return jobs[min(p.list.index, len(jobs)-1)], true
	}
	return machine.Job{}, false
}

func (p *jobsPane) detail(f facts, w int) (string, []string, bool) {
	job, ok := p.chosen(f)
	if !ok {
		return "", nil, false
	}
	r := rows{f: f, label: 12, w: w, lines: jobLines(f, job, jobColumnsOf([]machine.Job{job}, w), w)}
	r.add("status", render.Clean(job.Status))
	r.add("I/O status", render.Clean(job.IOStatus))
	r.add("speed limit", limitOr(job.SpeedLimit))
	r.add("first seen", job.FirstSeen.Format(time.TimeOnly))
	if !job.Ended.IsZero() {
		r.add("ended", job.Ended.Format(time.TimeOnly))
	}
	if len(job.History) > 1 {
		values := make([]float64, len(job.History))
		for i, point := range job.History {
			values[i] = point.Value
		}
		r.add("rate", render.Spark(values, 0, max(w-16, 8)))
	}
	return "Job " + render.Clean(job.ID), r.lines, true
}
