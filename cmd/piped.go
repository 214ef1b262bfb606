package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// piped runs the commands on standard input in their order. One is sent when the one before it is done, because the
// first failure stops the rest; with --keep-going several are in flight and every failure is told.
func (a *app) piped(ctx context.Context, connect func(context.Context) (*client, error)) error {
	out, err := a.output()
	if err != nil {
		return err
	}
	ctx, stop := a.bounded(ctx)
	defer stop()
	defer oneThread()()
	c, err := connect(ctx)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(a.stdout, pipeful)
	p := &pipe{client: c, out: out, stdout: buffered, documents: documents{w: buffered}, rows: newEntries(ctx, a.stdin)}
	if out.w = buffered; out.printer.Format == render.YAML {
		out.w = &p.documents
	}
	if a.opts.keepGoing {
		err = p.keepGoing(ctx)
	} else {
		err = p.untilFailure(ctx)
	}
	if lost := buffered.Flush(); !errors.Is(err, lost) { // it remembers a failure that was told
		err = errors.Join(err, lost)
	}
	return c.close(err)
}

// A pipe is a run of piped commands.
type pipe struct {
	client *client
	out    *output
	stdout *bufio.Writer
	rows   *entries

	documents documents // of YAML: stdout, written to through it
	last      entry     // the latest whose outcome is known
	ran       int       // commands that were answered, or told to have failed
	shown     int       // of these, the ones whose output was handed on
	failed    int
	code      int // the exit code that the failures make
}

func (p *pipe) untilFailure(ctx context.Context) error {
	for {
		entry, err := p.rows.next(ctx)
		if err != nil {
			return p.done(err)
		}
		p.last = entry
		err = p.one(ctx, entry)
		// A reader of the other end sees each reply as it comes; only a backlog of input is worth saving up for.
		if err == nil && !p.rows.ready() {
			err = p.flush()
		}
		if err != nil {
			return p.stopped(err)
		}
	}
}

func (p *pipe) one(ctx context.Context, e entry) error {
	filter, err := e.admit(p.client.app)
	if err != nil {
		return err
	}
	bound, warnings, err := p.client.bind(ctx, e.line)
	if err != nil {
		return err
	}
	p.client.app.warn(e.where(), e.line, warnings)
	returned, err := p.client.execute(ctx, bound)
	if err != nil {
		return p.client.explain(ctx, e.line, bound, err)
	}
	p.ran++
	return p.print(ctx, filter, bound, returned)
}

// print writes what one of the commands returned.
func (p *pipe) print(ctx context.Context, filter *render.Filter, bound syntax.Bound, returned json.RawMessage) error {
	p.documents.next()
	return wasRun(bound.Name, p.out.with(filter).print(ctx, bound.Name, returned))
}

// stopped reports the failure that ends the run, by its line. That output cannot be written concerns more than one line.
func (p *pipe) stopped(err error) error {
	unwritten := p.flush()
	if !p.unwritable(err) {
		p.tell(p.last, err)
	}
	p.client.app.report(unwritten)
	fmt.Fprintf(p.client.app.stderr, "stopped at line %d (exit %d): the lines after it were not run\n", p.last.row, exitCode(err))
	return &shownError{exitCode(err), err}
}

// unwritable reports whether an error is that nothing more can be written on standard output, which remembers it.
func (p *pipe) unwritable(err error) bool {
	lost := p.stdout.Flush()
	return lost != nil && errors.Is(err, lost)
}

// flush hands on what was printed so far.
func (p *pipe) flush() error {
	err := p.stdout.Flush()
	if err == nil {
		p.shown = p.ran
		return nil
	}
	if p.ran-p.shown == 1 {
		return &printError{"1 command was run", err}
	}
	return &printError{fmt.Sprintf("%d commands were run", p.ran-p.shown), err}
}

func (p *pipe) tell(e entry, err error) {
	p.client.app.reportAs(p.client.app.stderr, e.where(), err)
}

// done is the outcome of a run whose input ended, or that was ended while it waited for input.
func (p *pipe) done(err error) error {
	var over *endedError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &over):
		over.before = p.ran
	}
	return err
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// admit refuses an entry that the input ends in the middle of, and what app.admit refuses.
func (e entry) admit(a *app) (*render.Filter, error) {
	if e.line.Open() {
		return nil, &usageError{errors.New("the input ends in the middle of this command")}
	}
	return a.admit(e.line)
}

// admit refuses what only a prompt can do, and what is wrong whatever the server is. It returns the line's own filter,
// or nil.
func (a *app) admit(line *syntax.Line) (*render.Filter, error) {
	if err := a.statable(line); err != nil {
		return nil, err
	}
	if line.Tail == nil {
		return nil, nil
	}
	if line.Tail.Kind != syntax.JQ {
		return nil, &usageError{fmt.Errorf("%q works at the prompt only: redirect qmpsh itself", line.Text(line.Tail.OpSpan))}
	}
	filter, err := render.CompileFilter(line.Tail.Text)
	if err != nil {
		return nil, &usageError{err}
	}
	return filter, nil
}

// with is the output with an entry's own filter, where it has one.
func (o *output) with(filter *render.Filter) *output {
	if filter == nil {
		return o
	}
	own := *o
	own.filter = filter
	return &own
}
