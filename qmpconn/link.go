package qmpconn

import "time"

// LinkState is the state of a session's link to its server.
type LinkState int

// The states of a link.
const (
	Connecting  LinkState = iota // looking for the server
	Negotiating                  // connected; waiting for the greeting and what follows it
	Ready                        // commands can be sent
	Lost                         // no connection; there will be another attempt
	Closed                       // the session has ended
)

func (s LinkState) String() string {
	switch s {
	case Connecting:
		return "connecting"
	case Negotiating:
		return "negotiating"
	case Ready:
		return "ready"
	case Lost:
		return "lost"
	}
	return "closed"
}

// A Link is how things stand between a session and its server.
type Link struct {
	State    LinkState
	Since    time.Time // when it came into this state
	Down     time.Time // when the connection was lost; zero while it is ready, and before it first was
	Attempt  int       // attempts to connect since it was last ready, the present one included
	Retry    time.Time // Lost: when the next attempt begins
	Err      error     // why the connection or the latest attempt failed; nil once it is ready
	Greeting Greeting  // the latest greeting; it stays through a loss
}

// linkBuffer is how many link states wait for a slow receiver. The latest are kept.
const linkBuffer = 16

// A LinkSubscription receives the states of a session's link, the present one first.
type LinkSubscription struct {
	session *Session
	ch      chan Link
}

// C is where the states arrive, oldest first; when the receiver is slow, the oldest are dropped. It is closed behind
// the state Closed.
func (l *LinkSubscription) C() <-chan Link { return l.ch }

// Close ends the subscription.
func (l *LinkSubscription) Close() {
	l.session.mu.Lock()
	defer l.session.mu.Unlock()
	if _, live := l.session.watchers[l]; live {
		delete(l.session.watchers, l)
		close(l.ch)
	}
}

// offer queues a state in place of the oldest where there is no room. There is one sender at a time.
func (l *LinkSubscription) offer(link Link) {
	for {
		select {
		case l.ch <- link:
			return
		default:
		}
		select {
		case <-l.ch:
		default:
		}
	}
}
