package editor

import (
	"os"

	"golang.org/x/sys/windows"
)

// quiet does nothing here: the console has no such mode.
func quiet(int) error { return nil }

// hideTyping makes a console in its usual mode not show what is typed; show ends that.
func hideTyping(f *os.File) (show func(), err error) {
	console := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return nil, err
	}
	return func() { windows.SetConsoleMode(console, mode) }, windows.SetConsoleMode(console, mode&^windows.ENABLE_ECHO_INPUT)
}

// forgetTyped throws away what a console has of a line.
func forgetTyped(f *os.File) { windows.FlushConsoleInputBuffer(windows.Handle(f.Fd())) }
