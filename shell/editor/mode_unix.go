//go:build unix

package editor

import (
	"os"

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

// hideTyping makes a terminal in its usual mode not show what is typed; show ends that.
func hideTyping(f *os.File) (show func(), err error) {
	mode, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	if err != nil {
		return nil, err
	}
	hidden := *mode
	hidden.Lflag &^= unix.ECHO
	return func() { unix.IoctlSetTermios(int(f.Fd()), setTermios, mode) }, unix.IoctlSetTermios(int(f.Fd()), setTermios, &hidden)
}
