//go:build fresh

package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/tmuxtest"
)

// TestFreshClone does what a reader of the README does first: it clones the project, with no module and no compiled
// package on the machine, and runs the commands at the README's beginning as they are printed there. `make test-fresh`
// runs it, since it needs the module proxy and takes minutes; `make test` does not have it, and so does not run itself.
func TestFreshClone(t *testing.T) {
	clone := filepath.Join(t.TempDir(), "qmpsh")
	runIn(t, "..", nil, "git", "clone", "-q", ".", clone)
	env := freshEnv(t)
	commands := firstCommands(t, filepath.Join(clone, "README.md"))
	if want := "go run ./cmd/qmpsh demo\nmake test"; strings.Join(commands, "\n") != want {
		t.Fatalf("the README begins with %q", commands)
	}

	screen := tmuxtest.Start(t, tmuxtest.Options{Dir: clone, Env: env, Deadline: 15 * time.Minute}, "sh", "-c", commands[0])
	screen.WaitFor("web01 running>")
	screen.Press("C-d")
	if code := screen.WaitExit(); code != 0 {
		t.Errorf("%s ends with exit code %d", commands[0], code)
	}

	runIn(t, clone, env, "sh", "-c", commands[1])
	runIn(t, clone, env, "make")
	runIn(t, clone, env, "./qmpsh", "--version")
}

// firstCommands are the commands of the README's first block.
func firstCommands(t *testing.T, path string) []string {
	t.Helper()
	var commands []string
	for _, s := range readBlocks(t, path)[0].steps(t) {
		commands = append(commands, s.command)
	}
	return commands
}

// freshEnv is an environment in which no module and no compiled package is there yet.
func freshEnv(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var env []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !strings.HasPrefix(name, "XDG_") {
			env = append(env, v)
		}
	}
	// -modcacherw lets the test remove the module cache.
	return append(env, "HOME="+dir, "GOPATH="+dir+"/go", "GOMODCACHE="+dir+"/mod", "GOCACHE="+dir+"/build",
		"GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -modcacherw"))
}

// runIn runs a program that must succeed.
func runIn(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	start := time.Now()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = dir, env
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	t.Logf("%s %s: %v\n%s", name, strings.Join(args, " "), time.Since(start).Round(time.Second), out)
}
