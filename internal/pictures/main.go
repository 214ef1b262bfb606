// Command pictures makes the pictures of the documentation: it runs qmpsh on the simulated machine in a terminal of a
// fixed size (tmux), types a scene, and draws what the terminal shows as SVG, every cell in its place. Nothing in a
// picture is written by hand.
//
// usage: pictures QMPSH FOLDER
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pictures QMPSH FOLDER")
		os.Exit(2)
	}
	if err := makeAll(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func makeAll(program, folder string) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	for _, s := range scenes() {
		screen, err := s.play(program)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, s.name+".svg"), draw(screen, s.width, s.height), 0o644); err != nil {
			return err
		}
	}
	return nil
}
