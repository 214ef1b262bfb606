// Package scenes types into the real program, in a terminal of its own, with a real QEMU behind it, and looks at what a
// person would see. Each scene is named by that. What is shared by the scenes of a table is the machine and the
// terminal: a scene begins with an empty screen and an empty line, and leaves the machine as it was.
//
// It answers for the prompt as a whole; what its parts do is tested beside them.
package scenes

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built is where TestMain puts the program and what its runs share: program, the cache of schemas, a home.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "qscenes")
	if err == nil {
		built = dir
		err = build(filepath.Join("..", ".."), filepath.Join(dir, "qmpsh"))
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// build makes the program, with the race detector when the tests have it.
func build(root, to string) error {
	// Having looked at the module's directories, the go command knows that a change there may change the outcome.
	_ = filepath.WalkDir(root, func(string, fs.DirEntry, error) error { return nil })
	args := []string{"build", "-o", to}
	if raceDetector {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "./cmd/qmpsh")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %v: %w\n%s", args, err, out)
	}
	return nil
}
