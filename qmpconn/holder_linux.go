package qmpconn

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// holder finds the process at the other end of the connection that keeps the monitor at addr from talking to nc, which
// is nil when there was not even a connection; pid is 0 when the kernel does not tell: a remote peer, a process in
// another namespace or of another user.
func holder(nc net.Conn, addr string) (pid int, name string) {
	var server listener
	var own uint32
	if nc != nil {
		unixConn, ok := nc.(*net.UnixConn)
		if !ok {
			return 0, ""
		}
		server.name, own = unixConn.RemoteAddr().String(), socketInode(unixConn)
	}
	if info, err := os.Stat(strings.TrimPrefix(addr, "unix:")); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			server.inode = uint32(stat.Ino)
		}
	}
	sockets, err := unixSockets()
	if err != nil {
		return 0, ""
	}
	for _, s := range sockets {
		if s.established && s.peer != 0 && s.peer != own && server.accepted(s) {
			if pid := socketOwner(s.peer); pid != 0 {
				comm, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm")) // it may have gone
				return pid, strings.TrimSpace(string(comm))
			}
		}
	}
	return 0, ""
}

// A listener is a server's socket, by its file's inode or else by the name that it was bound to.
type listener struct {
	inode uint32
	name  string
}

// accepted reports whether s is a server's end of a connection to l: it carries l's file and name.
func (l listener) accepted(s unixSocket) bool {
	if l.inode != 0 {
		return s.file == l.inode
	}
	return l.name != "" && s.name == l.name
}

// socketInode returns the inode of a socket of ours.
func socketInode(nc *net.UnixConn) (inode uint32) {
	raw, err := nc.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { // zero says unknown
		var stat syscall.Stat_t
		if syscall.Fstat(int(fd), &stat) == nil {
			inode = uint32(stat.Ino)
		}
	})
	return inode
}

// socketOwner finds a process that has the socket with this inode open; 0 when none is visible.
func socketOwner(inode uint32) int {
	want := "socket:[" + strconv.FormatUint(uint64(inode), 10) + "]"
	processes, _ := os.ReadDir("/proc")
	for _, process := range processes {
		pid, err := strconv.Atoi(process.Name())
		if err != nil {
			continue
		}
		dir := filepath.Join("/proc", process.Name(), "fd")
		files, _ := os.ReadDir(dir) // unreadable for other users' processes
		for _, file := range files {
			if target, _ := os.Readlink(filepath.Join(dir, file.Name())); target == want {
				return pid
			}
		}
	}
	return 0
}
