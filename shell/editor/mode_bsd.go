//go:build unix && !linux

package editor

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)

// forgetTyped throws away what a terminal has of a line.
func forgetTyped(f *os.File) {
	const input = 1 // FREAD
	unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCFLUSH, input)
}
