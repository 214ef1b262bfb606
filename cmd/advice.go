package cmd

import (
	"errors"
	"fmt"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
)

// What is said of every mistake found in time: of one command, and of one line of several.
const (
	nothingSent = "nothing was sent"
	lineNotSent = "this line was not sent"
)

// advice is what was not done, which unsent says where nothing was sent, and what to try.
func advice(err error, unsent string) []string {
	var (
		usage   *usageError
		ended   *endedError
		connect *qmpconn.UnreachableError
		schema  *schemaError
		broken  *qmpconn.OpError
		unshown *printError
	)
	switch {
	case errors.Is(err, errNoTarget):
		return []string{"try: qmpsh ./qmp.sock query-status", unsent}
	case errors.As(err, &usage):
		return append(hint(err), unsent)
	case errors.As(err, &ended):
		return endedAdvice(ended, unsent)
	case errors.As(err, &connect):
		return unreached(connect, unsent)
	case errors.As(err, &schema) && lost(err):
		return []string{unsent}
	case errors.As(err, &schema):
		return []string{"try: --no-check, which needs no schema", unsent}
	case errors.Is(err, qmpconn.ErrNotSent):
		return []string{unsent}
	case errors.As(err, &broken) && broken.Unknown:
		return []string{sentAdvice(broken.Op, "look at the machine before you send it again")}
	case errors.As(err, &broken):
		return []string{unsent}
	case errors.As(err, &unshown):
		return []string{unshown.ran + ": what is missing is only the output"}
	}
	return hint(err)
}

// unreached is what to try when nobody answers at an address. What went out all the same changes nothing.
func unreached(connect *qmpconn.UnreachableError, unsent string) []string {
	if broken := new(qmpconn.OpError); errors.As(connect, &broken) && broken.Unknown {
		unsent = sentAdvice(broken.Op, "")
	}
	if try := connect.Try(); try != "" {
		return []string{try, unsent}
	}
	return []string{unsent}
}

// sentAdvice is what is said of a command whose outcome is unknown: whether that matters.
func sentAdvice(command, otherwise string) string {
	if _, harmless := qapi.ReadOnly(command); harmless {
		return command + " was sent, and changes nothing"
	}
	return otherwise
}

// endedAdvice says what may still happen after a run was ended from outside, and what it was waiting for.
func endedAdvice(e *endedError, unsent string) []string {
	var (
		broken  *qmpconn.OpError
		connect *qmpconn.UnreachableError
		schema  *schemaError
	)
	switch {
	case errors.As(e.err, &schema):
		return []string{unsent}
	case errors.As(e.err, &broken) && broken.Unknown:
		return []string{sentAdvice(broken.Op, broken.Op+" was sent: QEMU may still carry it out")}
	case errors.As(e.err, &connect) && errors.As(e.err, &broken) && broken.Op == "qmp_capabilities":
		return []string{broken.Addr + ": the server greeted, but did not answer qmp_capabilities", unsent}
	case errors.As(e.err, &connect) && errors.As(e.err, &broken) && heard(broken):
		return []string{broken.Addr + ": the socket is open, but no greeting came: another client may hold this monitor", unsent}
	case e.before > 0:
		return []string{fmt.Sprintf("nothing more was sent after %s", counted(e.before, "command"))}
	}
	return []string{unsent}
}

// heard reports whether a connection that did not come about was at least begun. A unix socket that is not there fails at
// once: to wait for one is to wait in the queue before it.
func heard(broken *qmpconn.OpError) bool {
	address, err := qmpconn.ParseAddress(broken.Addr)
	return broken.Op == "negotiate" || err == nil && address.Network == "unix"
}
