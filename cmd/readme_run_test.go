package cmd

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// serve makes the session's directory with web01 in it.
func (b *block) serve(t *testing.T) string {
	t.Helper()
	dir := qemutest.Dir(t)
	args := []string{"demo", "--listen", "unix:vm.sock"}
	if speed, ok := strings.CutPrefix(b.rest, "speed="); ok {
		args = append(args, "--speed", speed)
	}
	served := exec.CommandContext(t.Context(), "qmpsh", args...)
	served.Dir = dir
	if err := served.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = served.Process.Kill()
		_ = served.Wait()
	})
	deadline := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(filepath.Join(dir, "vm.sock")); err == nil {
			return dir
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the simulated machine does not listen")
		}
	}
}

// sessionEnv is the environment of a reader who has used qmpsh never before.
func sessionEnv(dir string) []string {
	return []string{"HOME=" + dir, "XDG_CACHE_HOME=" + dir + "/.cache", "XDG_STATE_HOME=" + dir + "/.state",
		"NO_COLOR=1", "TERM=xterm", "LC_ALL=C.UTF-8", "PAGER=cat", "MANPATH=" + dir}
}

// readmeColumns is how wide the README's terminal is.
const readmeColumns, readmeRows = 100, 60

// runShell runs the commands in one shell on a terminal and returns what each of them printed.
func runShell(t *testing.T, dir string, steps []step) [][]string {
	t.Helper()
	var script strings.Builder
	for _, s := range steps {
		// The mark keeps $? as the command before it left it.
		fmt.Fprintf(&script, "status=$?; printf '\\036'; (exit $status)\n%s\n", s.command)
	}
	path := filepath.Join(dir, ".session")
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	shell := exec.CommandContext(t.Context(), "bash", "--norc", path)
	shell.Dir, shell.Env = dir, append(os.Environ(), sessionEnv(dir)...)
	terminal, err := pty.StartWithSize(shell, &pty.Winsize{Cols: readmeColumns, Rows: readmeRows})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	// At the end of a session a terminal gives an error, whatever the shell's exit code.
	text, _ := io.ReadAll(terminal)
	_ = shell.Wait()
	parts := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\036")[1:]
	if len(parts) != len(steps) {
		t.Fatalf("%d of %d commands ran:\n%s", len(parts), len(steps), text)
	}
	printed := make([][]string, len(parts))
	for i, part := range parts {
		if part = strings.TrimRight(part, "\n"); part != "" {
			printed[i] = strings.Split(part, "\n")
		}
	}
	return printed
}

// screenOf is what a command that takes the whole screen shows first, or "".
func screenOf(command string) string {
	switch words := strings.Fields(command); {
	case slices.Contains(words, "dash"), slices.Contains(words, "--dash"):
		return "q leave"
	case command == "qmpsh demo", command == "qmpsh ./vm.sock":
		return "web01 running>"
	}
	return ""
}

// runScreen sees that a command draws its first screen, and leaves.
func runScreen(t *testing.T, dir string, s step) {
	t.Helper()
	screen := startScreen(t, dir, s.command)
	screen.WaitFor(screenOf(s.command))
	if strings.Contains(s.command, "dash") {
		screen.Press("q")
	} else {
		screen.Press("C-d")
	}
	if code := screen.WaitExit(); code != 0 {
		t.Errorf("%s ends with exit code %d", s.command, code)
	}
}

func startScreen(t *testing.T, dir, command string) *tmuxtest.Session {
	t.Helper()
	return tmuxtest.Start(t, tmuxtest.Options{Width: readmeColumns, Height: readmeRows, Dir: dir, Env: append(sessionEnv(dir),
		"TERM=screen-256color", "PATH="+os.Getenv("PATH"))}, "bash", "--norc", "-c", command)
}

// runPrompt types the lines of the block into the prompt and looks for what it says they print.
func (b *block) runPrompt(t *testing.T) {
	screen := startScreen(t, b.serve(t), "qmpsh ./vm.sock")
	screen.WaitFor(promptOfWeb01)
	typed := 0
	for i, line := range b.lines {
		if prompt, text, ok := strings.Cut(line, "> "); ok && strings.HasPrefix(prompt, promptOfWeb01) {
			screen.WaitUntil("the prompt "+prompt, func(sc tmuxtest.Screen) bool { return strings.HasPrefix(sc.Last(), prompt+">") })
			typed = screen.Screen().Row(prompt + ">")
			screen.Type(text + "\n")
			continue
		}
		answer := regexp.MustCompile(`^(.*\[y/N\]) (.*)$`).FindStringSubmatch(line)
		if answer != nil {
			line = answer[1]
		}
		switch line {
		case "^C":
			screen.Press("C-c")
			continue
		case "...":
			continue
		}
		screen.WaitUntil(fmt.Sprintf("%q (%s:%d)", line, b.path, b.row+i), func(sc tmuxtest.Screen) bool {
			return slices.ContainsFunc(sc[min(typed, len(sc)):], func(row string) bool { return sameLine(line, row) })
		})
		if answer != nil {
			screen.Type(answer[2] + "\n")
		}
	}
}
