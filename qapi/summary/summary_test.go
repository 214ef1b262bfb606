package summary

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// schemas returns the schemas whose every entity has a line here: those of two servers and the embedded one.
func schemas(t *testing.T) map[string]*qapi.Schema {
	t.Helper()
	old, err := compat.Schema()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*qapi.Schema{
		"1.1": old, "7.2": saved.Schema(t, "7.2", qapi.Parse), "11.1": saved.Schema(t, "11.1", qapi.Parse),
	}
}

func TestEveryCommandAndEventHasASummary(t *testing.T) {
	for version, schema := range schemas(t) {
		for _, c := range schema.Commands() {
			if Entry(c.Name) == "" {
				t.Errorf("command %s of QEMU %s has no summary", c.Name, version)
			}
		}
		for _, e := range schema.Events() {
			if Entry(e.Name) == "" {
				t.Errorf("event %s of QEMU %s has no summary", e.Name, version)
			}
		}
	}
}

func TestEveryMemberOfACommandOrEventHasALine(t *testing.T) {
	for version, schema := range schemas(t) {
		check := func(owner string, o *qapi.Object) {
			for _, m := range o.Members {
				if Member(owner, m.Name) == "" {
					t.Errorf("%s of %s of QEMU %s has no line", m.Name, owner, version)
				}
			}
		}
		for _, c := range schema.Commands() {
			check(c.Name, c.Args)
		}
		for _, e := range schema.Events() {
			check(e.Name, e.Data)
		}
	}
}

func TestTablesAreInOrderAndInStyle(t *testing.T) {
	for table, text := range map[string]string{"entries.tsv": entries, "members.tsv": members} {
		last := ""
		for line := range strings.Lines(text) {
			name, summary, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if !ok || name <= last {
				t.Errorf("%s: %q after %q: want NAME TAB SUMMARY in byte order", table, line, last)
			}
			last = name
			for _, fault := range faults(summary) {
				t.Errorf("%s: %s: %q %s", table, name, summary, fault)
			}
			if table == "entries.tsv" && name != strings.ToUpper(name) && !imperative(summary) {
				t.Errorf("%s: %s: %q does not start with a verb in the imperative", table, name, summary)
			}
		}
	}
}

// faults says what is wrong with the form of a summary.
func faults(summary string) []string {
	var found []string
	if n := utf8.RuneCountInString(summary); n == 0 || n > 72 {
		found = append(found, "has no length from 1 to 72")
	}
	if first, _ := utf8.DecodeRuneInString(summary); first < 'a' || first > 'z' {
		found = append(found, "does not start with a lower-case letter")
	}
	if strings.HasSuffix(summary, ".") || strings.TrimSpace(summary) != summary || strings.Contains(summary, "  ") {
		found = append(found, "ends in a full stop or has stray spaces")
	}
	return found
}

// imperative tells a verb in the imperative from the other forms that a careless summary starts with.
func imperative(summary string) bool {
	first, _, _ := strings.Cut(summary, " ")
	if slices.Contains([]string{"the", "a", "an", "this"}, first) {
		return false
	}
	third := strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss")
	return !third && !strings.HasSuffix(first, "ing") && !strings.HasSuffix(first, "ed")
}

func TestLookUpFindsEveryLineAndNothingElse(t *testing.T) {
	const table = "a\tfirst\nbb\tsecond\nc\tthird\n"
	for name, want := range map[string]string{"a": "first", "bb": "second", "c": "third",
		"": "", "b": "", "bbb": "", "0": "", "zz": "", "a\tfirst": "", "first": ""} {
		if got := lookUp(table, name); got != want {
			t.Errorf("lookUp(%q) = %q, want %q", name, got, want)
		}
	}
	if got := lookUp("", "a"); got != "" {
		t.Errorf("an empty table has %q", got)
	}
	for _, text := range []string{entries, members} {
		for line := range strings.Lines(text) {
			name, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if got := lookUp(text, name); got != want {
				t.Errorf("lookUp(%q) = %q, want %q", name, got, want)
			}
		}
	}
}

func TestMemberOfACommandComesBeforeTheCommonMeaning(t *testing.T) {
	if got := Member("migrate", "uri"); !strings.Contains(got, "tcp:HOST:PORT") || got == Member("", "uri") {
		t.Errorf("migrate's uri: %q", got)
	}
	if got := Member("no-such-command", "job-id"); got == "" || got != Member("", "job-id") {
		t.Errorf("job-id: %q", got)
	}
	if got := Member("migrate", "no-such-member"); got != "" {
		t.Errorf("an unknown member has %q", got)
	}
}

// TestMemberLinesNameRealMembers keeps a line on one command's member from naming a member that does not exist.
func TestMemberLinesNameRealMembers(t *testing.T) {
	all := slices.Collect(maps.Values(schemas(t)))
	for line := range strings.Lines(members) {
		name, _, _ := strings.Cut(line, "\t")
		owner, member, of := strings.Cut(name, ".")
		if of && !slices.ContainsFunc(all, func(s *qapi.Schema) bool { return hasMember(s, owner, member) }) {
			t.Errorf("%s: %s has no member %s", name, owner, member)
		}
	}
}

func hasMember(schema *qapi.Schema, owner, member string) bool {
	if c := schema.Command(owner); c != nil {
		return c.Args.Member(member) != nil
	}
	e := schema.Event(owner)
	return e != nil && e.Data.Member(member) != nil
}

func BenchmarkEntry(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Entry("query-named-block-nodes")
	}
}

func BenchmarkMember(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Member("block-commit", "speed")
	}
}
