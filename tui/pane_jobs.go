package tui

import (
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A jobsPane shows the jobs that run and those that ended lately.
type jobsPane struct{ list list }

func (p *jobsPane) title(f facts) string {
	if n := len(f.snapshot.Jobs); n > 0 {
		return "Jobs (" + plural(n, "") + ")"
	}
	return "Jobs"
}

func (*jobsPane) filter(string) bool { return false }

func (p *jobsPane) items(f facts, w int) []item {
	items := make([]item, 0, len(f.snapshot.Jobs))
	for _, job := range f.snapshot.Jobs {
		items = append(items, item{key: job.ID, lines: jobLines(f, job, w-1)})
	}
	return items
}

func (p *jobsPane) view(f facts, w, h int, focused bool) []string {
	items := p.items(f, w)
	if len(items) == 0 {
		return hushed(f, w, "no block jobs; block-stream, blockdev-mirror, … start one")
	}
	return p.list.view(f, items, w, h, focused)
}

// jobLines are what one job has to say in w cells.
func jobLines(f facts, job machine.Job, w int) []string {
	id, kind := render.Clean(job.ID), render.Clean(job.Type)
	first := render.Fit(id, min(16, w/3)) + " " + render.Fit(kind, min(10, w/4)) + " "
	if job.End != machine.JobAlive {
		return []string{first + jobEnd(f, job), ""}
	}
	lines := []string{first + jobStatus(f, job)}
	if share, ok := job.Fraction(); ok {
		bar := w - 7
		lines = append(lines, f.theme.Paint(render.RoleAccent, render.Bar(share, bar))+
			render.PadLeft(render.Percent(share), 6))
	}
	lines = append(lines, jobFigures(job))
	if job.Error != "" {
		lines = append(lines, f.theme.Paint(render.RoleBad, render.Clean(job.Error)))
	}
	return append(lines, "")
}

func jobStatus(f facts, job machine.Job) string {
	word, role := render.Clean(job.Status), render.RolePlain
	switch {
	case job.Error != "" || job.IOStatus == "failed" || job.IOStatus == "nospace":
		role = render.RoleBad
	case job.Paused:
		word, role = "paused", render.RoleWarn
	case job.Ready:
		word, role = "ready", render.RoleGood
	}
	return f.theme.Paint(role, word)
}

func jobEnd(f facts, job machine.Job) string {
	role := render.RoleGood
	switch job.End {
	case machine.JobFailed:
		role = render.RoleBad
	case machine.JobCancelled, machine.JobGone:
		role = render.RoleWarn
	}
	text := f.theme.Paint(role, job.End.String())
	if !job.Ended.IsZero() {
		text += " " + job.Ended.Format(time.TimeOnly)
	}
	if job.Error != "" {
		text += " " + f.theme.Paint(render.RoleBad, render.Clean(job.Error))
	}
	return text
}

// jobFigures are progress, rate, limit and time left. What moves comes first.
func jobFigures(job machine.Job) string {
	text := ""
	switch {
	case job.Block && job.Total > 0:
		text = render.Of(float64(job.Current), float64(job.Total))
	case job.Total > 0:
		text = plural(int(job.Current), "of ") + plural(int(job.Total), "")
	}
	if job.Rate.Known && job.Block && !job.Paused {
		text += "  " + render.Rate(job.Rate.Value)
	}
	if job.Left.Known {
		text += "  " + render.Duration(job.Left.Value) + " left"
	}
	if job.SpeedLimit.Or(0) > 0 {
		text += "  limit " + limitOr(job.SpeedLimit)
	}
	return text
}

func (p *jobsPane) move(f facts, rows int)   { p.list.move(keysOf(p.items(f, 40)), rows) }
func (p *jobsPane) choose(f facts, line int) { p.list.choose(keysOf(p.items(f, 40)), line) }

// chosen is the job that actions are about.
func (p *jobsPane) chosen(f facts) (machine.Job, bool) {
	for _, job := range f.snapshot.Jobs {
		if job.ID == p.list.chosen {
			return job, true
		}
	}
	if len(f.snapshot.Jobs) > 0 {
		return f.snapshot.Jobs[0], true
	}
	return machine.Job{}, false
}

// jobKeys are the keys of the verbs.
var jobKeys = []struct {
	verb machine.Verb
	key  string
}{
	{machine.Pause, "p"}, {machine.Resume, "p"}, {machine.Complete, "c"}, {machine.Cancel, "x"},
	{machine.SetSpeed, "b"}, {machine.Finalize, "f"}, {machine.Dismiss, "d"},
}

func (p *jobsPane) actions(f facts) []action {
	job, ok := p.chosen(f)
	if !ok {
		return nil
	}
	var actions []action
	for _, bound := range jobKeys {
		for _, a := range job.Actions(f.has) {
			if a.Verb == bound.verb {
				actions = append(actions, jobAction(f, job, a, bound.key))
			}
		}
	}
	return actions
}

func jobAction(f facts, job machine.Job, a machine.Action, key string) action {
	r := request{command: a.Command, arguments: arguments(a.Member, job.ID)}
	switch a.Verb {
	case machine.SetSpeed:
		return act("speed", true, speedForm(job, a), key)
	case machine.Cancel:
		r.question = "Cancel " + render.Clean(job.ID) + " on " + f.name() + "?"
		r.because, r.yes = "What it has copied so far was for nothing, unless it is ready.", "cancel it"
	case machine.Complete:
		r.question = "Complete " + render.Clean(job.ID) + " on " + f.name() + "?"
		r.because, r.yes = "The job makes its last step: a mirror switches the guest to the copy.", "complete it"
	}
	return act(string(a.Verb), true, r, key)
}

func (p *jobsPane) detail(f facts, w int) (string, []string, bool) {
	job, ok := p.chosen(f)
	if !ok {
		return "", nil, false
	}
	lines := jobLines(f, job, w)
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, row(f, label, 12, render.Clean(value)))
		}
	}
	add("status", job.Status)
	add("I/O status", job.IOStatus)
	add("first seen", job.FirstSeen.Format(time.TimeOnly))
	add("speed limit", limitOr(job.SpeedLimit))
	if len(job.History) > 1 {
		values := make([]float64, len(job.History))
		for i, point := range job.History {
			values[i] = point.Value
		}
		lines = append(lines, row(f, "rate", 12, render.Spark(values, 0, max(w-16, 8))))
	}
	return "Job " + render.Clean(job.ID), lines, true
}
