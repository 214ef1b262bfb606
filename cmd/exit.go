package cmd

import (
	"errors"

	"github.com/qmpsh/qmpsh/qmpconn"
)

// The exit codes of qmpsh. The README lists them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2   // wrong usage: nothing was sent
	exitConnect     = 3   // no connection
	exitRefused     = 4   // QEMU refused the command
	exitUnknown     = 5   // the connection was lost with the outcome unknown
	exitTimeout     = 124 // as timeout(1) has it
	exitInterrupted = 130 // 128 + SIGINT
)

// What ends a run from outside: the causes of its context.
var (
	errInterrupted = errors.New("interrupted")
	errTimeout     = errors.New("timed out")
)

// A usageError is a mistake that was found before anything was sent.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// A schemaError says that the schema which a line needs could not be had, so that the line was not sent.
type schemaError struct{ err error }

func (e *schemaError) Error() string { return e.err.Error() }
func (e *schemaError) Unwrap() error { return e.err }

// A printError says that what commands returned could not be printed, or not all of it.
type printError struct {
	ran string // what was done all the same: "stop was run"
	err error
}

func (e *printError) Error() string { return e.err.Error() }
func (e *printError) Unwrap() error { return e.err }

// A shownError was already reported; only its exit code is left to tell.
type shownError struct {
	code int
	err  error
}

func (e *shownError) Error() string { return e.err.Error() }
func (e *shownError) Unwrap() error { return e.err }

// exitCode maps an outcome to the process's exit code. It is the only place that does.
func exitCode(err error) int {
	var (
		shown   *shownError
		usage   *usageError
		connect *qmpconn.UnreachableError
		schema  *schemaError
		refused *qmpconn.Error
		broken  *qmpconn.OpError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &shown):
		return shown.code
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, errTimeout):
		return exitTimeout
	case errors.As(err, &connect):
		return exitConnect
	case errors.As(err, &schema) && !lost(err):
		return exitFailed
	case errors.As(err, &schema):
		return exitConnect
	case errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &broken) && broken.Unknown:
		return exitUnknown
	case errors.Is(err, qmpconn.ErrNotSent):
		return exitUsage
	case errors.As(err, &broken):
		return exitConnect
	default:
		return exitFailed
	}
}
