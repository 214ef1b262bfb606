package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A lineError is a line that was not sent because of what stands in it.
type lineError struct {
	source      string
	diagnostics []syntax.Diagnostic
}

func (e *lineError) Error() string { return e.diagnostics[0].Message }

// A refusal is what QEMU said no to, with what may have been meant.
type refusal struct {
	err  error
	near []string
}

func (e *refusal) Error() string { return e.err.Error() }
func (e *refusal) Unwrap() error { return e.err }

// explain says which command was refused, and offers the nearest names for one that this server does not have.
func (s *shell) explain(bound syntax.Bound, err error) error {
	var refused *qmpconn.Error
	if !errors.As(err, &refused) {
		return err
	}
	wrapped := &refusal{err: fmt.Errorf("QEMU refused %s: %w", bound.Name, err)}
	if schema := s.current().schema(); refused.Class == "CommandNotFound" && schema != nil && schema.Command(bound.Name) == nil {
		wrapped.near = schema.Near(bound.Name)
	}
	return wrapped
}

// report tells the user what happened, what was not done, and what to try.
func (s *shell) report(err error) {
	var (
		b      bytes.Buffer
		line   *lineError
		filter *render.FilterError
		p      = s.printer()
	)
	switch {
	case errors.Is(err, errNotSent):
		b.WriteString("nothing was sent\n")
	case errors.As(err, &line):
		p.Problems(&b, line.source, problems(line.diagnostics), "nothing was sent")
	case errors.As(err, &filter):
		p.Caret(&b, filter.Expr, filter.Start, filter.End, filter.Error(), nil, "nothing was sent")
	default:
		p.Error(&b, err.Error(), advice(err)...)
	}
	s.ed.Print(b.String())
}

// advice is what was not done and what to try.
func advice(err error) []string {
	var (
		link   *qmpconn.UnreachableError
		broken *qmpconn.OpError
		no     *refusal
	)
	switch {
	case errors.As(err, &no) && len(no.near) > 0:
		return []string{"did you mean: " + strings.Join(no.near, ", ")}
	case errors.As(err, &link):
		if try := link.Try(); try != "" {
			return []string{try}
		}
	case errors.Is(err, qmpconn.ErrNotSent):
		return []string{"nothing was sent"}
	case errors.Is(err, qmpconn.ErrNotReady):
		return []string{"nothing was sent; .reconnect tries the link at once"}
	case errors.As(err, &broken) && broken.Unknown:
		return []string{"the outcome is unknown: look at the machine before you send it again"}
	}
	return nil
}

// warn tells of what is sent all the same.
func (s *shell) warn(line *syntax.Line, diagnostics []syntax.Diagnostic) {
	var b bytes.Buffer
	s.printer().Problems(&b, line.Source, problems(diagnostics), "")
	s.ed.Print(b.String())
}

func problems(diagnostics []syntax.Diagnostic) []render.Problem {
	all := make([]render.Problem, 0, len(diagnostics))
	for _, d := range diagnostics {
		all = append(all, render.Problem{
			Start: d.Span.Start, End: d.Span.End, Message: d.Message, Near: d.Suggestions(), Warning: d.Warning,
		})
	}
	return all
}

// ignoringInterrupts runs f while Ctrl-C is somebody else's: the program that has the terminal. It is not ignored as
// far as the kernel knows, because programs started now would inherit that.
func ignoringInterrupts(f func() error) error {
	_, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return f()
}
