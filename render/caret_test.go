package render

import (
	"strings"
	"testing"
)

func caretScreen(t *testing.T, p Printer, source string, problems []Problem, note string) string {
	t.Helper()
	var b strings.Builder
	if err := p.Problems(&b, source, problems, note); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCaretIsTheScreenOfAMistake(t *testing.T) {
	var b strings.Builder
	p := Printer{Terminal: true, Width: 80}
	err := p.Caret(&b, "blockdev-add driver=qcow3 node-name=n0", 20, 25,
		`driver: "qcow3" is not one of this QEMU's 42 drivers`, []string{"qcow2", "qcow"}, "nothing was sent")
	if err != nil {
		t.Fatal(err)
	}
	want := `error: driver: "qcow3" is not one of this QEMU's 42 drivers

  blockdev-add driver=qcow3 node-name=n0
                      ^~~~~
did you mean: qcow2, qcow
nothing was sent
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestCaretScreens(t *testing.T) {
	long := "blockdev-add driver=qcow2 node-name=n0 file.driver=file file.filename=/var/lib/images/a.qcow2 cache.direct=maybe read-only=on"
	cases := []struct {
		name     string
		width    int
		source   string
		problems []Problem
		note     string
		want     string
	}{
		{"at the end of the line", 60, "block-commit", []Problem{{Start: 12, End: 12, Message: "device is missing"}}, "nothing was sent", `
error: device is missing

  block-commit
              ^
nothing was sent
`},
		{"wide characters", 60, "netdev_add id=日本 x=1", []Problem{{Start: 21, End: 22, Message: "no member x"}}, "", `
error: no member x

  netdev_add id=日本 x=1
                     ^
`},
		{"a tab", 60, "stop\tnow", []Problem{{Start: 5, End: 8, Message: "stop takes no arguments"}}, "", `
error: stop takes no arguments

  stop now
       ^~~
`},
		{"a row of several", 60, "transaction(\n  abort\n  nope x=1\n)", []Problem{{Start: 23, End: 27, Message: "no action nope"}}, "", `
error: no action nope

  3 |   nope x=1
        ^~~~
`},
		{"a span over rows", 60, "a={\n1\n", []Problem{{Start: 2, End: 6, Message: "not closed"}}, "", `
error: not closed

  1 | a={
        ^
`},
		{"a long line is cut around the culprit", 60, long, []Problem{{Start: 107, End: 112, Message: "no boolean"}}, "", `
error: no boolean

  …e=/var/lib/images/a.qcow2 cache.direct=maybe read-only=on
                                          ^~~~~
`},
		{"a culprit at the beginning of a long line", 40, long, []Problem{{Start: 0, End: 12, Message: "x"}}, "", `
error: x

  blockdev-add driver=qcow2 node-name=n…
  ^~~~~~~~~~~~
`},
		{"a culprit that is too long", 30, "x=" + strings.Repeat("y", 60) + " z", []Problem{{Start: 2, End: 62, Message: "x"}}, "", `
error: x

  …yyyyyyyyyyyyyyyyyyyyyyyyyy…
   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
`},
		{"several problems", 60, "a b=1 c=2", []Problem{
			{Start: 2, End: 3, Message: "no member b", Near: []string{"bb", "be"}},
			{Start: 6, End: 7, Message: "c is deprecated", Warning: true},
		}, "nothing was sent", `
error: no member b

  a b=1 c=2
    ^
did you mean: bb, be

warning: c is deprecated

  a b=1 c=2
        ^
nothing was sent
`},
		{"no source", 60, "", []Problem{{Message: "no command"}}, "nothing was sent", `
error: no command
nothing was sent
`},
		{"a long message", 40, "x", []Problem{{Start: 0, End: 1, Message: "this message is longer than the forty cells of the line"}}, "", `
error: this message is longer than the
forty cells of the line

  x
  ^
`},
		{"control characters", 60, "x=\x1b[31my", []Problem{{Start: 7, End: 8, Message: "bad \x1b]0;t\a"}}, "", `
error: bad

  x=y
    ^
`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := caretScreen(t, Printer{Terminal: true, Width: c.width}, c.source, c.problems, c.note)
			if got != c.want[1:] {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want[1:])
			}
		})
	}
}

func TestErrorSaysWhatToTry(t *testing.T) {
	var b strings.Builder
	p := Printer{Theme: NewTheme(ANSI16, false), Terminal: true, Width: 60}
	err := p.Error(&b, "no greeting from unix:./vm.sock within 5 s",
		"the socket is open, but another client holds this monitor: pid 4121 (libvirtd)", "try: qmpsh -c libvirt:web01, or give QEMU a second -qmp socket")
	if err != nil {
		t.Fatal(err)
	}
	want := "\x1b[1;31merror:\x1b[m no greeting from unix:./vm.sock within 5 s\n" +
		"the socket is open, but another client holds this monitor:\npid 4121 (libvirtd)\n" +
		"try: qmpsh -c libvirt:web01, or give QEMU a second -qmp\nsocket\n"
	if b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
}

func FuzzCaret(f *testing.F) {
	f.Add("block-comit device=drive0", 0, 11, 80)
	f.Add("日本\t=\x1b[31m x\nrow=2", 3, 9, 20)
	f.Add("", 0, 0, 1)
	f.Fuzz(func(t *testing.T, source string, start, end, width int) {
		width = 10 + (width&0xff+256)%256
		p := Printer{Terminal: true, Width: width}
		screen := caretScreen(t, p, source, []Problem{{Start: start, End: end, Message: "x"}}, "")
		for line := range strings.SplitSeq(screen, "\n") {
			if Width(line) > width {
				t.Fatalf("%d cells in a width of %d: %q", Width(line), width, line)
			}
			if Clean(line) != line {
				t.Fatalf("control characters in %q", line)
			}
		}
		if strings.TrimSpace(source) != "" && !strings.Contains(screen, "^") {
			t.Fatalf("no mark in:\n%s", screen)
		}
	})
}
