package qmpconn

import (
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// PeerExecutable returns the path of the binary behind a local socket, as the kernel tells it: the one that the
// process that listens was started from. It is "" when the peer is remote, in another namespace, or of a binary that
// has been replaced since. Where a supervisor made the listening socket, it is the supervisor's.
func (c *Conn) PeerExecutable() string {
	pid := peerPID(c.nc)
	if pid <= 0 {
		return ""
	}
	link := "/proc/" + strconv.Itoa(pid) + "/exe"
	path, err := os.Readlink(link)
	if err != nil || strings.HasSuffix(path, " (deleted)") {
		return ""
	}
	// In another mount namespace, a container's, the same path can lead to another file.
	theirs, err := os.Stat(link)
	ours, ourErr := os.Stat(path)
	if err != nil || ourErr != nil || !os.SameFile(theirs, ours) {
		return ""
	}
	return path
}

// peerPID returns the process that made the socket listen which nc is connected to; 0 when unknown.
func peerPID(nc net.Conn) int {
	unixConn, ok := nc.(*net.UnixConn)
	if !ok {
		return 0
	}
	raw, err := unixConn.SyscallConn()
	if err != nil {
		return 0
	}
	pid := 0
	_ = raw.Control(func(fd uintptr) { // no credentials, no PID
		if peer, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			pid = int(peer.Pid)
		}
	})
	return pid
}
