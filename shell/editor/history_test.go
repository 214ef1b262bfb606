package editor

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestHistoryKeepsRowsAndForgetsSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dir", "history")
	h := NewHistory(path, 0, func(line string) bool { return !strings.Contains(line, "secret") })
	for _, line := range []string{"one", "two\nrows", "two\nrows", " ", "secret", strings.Repeat("x", longestEntry+1), "three"} {
		if err := h.Add(line); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"one", "two\nrows", "three"}
	if got := h.Entries(); !slices.Equal(got, want) {
		t.Errorf("entries %q, want %q", got, want)
	}
	if got := NewHistory(path, 0, nil).Entries(); !slices.Equal(got, want) {
		t.Errorf("read again: %q", got)
	}
	if got := h.Suggest("two"); got != "\nrows" {
		t.Errorf("suggestion %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

func TestHistoryHasItsOwnLinesBehindThoseOfOtherPrompts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	here, there := NewHistory(path, 0, nil), NewHistory(path, 0, nil)
	for i, h := range []*History{there, here, there, here, there} {
		if err := h.Add(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	for h, want := range map[*History][]string{here: {"0", "2", "4", "1", "3"}, there: {"1", "3", "0", "2", "4"}, NewHistory(path, 0, nil): {"0", "1", "2", "3", "4"}} {
		if got := h.Entries(); !slices.Equal(got, want) {
			t.Errorf("entries %q, want %q", got, want)
		}
	}
}

func TestHistoryPassesOverWhatIsNoEntry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte("\"one\"\nnonsense\n{}\n\"cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := NewHistory(path, 0, nil)
	if err := h.Add("two"); err != nil {
		t.Fatal(err)
	}
	if got := h.Entries(); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("entries %q", got)
	}
}

// Several prompts that add and trim at once lose nothing of what is newest.
func TestHistoryIsTrimmedUnderItsLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	const prompts, lines, limit = 4, 60, 50
	var all sync.WaitGroup
	for p := range prompts {
		h := NewHistory(path, limit, nil)
		all.Go(func() {
			for i := range lines {
				if err := h.Add(fmt.Sprintf("line %d of prompt %d", i, p)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got := NewHistory(path, limit, nil).Entries()
	if len(got) < limit || len(got) >= 2*limit {
		t.Errorf("%d entries are left of %d with a limit of %d", len(got), prompts*lines, limit)
	}
	// Each prompt's lines stand in their order, without a gap: nobody wrote into a file that had been replaced.
	next := map[int]int{}
	for _, line := range got {
		var i, p int
		if _, err := fmt.Sscanf(line, "line %d of prompt %d", &i, &p); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if want, seen := next[p]; seen && i != want {
			t.Errorf("prompt %d: line %d, want %d", p, i, want)
		}
		next[p] = i + 1
	}
	for p, n := range next {
		if n != lines {
			t.Errorf("prompt %d: the last line is %d", p, n-1)
		}
	}
}
