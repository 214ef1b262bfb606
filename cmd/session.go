package cmd

import (
	"context"
	"fmt"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
)

// A target is a machine that a front end keeps a link to, and how to find out about it.
type target struct {
	address string
	local   bool // it shares this host's files
	session *qmpconn.Session
	wire    *wire
}

// open starts a session with the machine at an address. The caller closes the target.
func (a *app) open(ctx context.Context, address qmpconn.Address) (*target, error) {
	wire, err := a.newWire()
	if err != nil {
		return nil, err
	}
	return &target{
		address: address.String(),
		local:   address.Network == "unix",
		session: qmpconn.Connect(ctx, address, a.connOptions(wire), qmpconn.SessionOptions{}),
		wire:    wire,
	}, nil
}

// openDemo starts a session with a simulated machine in this process. It lives as long as ctx.
func (a *app) openDemo(ctx context.Context, machine *demo.Machine) (*target, error) {
	wire, err := a.newWire()
	if err != nil {
		return nil, err
	}
	dial := func(ctxDial context.Context) (*qmpconn.Conn, error) {
		return demoConn(ctx, ctxDial, machine, a.connOptions(wire))
	}
	return &target{
		address: demoAddress,
		session: qmpconn.NewSession(ctx, dial, qmpconn.SessionOptions{}),
		wire:    wire,
	}, nil
}

// ready waits until the machine answers, and says why it does not.
func (t *target) ready(ctx context.Context) error {
	if err := t.session.Ready(ctx); err != nil {
		return ended(ctx, &connectError{err})
	}
	return nil
}

func (t *target) close() error {
	_ = t.session.Close()
	return t.wire.close()
}

// targetSchema is what the machine can do.
func (a *app) targetSchema(ctx context.Context, t *target) (*qapi.Schema, error) {
	conn := t.session.Conn()
	if conn == nil {
		return nil, fmt.Errorf("ask what the server can do: %w", qmpconn.ErrNotReady)
	}
	return a.serverSchema(ctx, conn, t.address, t.session)
}
