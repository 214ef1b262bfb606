package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// keepGoing sends ahead, as far as the connection's limit lets it, and prints the replies in the order of the lines.
func (p *pipe) keepGoing(ctx context.Context) error {
	replies := make(chan reply, inFlight)
	printed := make(chan error, 1)
	sending, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		err := p.printReplies(ctx, replies)
		if err != nil {
			stop()
		}
		p.leave(ctx, replies) // lets the sender come to its end
		printed <- err
	}()
	sent := p.sendAhead(sending, replies)
	close(replies)
	err := <-printed
	if p.unwritable(err) {
		return p.stopped(err)
	}
	return errors.Join(err, p.done(sent), p.summary())
}

// inFlight is how many commands a monitor takes at a time, as qmpconn limits them.
const inFlight = 8

// A reply is a command on its way, or the reason why it was not sent.
type reply struct {
	entry    entry
	filter   *render.Filter
	bound    syntax.Bound
	warnings []syntax.Diagnostic
	call     *qmpconn.Call
	err      error
}

func (p *pipe) sendAhead(ctx context.Context, replies chan<- reply) error {
	for {
		entry, err := p.rows.next(ctx)
		if err != nil {
			return err
		}
		r := p.start(ctx, entry)
		replies <- r // they are taken until there are no more
		if lost(r.err) {
			return nil
		}
	}
}

func (p *pipe) start(ctx context.Context, e entry) reply {
	r := reply{entry: e}
	if r.filter, r.err = e.admit(p.client.app); r.err != nil {
		return r
	}
	if r.bound, r.warnings, r.err = p.client.bind(ctx, r.entry.line); r.err != nil {
		return r
	}
	r.call, r.err = p.client.conn.Send(ctx, command(r.bound))
	return r
}

func (p *pipe) printReplies(ctx context.Context, replies <-chan reply) error {
	for r := range replies {
		err := p.finish(ctx, r)
		p.last = r.entry
		p.ran++
		if err != nil && !p.unwritable(err) {
			p.fail(r.entry, err)
		}
		if lost(err) {
			return &shownError{p.code, err}
		}
		if err != nil || len(replies) == 0 {
			if err := p.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fail tells of a failure. The run's exit code is that of the first one, or of the one that ended the run.
func (p *pipe) fail(e entry, err error) {
	p.failed++
	if p.failed == 1 || lost(err) {
		p.code = exitCode(err)
	}
	_ = p.stdout.Flush()
	p.tell(e, err)
}

// leave tells what became of the commands behind the one that ended the run: those on their way may have been run.
func (p *pipe) leave(ctx context.Context, replies <-chan reply) {
	var sent []string
	for r := range replies {
		if r.call == nil {
			continue
		}
		p.last = r.entry
		var broken *qmpconn.OpError
		if _, err := r.call.Wait(ctx); errors.As(err, &broken) && broken.Unknown {
			sent = append(sent, strconv.Itoa(r.entry.row))
		} else {
			p.ran++
		}
	}
	if len(sent) > 0 {
		fmt.Fprintf(p.client.app.stderr, "also sent, with their outcome unknown: the commands of lines %s\n", strings.Join(sent, ", "))
	}
}

func (p *pipe) finish(ctx context.Context, r reply) error {
	if r.err != nil {
		return r.err
	}
	p.client.app.warn(r.entry.where(), r.entry.line, r.warnings)
	returned, err := r.call.Wait(ctx)
	if returned, err = settle(ctx, r.bound, returned, err); err != nil {
		return p.client.explain(ctx, r.entry.line, r.bound, err)
	}
	return p.print(ctx, r.filter, r.bound, returned)
}

// lost reports whether nothing more can be done on this connection.
func lost(err error) bool {
	var broken *qmpconn.OpError
	var nonsense *qmpconn.ProtocolError
	var over *endedError
	return errors.As(err, &broken) && !errors.Is(err, qmpconn.ErrNotSent) || errors.As(err, &nonsense) || errors.As(err, &over)
}

// summary is the failure of a run that went on after failures.
func (p *pipe) summary() error {
	if p.failed == 0 {
		return nil
	}
	fmt.Fprintf(p.client.app.stderr, "%s failed (exit %d)\n", counted(p.failed, "command"), p.code)
	return &shownError{p.code, errors.New("some commands failed")}
}
