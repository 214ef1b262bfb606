package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/qmpsh/qmpsh/syntax"
)

// awaitSchema waits until the server has told what it can do, which takes it a moment when it is asked for the first
// time: until then nobody knows what a line means. Ctrl-C ends the waiting.
func (s *shell) awaitSchema(ctx context.Context) error {
	p := s.current()
	if p.schema() != nil || s.cfg.NoCheck {
		return nil
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	told := time.AfterFunc(spinnerAfter, func() { s.ed.SetStatus("asking QEMU what it can do …") })
	defer func() { told.Stop(); s.ed.SetStatus("") }()
	select {
	case <-p.loaded:
		return nil
	case <-ctx.Done():
		return errNotSent
	}
}

// properties asks for the types that the schema leaves open, where they make a difference to the line. Without an answer
// the server judges the command itself. Ctrl-C ends the waiting.
func (s *shell) properties(ctx context.Context, line *syntax.Line) (syntax.Properties, error) {
	p := s.current()
	question, ok := line.Question(p.schema())
	if !ok || s.cfg.NoCheck {
		return nil, nil
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	told := time.AfterFunc(spinnerAfter, func() { s.ed.SetStatus("asking QEMU with " + question.Command + " …") })
	defer func() { told.Stop(); s.ed.SetStatus("") }()
	properties := question.Ask(ctx, p.target.Session)
	if ctx.Err() != nil {
		return nil, errNotSent
	}
	return properties, nil
}

// knowledge is what is known of a server whose schema is.
func (s *shell) knowledge(ctx context.Context) (*knowledge, error) {
	if err := s.awaitSchema(ctx); err != nil {
		return nil, err
	}
	k := s.current().known.Load()
	switch {
	case k.schema != nil:
		return k, nil
	case k.err != nil:
		return nil, fmt.Errorf("what this server can do is not known: %w", k.err)
	}
	return nil, errors.New("what this server can do is not known yet")
}
