package completion

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi/docs"
	"github.com/qmpsh/qmpsh/syntax"
)

// Every prefix of every line gets an answer whose span is around the cursor, and every place in a whole line as well.
func TestEveryPrefix(t *testing.T) {
	e := engine(t)
	for _, line := range saved.Lines(t) {
		for end := range len(line) + 1 {
			around(t, e, line[:end], end)
			around(t, e, line, end)
		}
	}
}

func around(t *testing.T, e *Engine, line string, cursor int) {
	t.Helper()
	r := e.Complete(line, cursor)
	if r.Span.Start < 0 || r.Span.Start > cursor || r.Span.End < cursor || r.Span.End > len(line) {
		t.Errorf("%q at %d: span %v", line, cursor, r.Span)
	}
	for _, c := range r.Candidates {
		if c.Text == "" || c.Insert == "" {
			t.Errorf("%q at %d: empty candidate %+v", line, cursor, c)
		}
	}
	e.Hint(line, cursor)
}

// Whoever types a line finds each of its words on the way: at the start of every member, member value out of an enum,
// command and action, the word is offered; and what is mandatory comes before what is not.
func TestEveryWordIsOffered(t *testing.T) {
	e := engine(t)
	for _, line := range saved.Lines(t) {
		l := syntax.Scan(line)
		if l.Command == nil || l.Shorthand() != nil || l.Kind == syntax.Raw {
			continue
		}
		offers(t, e, line, l.Command.NameSpan, l.Command.Name)
		for _, c := range append([]*syntax.Command{l.Command}, l.Command.Actions...) {
			if c != l.Command {
				offers(t, e, line, c.NameSpan, c.Name)
			}
			for _, a := range c.Args {
				offersKey(t, e, line, c, a)
			}
		}
	}
}

func offersKey(t *testing.T, e *Engine, line string, c *syntax.Command, a *syntax.Arg) {
	t.Helper()
	for _, segment := range a.Key {
		if c.Name == "device_add" && segment.Text != "driver" && segment.Text != "id" || segment.Text == "sse4.1" || segment.Text == "avx2" {
			continue // members that only the server knows
		}
		if c.Name == "transaction" && len(c.Actions) == 0 && segment.Text == "data" {
			continue // an action without members
		}
		offers(t, e, line, segment.Span, segment.Text)
	}
}

// offers types the line up to the word, and looks for the word among the candidates.
func offers(t *testing.T, e *Engine, line string, span syntax.Span, word string) {
	t.Helper()
	r := e.Complete(line[:span.Start], span.Start)
	if !slices.ContainsFunc(r.Candidates, func(c Candidate) bool { return is(c.Text, word) }) {
		t.Errorf("%q is not offered %s", line[:span.Start], word)
	}
	optional := false
	for _, c := range r.Candidates {
		if c.Mandatory && optional && !c.Deprecated {
			t.Errorf("%q: %s is mandatory and comes late", line[:span.Start], c.Text)
		}
		optional = optional || !c.Mandatory
	}
}

// is compares a candidate's text with a word; an object or a list goes on behind it.
func is(text, word string) bool {
	rest, ok := strings.CutPrefix(text, word)
	return ok && (rest == "" || rest[0] == '.')
}

// After every whole argument of a command line, the mandatory members that are missing are offered.
func TestMandatoryMembersAreOffered(t *testing.T) {
	e := engine(t)
	for _, line := range saved.Lines(t) {
		for end := range len(line) {
			if line[end] != ' ' {
				continue
			}
			l := syntax.Scan(line[:end+1])
			if l.Kind != syntax.QMP || len(l.Problems) > 0 || l.Tail != nil || l.Open() {
				continue
			}
			r := e.Complete(l.Source, len(l.Source))
			for _, name := range missing(e, l) {
				if !slices.ContainsFunc(r.Candidates, func(c Candidate) bool { return is(c.Text, name) && c.Mandatory }) {
					t.Errorf("%q is not offered %s", l.Source, name)
				}
			}
		}
	}
}

// missing asks the checker of the schema, which goes its own ways.
func missing(e *Engine, l *syntax.Line) []string {
	b, _ := l.Bind(nil)
	for _, p := range e.schema.Check(b.Name, b.Arguments) {
		if len(p.Path) == 0 && strings.Contains(p.Message, "needs") {
			return p.Valid
		}
	}
	return nil
}

// What is inserted is what the line would have said: the line stays sound.
func TestInsertionsScan(t *testing.T) {
	e := engine(t)
	for _, line := range saved.Lines(t) {
		for end := 0; end <= len(line); end += 2 {
			r := e.Complete(line[:end], end)
			before := syntax.Scan(line[:end])
			for i, c := range r.Candidates {
				if i == 3 {
					break
				}
				after := syntax.Scan(line[:r.Span.Start] + c.Insert + line[r.Span.End:end])
				if after.Kind != before.Kind && before.Kind != syntax.Blank && after.Kind != syntax.Batch {
					t.Errorf("%q became %q", line[:end], after.Source)
				}
			}
		}
	}
}

// BenchmarkComplete answers at every prefix of the corpus in turn, and reports the slowest of a hundred.
func BenchmarkComplete(b *testing.B) {
	benchmark(b, engine(b))
}

func benchmark(b *testing.B, e *Engine) {
	b.Helper()
	lines := saved.Lines(b)
	var times []time.Duration
	for b.Loop() {
		for _, line := range lines {
			for end := range len(line) + 1 {
				start := time.Now()
				e.Complete(line[:end], end)
				times = append(times, time.Since(start))
			}
		}
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))].Nanoseconds()) / 1e3
	}
	b.ReportMetric(at(0.50), "p50-µs")
	b.ReportMetric(at(0.99), "p99-µs")
	b.ReportMetric(at(1), "max-µs")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(times)), "ns/key")
}

// BenchmarkCompleteWithManual is the same with the documentation of this host and with types that have names.
func BenchmarkCompleteWithManual(b *testing.B) {
	s := schema(b)
	d := docs.New(b.Context(), docs.Options{Kind: docs.KindOf(s), Version: "11.1.0", CacheDir: b.TempDir(), Schema: s})
	s.ResolveNames(d)
	benchmark(b, New(s, d, machine, Options{Directives: directives}))
}
