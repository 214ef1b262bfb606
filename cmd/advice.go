package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

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
		connect *connectError
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
		return []string{endedAdvice(ended, unsent)}
	case errors.As(err, &connect):
		return append(connectAdvice(connect), unsent)
	case errors.As(err, &schema) && lost(err):
		return []string{unsent}
	case errors.As(err, &schema):
		return []string{"try: --no-check, which needs no schema", unsent}
	case errors.Is(err, qmpconn.ErrNotSent):
		return []string{unsent}
	case errors.As(err, &broken) && broken.Unknown:
		return []string{"look at the machine before you send it again"}
	case errors.As(err, &unshown):
		return []string{unshown.ran + ": what is missing is only the output"}
	}
	return hint(err)
}

// connectAdvice is what to try when nobody answers at an address.
func connectAdvice(err error) []string {
	var (
		busy     *qmpconn.BusyError
		protocol *qmpconn.ProtocolError
	)
	switch {
	case errors.As(err, &busy):
		return []string{busyAdvice(busy)}
	case errors.Is(err, qmpconn.ErrNotAgent):
		return []string{"try: without --guest-agent"}
	case errors.As(err, &protocol) && strings.HasPrefix(protocol.Text, "QEMU "):
		return []string{"that is the human monitor: QMP is at the socket that QEMU was given with -qmp"}
	case errors.As(err, &protocol), errors.Is(err, qmpconn.ErrPeerClosed):
		return []string{"try: the socket that QEMU was given with -qmp"}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return []string{"there is no such socket: QEMU makes it with -qmp unix:PATH,server=on,wait=off"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return []string{refusedAdvice(err)}
	case errors.Is(err, fs.ErrPermission):
		return []string{"try: as the user who runs QEMU"}
	case errors.Is(err, syscall.EBADF), errors.Is(err, syscall.ENOTSOCK):
		return []string{"fd:N is a socket that this process was started with, by its number"}
	}
	return nil
}

// busyAdvice is what to try with a server that accepts a connection and says nothing.
func busyAdvice(busy *qmpconn.BusyError) string {
	switch {
	case busy.PID != 0:
		return "try: ending that client, or giving QEMU a second -qmp socket"
	case busy.Agent:
		return "try: starting qemu-guest-agent in the guest, or ending the other client"
	}
	return "try: ending the other client, giving QEMU a second -qmp socket, or --guest-agent for a guest agent"
}

// refusedAdvice tells a socket that nobody listens at from what is no socket: the system calls both refused.
func refusedAdvice(err error) string {
	var op *qmpconn.OpError
	if errors.As(err, &op) {
		if info, err := os.Stat(strings.TrimPrefix(op.Addr, "unix:")); err == nil && info.IsDir() {
			return "that is a directory, and no socket"
		} else if err == nil && info.Mode().IsRegular() {
			return "that is a file, and no socket"
		}
	}
	return "nobody listens there: is QEMU still running?"
}

// endedAdvice says what may still happen after a run was ended from outside.
func endedAdvice(e *endedError, unsent string) string {
	var (
		broken *qmpconn.OpError
		schema *schemaError
	)
	switch {
	case errors.As(e.err, &schema):
		return unsent
	case errors.As(e.err, &broken) && broken.Unknown:
		return broken.Op + " was sent: QEMU may still carry it out"
	case e.before > 0:
		return fmt.Sprintf("nothing more was sent after %s", counted(e.before, "command"))
	}
	return unsent
}
