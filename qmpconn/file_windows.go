package qmpconn

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// errConnAborted is what a reset connection is called here.
const errConnAborted = syscall.WSAECONNRESET

// passesFiles reports whether a file descriptor can travel over nc: Windows has no such thing.
func passesFiles(net.Conn) bool { return false }

func writeFile(net.Conn, []byte, *os.File) (int, error) { return 0, errors.ErrUnsupported }
