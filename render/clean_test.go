package render

import (
	"testing"
	"unicode/utf8"
)

func TestCleanTakesAwayWhatATerminalActsOn(t *testing.T) {
	cases := []struct{ name, in, line, text string }{
		{"plain", "drive0", "drive0", "drive0"},
		{"wide and combining", "日本 e\u0301 👩‍👩‍👧", "日本 e\u0301 👩‍👩‍👧", "日本 e\u0301 👩‍👩‍👧"},
		{"colour", "\x1b[1;31mred\x1b[m", "red", "red"},
		{"C1 introducer", "\u009b31mred", "red", "red"},
		{"title", "\x1b]0;owned\aname", "name", "name"},
		{"title ended by ST", "\x1b]0;owned\x1b\\name", "name", "name"},
		{"device control", "\x1bPq#0;2;0;0;0\x1b\\x", "x", "x"},
		{"string without end hides nothing", "\x1b]0;rest of the label", "0;rest of the label", "0;rest of the label"},
		{"aborted string", "\x1bPab\x1b[2Jcd", "abcd", "abcd"},
		{"charset", "\x1b(0lqk", "lqk", "lqk"},
		{"reset", "\x1bcx", "x", "x"},
		{"escape at the end", "x\x1b", "x", "x"},
		{"control sequence at the end", "x\x1b[3", "x", "x"},
		{"control sequence broken by a line", "\x1b[3\nx", " x", "\nx"},
		{"bell, backspace, delete", "a\a\b\x7fb", "ab", "ab"},
		{"lines", "one\r\ntwo\tthree\n", "one two three ", "one\ntwo\tthree\n"},
		{"carriage return alone", "good\rbad", "good bad", "goodbad"},
		{"direction", "abc\u202etxt.exe\u2066\u200f", "abctxt.exe", "abctxt.exe"},
		{"no UTF-8", "a\xffb\x9b31m", `a\xffb\x9b31m`, `a\xffb\x9b31m`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in); got != c.line {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.line)
			}
			if got := CleanText(c.in); got != c.text {
				t.Errorf("CleanText(%q) = %q, want %q", c.in, got, c.text)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"a\x1b[31mb", "\x1b]8;;x\x1b\\", "\u009b1m\u0090q\u009c", "\xc2\x9b", "\r\r\n", "\x1b\x1b[[", "\u202e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, text := Clean(s), CleanText(s)
		for _, r := range line {
			if isControl(r) {
				t.Fatalf("Clean(%q) = %q holds %U", s, line, r)
			}
		}
		for _, r := range text {
			if isControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("CleanText(%q) = %q holds %U", s, text, r)
			}
		}
		if !utf8.ValidString(line) || !utf8.ValidString(text) {
			t.Fatalf("%q: invalid UTF-8 passed", s)
		}
		if Clean(line) != line || CleanText(text) != text {
			t.Fatalf("%q: cleaning twice is not cleaning once", s)
		}
	})
}
