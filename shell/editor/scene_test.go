package editor

import (
	"testing"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

func TestTry(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	s.Type("hello\n")
	t.Log("\n" + s.WaitFor("GOT").String())
	s.Press("d", "e", "Tab")
	t.Log("\n" + s.WaitFor("describe").String())
	s.Press("Tab", "Tab")
	t.Log("\n" + s.WaitFor("▸ deploy").String())
	s.Press("Enter")
	t.Log("\n" + s.WaitGone("▸").String())
	s.Type(" hint x")
	s.Press("Enter")
	t.Log("\n" + s.WaitFor("GOT \"deploy").String())
	s.Type("hint ")
	t.Log("\n" + s.WaitFor("the hint").String())
	s.Press("C-d")
	s.Press("C-u")
	s.Press("C-d")
	s.WaitExit()
	t.Log("\n" + s.Screen().String())
}
