package qemutest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// endWithUs asks the kernel to kill the process when the test binary is killed and runs no clean-up.
func endWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// settled reports whether a QEMU has come to rest: its main thread waits for something to happen, and so does the one
// that serves the monitors. A client that connects while QEMU moves its monitors from the one to the other may find a
// monitor that greets twice, answers nothing or crashes (QEMU 7.2 under load). Where the kernel does not tell, it is
// taken for granted.
func settled(pid int) bool {
	tasks := filepath.Join("/proc", strconv.Itoa(pid), "task")
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return true
	}
	main, other := false, false
	for _, thread := range threads {
		call, err := os.ReadFile(filepath.Join(tasks, thread.Name(), "syscall"))
		if errors.Is(err, fs.ErrPermission) {
			return true
		}
		number, _, waits := strings.Cut(string(call), " ") // a thread that runs says "running"
		if thread.Name() == strconv.Itoa(pid) {
			main = waits && number == strconv.Itoa(syscall.SYS_PPOLL)
		} else {
			other = other || waits && number != strconv.Itoa(syscall.SYS_FUTEX)
		}
	}
	return main && other
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
