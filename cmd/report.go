package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// report tells a person on standard error what happened, what was not done, and what to try.
func (a *app) report(err error) {
	var shown *shownError
	if err == nil || errors.As(err, &shown) {
		return
	}
	a.reportAs(a.stderr, "", err)
}

// reportAs reports with a prefix that says in which piped line, "" for none: lines before it were sent.
func (a *app) reportAs(w io.Writer, where string, err error) {
	_, _ = io.WriteString(w, where)
	p := a.printer(a.stderr)
	unsent := nothingSent
	if where != "" {
		unsent = lineNotSent
	}
	var (
		line   *lineError
		filter *render.FilterError
	)
	switch {
	case errors.As(err, &line):
		_ = p.Problems(w, line.line.Covered(nil), problems(line.diagnostics), unsent)
	case errors.As(err, &filter):
		_ = p.Caret(w, filter.Expr, filter.Start, filter.End, filter.Error(), nil, unsent)
	default:
		_ = p.Error(w, err.Error(), advice(err, unsent)...)
	}
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

// A hintError is a failure to which this project has something to add.
type hintError struct {
	err  error
	near []string // what may have been meant, best first
	try  string   // what to try where nothing is near, "" for nothing
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

// hint is what was added to an error; nothing when nothing was.
func hint(err error) []string {
	var e *hintError
	switch {
	case !errors.As(err, &e):
	case len(e.near) > 0:
		return []string{"did you mean: " + strings.Join(e.near, ", ")}
	case e.try != "":
		return []string{"try: " + e.try}
	}
	return nil
}

// explain says which command was refused, and offers the nearest names for one that this server does not have.
func (c *client) explain(ctx context.Context, line *syntax.Line, bound syntax.Bound, err error) error {
	var refused *qmpconn.Error
	if !errors.As(err, &refused) {
		return err
	}
	err = fmt.Errorf("QEMU refused %s: %w", bound.Name, err)
	if c.address != demoAddress && !hasArguments(line) && strings.HasSuffix(refused.Desc, " is missing") { // a line not checked
		return &hintError{err: err, try: "qmpsh " + c.address + " help " + bound.Name}
	}
	if refused.Class != "CommandNotFound" || c.app.opts.noCheck {
		return err
	}
	schema, loadErr := c.loadSchema(ctx)
	if loadErr != nil || schema.Command(bound.Name) != nil {
		return err
	}
	return &hintError{err: err, near: schema.Near(bound.Name)}
}

// warn tells of what is sent all the same, with a prefix that says where.
func (a *app) warn(where string, line *syntax.Line, diagnostics []syntax.Diagnostic) {
	if len(diagnostics) > 0 {
		_, _ = io.WriteString(a.stderr, where)
		_ = a.printer(a.stderr).Problems(a.stderr, line.Covered(nil), problems(diagnostics), "")
	}
}
