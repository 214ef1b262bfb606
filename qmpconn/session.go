package qmpconn

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// SessionOptions change how a session redials. The zero value is right for a person at a terminal.
type SessionOptions struct {
	MinBackOff time.Duration // the wait before the first new attempt; 0 means 250 ms
	MaxBackOff time.Duration // the wait that doubling ends at; 0 means 10 s
}

// A Session keeps one connection to a server alive. When the connection is lost it redials, with growing waits, until
// it is closed. It never sends a command again: a call that the loss cut off ends with an *OpError whose Unknown is
// set. Its subscriptions go on over the next connection, with a GapEvent in between.
type Session struct {
	dial   func(context.Context) (*Conn, error)
	opts   SessionOptions
	cancel context.CancelFunc
	redial chan struct{}
	events feed
	done   chan struct{} // closed when the session's goroutine has ended

	mu       sync.Mutex // guards everything below
	link     Link
	conn     *Conn // nil unless the link is ready
	changed  chan struct{}
	watchers map[*LinkSubscription]struct{}
}

// Connect starts a session with the server at addr.
func Connect(ctx context.Context, addr Address, opts Options, sopts SessionOptions) *Session {
	return NewSession(ctx, func(ctx context.Context) (*Conn, error) { return Dial(ctx, addr, opts) }, sopts)
}

// NewSession starts a session over the connections that dial makes. It returns at once; Ready waits for the first
// attempt. The session ends with Close or with ctx.
func NewSession(ctx context.Context, dial func(context.Context) (*Conn, error), opts SessionOptions) *Session {
	if opts.MinBackOff <= 0 {
		opts.MinBackOff = 250 * time.Millisecond
	}
	if opts.MaxBackOff <= 0 {
		opts.MaxBackOff = 10 * time.Second
	}
	opts.MaxBackOff = max(opts.MaxBackOff, opts.MinBackOff)
	ctx, cancel := context.WithCancel(ctx)
	s := &Session{
		dial:     dial,
		opts:     opts,
		cancel:   cancel,
		redial:   make(chan struct{}, 1),
		done:     make(chan struct{}),
		link:     Link{State: Connecting, Since: time.Now(), Attempt: 1},
		changed:  make(chan struct{}),
		watchers: make(map[*LinkSubscription]struct{}),
	}
	go s.run(ctx)
	return s
}

// Link returns the present state of the link.
func (s *Session) Link() Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link
}

// Links subscribes to the link's states.
func (s *Session) Links() *LinkSubscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &LinkSubscription{session: s, ch: make(chan Link, linkBuffer)}
	l.offer(s.link)
	if s.link.State == Closed {
		close(l.ch)
	} else {
		s.watchers[l] = struct{}{}
	}
	return l
}

// Conn returns the present connection, nil while the link is not ready.
func (s *Session) Conn() *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Ready waits while an attempt to connect is under way. It returns nil when the link is ready, and otherwise why the
// attempt failed; the session goes on redialling.
func (s *Session) Ready(ctx context.Context) error {
	for {
		s.mu.Lock()
		link, changed := s.link, s.changed
		s.mu.Unlock()
		switch link.State {
		case Ready:
			return nil
		case Lost, Closed:
			return link.Err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return &OpError{Op: "dial", Err: ctx.Err()}
		}
	}
}

// Execute runs one command on the present connection; see Conn.Execute. While the link is not ready it fails at once
// with ErrNotReady: a command that waited for a lost server might run when nobody expects it any more.
func (s *Session) Execute(ctx context.Context, cmd Command) (json.RawMessage, error) {
	conn := s.Conn()
	if conn == nil {
		err := ErrNotReady
		if s.Link().State == Closed {
			err = ErrClosed
		}
		return nil, &OpError{Op: cmd.Name, Err: err}
	}
	return conn.Execute(ctx, cmd)
}

// Call runs a command by its name, for packages that know an interface of this one method.
func (s *Session) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	return s.Execute(ctx, Command{Name: name, Arguments: arguments})
}

// Subscribe returns the events from now on, over every connection that the session makes.
func (s *Session) Subscribe(buffer int) *Subscription { return s.events.subscribe(buffer) }

// Redial makes a lost link try again now.
func (s *Session) Redial() {
	select {
	case s.redial <- struct{}{}:
	default: // it has been asked for already
	}
}

// Close ends the session, its connection, and every call and subscription. It returns when nothing is left.
func (s *Session) Close() error {
	s.cancel()
	<-s.done
	return nil
}

func (s *Session) run(ctx context.Context) {
	defer close(s.done)
	defer s.end(ctx)
	wait := s.opts.MinBackOff
	for ctx.Err() == nil {
		conn, err := s.dial(withNegotiating(ctx, func() {
			s.update(nil, func(l *Link) { l.State = Negotiating })
		}))
		if err == nil {
			up := time.Now()
			err = s.serve(ctx, conn)
			if time.Since(up) > s.opts.MaxBackOff {
				wait = s.opts.MinBackOff
			}
		}
		if ctx.Err() == nil {
			s.pause(ctx, err, wait)
			wait = min(2*wait, s.opts.MaxBackOff)
		}
	}
}

// serve is one connection's time. It returns why the connection ended.
func (s *Session) serve(ctx context.Context, conn *Conn) error {
	if lost := s.Link().Down; !lost.IsZero() {
		s.events.publish(Event{Name: GapEvent, Time: lost})
	}
	conn.events.forward(&s.events)
	s.update(conn, func(l *Link) { *l = Link{State: Ready, Greeting: conn.Greeting()} })
	select {
	case <-conn.Done():
	case <-ctx.Done():
		conn.Close()
	}
	return conn.Err()
}

// pause waits before the next attempt: for about the time given, or until Redial. The waits of many clients that lost
// one server spread over half of it.
func (s *Session) pause(ctx context.Context, why error, wait time.Duration) {
	wait = wait/2 + rand.N(wait/2+1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-s.redial: // asked for before the link was lost
	default:
	}
	s.update(nil, func(l *Link) {
		if l.State == Ready {
			l.Down = time.Now()
		}
		l.State, l.Err, l.Retry = Lost, why, time.Now().Add(wait)
	})
	select {
	case <-timer.C:
	case <-s.redial:
	case <-ctx.Done():
		return
	}
	s.update(nil, func(l *Link) { l.State, l.Retry = Connecting, time.Time{}; l.Attempt++ })
}

// update changes the link and tells everybody who watches it.
func (s *Session) update(conn *Conn, change func(*Link)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.link.State
	change(&s.link)
	if s.link.State != before {
		s.link.Since = time.Now()
	}
	s.conn = conn
	close(s.changed)
	s.changed = make(chan struct{})
	for l := range s.watchers {
		l.offer(s.link)
	}
}

// end closes everything that hangs on the session.
func (s *Session) end(ctx context.Context) {
	s.update(nil, func(l *Link) {
		l.State, l.Retry, l.Err = Closed, time.Time{}, &OpError{Op: "dial", Err: ErrClosed}
		if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
			l.Err = &OpError{Op: "dial", Err: cause}
		}
	})
	s.cancel()
	s.mu.Lock()
	for l := range s.watchers {
		close(l.ch)
	}
	s.watchers = nil
	s.mu.Unlock()
	s.events.stop()
}

type negotiatingKey struct{}

// withNegotiating returns a context whose connections call f when they begin to negotiate, whatever function dials.
func withNegotiating(ctx context.Context, f func()) context.Context {
	return context.WithValue(ctx, negotiatingKey{}, f)
}

// announce tells the session that dials, if one does, that the negotiation begins.
func announce(ctx context.Context) {
	if f, ok := ctx.Value(negotiatingKey{}).(func()); ok {
		f()
	}
}
