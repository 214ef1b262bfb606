package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// pasted is a raw message of many rows, as people paste them.
func pasted(rows int) string {
	var text strings.Builder
	text.WriteString("{\"execute\": \"x\",\n \"arguments\": {\"list\": [\n")
	for i := range rows {
		fmt.Fprintf(&text, "  {\"name\": \"n%d }]'\", 'size': %d},\n", i, i)
	}
	return text.String() + " ]}\n}"
}

func TestRowsOfAPaste(t *testing.T) {
	text := pasted(5000)
	if entries := split(text + "\nstop"); len(entries) != 2 || entries[0] != text || entries[1] != "stop" {
		t.Errorf("%d entries", len(entries))
	}
}

// Rows ends an entry exactly where a scan of all rows so far says that nothing is open, for every cut of the corpus
// into rows.
func TestRowsAgreeWithScan(t *testing.T) {
	lines := saved.Lines(t)
	lines = append(lines, pasted(3), "x a={\n\"b\": \"}\n} c=[\n1]", "transaction( a b={\n}\n c d=[\n] )", "x a=[\n'\n]\n]", "x a={\n]")
	for _, line := range lines {
		for cut := range len(line) {
			text := line[:cut] + "\n" + line[cut:]
			var want []string
			entry := ""
			for row := range strings.SplitSeq(text, "\n") {
				if entry != "" {
					entry += "\n"
				}
				if entry += row; !Scan(entry).Open() {
					want = append(want, entry)
					entry = ""
				}
			}
			if entry != "" {
				want = append(want, entry)
			}
			var rows Rows
			var got []string
			for row := range strings.SplitSeq(text, "\n") {
				if l := rows.Add(row); l != nil {
					got = append(got, l.Source)
				}
			}
			if l := rows.Rest(); l != nil {
				got = append(got, l.Source)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%q\n got %q\nwant %q", text, got, want)
			}
		}
	}
}

func BenchmarkScan(b *testing.B) {
	for _, line := range []string{saved.Lines(b)[100], pasted(5000)} {
		b.Run(fmt.Sprintf("%d-bytes", len(line)), func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				Scan(line)
			}
		})
	}
}

func BenchmarkRows(b *testing.B) {
	text := pasted(5000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		split(text)
	}
}

// split cuts text of several rows into entries.
func split(text string) []string {
	var entries []string
	var rows Rows
	for row := range strings.Lines(text) {
		if l := rows.Add(strings.TrimRight(row, "\r\n")); l != nil {
			entries = append(entries, l.Source)
		}
	}
	if l := rows.Rest(); l != nil {
		entries = append(entries, l.Source)
	}
	return entries
}
