package cmd

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/tui"
)

// errNoTerminal is what asking for a full screen without one ends with.
var errNoTerminal = errors.New("the dashboard needs a terminal on standard input and output")

func (a *app) dashCommand() *cobra.Command {
	var migrationEvents bool
	c := &cobra.Command{
		Use:   "dash",
		Short: "Watch the machine live: status, jobs, migration, chardevs, disks, events",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			address, err := a.address()
			if err != nil {
				return err
			}
			t, err := a.open(c.Context(), address)
			if err != nil {
				return err
			}
			return errors.Join(a.dash(c.Context(), t, migrationEvents), t.close())
		},
	}
	c.Flags().BoolVar(&migrationEvents, "migration-events", false,
		"switch on the machine's migration events, which changes a setting of it")
	return c
}

// dash shows the dashboard of a target until it is left.
func (a *app) dash(ctx context.Context, t *target, migrationEvents bool) error {
	if !isTerminal(a.stdin) || !isTerminal(a.stdout) {
		return &usageError{errNoTerminal}
	}
	if err := t.ready(ctx); err != nil {
		return err
	}
	return tui.Run(ctx, tui.Config{
		Session: t.session,
		Target:  t.address,
		Schema: func(ctx context.Context) (*qapi.Schema, error) {
			return a.targetSchema(ctx, t)
		},
		ReadOnly:        a.opts.readOnly,
		MigrationEvents: migrationEvents,
		Theme:           a.printer(a.stdout).Theme,
		Environ:         os.Environ(),
		Input:           a.stdin,
		Output:          a.stdout,
	})
}
