package qmpconn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// An UnreachableError says for people why there is no connection. Err is one of Dial's errors, or a Session's.
type UnreachableError struct{ Err error }

func (e *UnreachableError) Error() string {
	var op *OpError
	if errors.As(e.Err, &op) {
		return fmt.Sprintf("no connection to %s: %v", op.Addr, op.Err)
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e *UnreachableError) Unwrap() error { return e.Err }

// Try is what to try, "" where there is nothing to add.
func (e *UnreachableError) Try() string {
	var (
		op       *OpError
		busy     *BusyError
		protocol *ProtocolError
	)
	err := e.Err
	errors.As(err, &op)
	switch {
	case errors.As(err, &busy):
		return busyAdvice(busy)
	case errors.Is(err, ErrNotAgent):
		return "try: without --guest-agent"
	case errors.As(err, &protocol) && strings.HasPrefix(protocol.Text, "QEMU "):
		return "that is the human monitor: QMP is at the socket that QEMU was given with -qmp"
	case errors.As(err, &protocol), errors.Is(err, ErrPeerClosed):
		return "try: the socket that QEMU was given with -qmp"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return "there is no such socket: QEMU makes it with -qmp unix:PATH,server=on,wait=off"
	case errors.Is(err, syscall.ECONNREFUSED):
		return refusedAdvice(op)
	case errors.Is(err, fs.ErrPermission):
		return "try: as the user who runs QEMU"
	case errors.Is(err, syscall.EBADF), errors.Is(err, syscall.ENOTSOCK):
		return "fd:N is a socket that this process was started with, by its number"
	}
	return ""
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
