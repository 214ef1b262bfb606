package editor

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// aScreen is a screen in a terminal of its own, below a printed row, and a way to tell it another width.
func aScreen(t *testing.T, width int) (*screen, *tmuxtest.Session, func(width int)) {
	terminal := tmuxtest.Start(t, tmuxtest.Options{Width: width, Height: 24}, "sh", "-c", "echo printed; exec sleep 600")
	terminal.WaitFor("printed")
	tty, err := os.OpenFile(terminal.TTY(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	var now atomic.Int32
	now.Store(int32(width))
	s := newScreen(tty, DefaultTheme(false), func() (int, int) { return int(now.Load()), 24 })
	return s, terminal, func(width int) { now.Store(int32(width)); s.resize() }
}

// TestFrameDrawnIntoANarrowerWindow: the window has changed already when a frame for the old size reaches the terminal, as
// happens while its edge is dragged.
func TestFrameDrawnIntoANarrowerWindow(t *testing.T) {
	s, terminal, resize := aScreen(t, 80)
	terminal.Resize(50, 24)
	menu := Completion{Title: "title"}
	for i := range 8 {
		menu.Candidates = append(menu.Candidates, Candidate{Text: fmt.Sprintf("name-%d", i), Columns: []string{strings.Repeat("what it means ", 5)}})
	}
	s.show(frame{prompt: "test> ", line: "na", cursor: 2, menu: newMenu(menu, newBuffer("na"))})
	resize(50)
	s.show(frame{prompt: "test> ", line: "nam", cursor: 3, menu: newMenu(menu, newBuffer("nam"))})
	screen := terminal.WaitUntil("the last frame below what was printed", func(sc tmuxtest.Screen) bool {
		return sc[0] == "printed" && sc[1] == "test> nam" && sc.Row("title") == 2+len(menu.Candidates)
	})
	if n := strings.Count(screen.String(), "test>"); n != 1 {
		t.Errorf("%d prompts on the screen:\n%s", n, screen)
	}
}

// TestLineDrawnIntoANarrowerWindow: a line of several rows leaves what is printed above it where it is.
func TestLineDrawnIntoANarrowerWindow(t *testing.T) {
	s, terminal, resize := aScreen(t, 80)
	terminal.Resize(50, 24)
	line := strings.Repeat("0123456789", 21)
	f := frame{prompt: "test> ", line: line, cursor: len(line), hint: strings.Repeat("hint ", 15)}
	s.print("and this\n")
	s.show(f)
	resize(50)
	screen := terminal.WaitUntil("the line and its hint", func(sc tmuxtest.Screen) bool {
		return strings.Contains(strings.ReplaceAll(sc.String(), "\n", ""), line+"hint hint") && strings.HasSuffix(sc.Last(), "…")
	})
	if want := "printed\nand this\ntest> 0123"; !strings.HasPrefix(screen.String(), want) || strings.Count(screen.String(), "test>") != 1 {
		t.Errorf("not the printed lines and one prompt:\n%s", screen)
	}
}

// TestPrintedIntoANarrowerWindow: lines that are printed over rows which the terminal has just broken stand alone.
func TestPrintedIntoANarrowerWindow(t *testing.T) {
	s, terminal, resize := aScreen(t, 80)
	line := strings.Repeat("0123456789", 21)
	s.show(frame{prompt: "test> ", line: line, cursor: len(line)})
	terminal.WaitUntil("the line", func(sc tmuxtest.Screen) bool { return sc[3] == line[len(line)-56:] })
	terminal.Resize(70, 24)
	s.print("an event\nanother\n")
	terminal.WaitFor("another")
	resize(70)
	terminal.Resize(100, 24)
	resize(100)
	terminal.WaitUntil("the events in rows of their own", func(sc tmuxtest.Screen) bool {
		at := sc.Row("an event")
		return at >= 0 && sc[at] == "an event" && sc[at+1] == "another" && strings.HasPrefix(sc[at+2], "test> 0123")
	})
}

// TestFrameInAWindowThatGetsNarrower: as long as a frame is drawn for each few columns, its rows fit into the next window
// too. Broken ones would push the prompt up and out of the window, where it cannot be taken away.
func TestFrameInAWindowThatGetsNarrower(t *testing.T) {
	s, terminal, resize := aScreen(t, 80)
	menu := Completion{Title: "title"}
	for i := range 10 {
		menu.Candidates = append(menu.Candidates, Candidate{Text: fmt.Sprintf("name-%d", i), Columns: []string{strings.Repeat("what it means ", 1+i%2*5)}})
	}
	for width := 80; width > 60; width -= 2 {
		terminal.Resize(width, 24)
		resize(width)
		line := fmt.Sprintf("at %d", width)
		s.show(frame{prompt: "test> ", line: line, cursor: len(line), menu: newMenu(menu, newBuffer(line))})
		terminal.WaitUntil("the frame", func(sc tmuxtest.Screen) bool {
			return sc[1] == "test> "+line && sc.Row("title") == 2+len(menu.Candidates)
		})
	}
	if all := terminal.History().String(); strings.Count(all, "test>") != 1 || !strings.HasPrefix(all, "printed\n") {
		t.Errorf("not one prompt below what was printed:\n%s", all)
	}
	rows, _ := newMenu(menu, newBuffer("")).rows(60, 20, 0, 0, Theme{})
	for _, r := range rows {
		if strings.HasSuffix(r.text, " ") || r.width != ansi.StringWidth(r.text) {
			t.Errorf("a row of width %d has blanks at its end: %q", r.width, r.text)
		}
	}
}

func TestLineThatEndsInTheLastColumn(t *testing.T) {
	s, terminal, _ := aScreen(t, 20)
	for _, end := range []string{"", "^C"} {
		line := strings.Repeat("x", 20-len("> ")-len(end))
		s.show(frame{prompt: "> ", line: line, cursor: len(line)})
		s.finish(end)
		s.show(frame{prompt: "next> "})
		sc := terminal.WaitUntil("the line and what comes next", func(sc tmuxtest.Screen) bool {
			return sc.Contains("> "+line+end) && sc.Last() == "next>"
		})
		if at := sc.Row("> " + line + end); sc[at+1] != "next>" {
			t.Errorf("an empty row behind the line:\n%s", sc)
		}
		s.remove()
	}
}
