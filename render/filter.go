package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
)

// A Filter is a compiled jq expression.
type Filter struct {
	code  *gojq.Code
	order *order
}

// A FilterError is a jq expression that does not compile.
type FilterError struct {
	Expr       string // the expression
	Start, End int    // the bytes of Expr at fault; both at its end when it stops too early
	Message    string
}

// Error implements error.
func (e *FilterError) Error() string { return "jq: " + e.Message }

// CompileFilter compiles a jq expression. The error is a *FilterError.
func CompileFilter(expr string) (*Filter, error) {
	query, err := gojq.Parse(expr)
	if err != nil {
		return nil, filterError(expr, err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, filterError(expr, err)
	}
	return &Filter{code: code, order: orderOf(query)}, nil
}

// filterError says where the expression is wrong.
func filterError(expr string, err error) *FilterError {
	fe := &FilterError{Expr: expr, Start: len(expr), End: len(expr), Message: Clean(err.Error())}
	var parse *gojq.ParseError
	if errors.As(err, &parse) {
		fe.End = min(max(parse.Offset, 0), len(expr))
		fe.Start = max(fe.End-len(parse.Token), 0)
		return fe
	}
	// A name that is not defined is told without its place: "function not defined: foo/0".
	if _, name, ok := strings.Cut(err.Error(), "not defined: "); ok {
		name, _, _ = strings.Cut(name, "/")
		if at := strings.Index(expr, name); at >= 0 && name != "" {
			fe.Start, fe.End = at, at+len(name)
		}
	}
	return fe
}

// run applies the filter to a value and hands on each result, until yield fails or the context ends. Numbers that are
// not calculated with keep their digits; members keep the server's order, or the one in which the expression names them.
func (f *Filter) run(ctx context.Context, raw json.RawMessage, yield func(json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var input any
	if err := dec.Decode(&input); err != nil {
		return fmt.Errorf("jq: %w", err)
	}
	ordering := f.order.with(raw)
	results := f.code.RunWithContext(ctx, input)
	for {
		result, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := result.(error); failed {
			return runError(ctx, err)
		}
		text, err := ordering.marshal(result)
		if err != nil {
			return fmt.Errorf("jq: %w", err)
		}
		if err := yield(text); err != nil {
			return err
		}
	}
}

// runError is the context's own error when that ended the run. A halt without a value is no error.
func runError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var halt *gojq.HaltError
	if errors.As(err, &halt) && halt.Value() == nil {
		return nil
	}
	return fmt.Errorf("jq: %s", Clean(err.Error()))
}
