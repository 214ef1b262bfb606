package editor

import (
	"os"

	"golang.org/x/sys/windows"
)

// signals has nothing to watch here: a change of the window is noticed at the next drawing.
type signals struct{}

func watchSignals(*lineEditor) *signals { return &signals{} }

func (*signals) stop()      {}
func (*signals) takeQuit()  {}
func (*signals) leaveQuit() {}

// takeInterrupts does nothing: Ctrl-C reaches a line as a key only.
func (*lineEditor) takeInterrupts() (done func()) { return func() {} }

// stopProcess does nothing: there is no job control.
func stopProcess() {}

// prepareOutput makes the console understand escape sequences.
func prepareOutput(f *os.File) {
	var mode uint32
	if windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil {
		windows.SetConsoleMode(windows.Handle(f.Fd()), mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	}
}
