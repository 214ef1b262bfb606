// Package cmd is the command line of qmpsh. It parses flags, wires the other packages together and maps every
// outcome to an exit code; it refuses to know the protocol, the schema or how a value looks.
package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Main runs qmpsh with the arguments that follow the program's name and returns the process's exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, getenv: os.Getenv}
	err := a.execute(context.Background(), args)
	a.report(err)
	return exitCode(err)
}

// execute runs what the arguments ask for. A QMP command needs nothing but the flags; the tree of sub-commands, which takes
// longer than all else before the connection, is built for what is not plainly one, mistakes and help included.
func (a *app) execute(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("qmpsh", pflag.ContinueOnError)
	a.addFlags(flags)
	args = a.hoistTarget(args, flags)
	if flags.Parse(args) == nil && flags.NArg() > 0 && !isOwn(flags.Arg(0)) && !flags.Changed("help") {
		if err := a.checkFlags(flags); err != nil {
			return err
		}
		return a.oneShot(ctx, flags.Args())
	}
	root := a.root()
	root.SetArgs(args)
	if len(args) > 0 && asksForCompletion(args[0]) {
		describeFlags(root)
	}
	if err := root.ExecuteContext(ctx); err != nil {
		return err
	}
	return a.help.err
}

// isOwn reports whether a first word is a sub-command's name, or asks for completion.
func isOwn(word string) bool {
	switch word {
	case "exec", "dash", "schema", "demo", "completion", "help":
		return true
	}
	return asksForCompletion(word)
}

// asksForCompletion reports whether a first word is one by which a shell asks how the last one goes on.
func asksForCompletion(word string) bool { return strings.HasPrefix(word, cobra.ShellCompRequestCmd) }

// root is the whole command line. Building it connects nowhere and looks at nothing.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:     "qmpsh [TARGET] [COMMAND [key=value ...]]",
		Short:   "A shell and a live dashboard for QEMU's monitor protocol",
		Long:    rootHelp,
		Example: rootExamples,
		Args:    cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault // a TARGET may be a path, which the shell completes
		},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			return a.checkFlags(c.Flags())
		},
		RunE: func(c *cobra.Command, words []string) error {
			if a.opts.version {
				_, err := fmt.Fprintln(a.stdout, "qmpsh", buildVersion())
				return err
			}
			return a.runRoot(c.Context(), words)
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.stdin)
	a.help.w = a.stdout
	root.SetOut(&a.help)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	a.addFlags(root.PersistentFlags())
	flags := root.Flags()
	flags.SortFlags = false // help shows them in their order, and nothing sorts them at every start
	flags.AddFlagSet(root.PersistentFlags())
	// Not cobra's own flag: its template would keep every method of every type in the binary, used or not.
	flags.BoolVar(&a.opts.version, "version", false, "print the version and what it was built from")
	root.AddCommand(a.execCommand(), a.dashCommand(), a.schemaCommand(), a.demoCommand(), a.completionsCommand(root))
	root.SetHelpCommand(a.helpCommand(root))
	return root
}

// runRoot runs one command, or what is piped in, or the prompt.
func (a *app) runRoot(ctx context.Context, words []string) error {
	switch {
	case len(words) > 0:
		return a.oneShot(ctx, words)
	case isTerminal(a.stdin):
		return a.prompt(ctx)
	default:
		return a.piped(ctx, a.dialPiped)
	}
}

func (a *app) execCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "exec COMMAND [key=value ...]",
		Short: "Run one QMP command, also one with a name that qmpsh uses itself",
		Args:  usage(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, words []string) error {
			return a.oneShot(c.Context(), words)
		},
	}
}

// usage makes a wrong number of words a mistake in the usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, words []string) error {
		if err := check(c, words); err != nil {
			return &usageError{fmt.Errorf("%s behind %s: usage: qmpsh %s", counted(len(words), "word"), c.Name(), c.Use)}
		}
		return nil
	}
}

// oneThread keeps many commands on one thread until the function it returns is called. Question and answer alternate, so
// a second thread does no work, and waking it costs as much as the rest of the exchange. For a single command the switch
// itself costs more: the runtime hands back every cache of its allocator, a page fault each.
func oneThread() (restore func()) {
	threads := runtime.GOMAXPROCS(1)
	return func() { runtime.GOMAXPROCS(threads) }
}

// unwatched is how long a run goes on before it watches for signals. Watching takes a thread, and with it a tenth of the
// time that one command takes; a server that answers at once is done before a person has found the keys. Until then a
// signal ends the process by itself, which a shell reports with the same number.
const unwatched = 20 * time.Millisecond

// bounded gives a run's context its ends: --timeout, and a signal. The caller calls stop.
func (a *app) bounded(ctx context.Context) (_ context.Context, stop func()) {
	ctx, unwatch := interruptible(ctx)
	ctx, release := a.timed(ctx)
	over := make(chan struct{})
	heed := context.AfterFunc(ctx, func() { a.insist(context.Cause(ctx), over) })
	return ctx, func() {
		heed()
		close(over)
		release()
		unwatch()
	}
}

// patience is how long a run may take to end when its context has.
const patience = 2 * time.Second

// insist ends the process when a run is not over in time: a write to a pipe that nobody reads waits for ever, and so may a
// read of a file.
func (a *app) insist(cause error, over <-chan struct{}) {
	select {
	case <-over:
		return
	case <-time.After(patience):
	}
	err := fmt.Errorf("%w: a file, or the reader of what is printed, kept it waiting", cause)
	told := make(chan struct{})
	go func() {
		a.report(err)
		close(told)
	}()
	select {
	case <-told:
	case <-time.After(patience): // nor standard error
	}
	os.Exit(exitCode(err))
}

// timed gives a run's context the end that --timeout sets. The caller calls release.
func (a *app) timed(ctx context.Context) (_ context.Context, release func()) {
	if a.opts.timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, a.opts.timeout, errTimeout)
}

// interruptible gives a run's context the end that a signal sets, unless whoever started the run has it ignored, as nohup
// does. The caller calls stop.
func interruptible(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	watch := time.AfterFunc(unwatched, func() {
		defer close(ended)
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, slices.DeleteFunc([]os.Signal{syscall.SIGTERM, syscall.SIGHUP, os.Interrupt}, signal.Ignored)...)
		defer signal.Stop(signals)
		select {
		case <-signals:
			cancel(errInterrupted)
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel(nil)
		if !watch.Stop() {
			<-ended
		}
	}
}
