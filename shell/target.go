package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// retarget says which machine is talked to, or talks to another one. Until the other one has answered, everything
// stays as it is.
func (s *shell) retarget(ctx context.Context, address string) error {
	if address == "" {
		s.ed.Print(s.describeTarget())
		return nil
	}
	if s.cfg.Open == nil {
		return errors.New("no other machine can be talked to from here")
	}
	target, err := s.cfg.Open(expandHome(address, s.cfg.Getenv))
	if err != nil {
		return err
	}
	waiting, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	s.ed.SetStatus("connecting to " + render.Clean(target.Address) + " …")
	err = target.Session.Ready(waiting)
	s.ed.SetStatus("")
	if err != nil {
		_ = target.Session.Close()
		return fmt.Errorf("%w; still talking to %s", &qmpconn.UnreachableError{Err: err}, s.current().name())
	}
	s.leaveHMP()
	s.current().stop()
	s.last = nil
	s.connect(ctx, target)
	return nil
}

// describeTarget says what the link is to.
func (s *shell) describeTarget() string {
	p := s.current()
	k, link := p.known.Load(), p.target.Session.Link()
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s  %s\n", s.theme().Paint(render.RoleKey, render.Pad(name, 7)), render.Clean(value))
		}
	}
	row("machine", p.name())
	row("address", p.target.Address)
	row("server", p.server())
	row("link", link.State.String())
	if link.State != qmpconn.Ready && link.Err != nil {
		row("because", (&qmpconn.UnreachableError{Err: link.Err}).Error())
	}
	row("schema", k.origin)
	if conn := p.target.Session.Conn(); conn != nil {
		row("program", conn.PeerExecutable())
	}
	return b.String()
}

// reconnect does not wait for the next attempt, and says how it went. Ctrl-C ends the waiting, not the attempt.
func (s *shell) reconnect(ctx context.Context, _ string) error {
	session := s.current().target.Session
	if session.Link().State == qmpconn.Ready {
		s.ed.Print("the link is ready")
		return nil
	}
	waiting, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	s.ed.SetStatus("redialling …")
	defer s.ed.SetStatus("")
	if err := redial(waiting, session); err != nil {
		return fmt.Errorf("%w; redialling goes on", &qmpconn.UnreachableError{Err: err})
	}
	return nil
}

// redial waits for the attempt to connect that is under way, or for a new one. It returns why that failed.
func redial(ctx context.Context, session *qmpconn.Session) error {
	links := session.Links()
	defer links.Close()
	attempt := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case link := <-links.C():
			switch {
			case link.State == qmpconn.Ready:
				return nil
			case link.State == qmpconn.Lost && attempt == 0:
				attempt = link.Attempt + 1
				session.Redial()
			case link.State == qmpconn.Lost && link.Attempt >= attempt, link.State == qmpconn.Closed:
				return link.Err
			}
			attempt = max(attempt, link.Attempt)
		}
	}
}
