// Command qmpsh is a shell and a live dashboard for QEMU's monitor protocol.
package main

import (
	"os"

	"github.com/qmpsh/qmpsh/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
