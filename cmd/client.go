package cmd

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/syntax"
)

// A client is one connection of a run, with the schema where a line needs it.
type client struct {
	app     *app
	conn    *qmpconn.Conn
	first   *qmpconn.Call // the run's one command, when it was sent with the negotiation
	address string
	wire    *wire
	schema  *qapi.Schema // nil until a line needs it
}

// dialPiped connects for commands that are not known yet: any of them may want to go out-of-band.
func (a *app) dialPiped(ctx context.Context) (*client, error) { return a.dial(ctx, qmpconn.Options{}) }

// dial connects to the machine, in a way that fits what will be sent. The caller closes the client.
func (a *app) dial(ctx context.Context, options qmpconn.Options) (*client, error) {
	address, err := a.address()
	if err != nil {
		return nil, err
	}
	wire, err := a.newWire()
	if err != nil {
		return nil, err
	}
	conn, err := qmpconn.Dial(ctx, address, a.connOptions(options, wire.trace()))
	if err != nil {
		return nil, errors.Join(ended(ctx, &qmpconn.UnreachableError{Err: err}), wire.close())
	}
	return &client{app: a, conn: conn, first: conn.First(), address: address.String(), wire: wire}, nil
}

// connOptions adds to options what the flags say of every connection.
func (a *app) connOptions(options qmpconn.Options, trace func(qmpconn.Direction, []byte)) qmpconn.Options {
	options.GuestAgent, options.Trace = a.opts.guestAgent, trace
	return options
}

// close ends the connection and the log. It adds to the run's error what the log has to say.
func (c *client) close(err error) error {
	_ = c.conn.Close()
	return errors.Join(err, c.wire.close())
}

// bind makes a command of a line. A line with arguments is bound and checked by the schema; one without needs none, and
// is not checked by one that is there for another line either, so that the same line always means the same and ends the
// same. The warnings are the caller's to tell.
func (c *client) bind(ctx context.Context, line *syntax.Line) (syntax.Bound, []syntax.Diagnostic, error) {
	if !hasArguments(line) || c.app.opts.noCheck {
		return c.app.bind(ctx, line, nil, nil)
	}
	if c.schema == nil {
		schema, err := c.loadSchema(ctx)
		if err != nil {
			return syntax.Bound{}, nil, ended(ctx, &schemaError{err})
		}
		c.schema = schema
	}
	return c.app.bind(ctx, line, c.schema, c.properties(ctx, line))
}

// properties asks for the types that the schema leaves open, where they make a difference to the line.
func (c *client) properties(ctx context.Context, line *syntax.Line) syntax.Properties {
	question, ok := line.Question(c.schema)
	if !ok {
		return nil
	}
	return question.Ask(ctx, caller(c.conn.Execute))
}

// execute runs a bound command. That the reply to quit is lost when the server goes away is how quit succeeds.
func (c *client) execute(ctx context.Context, bound syntax.Bound) (json.RawMessage, error) {
	if c.first != nil {
		returned, err := c.first.Wait(ctx)
		return settle(ctx, bound, returned, err)
	}
	returned, err := c.conn.Execute(ctx, command(bound))
	return settle(ctx, bound, returned, err)
}

func command(bound syntax.Bound) qmpconn.Command {
	return qmpconn.Command{Name: bound.Name, Arguments: bound.Arguments, OOB: bound.OOB}
}

// settle turns what became of a command into its outcome.
func settle(ctx context.Context, bound syntax.Bound, returned json.RawMessage, err error) (json.RawMessage, error) {
	var broken *qmpconn.OpError
	if bound.Name == "quit" && ctx.Err() == nil && errors.As(err, &broken) && broken.Unknown {
		return json.RawMessage("{}"), nil
	}
	return returned, ended(ctx, err)
}

// ended says why a run was ended from outside, where it was: the failure that follows from it is not the news.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &endedError{cause: context.Cause(ctx), err: err}
}

// An endedError is a run that --timeout or a signal ended.
type endedError struct {
	cause, err error
	before     int // commands that were answered before
}

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.cause, e.err} }

// hasArguments reports whether a line gives a command any arguments.
func hasArguments(line *syntax.Line) bool {
	return line.Command != nil && (len(line.Command.Args) > 0 || line.Kind == syntax.Batch)
}
