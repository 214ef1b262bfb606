package machine

import (
	"encoding/json"
	"time"
)

// An Event is what the server emitted by itself.
type Event struct {
	Name     string
	Data     json.RawMessage // the event's data, or nil
	Time     time.Time       // by the server's clock; zero: not told
	Received time.Time       // by this host's clock; zero: Time is taken for it
}

// Reduce applies an event to a snapshot. What the event does not tell in full, it makes stale: the set of queries
// that should be asked again soon. It is pure; the snapshot given stays as it is.
func Reduce(s Snapshot, e Event) (Snapshot, Stale) {
	s.LastEvent = EventMark{Name: e.Name, At: e.Received}
	return s, 0
}

// Absorb folds the reply to a query, which came at the given time, into a snapshot. It is pure. A reply of a shape
// that no known server sends gives an error and leaves the snapshot as it is.
func Absorb(s Snapshot, q Query, reply json.RawMessage, at time.Time) (Snapshot, error) {
	s.fresh[q].At = at
	return s, nil
}
