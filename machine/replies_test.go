package machine

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// replies are what one machine answered, by command, and "events", what it emitted before.
type replies map[string]json.RawMessage

// recorded reads the replies of the machines in a file of testdata, by the machine's name.
func recorded(tb testing.TB, file string) map[string]replies {
	tb.Helper()
	var machines map[string]replies
	if err := json.Unmarshal(saved.File(tb, filepath.Join("testdata", file)), &machines); err != nil {
		tb.Fatal(err)
	}
	return machines
}

// refusal is an error reply.
type refusal struct{ Class, Desc string }

func (r *refusal) Error() string    { return r.Desc }
func (r *refusal) QMPClass() string { return r.Class }

// answer is what the machine says to a command: a return value, or a refusal.
func (r replies) answer(command string) (json.RawMessage, error) {
	raw, ok := r[command]
	if !ok {
		return nil, &refusal{"CommandNotFound", "The command " + command + " has not been found"}
	}
	var e struct{ ERROR *refusal }
	if json.Unmarshal(raw, &e) == nil && e.ERROR != nil {
		return nil, e.ERROR
	}
	return raw, nil
}

// absorbAll folds everything that the machine tells, in the watcher's order, and then its events.
func absorbAll(tb testing.TB, s Snapshot, r replies, at time.Time) Snapshot {
	tb.Helper()
	for q := range queryCount {
		reply, err := r.answer(q.Command())
		if err != nil || q == QueryOldCPUs && len(s.CPUs) > 0 {
			continue
		}
		if s, err = Absorb(s, q, reply, at); err != nil {
			tb.Fatal(err)
		}
	}
	var events []struct {
		Event string
		Data  json.RawMessage
	}
	if raw, ok := r["events"]; ok {
		if err := json.Unmarshal(raw, &events); err != nil {
			tb.Fatal(err)
		}
	}
	for i, e := range events {
		s, _ = Reduce(s, Event{Name: e.Event, Data: e.Data, Received: at.Add(time.Duration(i+1) * time.Second / 10)})
	}
	return s
}

// picture is a snapshot as text, one thing a line, without what is zero, unknown or empty.
func picture(s Snapshot) string {
	var b strings.Builder
	nothing := regexp.MustCompile(`\b(?:[A-Z]\w*|provisional|relinked|inBlockJobs|aborting|samples|known|settled|track):(\?|0s?|false|-|\[\]|\{[^}]*<nil>[^\n]*\}|\{\}|)( |\})`)
	section := func(name string, v any) {
		if text, ok := v.(string); ok {
			fmt.Fprintf(&b, "  %-9s %s\n", name, text)
			return
		}
		text := strings.NewReplacer(" +0000 UTC", "", "2024-05-06 ", "", "0001-01-01 00:00:00", "-").Replace(fmt.Sprintf("%+v", v))
		for next := ""; text != next; {
			next = text
			text = strings.ReplaceAll(nothing.ReplaceAllString(text, "$2"), " }", "}")
			text = strings.ReplaceAll(strings.ReplaceAll(text, "  ", " "), "{ ", "{")
		}
		fmt.Fprintf(&b, "  %-9s %s\n", name, text)
	}
	section("identity", s.Identity)
	section("run", s.Run)
	section("memory", s.Memory)
	for _, c := range s.CPUs {
		section("cpu", c)
	}
	for _, j := range s.Jobs {
		actions := ""
		for _, a := range j.Actions(func(string) bool { return true }) {
			actions += fmt.Sprintf("%s: %s %s %s  ", a.Verb, a.Command, a.Member, a.Value)
		}
		j.samples = nil
		section("job", j)
		section("", actions)
	}
	for _, d := range s.Disks {
		section("disk", d)
	}
	for _, c := range s.Chardevs {
		section("chardev", c)
	}
	m := s.Migration
	m.Verdict, m.History, m.track, m.known = Verdict{}, nil, passTrack{}, nil
	section("migration", m)
	for _, line := range s.Migration.Verdict.Sentences(plain) {
		section("", line)
	}
	if s.LastEvent.Name != "" {
		section("event", s.LastEvent)
	}
	return b.String()
}

// TestWhatServersTell writes down what is made of the replies of real and written machines: of QEMU 7.2 as recorded, of
// 1.1 in the shapes measured on builds of 2012, and of 11.1 by its schema. Each machine of a file is seen 2 s after the
// one before it, by a watcher that knows nothing yet.
func TestWhatServersTell(t *testing.T) {
	for _, file := range []string{"replies-1.1.json", "replies-7.2.json.gz", "replies-11.1.json.gz"} {
		t.Run(file, func(t *testing.T) {
			machines := recorded(t, file)
			var out strings.Builder
			for _, name := range slices.Sorted(maps.Keys(machines)) {
				fmt.Fprintf(&out, "%s\n%s\n", name, picture(absorbAll(t, Snapshot{}, machines[name], began)))
			}
			golden(t, strings.TrimSuffix(strings.TrimSuffix(file, ".gz"), ".json")+".golden", out.String())
		})
	}
}
