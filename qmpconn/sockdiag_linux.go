package qmpconn

import (
	"encoding/binary"
	"strings"
	"syscall"
)

// A unixSocket is one unix socket of this host, as the kernel's socket diagnosis (sock_diag(7)) describes it. Unlike
// /proc/net/unix it names the socket at the other end.
type unixSocket struct {
	established bool
	name        string // what it, or the socket that accepted it, was bound to; @ begins an abstract name
	file        uint32 // the inode of the socket file
	peer        uint32 // the inode of the socket at the other end
}

// From linux/sock_diag.h and linux/unix_diag.h.
const (
	netlinkSockDiag  = 4
	sockDiagByFamily = 20
	showAll          = 1 | 2 | 4 // name, file and peer
	attrName         = 0
	attrFile         = 1
	attrPeer         = 2
	replySize        = 16 // struct unix_diag_msg, before the attributes
	tcpEstablished   = 1
)

// unixSockets lists this host's unix sockets.
func unixSockets() ([]unixSocket, error) {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netlinkSockDiag)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(fd)
	second := syscall.Timeval{Sec: 1}
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &second); err != nil {
		return nil, err
	}
	if err := syscall.Sendto(fd, diagRequest(), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return nil, err
	}
	var found []unixSocket
	buf := make([]byte, 64<<10)
	for {
		n, _, err := syscall.Recvfrom(fd, buf, 0)
		if err != nil {
			return nil, err
		}
		messages, err := syscall.ParseNetlinkMessage(buf[:n])
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			switch m.Header.Type {
			case syscall.NLMSG_DONE:
				return found, nil
			case syscall.NLMSG_ERROR:
				return nil, syscall.EPROTO
			}
			found = append(found, parseUnixSocket(m.Data))
		}
	}
}

// diagRequest asks for every unix socket in every state: a netlink header and a struct unix_diag_req.
func diagRequest() []byte {
	order := binary.NativeEndian
	const size = syscall.NLMSG_HDRLEN + 24
	b := order.AppendUint32(nil, size)
	b = order.AppendUint16(b, sockDiagByFamily)
	b = order.AppendUint16(b, syscall.NLM_F_REQUEST|syscall.NLM_F_DUMP)
	b = append(b, make([]byte, 8)...) // sequence number, port
	b = append(b, syscall.AF_UNIX, 0, 0, 0)
	b = order.AppendUint32(b, 1<<32-1) // every state
	b = order.AppendUint32(b, 0)       // every inode
	b = order.AppendUint32(b, showAll)
	return append(b, make([]byte, 8)...) // no cookie
}

// parseUnixSocket reads a struct unix_diag_msg and its attributes; what is cut short stays zero.
func parseUnixSocket(b []byte) (s unixSocket) {
	if len(b) < replySize {
		return s
	}
	order := binary.NativeEndian
	s.established = b[2] == tcpEstablished
	for b = b[replySize:]; len(b) >= 4; {
		size := int(order.Uint16(b))
		if size < 4 || size > len(b) {
			break
		}
		value := b[4:size]
		switch kind := order.Uint16(b[2:]); {
		case kind == attrName && len(value) > 0:
			s.name = string(value)
			if value[0] == 0 {
				s.name = "@" + s.name[1:]
			} else {
				s.name = strings.TrimRight(s.name, "\x00")
			}
		case kind == attrFile && len(value) >= 4:
			s.file = order.Uint32(value)
		case kind == attrPeer && len(value) >= 4:
			s.peer = order.Uint32(value)
		}
		b = b[min((size+3)&^3, len(b)):]
	}
	return s
}
