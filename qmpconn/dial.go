package qmpconn

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
)

// maxUnixPath is the longest path that every system's unix socket addresses hold, in bytes (macOS: 103, Linux: 107).
const maxUnixPath = 103

func dialNet(ctx context.Context, addr Address) (net.Conn, error) {
	if addr.Network == "fd" {
		return openFD(addr.Addr)
	}
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, addr.Network, addr.Addr)
	if err != nil && addr.Network == "unix" && len(addr.Addr) > maxUnixPath {
		return nil, fmt.Errorf("%w (a unix socket's path must be short, and this one has %d bytes: try a relative path)", bareError(err), len(addr.Addr))
	}
	return nc, err
}

// openFD takes over an inherited socket. It can be opened once: the descriptor is closed behind the connection.
func openFD(number string) (net.Conn, error) {
	fd, err := strconv.ParseUint(number, 10, 31)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "fd:"+number)
	if file == nil {
		return nil, os.ErrInvalid
	}
	defer file.Close()
	return net.FileConn(file)
}
