//go:build unix

package qmpconn

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// errConnAborted is Windows' other word for a reset connection.
const errConnAborted = syscall.ECONNABORTED

// passesFiles reports whether a file descriptor can travel over nc.
func passesFiles(nc net.Conn) bool {
	_, ok := nc.(*net.UnixConn)
	return ok
}

// writeFile sends the beginning of msg, at least one byte of it, together with file's descriptor.
func writeFile(nc net.Conn, msg []byte, file *os.File) (n int, err error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return 0, err
	}
	// Control keeps the descriptor open, and a file with a descriptor of its own in its mode, while it is sent.
	controlErr := raw.Control(func(fd uintptr) {
		n, _, err = nc.(*net.UnixConn).WriteMsgUnix(msg, syscall.UnixRights(int(fd)), nil)
	})
	if controlErr != nil {
		return 0, fmt.Errorf("the file to pass: %w", controlErr)
	}
	return n, err
}
