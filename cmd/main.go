// Package cmd is the command line of qmpsh. It parses flags, wires the other packages together and maps every
// outcome to an exit code; it refuses to know the protocol, the schema or how a value looks.
package cmd

import (
	"fmt"
	"io"
)

// Main runs qmpsh with the arguments that follow the program's name and returns the process's exit code.
func Main(args []string, _ io.Reader, stdout, _ io.Writer) int {
	fmt.Fprintln(stdout, "qmpsh", args)
	return 0
}
