package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/qmpsh/qmpsh/qapi"
)

const rootHelp = `qmpsh talks to QEMU's monitor protocol, QMP.

With a COMMAND it runs that one and prints what it returns. With none it opens a
prompt, or, when commands are piped in, runs them in their order, one per line.
qmpsh help COMMAND describes any of QEMU's commands.

TARGET is a path, unix:PATH, tcp:HOST:PORT, HOST:PORT, [IPV6]:PORT or fd:N, as
the first word or after -c. Without one it is $QMPSH_CONNECT, then $QMP_SOCKET.

Exit codes: 0 done; 1 failed; 2 wrong usage, nothing was sent; 3 no connection;
4 QEMU refused the command; 5 connection lost, outcome unknown; 124 timed out;
130 interrupted.`

const rootExamples = `  qmpsh ./vm.sock query-status
  qmpsh -c tcp:localhost:4444 query-block --jq '.[].device' -r
  qmpsh ./vm.sock blockdev-add driver=qcow2 node-name=n0 \
      file.driver=file file.filename=/vm.qcow2
  qmpsh ./vm.sock '{"execute": "query-version"}'
  qmpsh ./vm.sock < commands.txt`

// checkFlags finds what is wrong with the values of flags before anything else is done. An empty -c is a script's variable
// that is not set: without it, the run would go to another machine.
func (a *app) checkFlags(flags *pflag.FlagSet) error {
	if flags.Changed("connect") && a.opts.connect == "" {
		return &usageError{errors.New("-c \"\": an empty address names no machine")}
	}
	if a.opts.timeout < 0 {
		return &usageError{fmt.Errorf("--timeout %v: a run cannot end before it begins", a.opts.timeout)}
	}
	return nil
}

// flagError says what is wrong with a flag in the words of the command line.
func flagError(c *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		return &usageError{&hintError{err: err, near: nearFlags(c, unknown.GetSpecifiedName()), try: c.CommandPath() + " --help"}}
	case errors.As(err, &invalid):
		err = fmt.Errorf("--%s %q: want %s", invalid.GetFlag().Name, invalid.GetValue(), wanted(invalid.GetFlag()))
	}
	return &usageError{err}
}

// wanted is what a flag's value looks like.
func wanted(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "duration":
		return "a duration, such as 10s or 2m"
	case "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return "a number"
}

// nearFlags are the flags that may have been meant.
func nearFlags(c *cobra.Command, name string) []string {
	var names []string
	c.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	near := qapi.Nearest(name, names)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

func (a *app) addFlags(flags *pflag.FlagSet) {
	o := &a.opts
	flags.SortFlags = false
	flags.StringVarP(&o.connect, "connect", "c", "", "the machine to talk to, as an `address`")
	flags.StringVarP(&o.format, "output", "o", "auto", "`format`: auto, json, jsonl, yaml, table or tree")
	flags.StringVar(&o.filter, "jq", "", "print what this jq `expression` makes of the return")
	flags.BoolVarP(&o.rawStrings, "raw-output", "r", false, "with --jq, print strings without quotes")
	flags.DurationVar(&o.timeout, "timeout", 0, "end the whole run after this `duration`, such as 10s")
	flags.BoolVar(&o.readOnly, "read-only", false, "let only commands pass that cannot change anything")
	flags.BoolVar(&o.noCheck, "no-check", false, "send arguments without a check by the schema")
	flags.StringVar(&o.schemaFile, "schema", "", "QAPI source or introspection `file`, or $QMPSH_SCHEMA")
	flags.BoolVar(&o.keepGoing, "keep-going", false, "with piped commands, go on after a failure")
	flags.BoolVar(&o.guestAgent, "guest-agent", false, "the peer is a guest agent, which sends no greeting")
	flags.StringVar(&o.color, "color", "auto", "`when` to use colour: auto, always or never")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "show the messages of the wire on standard error")
	flags.StringVar(&o.logFile, "log", "", "append the wire's messages to this `file` as JSON lines")
	for _, name := range []string{"output", "color"} {
		flags.Lookup(name).DefValue = "" // help need not show it: the values begin with it
	}
	// Cobra would add one to each command, and a map of annotations with it, at every start. It looks its value up by name.
	flags.BoolP("help", "h", false, "show this help")
}
