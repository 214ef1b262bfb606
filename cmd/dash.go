package cmd

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/tui"
)

func (a *app) dashCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "dash",
		Short: "Watch the machine live: status, jobs, migration, chardevs, disks, events",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.dash(c.Context())
		},
	}
}

func (a *app) dash(ctx context.Context) error {
	address, err := a.address()
	if err != nil {
		return err
	}
	session := qmpconn.Connect(ctx, address, a.connOptions(nil), qmpconn.SessionOptions{})
	defer session.Close()
	if err := session.Ready(ctx); err != nil {
		return &connectError{err}
	}
	return tui.Run(ctx, tui.Config{
		Session:  session,
		Target:   address.String(),
		ReadOnly: a.opts.readOnly,
		Theme:    a.printer(a.stdout).Theme,
		Environ:  os.Environ(),
		Input:    a.stdin,
		Output:   a.stdout,
	})
}
