package editor

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// at runs a scene in the two sizes that people are known to have.
func at(t *testing.T, scene func(t *testing.T, s *tmuxtest.Session)) {
	for _, size := range [][2]int{{80, 24}, {50, 15}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := start(t, tmuxtest.Options{Width: size[0], Height: size[1]})
			scene(t, s)
			alive(t, s)
		})
	}
}

// alive checks that the program still takes a line and ends in order.
func alive(t *testing.T, s *tmuxtest.Session) {
	t.Helper()
	s.WaitUntil("a prompt", func(sc tmuxtest.Screen) bool {
		return strings.Contains(sc.Last(), "test>") || strings.Contains(sc.Last(), "...")
	})
	s.Press("C-c", "C-c")
	s.WaitMatch(`INTERRUPT\ntest>$`)
	// Between two lines Ctrl-C is a signal, and the second may come so late that it drops the line typed next: then another is.
	for n, whole := 1, false; !whole; n++ {
		s.Type(fmt.Sprintf("still here %d\n", n))
		sc := s.WaitMatch(fmt.Sprintf(`(GOT "[^"]*%d"|%d\^C\nINTERRUPT)(\n.*)*\ntest>$`, n, n))
		whole = sc.Contains(fmt.Sprintf(`GOT "still here %d"`, n))
	}
	s.Press("C-d")

	if code := s.WaitExit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestTransposeOnOneCharacter(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Press("a", "C-t", "b", "C-t", "C-t", "Enter")
		s.WaitFor(`GOT "ab"`)
		s.Press("a", "b", "Home", "C-t", "x", "Enter")
		s.WaitFor(`GOT "xab"`)
	})
}

func TestSearchInAHistoryNeverUsed(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Press("C-s", "C-c")
		s.Press("C-r")
		s.WaitFor("search the history")
		s.Press("x")
		s.WaitFor("no line of the history has: x")
		s.Press("C-g")
		s.WaitGone("no line")
	})
}

func TestMenuOfTwoHundredScrollsAndSurvivesEveryKey(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("big ")
		s.Press("Tab")
		s.WaitFor(" of 200 ─")
		s.Press("Tab", "Tab", "C-k") // closes it, and kills nothing
		s.WaitGone("▸")
		s.WaitMatch(`test> big z001$`)
		s.Press("C-c", "b", "i", "g", "Space", "Tab")
		s.WaitFor(" of 200 ─")
		for range 16 {
			s.Press("Tab")
		}
		s.WaitFor("─ 16 of 200 ─ word: str, mandatory")
		s.Press("NPage")
		s.WaitFor("─ 26 of 200 ─")
		s.Press("BTab")
		s.WaitFor("─ 25 of 200 ─")
		s.Press("Up", "Down", "PPage", "PPage", "PPage")
		s.WaitFor("▸ z000")
		s.Press("BTab", "BTab")
		s.WaitFor("─ 200 of 200 ─")
		s.Press("Escape")
		s.WaitGone(" of 200")
		s.WaitMatch(`test> big z$`)
		s.Press("Tab", "1", "5")
		s.WaitFor("─ 10 of 10 ─")
		s.Press("Tab", "Enter", "Enter")
		s.WaitFor(`GOT "big z150"`)
	})
}

func TestMenuNarrowsReplacesAndLeaves(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("d")
		s.Press("Tab") // what all have in common
		s.WaitFor("test> de")
		s.WaitFor("─ 3 of 3 ─")
		s.Press("s")
		s.WaitFor("─ 1 of 1 ─")
		s.Press("Tab", "Enter")
		s.WaitMatch(`test> describe$`)
		s.Type(" name=alpha")
		s.Press("M-b", "M-b", "C-f", "C-f")
		s.WaitMatch(`test> describe name=alpha$`)
		s.Press("Tab") // in the middle of a word: the word is replaced, not lengthened
		s.WaitFor("name=beta")
		s.Press("Tab", "Tab", "Enter", "Enter")
		s.WaitFor(`GOT "describe name=beta"`)
		s.Type("describe na")
		s.Press("Tab", "Tab")
		s.WaitFor("▸ name=alpha")
		s.Press("Escape")
		s.WaitGone("─")
		s.Press("Enter")
		s.WaitFor(`GOT "describe name="`)
	})
}

func TestMenuStaysWhileLinesArePrinted(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("events 100 200\n")
		s.Type("big ")
		s.Press("Tab", "Tab")
		s.WaitFor("events end")
		s.WaitFor("▸ z000")
		s.Press("Enter", "Enter")
		s.WaitFor(`GOT "big z000"`)
		if n := strings.Count(s.History().String(), "of some kind"); n != 100 {
			t.Errorf("%d of 100 lines are there", n)
		}
	})
}

func TestChildGetsEveryKey(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	for i := range 4 {
		s.Press("x", "Escape", "C-g", "Tab", "F7", "M-x", "C-]", "BSpace") // keys that the editor swallows
		s.Type("run head -n1\n")
		s.WaitUntil("the child", func(sc tmuxtest.Screen) bool {
			return strings.Count(sc.String(), "CHILD") == i+1 && sc.Last() == "CHILD"
		})
		text := fmt.Sprintf("typed to the child %d", i)
		s.Type(text + "\n")
		s.WaitMatch(text + "\n" + text + "\ntest>$")
	}
	alive(t, s)
}

func TestHandOverInTheMiddleOfALine(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	s.Type("events 3 1000\n")
	s.WaitFor("events end")
	s.Type("half a line")
	s.Press("C-x")
	s.WaitMatch(`CHILD$`)
	s.Type("for the child\n")
	s.WaitMatch("for the child\nfor the child\ntest> half a line edited$")
	s.Press("Enter")
	s.WaitFor(`GOT "half a line edited"`)
	alive(t, s)
}

func TestPrintedWhileTheTerminalIsAway(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	s.Type("events 50 500\n")
	s.Type("run head -n1\n")
	s.WaitMatch(`CHILD$`)
	s.Type("go on\n")
	s.WaitFor("events end")
	if n := strings.Count(s.History().String(), "of some kind"); n != 50 {
		t.Errorf("%d of 50 lines are there:\n%s", n, s.History())
	}
	alive(t, s)
}

func TestDeleteOnAnEmptyLineStays(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Press("DC", "DC", "a", "b", "Home", "DC", "DC", "DC", "c", "Enter")
		s.WaitFor(`GOT "c"`)
	})
}

func TestSpecialKeysMoveAsTheySay(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("one two three")
		s.Send("\x1b[1~")
		s.Type("<")
		s.Send("\x1b[4~")
		s.Type(">")
		s.Send("\x1b[1;5D\x1b[1;5D") // Ctrl-Left twice
		s.Type("|")
		s.Send("\x1b[1;3C") // Alt-Right
		s.Type("!")
		s.Press("Enter")
		s.WaitFor(`GOT "<one |two! three>"`)
		s.Type("up")
		s.Press("M-Enter")
		s.Type("down")
		s.Press("Up")
		s.Type("X")
		s.Press("Down", "End")
		s.Type("Y")
		s.Press("Enter")
		s.WaitFor(`GOT "upX\ndownY"`)
		s.Send("\x1b[200~\x1b[201~\x1b]11;rgb:0/0/0\a\x1b[?1;2c\x1b[I\x1b[O\x1bP1$r\x1b\\") // reports of terminals
		s.Type("quiet\n")
		s.WaitFor(`GOT "quiet"`)
	})
}

func TestRuboutWordBehindALeadingBlank(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type(" first second=x.y")
		s.Press("C-w", "Enter")
		s.WaitFor(`GOT " first "`)
		s.Type(" first second")
		s.Press("Home", "C-f", "C-w", "Enter")
		s.WaitFor(`GOT "first second"`)
		s.Type("a b")
		s.Press("C-w", "C-y", "C-y", "Enter")
		s.WaitFor(`GOT "a bb"`)
		s.Type("one two three four")
		s.Press("M-b", "C-w", "C-w", "C-k", "C-y", "Left", "C-w", "C-y", "Enter")
		s.WaitFor(`GOT "one two three four"`)
		s.Type("one two")
		s.Press("C-w", "C-_", "Enter")
		s.WaitFor(`GOT "one two"`)
	})
}

func TestHalfTypedLineIsNeverReturned(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			// A shell above the program shows afterwards in what state the terminal is.
			s := tmuxtest.Start(t, tmuxtest.Options{Env: []string{programEnv + "=1", "TERM=tmux-256color"}},
				"sh", "-c", `stty -a; "$0"; echo code $?; stty -a`, exe)
			s.WaitMatch(`test>$`)
			s.Type("half a line")
			s.WaitFor("test> half a line")
			if err := syscall.Kill(child(t, s.Pid()), sig); err != nil {
				t.Fatal(err)
			}
			s.WaitFor("code 0")
			s.WaitExit()
			all := s.History().String()
			if strings.Contains(all, "GOT") || !strings.Contains(all, "LEAVING") {
				t.Errorf("the half-typed line was run:\n%s", all)
			}
			before, after, _ := strings.Cut(all, "code 0\n")
			if !strings.HasPrefix(before, strings.TrimRight(after, "\n")) {
				t.Errorf("the terminal is not as it was:\n%s", all)
			}
		})
	}
}

func TestHangUpAtAQuestionEndsEveryReading(t *testing.T) {
	for _, what := range []string{"ask", "secret"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := start(t, tmuxtest.Options{})
			s.Type(what + "\nhalf an answer")
			s.Signal(syscall.SIGHUP)
			if code := s.WaitExit(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// child is the process that the process pid has started.
func child(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Fatal(err)
	}
	var found int
	if _, err := fmt.Sscan(string(text), &found); err != nil {
		t.Fatalf("children %q: %v", text, err)
	}
	return found
}

func TestWrappedLineSurvivesFourHundredLines(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("events 400 400\n")
		line := strings.Repeat("wrapped ", 20) + "end"
		s.Type(line)
		s.Press("C-a") // back in the first row of several
		for range 30 {
			s.Press("Right", "Left")
		}
		s.Type("start ")
		s.WaitFor("events end")
		s.Press("Enter")
		s.WaitFor("GOT")
		history := s.History().String()
		for i := range 400 {
			if !strings.Contains(history, fmt.Sprintf("event %d of some kind\n", i)) {
				t.Fatalf("event %d is gone:\n%s", i, history)
			}
		}
		if flat := strings.ReplaceAll(history, "\n", ""); !strings.Contains(flat, `GOT "start `+line+`"`) {
			t.Errorf("the line was damaged:\n%s", history)
		}
	})
}

func TestThousandLinesASecondLeaveKeysAlone(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	s.Type("events 1500 1000\n")
	for _, c := range "typed while it rains" {
		s.Press(string(c))
	}
	s.WaitUntil("the line below the rain", func(sc tmuxtest.Screen) bool { return sc.Last() == "test> typed while it rains" })
	s.Press("Enter")
	s.WaitFor(`GOT "typed while it rains"`)
	s.WaitFor("events end")
	if n := strings.Count(s.History().String(), "of some kind"); n != 1500 {
		t.Errorf("%d of 1500 lines are there", n)
	}
	alive(t, s)
}

func TestWideCharactersKeepTheCursorInPlace(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("日本語 ü é x")
		s.WaitFor("日本語 ü é x")
		s.Press("Home")
		for i, want := range []int{6, 8, 10, 12, 13, 14} {
			if i > 0 {
				s.Press("Right")
			}
			s.WaitUntil(fmt.Sprintf("the cursor in column %d", want), func(tmuxtest.Screen) bool {
				column, _ := s.Cursor()
				return column == want
			})
		}
		s.Press("BSpace", "-", "Enter")
		s.WaitFor(`GOT "日本語 - é x"`)
		s.Type(strings.Repeat("日", 60))
		s.WaitUntil("the line to wrap", func(sc tmuxtest.Screen) bool { return strings.Count(sc.String(), "日") >= 60 })
		s.Press("Home", "a", "Enter")
		s.WaitFor(`GOT "a日`)
	})
}

func TestTextWithoutLineEndIsKept(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("partial\n")
		s.WaitMatch("partial\nrest\ntest>$")
		s.Type("x")
		s.WaitMatch("partial\nrest\ntest> x$")
	})
}

func TestPastes(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Paste("one\ttwo\x1b[31m\nthree\n")
		s.WaitFor("three")
		s.Press("Enter")
		s.WaitFor(`GOT "one  two[31m\nthree"`)
		var big strings.Builder
		big.WriteString("len {\n")
		for i := range 4000 {
			fmt.Fprintf(&big, "  \"member%d\": [1, 2, 3],\n", i)
		}
		big.WriteString("}")
		s.Paste(big.String())
		s.WaitMatch(`(?m)^  \.\.\. }$`)
		s.Press("Enter")
		s.WaitFor(fmt.Sprintf("LEN %d ROWS 4002", big.Len()))
		s.Paste("len " + strings.Repeat("x", 20000))
		s.Press("Enter")
		s.WaitFor("LEN 20004 ROWS 1")
	})
}

func TestEnterOnSomethingOpen(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("send {\n")
		s.WaitMatch(`(?m)^  \.\.\.$`)
		s.Type("1 }\n")
		s.WaitFor(`GOT "send {\n1 }"`)
		s.Press("Up")
		s.WaitFor("... 1 }")
		s.Press("Up", "Home") // into the first row of the entry, not out of it
		s.Type("re")
		s.Press("Enter")
		s.WaitFor(`GOT "resend {\n1 }"`)
	})
}

func TestHistoryIsSharedPrivateAndSearched(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "history")
	one := start(t, tmuxtest.Options{}, "EDITOR_HISTORY="+path)
	two := start(t, tmuxtest.Options{}, "EDITOR_HISTORY="+path)
	one.Type("first Of One\n")
	one.WaitFor("GOT")
	two.Type("second of two\n")
	two.WaitFor("GOT")
	one.Type("with password=hunter2\n")
	one.WaitFor("hunter2")
	one.Press("Up")
	one.WaitMatch(`test> first Of One$`) // its own first
	one.Press("Up")
	one.WaitMatch(`test> second of two$`)
	one.Press("Down", "Down")
	one.WaitMatch(`test>$`)
	two.Press("C-r")
	two.Type("of one")
	two.WaitMatch(`test> first Of One\nsearch the history: of one`)
	two.Press("Enter", "Enter")
	two.WaitFor(`GOT "first Of One"`)
	two.Type("sec") // the grey rest of the newest line that begins so
	two.WaitMatch(`test> second of two$`)
	two.Press("Right", "Enter")
	two.WaitUntil("the suggestion to be run", func(sc tmuxtest.Screen) bool {
		return strings.Count(sc.String(), `GOT "second of two"`) == 2
	})
	alive(t, one)
	alive(t, two)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, error %v", info.Mode(), err)
	}
	text, _ := os.ReadFile(path)
	if strings.Contains(string(text), "hunter2") {
		t.Error("a secret is in the history")
	}
	var first string
	if row, _, _ := strings.Cut(string(text), "\n"); json.Unmarshal([]byte(row), &first) != nil || first != "first Of One" {
		t.Errorf("first row %q", row)
	}
}

func TestSecretsAndQuestions(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("secret\n")
		s.WaitFor("password:")
		s.Type("hunter2x")
		s.Press("C-w") // must not be there to yank
		s.Type("hunter2")
		s.Press("Enter")
		sc := s.WaitFor("SECRET 7")
		if sc.Contains("hunter") {
			t.Errorf("the secret is on the screen:\n%s", sc)
		}
		s.Press("C-y", "x", "Enter")
		s.WaitFor(`GOT "x"`)
		s.Press("Up")
		s.WaitMatch(`test> x$`)
		s.Press("C-c")
		for answer, want := range map[string]string{"y": "true", "YES": "true", "": "false", "yo": "false", "n": "false"} {
			s.Press("C-l")
			s.Type("ask\n")
			s.WaitFor("sure?")
			s.Type(answer + "\n")
			s.WaitFor("YES " + want)
		}
	})
}

func TestStopAndContinue(t *testing.T) {
	t.Parallel()
	exe, _ := os.Executable()
	s := tmuxtest.Start(t, tmuxtest.Options{Env: []string{"PS1=shell$ ", programEnv + "=1"}}, "bash", "--norc", "--noprofile", "-i")
	s.WaitFor("shell$")
	s.Type("stty -g > " + t.TempDir() + "/x; " + exe + "\n")
	s.WaitFor("test>")
	s.Type("half a line")
	s.WaitFor("test> half a line")
	s.Press("C-z")
	s.WaitFor("Stopped")
	s.Type("echo the parent $((40+2))\n")
	s.WaitFor("the parent 42")
	s.Type("fg\n")
	s.WaitMatch(`test> half a line$`)
	s.Press("Enter")
	s.WaitFor(`GOT "half a line"`)
	s.Press("C-d")
	s.WaitMatch(`shell\$$`)
	s.Type("stty -a\n")
	s.WaitMatch(`(?s) icanon.* echo `)
}

func TestInterruptEndsTheWaiting(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("wait\n")
		s.WaitFor("waiting…")
		s.Press("C-c")
		s.WaitFor("WAITED")
		s.WaitGone("waiting…")
		s.Type("timeout\n")
		s.Type("half")
		s.WaitFor("TIMEOUT context deadline exceeded")
		s.Type("prompt other\n")
		s.WaitFor("other>")
		s.Type("prompt test\n")
		s.WaitMatch(`test>$`)
	})
}

func TestBugInACallbackIsSurvived(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("panic in the hint")
		s.WaitFor("a bug: Hint failed and is switched off")
		s.Press("Enter")
		s.WaitFor(`GOT "panic in the hint"`)
	})
}

func TestHintStandsUnderTheWord(t *testing.T) {
	at(t, func(t *testing.T, s *tmuxtest.Session) {
		s.Type("hint me")
		s.WaitMatch(`test> hint me\n {11}the hint$`)
		s.Press("F2")
		s.WaitFor("... two")
		s.Press("C-l")
		s.WaitUntil("the line at the top", func(sc tmuxtest.Screen) bool { return sc[0] == "test> one" && sc[1] == "  ... two" })
		s.Press("Enter")
		s.WaitFor(`GOT "one\ntwo"`)
	})
}

func TestWindowOfEverySize(t *testing.T) {
	s := start(t, tmuxtest.Options{})
	line := strings.Repeat("resized ", 15) + "日本語"
	s.Type(line)
	for _, size := range [][2]int{{40, 24}, {300, 50}, {41, 5}, {80, 24}, {50, 15}, {120, 3}, {79, 24}} {
		s.Resize(size[0], size[1])
		s.Press("Home", "Right", "End")
		s.WaitUntil(fmt.Sprintf("the line at %dx%d", size[0], size[1]), func(sc tmuxtest.Screen) bool {
			// What tmux has broken into its own history comes back into view with a higher window; the frame is the last.
			return strings.HasSuffix(strings.ReplaceAll(sc.String(), "\n", ""), line[len(line)-60:])
		})
	}
	s.Press("Enter")
	s.WaitUntil("the line to be run", func(sc tmuxtest.Screen) bool {
		return strings.Contains(strings.ReplaceAll(sc.String(), "\n", ""), `GOT "`+line+`"`)
	})
	alive(t, s)
}

func TestDumbTerminalReadsPlainLines(t *testing.T) {
	s := start(t, tmuxtest.Options{}, "TERM=dumb")
	s.Type("plain line\n")
	s.WaitFor(`GOT "plain line"`)
	s.Type("open {\n")
	s.Type("}\n")
	s.WaitFor(`GOT "open {\n}"`)
	s.Type("secret\n")
	s.WaitFor("password:")
	s.Type("hunter2\n")
	if sc := s.WaitFor("SECRET 7"); sc.Contains("hunter") {
		t.Errorf("the secret is on the screen:\n%s", sc)
	}
	s.Type("half")
	s.Press("C-u", "C-d")
	s.WaitFor("LEAVING")
	s.WaitExit()
}
