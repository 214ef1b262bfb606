package editor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// The tests run this package's editor in a terminal by starting the test's own binary as the program below.
const programEnv = "EDITOR_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programEnv) != "" {
		os.Exit(program())
	}
	os.Exit(m.Run())
}

func start(t *testing.T, opts tmuxtest.Options, env ...string) *tmuxtest.Session {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	opts.Env = append(append(opts.Env, programEnv+"=1", "TERM=tmux-256color", "GORACE=exitcode=66 log_path="+raceLog(t)), env...)
	s := tmuxtest.Start(t, opts, exe)
	s.WaitFor("test>")
	return s
}

// raceLog is where the program's race detector writes; the test fails when it does.
func raceLog(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() {
		logs, _ := filepath.Glob(filepath.Join(dir, "race*"))
		for _, log := range logs {
			text, _ := os.ReadFile(log)
			t.Errorf("%s", text)
		}
	})
	return filepath.Join(dir, "race")
}

// words completes as a language of a few words would: commands first, then members.
func words(line string, cursor int) Completion {
	start := strings.LastIndexAny(line[:cursor], " \n,") + 1
	word := line[start:cursor]
	list := []string{"describe", "deploy", "delete", "event", "events", "日本語", "big"}
	if start > 0 {
		list = []string{"name=alpha", "name=beta", "size="}
		if strings.HasPrefix(line, "big ") {
			list = nil
			for i := range 200 {
				list = append(list, fmt.Sprintf("z%03d", i))
			}
		}
	}
	end := cursor
	for end < len(line) && line[end] != ' ' {
		end++
	}
	c := Completion{Start: start, End: end, Title: "word: str, mandatory"}
	for _, w := range list {
		if strings.HasPrefix(w, word) {
			c.Candidates = append(c.Candidates, Candidate{Text: w, Columns: []string{"str", "what " + w + " means, at some length, for whoever has to choose"}})
		}
	}
	return c
}

func testConfig(ed func() Editor) Config {
	h := NewHistory(os.Getenv("EDITOR_HISTORY"), 0, func(line string) bool { return !strings.Contains(line, "password") })
	return Config{
		In: os.Stdin, Out: os.Stdout, Terminal: os.Getenv("TERM"), Prompt: "\x1b[1mtest>\x1b[0m ", Continuation: "  ... ",
		Theme: DefaultTheme(true), History: h, Complete: words, Ghost: h.Suggest,
		Hint: func(line string, cursor int) string {
			if strings.HasPrefix(line, "hint") {
				return "the hint"
			}
			if strings.HasPrefix(line, "panic") {
				panic("a bug of the test's own")
			}
			return ""
		},
		Highlight: func(line string, _ int) []Span {
			if i := strings.IndexByte(line, ' '); i > 0 {
				return []Span{{0, i, "32"}}
			}
			return []Span{{0, len(line), "31"}}
		},
		Open: func(line string) bool { return strings.Count(line, "{") > strings.Count(line, "}") },
		Keys: map[string]func(string, int) string{
			"C-x": func(line string, _ int) string { handOver(ed(), "head", "-n1"); return line + " edited" },
			"F2":  func(line string, _ int) string { return "one\ntwo" },
		},
	}
}

func handOver(ed Editor, argv ...string) {
	ed.Suspend()
	defer ed.Resume()
	fmt.Println("CHILD")
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Run()
}

func program() int {
	var ed Editor
	ed, err := New(testConfig(func() Editor { return ed }))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer ed.Close()
	for {
		line, err := ed.ReadLine(context.Background())
		switch {
		case errors.Is(err, ErrInterrupt):
			ed.Print("INTERRUPT")
		case errors.Is(err, io.EOF):
			ed.Print("LEAVING")
			return 0
		case err != nil:
			ed.Print("ERR " + err.Error())
			return 1
		default:
			run(ed, line)
		}
	}
}

// run carries out what a test has typed.
func run(ed Editor, line string) {
	f := append(strings.Fields(line), "", "", "")
	n, _ := strconv.Atoi(f[1])
	switch f[0] {
	case "events": // events N RATE
		rate, _ := strconv.Atoi(f[2])
		n, rate = min(n, 2000), max(1, min(rate, 5000))
		go func() {
			tick := time.NewTicker(time.Second / time.Duration(rate))
			defer tick.Stop()
			for i := range n {
				ed.Print(fmt.Sprintf("event %d of some kind", i))
				<-tick.C
			}
			ed.Print("events end")
		}()
	case "wait":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		ed.SetStatus("waiting…")
		<-ctx.Done()
		ed.SetStatus("")
		ed.Print("WAITED")
	case "run":
		handOver(ed, strings.Fields(line)[1:]...)
	case "secret":
		s, err := ed.ReadSecret(context.Background(), "password: ")
		ed.Print(fmt.Sprintf("SECRET %d %v", len(s), err))
	case "ask":
		yes, _ := ed.Ask(context.Background(), "sure? [y/N] ")
		ed.Print(fmt.Sprintf("YES %v", yes))
	case "partial":
		fmt.Fprint(ed, "par")
		fmt.Fprint(ed, "tial\nrest")
	case "prompt":
		ed.SetPrompt(strings.TrimPrefix(line, "prompt ") + "> ")
	case "timeout":
		ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer stop()
		_, err := ed.ReadLine(ctx)
		ed.Print(fmt.Sprintf("TIMEOUT %v", err))
	case "len":
		ed.Print(fmt.Sprintf("LEN %d ROWS %d", len(line), strings.Count(line, "\n")+1))
	default:
		ed.Print(fmt.Sprintf("GOT %q", line))
	}
}
