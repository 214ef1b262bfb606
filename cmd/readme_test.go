package cmd

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/syntax"
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

// TestReadmeInline runs the commands that stand in a sentence, and reads the lines of the table of the line language.
func TestReadmeInline(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := (&block{}).serve(t)
	for _, m := range regexp.MustCompile("`(qmpsh [^`]+)`").FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(m[1], "--listen") { // serve runs that one
			continue
		}
		command := exec.CommandContext(t.Context(), "bash", "--norc", "-c", m[1])
		command.Dir, command.Env = dir, append(append(os.Environ(), sessionEnv(dir)...), "QMPSH_CONNECT=./vm.sock")
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", m[1], err, out)
		}
	}
	_, table, _ := strings.Cut(string(text), "\n## The line\n")
	table, _, _ = strings.Cut(table, "\n## ")
	lines := regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(table, -1)
	for _, m := range lines {
		if line := syntax.Scan(strings.ReplaceAll(m[1], `\|`, "|")); len(line.Problems) > 0 || line.Open() {
			t.Errorf("%s: %+v", m[1], line.Problems)
		}
	}
	if len(lines) < 6 {
		t.Errorf("%d lines in the table", len(lines))
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
