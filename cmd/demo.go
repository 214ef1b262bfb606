package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/shell"
)

// demoOptions are the flags of `qmpsh demo`.
type demoOptions struct {
	machine demo.Options
	dash    bool
	listen  string
}

func (a *app) demoCommand() *cobra.Command {
	var o demoOptions
	c := &cobra.Command{
		Use:   "demo [COMMAND [key=value ...]]",
		Short: "Try qmpsh on a simulated machine, with no QEMU",
		Long: `Opens the prompt on a simulated machine; with --dash the dashboard; with a
COMMAND it runs that one. With --listen it serves the machine to any QMP client
until it is interrupted.`,
		RunE: func(c *cobra.Command, words []string) error {
			if err := o.check(words); err != nil {
				return &usageError{err}
			}
			return a.demo(c.Context(), o, words)
		},
	}
	c.Flags().BoolVar(&o.dash, "dash", false, "open the dashboard instead of the prompt")
	c.Flags().StringVar(&o.listen, "listen", "", "serve it at this `address`: unix:PATH or tcp:HOST:PORT")
	c.Flags().Float64Var(&o.machine.Speed, "speed", 1, "`seconds` in the machine for one second here")
	c.Flags().Int64Var(&o.machine.Seed, "seed", 1, "`number` that all chance follows from")
	c.Flags().StringVar(&o.machine.Compat, "compat", "", "behave as a server of this `version`: 1.1")
	return c
}

// check finds what is wrong with the flags, and flags and words that ask for different things.
func (o demoOptions) check(words []string) error {
	switch {
	case o.dash && o.listen != "":
		return errors.New("--dash shows a machine and --listen serves one: give one of them")
	case (o.dash || o.listen != "") && len(words) > 0:
		return fmt.Errorf("%q is a command, and --dash and --listen run none", words[0])
	}
	return o.machine.Validate()
}

func (a *app) demo(ctx context.Context, o demoOptions, words []string) error {
	if o.listen != "" {
		return a.serveDemo(ctx, o)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	machine := demo.New(o.machine)
	if o.dash || len(words) == 0 && isTerminal(a.stdin) {
		return a.live(ctx, o.dash, true, func(w *wire) (*shell.Target, error) {
			return a.openDemo(ctx, machine, w), nil
		})
	}
	connect := func(ctxRun context.Context) (*client, error) { return a.dialDemo(ctx, ctxRun, machine) }
	if len(words) > 0 {
		return a.oneShotWith(ctx, func(ctxRun context.Context, _ qmpconn.Options) (*client, error) { return connect(ctxRun) }, words)
	}
	return a.piped(ctx, connect)
}

// dialDemo connects to a simulated machine in this process, which lives as long as ctx.
func (a *app) dialDemo(ctx, ctxRun context.Context, machine *demo.Machine) (*client, error) {
	wire, err := a.newWire()
	if err != nil {
		return nil, err
	}
	conn, err := demoConn(ctx, ctxRun, machine, a.connOptions(qmpconn.Options{}, wire.trace()))
	if err != nil {
		return nil, errors.Join(ended(ctxRun, &qmpconn.UnreachableError{Err: err}), wire.close())
	}
	return &client{app: a, conn: conn, address: demoAddress, wire: wire}, nil
}

// demoAddress is what a simulated machine in this process is called.
const demoAddress = "demo"

// demoConn opens a connection to a simulated machine. The machine's side of it ends with the connection or with ctx.
func demoConn(ctx, ctxDial context.Context, machine *demo.Machine, options qmpconn.Options) (*qmpconn.Conn, error) {
	ours, theirs := net.Pipe()
	go func() { _ = machine.ServeConn(ctx, theirs) }()
	return qmpconn.NewConn(ctxDial, ours, options)
}

// serveDemo serves a simulated machine until it quits or a signal ends it.
func (a *app) serveDemo(ctx context.Context, o demoOptions) error {
	address, err := qmpconn.ParseAddress(o.listen)
	if err != nil {
		return &usageError{err}
	}
	ctx, stop := a.bounded(ctx)
	defer stop()
	var config net.ListenConfig
	listener, err := config.Listen(ctx, address.Network, address.Addr)
	if err != nil {
		return &usageError{fmt.Errorf("--listen %s: %w", o.listen, err)}
	}
	fmt.Fprintf(a.stderr, "web01, a simulated machine, listens at %s; Ctrl-C ends it\n", address)
	err = ended(ctx, demo.New(o.machine).Serve(ctx, listener))
	if ctx.Err() != nil { // the way to end it: nothing to report
		return &shownError{exitCode(err), err}
	}
	return err
}
