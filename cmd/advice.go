package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/qmpsh/qmpsh/qmpconn"
)

// nothingSent is said of every mistake found in time.
const nothingSent = "nothing was sent"

// advice is what was not done and what to try.
func advice(err error) []string {
	var (
		usage   *usageError
		ended   *endedError
		connect *connectError
		schema  *schemaError
		broken  *qmpconn.OpError
		hint    *hintError
	)
	switch {
	case errors.Is(err, errNoTarget):
		return []string{"try: qmpsh ./qmp.sock query-status", nothingSent}
	case errors.As(err, &usage):
		return []string{nothingSent}
	case errors.As(err, &ended):
		return []string{endedAdvice(ended)}
	case errors.As(err, &connect):
		return append(connectAdvice(connect), nothingSent)
	case errors.As(err, &schema) && lost(err):
		return []string{nothingSent}
	case errors.As(err, &schema):
		return []string{"try: --no-check, which needs no schema", nothingSent}
	case errors.As(err, &hint) && len(hint.near) > 0:
		return []string{"did you mean: " + strings.Join(hint.near, ", ")}
	case errors.Is(err, qmpconn.ErrNotSent):
		return []string{nothingSent}
	case errors.As(err, &broken) && broken.Unknown:
		return []string{"look at the machine before you send it again"}
	}
	return nil
}

// connectAdvice is what to try when nobody answers at an address.
func connectAdvice(err error) []string {
	var busy *qmpconn.BusyError
	switch {
	case errors.As(err, &busy):
		return []string{"try: ending that client, or giving QEMU a second -qmp socket"}
	case errors.Is(err, fs.ErrNotExist):
		return []string{"there is no such socket: QEMU makes it with -qmp unix:PATH,server=on,wait=off"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return []string{"nobody listens there: is QEMU still running?"}
	case errors.Is(err, fs.ErrPermission):
		return []string{"try: as the user who runs QEMU"}
	}
	return nil
}

// endedAdvice says what may still happen after a run was ended from outside.
func endedAdvice(e *endedError) string {
	var (
		broken *qmpconn.OpError
		schema *schemaError
	)
	switch {
	case errors.As(e.err, &schema):
		return nothingSent
	case errors.As(e.err, &broken) && broken.Unknown:
		return broken.Op + " was sent: QEMU may still carry it out"
	case e.before > 0:
		return fmt.Sprintf("nothing more was sent after %s", counted(e.before, "command"))
	}
	return nothingSent
}
