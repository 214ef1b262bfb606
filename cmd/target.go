package cmd

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/qmpsh/qmpsh/qmpconn"
)

// errNoTarget is what a run without any address ends with.
var errNoTarget = errors.New("no machine to talk to: give -c ADDRESS, or set QMPSH_CONNECT or QMP_SOCKET")

// hoistTarget takes a first word that is a target out of the arguments, so that every sub-command can follow it:
// `qmpsh ./vm.sock schema stop` is `qmpsh --connect ./vm.sock schema stop`. Where a shell asks how the last word goes on,
// the words before it are looked at.
func (a *app) hoistTarget(args []string, flags *pflag.FlagSet) []string {
	begin, end := 0, len(args)
	if end > 1 && asksForCompletion(args[0]) {
		begin, end = 1, end-1
	}
	i := firstWord(args[begin:end], flags) + begin
	if i < begin || !isTarget(args[i]) {
		return args
	}
	a.target = args[i]
	return append(append([]string{}, args[:i]...), args[i+1:]...) // not nil, which cobra takes for the process's own
}

// firstWord is the index of the first argument that is neither a flag nor a flag's value, or -1.
func firstWord(args []string, flags *pflag.FlagSet) int {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--" || arg == "":
			return -1
		case !strings.HasPrefix(arg, "-") || arg == "-":
			return i
		case takesNext(arg, flags):
			i++
		}
	}
	return -1
}

// takesNext reports whether the flag's value is the argument after it.
func takesNext(arg string, flags *pflag.FlagSet) bool {
	var flag *pflag.Flag
	if name, long := strings.CutPrefix(arg, "--"); long {
		flag = flags.Lookup(name) // with an = in it there is no such name
	} else {
		flag = flags.ShorthandLookup(arg[len(arg)-1:])
	}
	return flag != nil && flag.NoOptDefVal == ""
}

// isTarget reports whether a first word names a machine: it holds a slash or a colon, ends as sockets do, or is an
// existing socket. No QMP command looks like that; but the word may be a whole line, whose command ends before these.
func isTarget(word string) bool {
	if head := word[:commandEnd(word)]; strings.ContainsAny(head, "/:") || strings.HasSuffix(head, ".sock") {
		return true
	}
	info, err := os.Stat(word)
	return err == nil && info.Mode().Type() == os.ModeSocket
}

// commandEnd is where the name of a command ends that a word begins with, if it is a line.
func commandEnd(word string) int {
	if i := strings.IndexAny(word, " \t\n|>(={#\"'"); i >= 0 {
		return i
	}
	return len(word)
}

// address is the machine to talk to: the first word or -c, then $QMPSH_CONNECT, then $QMP_SOCKET.
func (a *app) address() (qmpconn.Address, error) {
	if a.target != "" && a.opts.connect != "" {
		return qmpconn.Address{}, &usageError{fmt.Errorf("two machines to talk to: %s, and -c %s", a.target, a.opts.connect)}
	}
	for _, text := range []string{a.target, a.opts.connect, a.getenv("QMPSH_CONNECT"), a.getenv("QMP_SOCKET")} {
		if text == "" {
			continue
		}
		address, err := qmpconn.ParseAddress(text)
		if err != nil {
			return address, &usageError{err}
		}
		return address, nil
	}
	return qmpconn.Address{}, &usageError{errNoTarget}
}
