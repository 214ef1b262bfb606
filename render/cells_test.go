package render

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

func TestWidthsAreCellsNotBytes(t *testing.T) {
	const family = "👩‍👩‍👧"
	cases := []struct{ name, got, want string }{
		{"short", Truncate("drive0", 6), "drive0"},
		{"cut", Truncate("drive0", 5), "driv…"},
		{"cut before a wide character", Truncate("a日本", 4), "a日…"},
		{"cut at a wide character", Truncate("日本語", 4), "日…"},
		{"cut never splits a cluster", Truncate("x"+family+family, 4), "x" + family + "…"},
		{"combining mark stays", Truncate("e\u0301e\u0301e\u0301", 2), "e\u0301…"},
		{"no room", Truncate("abc", 0), ""},
		{"one cell", Truncate("abc", 1), "…"},
		{"left", TruncateLeft("/var/lib/disk.qcow2", 12), "…/disk.qcow2"},
		{"left at a wide character", TruncateLeft("日本語", 4), "…語"},
		{"left one cell", TruncateLeft("abc", 1), "…"},
		{"middle", TruncateMiddle("mirror-of-disk-59", 12), "mirror…sk-59"},
		{"middle of what fits", TruncateMiddle("drive0", 6), "drive0"},
		{"middle at wide characters", TruncateMiddle("日本語日本語", 6), "日…語"},
		{"middle of one cell", TruncateMiddle("abc", 1), "…"},
		{"middle of none", TruncateMiddle("abc", 0), ""},
		{"pad", Pad("日", 4) + "|", "日  |"},
		{"pad left", PadLeft("日", 4), "  日"},
		{"fit", Fit("日本語", 4) + "|", "日… |"},
		{"colours take no cells", Pad("\x1b[31mx\x1b[m", 3) + "|", "\x1b[31mx\x1b[m  |"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	cases := []struct {
		name, in string
		w        int
		want     string
	}{
		{"short", "a b", 10, "a b"},
		{"words", "one two three four", 9, "one two|three|four"},
		{"names with dashes stay whole", "block-job-cancel block-job-pause", 20, "block-job-cancel|block-job-pause"},
		{"long word", "abcdefghij", 4, "abcd|efgh|ij"},
		{"path", "/machine/peripheral/vd0/virtio-backend", 24, "/machine/peripheral/vd0/|virtio-backend"},
		{"lines", "a\n\nb", 4, "a||b"},
		{"indented", "  one two", 6, "  one|two"},
		{"wide", "日本語です", 4, "日本|語で|す"},
		{"tab", "a\tb", 4, "a b"},
		{"nothing", "", 4, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(Wrap(c.in, c.w), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzCells(f *testing.F) {
	f.Add("日本 👩‍👩‍👧 e\u0301 /var/lib", 5)
	f.Add("🇩🇪🇫🇷\u200d", 3)
	f.Fuzz(func(t *testing.T, s string, w int) {
		s = Clean(s)
		w = 2 + (w%100+100)%100
		if strings.Contains(s, "…") {
			return
		}
		for name, cut := range map[string]string{"Truncate": Truncate(s, w), "TruncateLeft": TruncateLeft(s, w)} {
			if Width(cut) > w {
				t.Errorf("%s(%q, %d) = %q takes %d cells", name, s, w, cut, Width(cut))
			}
			whole(t, s, strings.Trim(cut, "…"))
		}
		if got := Width(Fit(s, w)); got != w {
			t.Errorf("Fit(%q, %d) takes %d cells", s, w, got)
		}
		joined := ""
		for _, line := range Wrap(s, w) {
			if Width(line) > w && uniseg.GraphemeClusterCount(line) > 1 {
				t.Errorf("Wrap(%q, %d) has a line of %d: %q", s, w, Width(line), line)
			}
			joined += line
		}
		if strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("Wrap(%q, %d) lost something: %q", s, w, joined)
		}
	})
}

// whole fails unless part is made of whole clusters of s.
func whole(t *testing.T, s, part string) {
	t.Helper()
	at := strings.Index(s, part)
	if at < 0 {
		t.Errorf("%q is no part of %q", part, s)
		return
	}
	edges := map[int]bool{len(s): true}
	for pos, rest := 0, s; rest != ""; {
		edges[pos] = true
		cluster, left, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		pos, rest = pos+len(cluster), left
	}
	for ; at >= 0; at = next(s, part, at) {
		if edges[at] && edges[at+len(part)] {
			return
		}
	}
	t.Errorf("%q splits a character of %q", part, s)
}

func next(s, part string, after int) int {
	if part == "" || after+1 >= len(s) {
		return -1
	}
	at := strings.Index(s[after+1:], part)
	if at < 0 {
		return -1
	}
	return after + 1 + at
}
