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

func FuzzCaret(f *testing.F) {
	f.Add("block-comit device=drive0", 0, 11, 80)
	f.Add("日本\t=\x1b[31m x\nrow=2", 3, 9, 20)
	f.Add("", 0, 0, 1)
	f.Fuzz(func(t *testing.T, source string, start, end, width int) {
		width = 10 + (width&0xff+256)%256
		p := Printer{Terminal: true, Width: width}
		screen := caretScreen(t, p, source, []Problem{{Start: start, End: end, Message: "x"}}, "")
		for _, line := range strings.Split(screen, "\n") {
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
