package qmpconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// maxUnixPath is the longest path that every system's unix socket addresses hold, in bytes (macOS: 103, Linux: 107).
const maxUnixPath = 103

// queuePause is how long to wait before another look at a server whose queue of new clients is full.
const queuePause = 20 * time.Millisecond

// dialPatiently waits for a place in the queue of a server whose monitor is taken and which has others waiting
// already: QEMU lets few wait, and the system refuses the next one outright.
func dialPatiently(ctx context.Context, addr Address, patience time.Duration) (net.Conn, error) {
	begin := time.Now()
	for {
		nc, err := dialNet(ctx, addr)
		if addr.Network != "unix" || !errors.Is(err, syscall.EAGAIN) {
			return nc, err
		}
		if time.Since(begin) > patience {
			busy := &BusyError{Addr: addr.String(), Waited: patience}
			busy.PID, busy.Name = holder(nil, addr.String())
			return nil, busy
		}
		select {
		case <-time.After(queuePause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func dialNet(ctx context.Context, addr Address) (net.Conn, error) {
	if addr.Network == "fd" {
		return openFD(addr.Addr)
	}
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, addr.Network, addr.Addr)
	if at, limited := ctx.Deadline(); err != nil && limited && !time.Now().Before(at) {
		<-ctx.Done() // the dialer looks at the clock itself, and may be a moment ahead
		return nil, ctx.Err()
	}
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
