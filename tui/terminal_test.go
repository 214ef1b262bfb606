package tui

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// TestTerminalIsRestored: however the dashboard ends, its terminal is as it was: out of the alternate screen, with echo
// and lines, without mouse reports.
func TestTerminalIsRestored(t *testing.T) {
	for _, c := range []struct {
		name   string
		signal syscall.Signal // 0: q is pressed
		env    string
		says   string
	}{
		{"q", 0, "", "left, and nothing is left behind"},
		{"SIGTERM", syscall.SIGTERM, "", "ended:"},
		{"SIGHUP", syscall.SIGHUP, "", "ended:"},
		{"SIGQUIT", syscall.SIGQUIT, "", "SIGQUIT: quit"}, // the first line of Go's dump
		{"a panic of the feed", 0, envPanic + "=feed", "as it was told to"},
		{"a panic of the model", 0, envPanic + "=model", "as it was told to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := idleMachine(t)
			pid := filepath.Join(t.TempDir(), "pid")
			s := tmuxtest.Start(t, tmuxtest.Options{
				Width: 100, Height: 40, Dir: filepath.Dir(pid), Env: []string{envSocket + "=" + q.Socket, envPID + "=" + pid, c.env},
			}, "sh", "-c", "trap : HUP TERM; '"+os.Args[0]+"' 2>err.txt; echo ended with $?; grep -a -m1 -e told -e SIGQUIT err.txt; rm -f err.txt; stty -a; echo the shell again; "+
				"read line; echo read $line; read line")
			if c.env == "" {
				s.WaitMatch(`web01  ● RUNNING`)
				end(t, s, pid, c.signal)
			} else if c.env == envPanic+"=model" {
				s.WaitMatch(`web01  ● RUNNING`)
				s.Type(":query-st")
				s.Press("Tab")
			}
			screen := s.WaitFor("the shell again").String()
			for _, want := range []string{c.says, " icanon", " echo ", "opost"} {
				if !strings.Contains(screen, want) {
					t.Errorf("the terminal lacks %q:\n%s", want, screen)
				}
			}
			s.Paste("pasted\n") // not in brackets
			s.WaitMatch(`(?m)^read pasted$`)
			if modes := s.Modes(); modes != "" {
				t.Errorf("left behind: %s", modes)
			}
			if strings.Contains(screen, "-opost") || strings.Contains(screen, "RUNNING") {
				t.Errorf("the terminal was left as the dashboard had it:\n%s", screen)
			}
		})
	}
}

func end(t *testing.T, s *tmuxtest.Session, pidFile string, sig syscall.Signal) {
	t.Helper()
	if sig == 0 {
		s.Type("q")
		return
	}
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, sig); err != nil {
		t.Fatal(err)
	}
}

// TestTerminalIsAskedNothing reads every byte that the dashboard writes where the background is known: no questions, no key protocols, one title, and
// mouse reports and pasting in brackets switched off again.
func TestTerminalIsAskedNothing(t *testing.T) {
	for _, term := range []string{"xterm", "xterm-256color", "tmux-256color", "xterm-kitty", "xterm-ghostty"} {
		t.Run(term, func(t *testing.T) {
			q := idleMachine(t)
			c := exec.CommandContext(t.Context(), os.Args[0])
			c.Env = append(os.Environ(), envSocket+"="+q.Socket, "TERM="+term, "COLORFGBG=15;0")
			tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tty.Close() }()
			written := readUntil(t, tty, "link ready")
			if _, err := tty.WriteString("q"); err != nil {
				t.Fatal(err)
			}
			written += readUntil(t, tty, "nothing is left behind")
			for _, question := range []string{"$p", "\x1b[?u", "\x1b[>4", "\x1b[>1u", "\x1b[<1u", "\x1b[c", "\x1b[6n", "\x1bP", "\x1b]1"} {
				if strings.Contains(written, question) {
					t.Errorf("wrote %q", question)
				}
			}
			for _, off := range []string{ansi.ResetModeAltScreenSaveCursor, ansi.ResetModeTextCursorEnable[:4], ansi.ResetModeMouseExtSgr, ansi.ResetModeBracketedPaste, ansi.SetModeTextCursorEnable} {
				if !strings.Contains(written, off) {
					t.Errorf("did not write %q", off)
				}
			}
			if n := strings.Count(written, "\x1b]2;"); n > 3 { // the address, the name, and none at the end
				t.Errorf("wrote the title %d times", n)
			}
			_ = c.Wait()
		})
	}
}

// TestTerminalGone: a dashboard whose terminal goes away without a signal to it ends, and frees the machine's monitor.
func TestTerminalGone(t *testing.T) {
	q := idleMachine(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", "trap : HUP; '"+os.Args[0]+"' 2>/dev/null; exit 7") // only the shell is told
	c.Env = append(os.Environ(), envSocket+"="+q.Socket, "TERM=xterm")
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	readUntil(t, tty, "link ready")
	_ = tty.Close()
	if _ = c.Wait(); c.ProcessState.ExitCode() != 7 {
		t.Errorf("the dashboard went on without a terminal: %v", c.ProcessState)
	}
}

// readUntil returns what a terminal shows up to a text. The escape sequences between words are left in.
func readUntil(t *testing.T, tty *os.File, text string) string {
	t.Helper()
	var all strings.Builder
	piece := make([]byte, 4096)
	for !strings.Contains(ansi.Strip(all.String()), text) {
		n, err := tty.Read(piece)
		all.Write(piece[:n])
		if err != nil {
			t.Fatalf("%v before %q:\n%q", err, text, all.String())
		}
	}
	return all.String()
}

func TestUsable(t *testing.T) {
	for _, c := range []struct {
		environ []string
		ok      bool
	}{
		{[]string{"TERM=xterm"}, true},
		{[]string{"TERM=linux", "NO_COLOR=1"}, true},
		{[]string{"TERM=dumb"}, false},
		{[]string{"TERM="}, false},
		{nil, false},
	} {
		if err := Usable(c.environ); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.environ, err)
		}
	}
}

// TestConsole: on the Linux console every character is one that the first PCs had, but for those of names.
func TestConsole(t *testing.T) {
	const has = "·•◘○◙►◄↕‼¶§▬↨↑↓→←∟↔▲▼ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙√ⁿ²■"
	for _, keys := range [][]string{{"3"}, {"3", "z"}, {"2"}, {"5"}, {"6"}, {"?"}, {":", "block_", "tab"}, {"3", "x"}, {"3", "enter"}, {"5", "enter"}} {
		for _, size := range sizes {
			s := busyMachine()
			s.Chardevs = nil // a name of theirs is Japanese
			d := newDriver(t, size[0], size[1], func(c *Config) { c.Environ = []string{"TERM=linux"} }).show(s).press(keys...)
			d.fits()
			for _, row := range d.screen() {
				if i := strings.IndexFunc(row, func(r rune) bool { return r > '~' && !strings.ContainsRune(has, r) }); i >= 0 {
					t.Fatalf("%v at %v: the console lacks %q:\n%s", keys, size, row[i:i+3], row)
				}
			}
		}
	}
	if newDriver(t, 80, 24, func(c *Config) { c.Environ = []string{"TERM=linux", "TERM=xterm"} }).m.console {
		t.Error("the last value of a variable is the one that counts")
	}
}
