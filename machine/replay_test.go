package machine

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// began is when recorded series begin, as far as tests are concerned.
var began = time.Date(2024, 5, 6, 12, 0, 0, 0, time.UTC)

// A moment is one line of a recorded migration.
type moment struct {
	ms    int
	at    time.Time
	query Query           // queryCount: an event, or a command that was sent
	reply json.RawMessage // of the query
	event Event
	sent  json.RawMessage
}

// recording reads a series recorded from two QEMUs under TCG, 7.2 but for recounted, which is 11.1: what the source answered, and its events.
func recording(tb testing.TB, name string) []moment {
	tb.Helper()
	var moments []moment
	for line := range bytes.Lines(saved.File(tb, filepath.Join("testdata", "migration-"+name+".jsonl.gz"))) {
		moments = append(moments, parseMoment(tb, line))
	}
	if len(moments) == 0 {
		tb.Fatalf("%s is empty", name)
	}
	return moments
}

func parseMoment(tb testing.TB, line []byte) moment {
	tb.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		tb.Fatal(err)
	}
	m := moment{query: queryCount}
	if err := json.Unmarshal(members["ms"], &m.ms); err != nil {
		tb.Fatal(err)
	}
	m.at = began.Add(time.Duration(m.ms) * time.Millisecond)
	m.sent = members["sent"]
	if raw, ok := members["event"]; ok {
		var e struct {
			Event string
			Data  json.RawMessage
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			tb.Fatal(err)
		}
		m.event = Event{Name: e.Event, Data: e.Data, Received: m.at}
	}
	for q := range queryCount {
		if raw, ok := members[q.Command()]; ok {
			m.query, m.reply = q, raw
		}
	}
	return m
}

// replay folds a recording and calls see after each moment. Of the looks at the migration it takes those that are
// at least every apart, as a watcher that polls less often would.
func replay(tb testing.TB, moments []moment, every time.Duration, events bool, see func(moment, Snapshot)) Snapshot {
	tb.Helper()
	var s Snapshot
	var looked time.Time
	for i, m := range moments {
		switch {
		case m.query == QueryMigrate && m.at.Sub(looked) < every && i < len(moments)-3:
			continue
		case m.query < queryCount:
			var err error
			if s, err = Absorb(s, m.query, m.reply, m.at); err != nil {
				tb.Fatal(err)
			}
			if m.query == QueryMigrate {
				looked = m.at
			}
		case m.event.Name != "" && events:
			s, _ = Reduce(s, m.event)
		}
		if see != nil {
			see(m, s)
		}
	}
	return s
}
