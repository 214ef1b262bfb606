package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// errNotSent is why a command was not sent, where the user has been told already.
var errNotSent = errors.New("nothing was sent")

// runCommand binds, checks, sends and prints one command line. With oob it runs ahead of the queue.
func (s *shell) runCommand(ctx context.Context, line *syntax.Line, oob bool) error {
	bound, out, err := s.prepare(ctx, line)
	if err != nil {
		return err
	}
	bound.OOB = bound.OOB || oob
	return s.send(ctx, bound, out)
}

// prepare does everything that comes before sending: whatever is wrong is found here.
func (s *shell) prepare(ctx context.Context, line *syntax.Line) (syntax.Bound, sink, error) {
	if err := s.statable(line); err != nil {
		return syntax.Bound{}, sink{}, err
	}
	out, err := newSink(line.Tail)
	if err != nil {
		return syntax.Bound{}, sink{}, err
	}
	if err := s.awaitSchema(ctx); err != nil {
		return syntax.Bound{}, sink{}, err
	}
	properties, err := s.properties(ctx, line)
	if err != nil {
		return syntax.Bound{}, sink{}, err
	}
	bound, err := s.bind(line, properties)
	if err == nil {
		err = s.permit(bound.Name)
	}
	if err == nil {
		err = s.askSecrets(ctx, &bound)
	}
	if err == nil {
		err = s.confirm(ctx, bound)
	}
	return bound, out, err
}

// statable says what is wrong with a line whatever the server is; where that is known, in its terms.
func (s *shell) statable(line *syntax.Line) error {
	switch {
	case line.Command == nil:
		return fmt.Errorf("%q is no command", line.Source)
	case len(line.Problems) > 0:
		_, err := s.bind(line, nil)
		return err
	}
	return nil
}

// withDirective offers, where a command is unknown, the directive that was meant.
func (s *shell) withDirective(line *syntax.Line, diagnostics []syntax.Diagnostic) []syntax.Diagnostic {
	for i, d := range diagnostics {
		if d.Kind != qapi.UnknownCommand {
			continue
		}
		switch name := line.Command.Name; name {
		case "q", "bye", "logout":
			diagnostics[i].Near = []string{".exit"}
		case "info", "savevm", "loadvm", "delvm", "sendkey", "drive_add", "hostfwd_add", "hostfwd_remove":
			if s.current().has("human-monitor-command") {
				diagnostics[i].Near = []string{".hmp " + strings.TrimSpace(line.Source)}
			}
		default:
			if slices.ContainsFunc(directives(), func(own directive) bool { return own.Name == name }) {
				diagnostics[i].Near = append([]string{"." + name}, d.Near...)
			}
		}
	}
	return diagnostics
}

func (s *shell) bind(line *syntax.Line, properties syntax.Properties) (syntax.Bound, error) {
	schema := s.current().schema()
	if s.cfg.NoCheck {
		schema = nil
	}
	bound, diagnostics := line.BindWith(schema, properties)
	if syntax.Failed(diagnostics) {
		return bound, &lineError{line.Source, s.withDirective(line, diagnostics)}
	}
	if len(diagnostics) > 0 {
		s.warn(line, diagnostics)
	}
	return bound, nil
}

// permit keeps a read-only prompt from changing anything.
func (s *shell) permit(name string) error {
	if !s.cfg.ReadOnly {
		return nil
	}
	if reason, ok := qapi.ReadOnly(name); !ok {
		return fmt.Errorf("%s is not run in a read-only prompt: it %s", name, reason)
	}
	return nil
}

// askSecrets asks for what was typed as "?", without echo.
func (s *shell) askSecrets(ctx context.Context, bound *syntax.Bound) error {
	for i, ask := range bound.Asks {
		secret, err := s.ed.ReadSecret(ctx, ask.Member+" (not shown): ")
		if err != nil {
			return errNotSent
		}
		bound.Answer(i, secret)
	}
	return nil
}

// confirm asks before what ends or resets a guest, or destroys data.
func (s *shell) confirm(ctx context.Context, bound syntax.Bound) error {
	harm, ok := qapi.HarmOf(bound.Name, bound.Arguments)
	if !ok || !s.options().confirm {
		return nil
	}
	text := harm.Command + " " + harm.Sentence
	name, question := s.current().name(), "Send it to %s? [y/N] "
	if harm.Command == "quit" || harm.Command == "q" {
		text += ". To leave this prompt: .exit or Ctrl-D"
		question = "End %s? [y/N] "
	}
	s.ed.Print(s.wrapped(text + "."))
	if yes, _ := s.ed.Ask(ctx, s.theme().Paint(render.RoleWarn, fmt.Sprintf(question, name))); !yes {
		return errNotSent
	}
	return nil
}

// A reply is what came of a command.
type reply struct {
	returned json.RawMessage
	err      error
	took     time.Duration
}

// calls are the commands whose replies are still to come, also those that nobody waits for any more.
type calls struct{ running sync.WaitGroup }

func (c *calls) wait() { c.running.Wait() }

// execute sends a command. The reply comes on the channel, whatever becomes of whoever waits for it.
func (p *peer) execute(bound syntax.Bound) <-chan reply {
	done := make(chan reply, 1)
	p.calls.running.Go(func() {
		began := time.Now()
		returned, err := p.target.Session.Execute(p.ctx, qmpconn.Command{
			Name: bound.Name, Arguments: bound.Arguments, OOB: bound.OOB,
		})
		var broken *qmpconn.OpError
		if bound.Name == "quit" && p.ctx.Err() == nil && errors.As(err, &broken) && broken.Unknown {
			returned, err = json.RawMessage("{}"), nil // that the link ends is how quit succeeds
		}
		p.live.Ran(bound.Name)
		done <- reply{returned, err, time.Since(began)}
	})
	return done
}

// send sends a command, waits for its reply as long as the user does, and prints it.
func (s *shell) send(ctx context.Context, bound syntax.Bound, out sink) error {
	p := s.current()
	done := p.execute(bound)
	r, waited := s.await(ctx, bound.Name, done)
	if !waited {
		p.calls.running.Go(func() { s.announce(bound, <-done) })
		return nil
	}
	if r.err != nil {
		return s.explain(bound, r.err)
	}
	s.last = r.returned
	if err := s.show(ctx, bound.Name, r, out); err != nil {
		return err
	}
	s.follow(bound)
	return nil
}

const (
	spinnerAfter = 300 * time.Millisecond
	spinnerStep  = 100 * time.Millisecond
)

// await waits for a reply. After a moment it shows how long that takes. Ctrl-C ends the waiting, not the command.
func (s *shell) await(ctx context.Context, name string, done <-chan reply) (reply, bool) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	began := time.Now()
	tick := time.NewTimer(spinnerAfter)
	defer tick.Stop()
	defer s.ed.SetStatus("")
	for step := 0; ; step++ {
		select {
		case r := <-done:
			return r, true
		case <-ctx.Done():
			s.ed.SetStatus("")
			s.tell(render.RoleWarn, "stopped waiting for "+name+": QEMU may still be at it; its reply will be told here")
			return reply{}, false
		case <-tick.C:
			const wheel = `|/-\` // every terminal can draw it
			s.ed.SetStatus(s.theme().Paint(render.RoleDim, fmt.Sprintf("%c %s %s · Ctrl-C stops waiting",
				wheel[step%len(wheel)], name, waitedFor(time.Since(began)))))
			tick.Reset(spinnerStep)
		}
	}
}

// waitedFor is a time that grows while one looks at it: in tenths of a second at first.
func waitedFor(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return render.Age(d)
}

// announce tells of a reply that nobody waited for any more.
func (s *shell) announce(bound syntax.Bound, r reply) {
	if s.current().ctx.Err() != nil {
		return
	}
	if r.err != nil {
		s.tellAt(time.Now(), render.RoleWarn, fmt.Sprintf("late reply to %s, after %s", bound.Name, render.Age(r.took)))
		s.report(s.explain(bound, r.err))
		return
	}
	s.tellAt(time.Now(), render.RoleGood, fmt.Sprintf("late reply to %s, after %s: ok", bound.Name, render.Age(r.took)))
	var b bytes.Buffer
	p := s.printer()
	p.Command = bound.Name
	if !isEmpty(r.returned) && p.Return(&b, r.returned) == nil {
		s.ed.Print(b.String())
	}
}

// isEmpty reports whether a return says nothing but that the command succeeded.
func isEmpty(raw json.RawMessage) bool {
	return strings.TrimSpace(string(raw)) == "{}" || len(raw) == 0
}

// follow says how to follow what a command has started.
func (s *shell) follow(bound syntax.Bound) {
	var args struct {
		JobID  string `json:"job-id"`
		Device string `json:"device"`
		ID     string `json:"id"`
	}
	_ = json.Unmarshal(bound.Arguments, &args)
	id := args.JobID
	if id == "" {
		id = args.Device
	}
	text := ""
	switch bound.Name {
	case "device_del":
		text = "the guest is asked to let go of " + render.Clean(args.ID) + ": DEVICE_DELETED tells when it has"
	case "migrate", "migrate-recover":
		text = "the migration runs by itself: .watch follows it, migrate_cancel ends it"
	case "drive-mirror", "blockdev-mirror", "drive-backup", "blockdev-backup", "block-stream", "block_stream", "block-commit",
		"blockdev-create", "snapshot-save", "snapshot-load", "snapshot-delete", "x-blockdev-amend":
		text = "job " + render.Clean(id) + " runs by itself: .watch follows it"
		if s.current().has("job-cancel") {
			text += ", job-cancel id=" + render.Clean(id) + " ends it"
		}
	}
	if text != "" {
		s.tell(render.RoleDim, text)
	}
}
