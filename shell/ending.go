package shell

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// ErrSignal is what Run returns when a signal ended it. There is nothing to report: the person, or the system, knows.
var ErrSignal = errors.New("ended by a signal")

// untilSignal is a context that ends when the process is told to end, and a function that gives back the signals and
// reports whether one came. A hang-up that whoever started the process has ignored, as nohup does, stays so.
func untilSignal(ctx context.Context) (_ context.Context, ended func() bool) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, slices.DeleteFunc([]os.Signal{syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)...)
	came, over := false, make(chan struct{})
	go func() {
		defer close(over)
		select {
		case <-signals:
			came = true
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() bool {
		signal.Stop(signals) // what came before is in the channel now
		cancel()
		<-over
		return came || len(signals) > 0
	}
}
