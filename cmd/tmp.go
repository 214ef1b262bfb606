package cmd

import (
	"context"
	"errors"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
)

var cmdIntrospect = qmpconn.Command{Name: "query-qmp-schema"}

func (c *client) loadSchema(ctx context.Context) (*qapi.Schema, error) {
	raw, err := c.conn.Execute(ctx, cmdIntrospect)
	if err != nil {
		return nil, err
	}
	return qapi.Parse(raw)
}
func (a *app) prompt(context.Context) error { return errors.New("no prompt yet") }
