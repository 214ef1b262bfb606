package tui

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// restoreTime is how long the terminal may take to be put right before the dump is written anyway.
const restoreTime = time.Second

// dump waits for SIGQUIT, which ends a Go program with a dump of its goroutines, for whoever looks into why it hangs. It
// puts the terminal right before that: on the alternate screen of a raw terminal nobody could read the dump, nor go on
// working. The dump is Go's own, of a program that otherwise still is as it was.
func (f *feed) dump() {
	if signal.Ignored(syscall.SIGQUIT) {
		return
	}
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	defer signal.Stop(quit)
	select {
	case <-quit:
	case <-f.ctx.Done():
		return
	}
	restored := make(chan struct{})
	go func() {
		_ = f.program.ReleaseTerminal()
		close(restored)
	}()
	select {
	case <-restored:
	case <-time.After(restoreTime):
	}
	signal.Reset(syscall.SIGQUIT)
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(syscall.SIGQUIT)
	}
}
