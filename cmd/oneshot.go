package cmd

import (
	"context"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/syntax"
)

// oneShot runs the one command that the words of the command line make. Without any machine to talk to, the first word may
// have been meant as one: that is said before what is wrong with it as a command.
func (a *app) oneShot(ctx context.Context, words []string) error {
	if _, err := a.address(); err != nil {
		return err
	}
	return a.oneShotWith(ctx, a.dial, words)
}

// oneShotWith is oneShot on the connection that connect makes, which is made only for a line that may be sent.
func (a *app) oneShotWith(ctx context.Context, connect func(context.Context, qmpconn.Options) (*client, error), words []string) error {
	out, err := a.output()
	if err != nil {
		return err
	}
	line := parseWords(words)
	filter, err := a.admit(line)
	if err != nil {
		return err
	}
	out = out.with(filter)
	ctx, stop := a.bounded(ctx)
	defer stop()
	c, err := connect(ctx, qmpconn.Options{Single: !line.Command.OOB, First: first(line)})
	if err != nil {
		return err
	}
	return c.close(c.run(ctx, line, out))
}

// first is the command of a line that may go out before the negotiation is known to have succeeded: one that changes
// nothing, and that needs no schema. It is nil for other lines.
func first(line *syntax.Line) *qmpconn.Command {
	if _, harmless := qapi.ReadOnly(line.Command.Name); !harmless || line.Command.OOB || hasArguments(line) {
		return nil
	}
	return &qmpconn.Command{Name: line.Command.Name}
}

// run binds, sends and prints one line.
func (c *client) run(ctx context.Context, line *syntax.Line, out *output) error {
	bound, warnings, err := c.bind(ctx, line)
	if err != nil {
		return err
	}
	c.app.warn("", line, warnings)
	returned, err := c.execute(ctx, bound)
	if err != nil {
		return c.explain(ctx, line, bound, err)
	}
	return wasRun(bound.Name, out.atOnce(func(out *output) error { return out.print(ctx, bound.Name, returned) }))
}

// parseWords reads the words of a command line. A single word is a whole line, as at the prompt: a raw message, a batch,
// a command with a filter behind it.
func parseWords(words []string) *syntax.Line {
	if len(words) == 1 {
		return syntax.Scan(words[0])
	}
	return syntax.Words(words)
}
