package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/shell"
	"github.com/qmpsh/qmpsh/tui"
)

// errNoTerminal is what asking for a full screen without one ends with.
var errNoTerminal = errors.New("the dashboard needs a terminal on standard input and output")

// errLiveFilter is what --jq ends with where there is no one command to filter.
var errLiveFilter = errors.New("--jq filters what one command returns: at the prompt, write COMMAND | EXPRESSION")

func (a *app) dashCommand() *cobra.Command {
	var migrationEvents bool
	c := &cobra.Command{
		Use:   "dash",
		Short: "Watch the machine live: jobs, migration, chardevs, disks, events",
		Long: `Shows the machine's status, jobs, migration, chardevs, disks and events as they
change. ? lists the keys, q leaves.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.live(c.Context(), true, migrationEvents, a.opener(c.Context()))
		},
	}
	c.Flags().BoolVar(&migrationEvents, "migration-events", false,
		"switch on migration events: this changes a setting")
	return c
}

// prompt opens the prompt on the machine that the command line names.
func (a *app) prompt(ctx context.Context) error {
	return a.live(ctx, false, false, a.opener(ctx))
}

// opener opens the machine that the command line names.
func (a *app) opener(ctx context.Context) func(*wire) (*shell.Target, error) {
	return func(w *wire) (*shell.Target, error) {
		address, err := a.address()
		if err != nil {
			return nil, err
		}
		return a.open(ctx, address, w), nil
	}
}

// live runs a front end that keeps a link to a machine: the dashboard, or the prompt.
func (a *app) live(ctx context.Context, dash, migrationEvents bool, open func(*wire) (*shell.Target, error)) error {
	if dash && (!isTerminal(a.stdin) || !isTerminal(a.stdout)) {
		return &usageError{errNoTerminal}
	}
	if dash {
		if err := tui.Usable(os.Environ()); err != nil {
			return &usageError{err}
		}
	}
	if _, err := a.output(); err != nil {
		return err
	}
	if a.opts.filter != "" {
		return &usageError{errLiveFilter}
	}
	ctx, release := a.timed(ctx)
	defer release()
	w, err := a.newWire()
	if err != nil {
		return err
	}
	t, err := open(w)
	if err != nil {
		return errors.Join(err, w.close())
	}
	if err := t.Session.Ready(ctx); err != nil {
		return errors.Join(ended(ctx, &qmpconn.UnreachableError{Err: err}), t.Session.Close(), w.close())
	}
	if dash {
		ctx, stop := interruptible(ctx)
		defer stop()
		return errors.Join(a.dash(ctx, t, migrationEvents), t.Session.Close(), w.close())
	}
	err = a.shell(ctx, t, w)
	if err == nil {
		err = context.Cause(ctx) // --timeout is for the whole run, and a prompt is one
	}
	return errors.Join(err, w.close())
}

// dash shows the dashboard of a target until it is left.
func (a *app) dash(ctx context.Context, t *shell.Target, migrationEvents bool) error {
	return tui.Run(ctx, tui.Config{
		Session: t.Session,
		Target:  t.Label,
		Schema: func(ctx context.Context) (*qapi.Schema, error) {
			schema, _, err := t.Schema(ctx)
			return schema, err
		},
		Docs:            t.Docs,
		ReadOnly:        a.opts.readOnly,
		MigrationEvents: migrationEvents,
		Theme:           a.printer(a.stdout).Theme,
		Environ:         os.Environ(),
		Input:           a.stdin,
		Output:          a.stdout,
	})
}

// shell runs the prompt on a target until it is left. It closes the target's session.
func (a *app) shell(ctx context.Context, t *shell.Target, w *wire) error {
	in, inOK := a.stdin.(*os.File)
	out, outOK := a.stdout.(*os.File)
	if !inOK || !outOK {
		return errors.Join(&usageError{errors.New("the prompt needs files on standard input and output")}, t.Session.Close())
	}
	o, err := a.output()
	if err != nil {
		return errors.Join(err, t.Session.Close())
	}
	err = shell.Run(ctx, shell.Config{
		In: in, Out: out,
		Getenv:  a.getenv,
		Version: shortVersion(),
		Target:  t,
		Printer: o.printer,
		History: a.historyFile(),
		Open: func(text string) (*shell.Target, error) {
			address, err := qmpconn.ParseAddress(text)
			if err != nil {
				return nil, err
			}
			return a.open(ctx, address, w), nil
		},
		Dash:     func(ctx context.Context, t *shell.Target) error { return a.dash(ctx, t, false) },
		Log:      w.logTo,
		ReadOnly: a.opts.readOnly,
		NoCheck:  a.opts.noCheck,
	})
	if errors.Is(err, shell.ErrSignal) {
		return &shownError{exitInterrupted, err}
	}
	return err
}

// historyFile is where the prompt keeps its lines: under the user's state directory, as the XDG rules have it.
func (a *app) historyFile() string {
	dir := a.getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "qmpsh", "history")
}
