package tui

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/tmuxtest"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// What the scenes tell the program that they run, which is this test binary again.
const (
	envSocket = "TUI_TEST_SOCKET" // the machine
	envTimes  = "TUI_TEST_TIMES"  // how often the dashboard is shown on the one session
	envPID    = "TUI_TEST_PID"    // a file to write the process id to
	envPanic  = "TUI_TEST_PANIC"  // "feed" or "model": what panics
)

func TestMain(m *testing.M) {
	if socket := os.Getenv(envSocket); socket != "" {
		if err := dashboard(socket); err != nil {
			fmt.Println("ended:", err)
			os.Exit(1)
		}
		fmt.Println("left, and nothing is left behind")
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// dashboard is what the command line does for the dashboard: a session, and an end by signals.
func dashboard(socket string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if path := os.Getenv(envPID); path != "" {
		if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
			return err
		}
	}
	session := qmpconn.Connect(ctx, qmpconn.Address{Network: "unix", Addr: socket}, qmpconn.Options{}, qmpconn.SessionOptions{})
	if err := session.Ready(ctx); err != nil {
		return err
	}
	before := goleak.IgnoreCurrent()
	times, err := strconv.Atoi(os.Getenv(envTimes))
	if err != nil {
		times = 1
	}
	for range times {
		if err := Run(ctx, sceneConfig(session)); err != nil {
			return err
		}
		if err := goleak.Find(before); err != nil {
			return err
		}
	}
	return session.Close()
}

// panickingDocs panic when somebody reads in them, which completion does.
type panickingDocs struct{ qapi.Docs }

func (panickingDocs) Summary(string) string { panic("as it was told to") }

func sceneConfig(session *qmpconn.Session) Config {
	return Config{
		Session: session,
		Target:  "the machine",
		Schema: func(ctx context.Context) (*qapi.Schema, error) {
			if os.Getenv(envPanic) == "feed" {
				panic("as it was told to")
			}
			raw, err := session.Call(ctx, "query-qmp-schema", nil)
			if err != nil {
				return nil, err
			}
			return qapi.Parse(raw)
		},
		Docs: func(*qapi.Schema) qapi.Docs {
			if os.Getenv(envPanic) == "model" {
				return panickingDocs{}
			}
			return nil
		},
		Theme:   render.NewTheme(render.ColorProfile(render.ColorAuto, true, os.Getenv), false),
		Environ: os.Environ(),
		Input:   os.Stdin,
		Output:  os.Stdout,
	}
}

// watch shows the dashboard of a machine on a terminal. A shell holds that when the dashboard has ended, so that its last
// words are read.
func watch(t *testing.T, socket string, w, h int, env ...string) *tmuxtest.Session {
	t.Helper()
	return tmuxtest.Start(t, tmuxtest.Options{Width: w, Height: h, Env: append(env, envSocket+"="+socket)},
		"sh", "-c", `"$0"; read -r line`, os.Args[0])
}

// run types a command into the command line, waits for its success, and closes the line again.
func run(s *tmuxtest.Session, line string) {
	s.Type(":")
	s.WaitFor("Command to")
	s.Type(line + "\n")
	s.WaitMatch(`sent: \S+.*  ok  `)
	s.Press("Escape")
	s.WaitGone("Command to")
}

// idleMachine is a machine that runs nothing, with a name.
func idleMachine(t *testing.T, args ...string) *qemutest.QEMU {
	t.Helper()
	return qemutest.Start(t, append([]string{"-name", "web01"}, args...)...)
}
