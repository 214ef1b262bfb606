package cmd

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// readmeFiles are the texts whose commands are run.
var readmeFiles = []string{"../README.md", "../docs/line-language.md"}

var updateReadme = flag.Bool("update-readme", false, "write what the commands of the README print into it")

// TestReadme runs every command line of the README and of the documents beside it, as printed and in order, and
// compares what it shows. A fenced block of the kind "console" is one shell session: lines with "$ " are commands, the
// lines after them what they print on a terminal, and a line "..." stands for any lines. The session's directory has
// web01, the simulated machine, at ./vm.sock; "speed=N" behind "console" makes its time run faster. A block of the
// kind "text" that begins with the prompt's words is typed into the prompt. Commands of the README's beginning, which
// need a clone of their own, are run by `make test-fresh`.
func TestReadme(t *testing.T) {
	for _, path := range readmeFiles {
		for _, b := range readBlocks(t, path) {
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(path), b.row), func(t *testing.T) {
				switch {
				case b.kind == "console" && freshCommands(b):
				case b.kind == "console":
					b.runConsole(t)
				case b.kind == "text" && strings.HasPrefix(b.lines[0], promptOfWeb01):
					b.runPrompt(t)
				case b.kind == "console" || b.kind == "sh":
					t.Errorf("a block of the kind %q is not run: make it a console", b.kind)
				}
			})
		}
	}
}

const promptOfWeb01 = "web01 "

// A block is a fenced block of a text.
type block struct {
	path  string
	row   int    // of its first line, from 1
	kind  string // the word behind the fence
	rest  string // what follows the word
	lines []string
}

func readBlocks(t *testing.T, path string) []*block {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*block
	var open *block
	for i, line := range strings.Split(string(text), "\n") {
		fence, fenced := strings.CutPrefix(line, "```")
		switch {
		case fenced && open == nil:
			kind, rest, _ := strings.Cut(fence, " ")
			open = &block{path: path, row: i + 2, kind: kind, rest: rest}
		case fenced:
			blocks = append(blocks, open)
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		}
	}
	if open != nil {
		t.Fatalf("%s:%d: this block has no end", path, open.row)
	}
	return blocks
}

// A step is one command and the lines that it prints.
type step struct {
	row     int // of the command, from 1
	command string
	printed []string
}

// steps are the commands of a console block. A command goes on on the next line after a backslash or inside quotes.
func (b *block) steps(t *testing.T) []step {
	t.Helper()
	var steps []step
	for i := 0; i < len(b.lines); i++ {
		line, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			if len(steps) == 0 {
				t.Fatalf("%s:%d: a console block begins with a command", b.path, b.row+i)
			}
			last := &steps[len(steps)-1]
			last.printed = append(last.printed, b.lines[i])
			continue
		}
		s := step{row: b.row + i, command: line}
		for i+1 < len(b.lines) && strings.HasPrefix(b.lines[i+1], "> ") {
			i++
			s.command += "\n" + b.lines[i][2:]
		}
		steps = append(steps, s)
	}
	return steps
}

// freshCommands reports whether a block is for a clone of the project, where `make test-fresh` runs it.
func freshCommands(b *block) bool {
	return slices.ContainsFunc(b.lines, func(line string) bool {
		return strings.HasPrefix(line, "$ make") || strings.HasPrefix(line, "$ go ")
	})
}

func (b *block) runConsole(t *testing.T) {
	dir := b.serve(t)
	steps := b.steps(t)
	if i := slices.IndexFunc(steps, func(s step) bool { return screenOf(s.command) != "" }); i >= 0 {
		if len(steps) != 1 {
			t.Fatalf("%s:%d: a command that takes the whole screen has a block of its own", b.path, steps[i].row)
		}
		runScreen(t, dir, steps[0])
		return
	}
	got := runShell(t, dir, steps)
	if *updateReadme {
		b.update(t, steps, got)
		return
	}
	for i, s := range steps {
		if !sameLines(s.printed, got[i]) {
			t.Errorf("%s:%d: %s\nis said to print\n%s\nand prints\n%s", b.path, s.row, s.command,
				strings.Join(s.printed, "\n"), strings.Join(got[i], "\n"))
		}
	}
}

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
		if line == "^C" {
			screen.Press("C-c")
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

// sameLines compares what a text shows with what was printed.
func sameLines(want, got []string) bool {
	for i, line := range want {
		if line != "..." {
			if len(got) == 0 || !sameLine(line, got[0]) {
				return false
			}
			got = got[1:]
			continue
		}
		for j := range len(got) + 1 {
			if sameLines(want[i+1:], got[j:]) {
				return true
			}
		}
		return false
	}
	return len(got) == 0
}

// sameLine compares two lines but for the figures that no two runs share, and the width that these take.
func sameLine(want, got string) bool { return want == got || normal(want) == normal(got) }

func normal(line string) string {
	for _, f := range []struct{ expr, with string }{
		{`\d\d:\d\d:\d\d`, "TIME"},
		{`<?\d+(\.\d+)?( ms| s)\b`, "DURATION"},
		{`(\d+\.\d+ / )?\d+(\.\d+)? [KMGT]iB( +\d+ ?%)?`, "SIZE"},
		{`\b\d{6,}\b`, "COUNT"},
		{` +`, " "},
	} {
		line = regexp.MustCompile(f.expr).ReplaceAllString(line, f.with)
	}
	return strings.TrimSpace(line)
}

// update writes what was printed into the text.
func (b *block) update(t *testing.T, steps []step, got [][]string) {
	t.Helper()
	var now []string
	for i, s := range steps {
		now = append(now, "$ "+strings.ReplaceAll(s.command, "\n", "\n> "))
		if sameLines(s.printed, got[i]) {
			now = append(now, s.printed...)
			continue
		}
		now = append(now, got[i]...)
	}
	text, err := os.ReadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	before := strings.Join(b.lines, "\n") + "\n```"
	if strings.Count(string(text), before) != 1 {
		t.Fatalf("%s:%d: the block stands there %s times", b.path, b.row, strconv.Itoa(strings.Count(string(text), before)))
	}
	updated := strings.Replace(string(text), before, strings.Join(now, "\n")+"\n```", 1)
	if err := os.WriteFile(b.path, []byte(updated), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeLinks sees that what the texts point to is there, and that no picture is heavy.
func TestReadmeLinks(t *testing.T) {
	const heaviest = 60_000 // bytes
	link := regexp.MustCompile(`\]\(([^):#]+)\)`)
	for _, path := range readmeFiles {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			info, err := os.Stat(filepath.Join(filepath.Dir(path), m[1]))
			switch {
			case err != nil:
				t.Errorf("%s points to %v", path, err)
			case strings.HasSuffix(m[1], ".svg") && info.Size() > heaviest:
				t.Errorf("%s has %d bytes", m[1], info.Size())
			}
		}
	}
}
