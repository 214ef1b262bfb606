package cmd

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/shell"
)

// open starts a session with the machine at an address, its messages traced by w.
func (a *app) open(ctx context.Context, address qmpconn.Address, w *wire) *shell.Target {
	t := &shell.Target{
		Address: address.String(),
		Label:   label(address),
		Local:   address.Network == "unix",
		Session: qmpconn.Connect(ctx, address, a.connOptions(qmpconn.Options{}, w.message), qmpconn.SessionOptions{}),
	}
	a.inform(ctx, t)
	return t
}

// openDemo starts a session with a simulated machine in this process. It lives as long as ctx.
func (a *app) openDemo(ctx context.Context, machine *demo.Machine, w *wire) *shell.Target {
	dial := func(ctxDial context.Context) (*qmpconn.Conn, error) {
		return demoConn(ctx, ctxDial, machine, a.connOptions(qmpconn.Options{}, w.message))
	}
	t := &shell.Target{
		Address: demoAddress,
		Label:   demoAddress,
		Session: qmpconn.NewSession(ctx, dial, qmpconn.SessionOptions{}),
	}
	a.inform(ctx, t)
	return t
}

// inform tells a target how to find out what its machine can do.
func (a *app) inform(ctx context.Context, t *shell.Target) {
	t.Schema = func(ctx context.Context) (*qapi.Schema, string, error) {
		conn := t.Session.Conn()
		if conn == nil {
			return nil, "", fmt.Errorf("ask what the server can do: %w", qmpconn.ErrNotReady)
		}
		return a.serverSchema(ctx, conn, t.Address, t.Session)
	}
	t.Docs = func(schema *qapi.Schema) qapi.Docs {
		return a.documentation(ctx, schema, versionOf(t.Session.Link().Greeting), a.namedDocs())
	}
}

// label is what the prompt calls a machine that has not told its name.
func label(address qmpconn.Address) string {
	if address.Network != "unix" {
		return address.Addr
	}
	return strings.TrimSuffix(filepath.Base(address.Addr), ".sock")
}
