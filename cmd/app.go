package cmd

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// options are the flags that every form of use shares.
type options struct {
	connect    string
	format     string
	filter     string
	rawStrings bool
	timeout    time.Duration
	verbose    bool
	logFile    string
	color      string
	keepGoing  bool
	noCheck    bool
	readOnly   bool
	schemaFile string
	guestAgent bool
	version    bool
}

// An app is one run of qmpsh: its flags, its streams and its environment.
type app struct {
	opts   options
	target string // the first word, where it names a machine; "" for none
	help   written
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
}

// written hands on what is written, and remembers that this failed: cobra prints help and looks no further.
type written struct {
	w   io.Writer
	err error // the first
}

// Write implements io.Writer.
func (w *written) Write(text []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.w.Write(text)
	w.err = err
	return n, err
}

// isTerminal reports whether a stream is a person's terminal.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// width is the columns of a terminal, or 0 where there are none.
func width(stream any) int {
	if file, ok := stream.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
			return columns
		}
	}
	return 0
}
