package qmpconn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Unreachable says for people why there is no connection, and what to try, "" where there is nothing to add. The error
// is one of Dial's, or a Session's.
func Unreachable(err error) (why, try string) {
	var (
		op       *OpError
		busy     *BusyError
		protocol *ProtocolError
	)
	why = err.Error()
	if errors.As(err, &op) {
		why = fmt.Sprintf("no connection to %s: %v", op.Addr, op.Err)
	}
	switch {
	case errors.As(err, &busy):
		return why, busyAdvice(busy)
	case errors.Is(err, ErrNotAgent):
		return why, "try: without --guest-agent"
	case errors.As(err, &protocol) && strings.HasPrefix(protocol.Text, "QEMU "):
		return why, "that is the human monitor: QMP is at the socket that QEMU was given with -qmp"
	case errors.As(err, &protocol), errors.Is(err, ErrPeerClosed):
		return why, "try: the socket that QEMU was given with -qmp"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return why, "there is no such socket: QEMU makes it with -qmp unix:PATH,server=on,wait=off"
	case errors.Is(err, syscall.ECONNREFUSED):
		return why, refusedAdvice(op)
	case errors.Is(err, fs.ErrPermission):
		return why, "try: as the user who runs QEMU"
	case errors.Is(err, syscall.EBADF), errors.Is(err, syscall.ENOTSOCK):
		return why, "fd:N is a socket that this process was started with, by its number"
	}
	return why, ""
}

// busyAdvice is what to try with a server that accepts a connection and says nothing.
func busyAdvice(busy *BusyError) string {
	switch {
	case busy.PID != 0:
		return "try: ending that client, or giving QEMU a second -qmp socket"
	case busy.Agent:
		return "try: starting qemu-guest-agent in the guest, or ending the other client"
	}
	return "try: ending the other client, giving QEMU a second -qmp socket, or --guest-agent for a guest agent"
}

// refusedAdvice tells a socket that nobody listens at from what is no socket: the system calls both refused.
func refusedAdvice(op *OpError) string {
	if op != nil {
		if info, err := os.Stat(strings.TrimPrefix(op.Addr, "unix:")); err == nil && info.IsDir() {
			return "that is a directory, and no socket"
		} else if err == nil && info.Mode().IsRegular() {
			return "that is a file, and no socket"
		}
	}
	return "nobody listens there: is QEMU still running?"
}
