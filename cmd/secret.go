package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/qmpsh/qmpsh/syntax"
)

// errNoSecret is what asking for a secret ends with where nobody can be asked.
var errNoSecret = errors.New("\"?\" asks for a secret, and standard input is no terminal: give its value")

// fill asks for the secrets that were typed as "?", without echo. Nothing but a key ends a read from a terminal: when ctx
// does, the read is left behind, and the terminal put back.
func (a *app) fill(ctx context.Context, bound *syntax.Bound) error {
	if len(bound.Asks) == 0 {
		return nil
	}
	in, ok := a.stdin.(*os.File)
	if !ok || !isTerminal(a.stdin) {
		return &usageError{errNoSecret}
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return &usageError{fmt.Errorf("ask for a secret: %w", err)}
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }() // there is nothing to do about a terminal that is gone
	asking := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, a.stderr}, "")
	for i, ask := range bound.Asks {
		secret, err := readSecret(ctx, asking, ask.Member+" (not shown): ")
		if err != nil {
			_, _ = io.WriteString(a.stderr, "\r\n")
			return err
		}
		bound.Answer(i, secret)
	}
	return nil
}

// readSecret reads a row without echo. Ctrl-C is a key where a terminal echoes nothing.
func readSecret(ctx context.Context, asking *term.Terminal, prompt string) (string, error) {
	type row struct {
		text string
		err  error
	}
	typed := make(chan row, 1)
	go func() {
		text, err := asking.ReadPassword(prompt)
		typed <- row{text, err}
	}()
	select {
	case r := <-typed:
		if r.err != nil {
			return "", &endedError{cause: errInterrupted, err: r.err}
		}
		return r.text, nil
	case <-ctx.Done():
		return "", ended(ctx, ctx.Err())
	}
}
