//go:build !linux

package qmpconn

import "net"

// PeerExecutable returns the path of the binary behind a local socket, where the kernel tells: on Linux.
func (c *Conn) PeerExecutable() string { return "" }

// holder finds the process that holds a monitor, where the kernel tells: on Linux.
func holder(net.Conn, string) (pid int, name string) { return 0, "" }
