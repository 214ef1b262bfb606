package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patience is how long a scene waits for something to appear.
const patience = 3 * time.Minute

// play runs the scene in a terminal of its own and returns what that shows, with its escape sequences.
func (s scene) play(program string) (screen string, err error) {
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := hideManual(dir); err != nil {
		return "", err
	}
	machine := exec.Command(program, "demo", "--listen", "unix:vm.sock", "--speed", s.speed)
	machine.Dir = dir
	if err := machine.Start(); err != nil {
		return "", err
	}
	defer func() {
		_ = machine.Process.Kill()
		_ = machine.Wait()
	}()
	err = waitFor("the machine's socket", func() bool {
		_, err := os.Stat(filepath.Join(dir, "vm.sock"))
		return err == nil
	})
	if err != nil {
		return "", err
	}
	t := terminal{socket: filepath.Join(dir, "tmux"), dir: dir}
	for _, words := range s.before {
		if err := t.command(program, append([]string{"./vm.sock"}, words...)...).Run(); err != nil {
			return "", fmt.Errorf("%s: %w", strings.Join(words, " "), err)
		}
	}
	defer t.tmux("kill-server")
	start := []string{"new-session", "-d", "-x", fmt.Sprint(s.width), "-y", fmt.Sprint(s.height), program, "./vm.sock"}
	if _, err := t.tmux(append(start, s.run...)...); err != nil {
		return "", err
	}
	for _, a := range s.acts {
		if err := t.act(a); err != nil {
			return "", err
		}
	}
	return t.tmux("capture-pane", "-e", "-p")
}

// hideManual puts an empty page where the manual of this host would be read: a picture shows this project's own words.
func hideManual(dir string) error {
	if err := os.Mkdir(filepath.Join(dir, "man7"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "man7", "qemu-qmp-ref.7"), nil, 0o600)
}

// A terminal is a private tmux server with one window.
type terminal struct{ socket, dir string }

// command is a program in the scene's directory, in the environment of somebody who never used qmpsh before.
func (t terminal) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = t.dir
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "NO_COLOR" && name != "TMUX" && !strings.HasPrefix(name, "QMP") {
			c.Env = append(c.Env, v)
		}
	}
	c.Env = append(c.Env, "HOME="+t.dir, "XDG_CACHE_HOME="+t.dir+"/cache", "XDG_STATE_HOME="+t.dir+"/state",
		"MANPATH="+t.dir, "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "SHELL=/bin/sh")
	return c
}

func (t terminal) tmux(args ...string) (string, error) {
	out, err := t.command("tmux", append([]string{"-u", "-S", t.socket, "-f", "/dev/null"}, args...)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

func (t terminal) act(a act) error {
	if a.text != "" {
		if _, err := t.tmux("send-keys", "-l", a.text); err != nil {
			return err
		}
		// A key that follows must not overtake what the program makes of the text.
		if err := t.shows(a.text[:min(len(a.text), 30)]); err != nil {
			return err
		}
	}
	for _, key := range a.keys {
		if _, err := t.tmux("send-keys", key); err != nil {
			return err
		}
	}
	return t.shows(a.until)
}

// shows waits until the terminal shows text.
func (t terminal) shows(text string) error {
	return waitFor(fmt.Sprintf("%q", text), func() bool {
		screen, err := t.tmux("capture-pane", "-p")
		return err == nil && strings.Contains(screen, text)
	})
}

func waitFor(what string, ok func() bool) error {
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			return fmt.Errorf("%s did not appear within %v", what, patience)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}
