package editor

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// TestFrameDrawnIntoANarrowerWindow: the window has changed already when a frame for the old size reaches the terminal, as
// happens while its edge is dragged.
func TestFrameDrawnIntoANarrowerWindow(t *testing.T) {
	terminal := tmuxtest.Start(t, tmuxtest.Options{Width: 50, Height: 24}, "sleep", "600")
	tty, err := os.OpenFile(terminal.TTY(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	var width atomic.Int32
	width.Store(80)
	s := newScreen(tty, DefaultTheme(false), func() (int, int) { return int(width.Load()), 24 })
	menu := Completion{Title: "title"}
	for i := range 8 {
		menu.Candidates = append(menu.Candidates, Candidate{Text: fmt.Sprintf("name-%d", i), Columns: []string{strings.Repeat("what it means ", 5)}})
	}
	s.print("printed\n")
	s.show(frame{prompt: "test> ", line: "na", cursor: 2, menu: newMenu(menu, newBuffer("na"))})
	width.Store(50)
	s.resize()
	s.show(frame{prompt: "test> ", line: "nam", cursor: 3, menu: newMenu(menu, newBuffer("nam"))})
	screen := terminal.WaitUntil("the last frame below what was printed", func(sc tmuxtest.Screen) bool {
		return sc[0] == "printed" && sc[1] == "test> nam" && sc.Row("title") == 2+len(menu.Candidates)
	})
	if n := strings.Count(screen.String(), "test>"); n != 1 {
		t.Errorf("%d prompts on the screen:\n%s", n, screen)
	}
}
