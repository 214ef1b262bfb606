package cmd

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// A lineError is a line that was not sent because of what stands in it.
type lineError struct {
	line        *syntax.Line
	diagnostics []syntax.Diagnostic // at least one that is no warning
}

func (e *lineError) Error() string { return e.diagnostics[0].Message }

// bind makes a command of a line with the schema and the types of properties, which may both be nil, and refuses what
// must not be sent. What is only worth a warning comes back.
func (a *app) bind(ctx context.Context, line *syntax.Line, schema *qapi.Schema, properties syntax.Properties) (syntax.Bound, []syntax.Diagnostic, error) {
	bound, diagnostics := line.BindWith(schema, properties)
	if syntax.Failed(diagnostics) {
		return bound, nil, &usageError{&lineError{line, diagnostics}}
	}
	if err := a.permit(bound.Name); err != nil {
		return bound, nil, err
	}
	return bound, diagnostics, a.fill(ctx, &bound)
}

// permit keeps a read-only run from changing anything.
func (a *app) permit(name string) error {
	if !a.opts.readOnly {
		return nil
	}
	if reason, ok := qapi.ReadOnly(name); !ok {
		return &usageError{fmt.Errorf("%s is not run with --read-only: it %s", name, reason)}
	}
	return nil
}

// statable says what is wrong with a line whatever the server is, before there is a connection. Of words without a key the
// server's schema has more to say.
func (a *app) statable(line *syntax.Line) error {
	switch {
	case !utf8.ValidString(line.Source):
		return notText(line)
	case line.Kind == syntax.Dot && isTarget(line.Source):
		return &usageError{fmt.Errorf("%q is no command: only the first word names a machine", line.Source)}
	case line.Kind == syntax.Dot:
		return &usageError{fmt.Errorf("%q is a directive of the prompt: here there is none", "."+line.Directive.Name)}
	case line.Kind == syntax.Last:
		return &usageError{errors.New("_ is the last return at the prompt: here there is none")}
	case line.Command == nil:
		return &usageError{fmt.Errorf("%q is no command", line.Source)}
	case line.Kind == syntax.QMP && line.Command.Name == "-":
		return &usageError{errors.New(`"-" is no command: what is piped in is run without it`)}
	case len(line.Problems) > 0 && (a.opts.noCheck || !line.Unkeyed()):
		wrong := make([]syntax.Diagnostic, 0, len(line.Problems))
		for _, p := range line.Problems {
			wrong = append(wrong, syntax.Diagnostic{Span: p.Span, Message: p.Message})
		}
		return &usageError{&lineError{line, wrong}}
	}
	return a.permit(line.Command.Name)
}

// notText is a line with bytes that JSON cannot carry: they would arrive as another name.
func notText(line *syntax.Line) error {
	at := 0
	for i, r := range line.Source {
		if _, size := utf8.DecodeRuneInString(line.Source[i:]); r == utf8.RuneError && size == 1 {
			at = i
			break
		}
	}
	span := syntax.Span{Start: at, End: at + 1}
	return mistake(line.Source, span, fmt.Sprintf("the byte %#x is not UTF-8, and QMP carries nothing else", line.Source[at]), nil)
}
