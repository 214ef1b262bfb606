package tmuxtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTypedTextAppears(t *testing.T) {
	// The shell holds the terminal: cat lets go of it before it ends, and may be hung up then.
	s := Start(t, Options{}, "sh", "-c", "cat; exit 3")
	s.Type("it's \"quoted\" $HOME ; #{x} ünï 日本\n")
	sc := s.WaitUntil("the echo and cat's copy", func(sc Screen) bool {
		return strings.Count(sc.String(), `it's "quoted" $HOME ; #{x} ünï 日本`) == 2
	})
	if len(sc) != 24 || sc[0] != sc[1] {
		t.Errorf("screen:\n%s", frame(sc))
	}
	if col, row := s.Cursor(); col != 0 || row != 2 {
		t.Errorf("cursor at column %d, row %d", col, row)
	}
	s.Press("C-d")
	if code := s.WaitExit(); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
}

func TestSizeEnvironmentAndExitCode(t *testing.T) {
	s := Start(t, Options{Width: 50, Height: 15, Env: []string{"COLOUR=blue"}, Dir: "/"},
		"sh", "-c", `stty size; echo $COLOUR $PWD; read _; stty size; exit 7`)
	s.WaitFor("15 50")
	s.WaitFor("blue /")
	s.Resize(100, 30)
	s.Press("Enter")
	if sc := s.WaitFor("30 100"); len(sc) != 30 {
		t.Errorf("%d rows", len(sc))
	}
	if code := s.WaitExit(); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
}

func TestPasteStylesAndHistory(t *testing.T) {
	s := Start(t, Options{}, "cat")
	s.Paste("one\ntwo\n")
	s.WaitMatch(`(?m)^two\ntwo$|^one\ntwo\none\ntwo$`)
	s2 := Start(t, Options{Height: 5}, "sh", "-c", `seq 1 40; printf '\033[31mred\033[0m'; sleep 1000`)
	s2.WaitFor("red")
	if got := s2.Styled().String(); !strings.Contains(got, "\x1b[31mred") {
		t.Errorf("styled %q", got)
	}
	if got := s2.History(); got[0] != "1" || !got.Contains("40") {
		t.Errorf("history starts with %q", got[0])
	}
	s2.Signal(9)
	if code := s2.WaitExit(); code != 137 {
		t.Errorf("exit code %d, want 137", code)
	}
}

func TestServerDiesWithTheTest(t *testing.T) {
	var dir string
	var pid int
	t.Run("inner", func(t *testing.T) {
		s := Start(t, Options{}, "sleep", "1000")
		dir, pid = s.dir, s.Pid()
	})
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", dir, err)
	}
	// The program got its hang-up from the server; the kernel may take a moment to bury it.
	if pid == 0 {
		t.Fatal("the inner test started nothing")
	}
	limit := time.Now().Add(30 * time.Second)
	for exec.Command("kill", "-0", fmt.Sprint(pid)).Run() == nil {
		if time.Now().After(limit) {
			t.Fatalf("process %d is still there", pid)
		}
	}
}

// A fake carries the failure of an inner test out to the outer one.
type fake struct {
	testing.TB
	message  string
	cleanups []func()
}

func (f *fake) Helper()           {}
func (f *fake) Cleanup(fn func()) { f.cleanups = append(f.cleanups, fn) }
func (f *fake) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func TestFailedWaitShowsTheScreen(t *testing.T) {
	f := &fake{TB: t}
	defer func() {
		for _, fn := range f.cleanups {
			fn()
		}
	}()
	func() {
		defer func() { recover() }()
		s := Start(f, Options{Deadline: 200 * time.Millisecond}, "sh", "-c", "echo what there is; sleep 1000")
		s.WaitFor("what there is not")
	}()
	if !strings.Contains(f.message, `"what there is not"`) || !strings.Contains(f.message, "│what there is\n") {
		t.Errorf("message %q", f.message)
	}
}

func TestUnknownProgramAndMissingTmuxFail(t *testing.T) {
	s := Start(t, Options{}, filepath.Join(t.TempDir(), "absent"))
	if code := s.WaitExit(); code != 127 {
		t.Errorf("exit code %d, want 127", code)
	}
	f := &fake{TB: t}
	t.Setenv("PATH", t.TempDir())
	func() {
		defer func() { recover() }()
		Start(f, Options{}, "true")
	}()
	if !strings.Contains(f.message, "tmux") {
		t.Errorf("message %q", f.message)
	}
}
