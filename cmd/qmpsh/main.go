// Command qmpsh is a shell and a live dashboard for QEMU's monitor protocol.
//
// A run of one command takes a few milliseconds, so the runtime does not look at its start, and again and again, how many
// processors a container leaves it.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0
package main

import (
	"os"

	"github.com/qmpsh/qmpsh/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
