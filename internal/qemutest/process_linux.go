package qemutest

import (
	"bytes"
	"os"
	"os/exec"
	"syscall"
)

// endWithUs asks the kernel to kill the process when the test binary is killed and runs no clean-up.
func endWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// listening reports whether a unix socket accepts connections, by the kernel's list: a connection made to find out
// would be a client of a server that takes one at a time.
func listening(path string) bool {
	table, err := os.ReadFile("/proc/net/unix")
	if err != nil {
		return false
	}
	const accepting = "00010000"
	for line := range bytes.Lines(table) {
		fields := bytes.Fields(line)
		if len(fields) == 8 && string(fields[3]) == accepting && string(fields[7]) == path {
			return true
		}
	}
	return false
}
