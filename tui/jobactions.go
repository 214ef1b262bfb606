package tui

import (
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// jobKeys are the keys of the verbs.
var jobKeys = []struct {
	verb machine.Verb
	key  string
	help string
}{
	{machine.Pause, "p", "pause"}, {machine.Resume, "p", "resume"}, {machine.Complete, "c", "complete"},
	{machine.Cancel, "x", "cancel"}, {machine.SetSpeed, "b", "speed"}, {machine.Finalize, "f", "finalize"},
	{machine.Dismiss, "d", "dismiss"},
}

func (p *jobsPane) actions(f facts) []action {
	job, ok := p.chosen(f)
	if !ok {
		return nil
	}
	possible := job.Actions(f.has)
	var actions []action
	for _, bound := range jobKeys {
		for _, a := range possible {
			if a.Verb == bound.verb {
				actions = append(actions, act(bound.help, true, jobIntent(f, job, a), bound.key))
			}
		}
	}
	return actions
}

// jobIntent is what a verb leads to: a form, or a request that asks first where something is lost or cannot be undone.
func jobIntent(f facts, job machine.Job, a machine.Action) intent {
	if a.Verb == machine.SetSpeed {
		return speedForm(job, a)
	}
	r := request{command: a.Command, arguments: arguments(a.Member, job.ID)}
	name := render.Clean(job.ID) + " on " + f.name() + "?"
	switch a.Verb {
	case machine.Cancel:
		r.question, r.yes = "Cancel "+name, "cancel it"
		switch {
		case job.Ready:
			r.because = "The job ends where it is: the copy is whole, and the guest stays on its present disk."
		case job.Type == "stream":
			r.because = "The disk still needs what is below it. What was copied stays: a new stream goes on from there."
		default:
			r.because = "What the job has done so far was for nothing."
		}
	case machine.Complete:
		r.question, r.yes = "Complete "+name, "complete it"
		r.because = "The job makes its last step: a mirror switches the guest to the copy."
	case machine.Finalize:
		r.question, r.yes = "Finalize "+name, "finalize it"
		r.because = "The job makes what it has done final."
	}
	return r
}
