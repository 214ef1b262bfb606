// Command qmpsh is a shell and a live dashboard for QEMU's monitor protocol.
package main

import (
	"os"

	"github.com/qmpsh/qmpsh/cmd"
)

func main() {
	makeRoom(false)
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// makeRoom lets the stack grow once, while little is on it. It would double three times on the way to the first reply,
// and each time all that is on it be looked up and moved: a twentieth of a run of one command.
//
//go:noinline
func makeRoom(use bool) {
	if use { // never: the room is made where the function begins, and clearing it costs as much
		var room [20 << 10]byte
		fill(&room)
	}
}

//go:noinline
func fill(*[20 << 10]byte) {}
