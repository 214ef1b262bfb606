package qmpconn

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"
)

// GapEvent is the name of the event that a session's subscriptions receive between the last event before a lost
// connection and the first of the next one: events may be missing there. Its time is when the connection was lost.
// No event of QEMU's has such a name.
const GapEvent = "(gap)"

// An Event is what a server says unasked.
type Event struct {
	Name string
	Data json.RawMessage // nil when the event carries none
	Time time.Time       // the server's clock; zero when the server does not know (it sends seconds -1)
}

// A Subscription receives events. It never holds up the connection: what its buffer cannot take is dropped and
// counted.
type Subscription struct {
	feed    *feed
	ch      chan Event
	dropped atomic.Uint64
}

// C is where the events arrive, in the server's order. It is closed at the end of the subscription, the connection
// or the session.
func (s *Subscription) C() <-chan Event { return s.ch }

// Dropped counts the events that did not fit in the buffer.
func (s *Subscription) Dropped() uint64 { return s.dropped.Load() }

// Close ends the subscription.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	if _, live := s.feed.subs[s]; live {
		delete(s.feed.subs, s)
		close(s.ch)
	}
}

func (s *Subscription) offer(e Event) {
	select {
	case s.ch <- e:
	default:
		s.dropped.Add(1)
	}
}

// earlyEvents is how many events a feed keeps for its first subscription.
const earlyEvents = 64

// A feed fans events out. Until its first subscription it keeps the latest events, so that one which arrives right
// behind the negotiation is not lost.
type feed struct {
	mu      sync.Mutex // guards everything below
	subs    map[*Subscription]struct{}
	used    bool // somebody has subscribed
	early   []Event
	missed  uint64 // early events that did not fit
	next    *feed  // also receives every event
	stopped bool
}

func (f *feed) publish(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return
	}
	if f.next != nil {
		f.next.publish(e)
	}
	if !f.used {
		if len(f.early) == earlyEvents {
			f.early = append(f.early[:0], f.early[1:]...)
			f.missed++
		}
		f.early = append(f.early, e)
	}
	for s := range f.subs {
		s.offer(e)
	}
}

func (f *feed) subscribe(buffer int) *Subscription {
	s := &Subscription{feed: f, ch: make(chan Event, max(buffer, 1))}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.use(s.offer)
	s.dropped.Add(f.missed)
	f.missed = 0
	if f.stopped {
		close(s.ch)
		return s
	}
	if f.subs == nil {
		f.subs = make(map[*Subscription]struct{})
	}
	f.subs[s] = struct{}{}
	return s
}

// forward passes this and every later event on to next.
func (f *feed) forward(next *feed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.use(next.publish)
	f.next = next
}

// use hands the early events to the first user. f.mu is held.
func (f *feed) use(take func(Event)) {
	for _, e := range f.early {
		take(e)
	}
	f.early, f.used = nil, true
}

// stop ends every subscription.
func (f *feed) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
	for s := range f.subs {
		close(s.ch)
	}
	f.subs = nil
}
