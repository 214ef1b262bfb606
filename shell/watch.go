package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// watchStep is how often a watched line runs when the user does not say.
const watchStep = 2 * time.Second

// watch follows what runs by itself, or runs a line again and again and prints what it returns whenever that has
// changed. Ctrl-C ends it.
func (s *shell) watch(ctx context.Context, rest string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	defer s.ed.SetStatus("")
	if rest == "" {
		return s.watchMachine(ctx)
	}
	every := watchStep
	if first, line, ok := strings.Cut(rest, " "); ok {
		if seconds, err := strconv.ParseFloat(first, 64); err == nil {
			if seconds < 0.1 || seconds > 3600 {
				return errors.New("the seconds go from 0.1 to 3600")
			}
			every, rest = time.Duration(seconds*float64(time.Second)), strings.TrimSpace(line)
		}
	}
	return s.watchLine(ctx, syntax.Scan(rest), every)
}

func (s *shell) watchLine(ctx context.Context, line *syntax.Line, every time.Duration) error {
	if err := s.statable(line); err != nil {
		return err
	}
	if reason, ok := qapi.ReadOnly(line.Command.Name); !ok {
		return fmt.Errorf("%s is not repeated: it %s", line.Command.Name, reason)
	}
	bound, out, err := s.prepare(ctx, line)
	if err != nil {
		return err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	var before string
	for {
		r := <-s.current().execute(bound)
		if ctx.Err() != nil {
			return nil
		}
		if r.err != nil {
			return s.explain(bound, r.err)
		}
		s.last = r.returned
		text, err := s.watched(ctx, bound, r, out)
		if err != nil {
			return err
		}
		if text != before {
			before = text
			s.ed.Print(s.theme().Paint(render.RoleTime, time.Now().Format(time.TimeOnly)) + "\n" + text)
		}
		s.ed.SetStatus(s.theme().Paint(render.RoleDim, fmt.Sprintf("every %s · Ctrl-C ends it", render.Duration(every))))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// watched is what a reply looks like.
func (s *shell) watched(ctx context.Context, bound syntax.Bound, r reply, out sink) (string, error) {
	var b bytes.Buffer
	p := s.printer()
	if out.filter != nil {
		err := p.Filtered(ctx, &b, out.filter, r.returned)
		return b.String(), err
	}
	if out.tail != nil {
		return "", errors.New("what is watched goes to the screen: only a jq filter may follow it")
	}
	p.Command = bound.Name
	err := p.Return(&b, r.returned)
	return b.String(), err
}

// watchMachine shows how far jobs and the migration have come, until none moves any more.
func (s *shell) watchMachine(ctx context.Context) error {
	p := s.current()
	p.watcher.SetMode(machine.Full)
	defer p.watcher.SetMode(machine.Cheap)
	p.watcher.Refresh(machine.StaleOf(machine.QueryBlockJobs, machine.QueryJobs, machine.QueryMigrate))
	began, busy := time.Now(), false
	snapshots, end := p.watcher.Subscribe()
	defer end()
	for {
		select {
		case <-ctx.Done():
			return nil
		case snap := <-snapshots:
			switch {
			case snap.Busy():
				busy = true
				s.ed.SetStatus(s.progress(snap))
			case busy:
				s.ed.Print("nothing runs any more")
				return nil
			case p.looked(snap, began):
				s.ed.Print("nothing runs: no job moves, and no migration")
				return nil
			}
		}
	}
}

// looked reports whether a snapshot knows of everything that could run.
func (p *peer) looked(snap machine.Snapshot, since time.Time) bool {
	for _, q := range []machine.Query{machine.QueryBlockJobs, machine.QueryJobs, machine.QueryMigrate} {
		if f := snap.Fresh(q); p.has(q.Command()) && !f.Absent && f.At.Before(since) && f.Err == "" {
			return false
		}
	}
	return true
}

// progress is one row about everything that runs.
func (s *shell) progress(snap machine.Snapshot) string {
	var parts []string
	if m := snap.Migration; m.Active() {
		text := "migration " + render.Clean(m.Status)
		if share, ok := m.Fraction(); ok {
			text += " " + render.Bar(share, 12) + " " + render.Percent(share)
		}
		if m.Throughput.Known {
			text += "  " + render.Rate(m.Throughput.Value)
		}
		parts = append(parts, text+left(m.Verdict.Left))
	}
	for _, j := range snap.Jobs {
		if j.End != machine.JobAlive {
			continue
		}
		text := render.Clean(j.ID) + " " + render.Clean(j.Type) + " " + render.Clean(j.Status)
		if share, ok := j.Fraction(); ok {
			text += " " + render.Bar(share, 12) + " " + render.Percent(share)
		}
		if j.Rate.Known && j.Block {
			text += "  " + render.Rate(j.Rate.Value)
		}
		parts = append(parts, text+left(j.Left))
	}
	width, _ := s.ed.Size()
	return render.Truncate(strings.Join(parts, " · "), width-1)
}

func left(d machine.Maybe[time.Duration]) string {
	if !d.Known {
		return ""
	}
	return "  " + render.Duration(d.Value) + " left"
}
