//go:build unix

package editor

import (
	"os"
	"os/signal"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// signals are the goroutines that carry out what the kernel announces; stop ends them. SIGQUIT has one of its own, which
// works where the other hangs.
type signals struct {
	c, quit chan os.Signal
	running sync.WaitGroup
}

func watchSignals(e *lineEditor) *signals {
	s := &signals{c: make(chan os.Signal, 8), quit: make(chan os.Signal, 1)}
	all := []os.Signal{unix.SIGWINCH, unix.SIGCONT, unix.SIGINT, unix.SIGTERM, unix.SIGHUP}
	signal.Notify(s.c, slices.DeleteFunc(all, signal.Ignored)...) // as nohup has it ignored
	s.takeQuit()
	s.running.Go(func() {
		for sig := range s.c {
			e.signal(sig)
		}
	})
	s.running.Go(func() {
		if _, ok := <-s.quit; ok {
			e.dump()
		}
	})
	return s
}

func (s *signals) stop() {
	signal.Stop(s.c)
	signal.Stop(s.quit)
	close(s.c)
	close(s.quit)
	s.running.Wait()
}

// takeQuit makes SIGQUIT this editor's; leaveQuit leaves it to whoever has the terminal, or to end the process at once.
func (s *signals) takeQuit()  { signal.Notify(s.quit, unix.SIGQUIT) }
func (s *signals) leaveQuit() { signal.Stop(s.quit) }

// restoreTime is how long the terminal may take to be put right before the dump is written anyway.
const restoreTime = time.Second

// dump ends the process as SIGQUIT ends a Go program, with a dump of its goroutines, but in a terminal in which it can be
// read and others can go on working.
func (e *lineEditor) dump() {
	restored := make(chan struct{})
	go func() {
		defer close(restored)
		e.Suspend()
	}()
	select {
	case <-restored:
	case <-time.After(restoreTime): // what the dump is wanted for, perhaps
	}
	signal.Reset(unix.SIGQUIT)
	unix.Kill(unix.Getpid(), unix.SIGQUIT)
}

func (e *lineEditor) signal(sig os.Signal) {
	switch sig {
	case unix.SIGWINCH:
		e.screen.resize()
	case unix.SIGCONT:
		e.terminal.again()
		e.screen.redraw()
	case unix.SIGINT: // takeInterrupts says what it does to a line; between lines it is for whoever waits, who is told too
	default:
		e.in.Close()
	}
}

// takeInterrupts makes SIGINT end the line that is being read, as the Ctrl-C key does; done ends that. It hears of no
// signal from before: Ctrl-C between lines, told late, would drop the next line. While the terminal is in other hands
// the signal is for whoever has it.
func (e *lineEditor) takeInterrupts() (done func()) {
	c, end := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(c, unix.SIGINT)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			select {
			case <-c:
				if !e.away() {
					e.in.post(key{keyRune, string(rune(ctrlC))})
				}
			case <-end:
				return
			}
		}
	})
	return func() {
		signal.Stop(c)
		close(end)
		running.Wait()
	}
}

// stopProcess stops the job that this process belongs to, as Ctrl-Z does, and returns when it goes on. Readline's
// own way would stop the parent process as well.
func stopProcess() {
	resumed := make(chan os.Signal, 1)
	signal.Notify(resumed, unix.SIGCONT)
	defer signal.Stop(resumed)
	unix.Kill(0, unix.SIGTSTP)
	select {
	case <-resumed:
	case <-time.After(time.Second): // nobody could continue us, so the kernel did not stop us
	}
}

// prepareOutput makes a terminal understand escape sequences; here it does.
func prepareOutput(*os.File) {}
