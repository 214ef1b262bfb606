//go:build unix

package editor

import (
	"golang.org/x/sys/unix"
)

// quiet makes a terminal in raw mode send signals for its keys again, and nothing else: what is typed ahead of the next
// line is neither shown amid the output nor edited by the kernel, and reaches that line as it was typed.
func quiet(fd int) error {
	mode, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	mode.Lflag |= unix.ISIG | unix.NOFLSH // without the latter, Ctrl-C throws away what has been printed and not read yet
	mode.Cc[unix.VQUIT] = 0               // it would end the process with the terminal in this mode
	return unix.IoctlSetTermios(fd, setTermios, mode)
}
