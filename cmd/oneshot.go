package cmd

import (
	"context"

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
func (a *app) oneShotWith(ctx context.Context, connect func(ctx context.Context, oob bool) (*client, error), words []string) error {
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
	c, err := connect(ctx, line.Command.OOB)
	if err != nil {
		return err
	}
	return c.close(c.run(ctx, line, out))
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
	return out.print(ctx, bound.Name, returned)
}

// parseWords reads the words of a command line. A single word is a whole line, as at the prompt: a raw message, a batch,
// a command with a filter behind it.
func parseWords(words []string) *syntax.Line {
	if len(words) == 1 {
		return syntax.Scan(words[0])
	}
	return syntax.Words(words)
}
