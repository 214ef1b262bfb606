package qmpconn

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// An Address says where a monitor listens.
type Address struct {
	Network string // "unix", "tcp" or "fd"
	Addr    string // a path, HOST:PORT, or the decimal number of an inherited file descriptor
}

// An AddressError is an address that ParseAddress could not understand.
type AddressError struct {
	Text   string // as it was given
	Reason string
}

func (e *AddressError) Error() string { return fmt.Sprintf("address %q: %s", e.Text, e.Reason) }

// ParseAddress understands a path, unix:PATH, tcp:HOST:PORT, HOST:PORT (IPv6 in brackets), fd:N, and QEMU's own
// spelling with its options behind commas, as pasted from a command line (unix:/x.sock,server=on,wait=off). A word
// with a slash, or without a number behind its last colon, is a path. A leading @ names a Linux abstract socket.
func ParseAddress(s string) (Address, error) {
	if strings.ContainsRune(s, 0) {
		return Address{}, &AddressError{s, "it holds a zero byte"}
	}
	if rest, ok := strings.CutPrefix(s, "unix:"); ok {
		path, _ := cutOptions(rest)
		return parsePath(s, path)
	}
	if rest, ok := strings.CutPrefix(s, "tcp:"); ok {
		hostport, _ := cutOptions(strings.TrimPrefix(rest, "//")) // as libvirt and others write it
		return parseTCP(s, hostport)
	}
	if rest, ok := strings.CutPrefix(s, "fd:"); ok {
		if _, err := strconv.ParseUint(rest, 10, 31); err != nil {
			return Address{}, &AddressError{s, "want fd:NUMBER, the number of an open file descriptor"}
		}
		return Address{"fd", rest}, nil
	}
	plain, pasted := cutOptions(s)
	for _, other := range []string{"telnet", "websocket"} {
		if rest, ok := strings.CutPrefix(plain, other+":"); ok && looksTCP(rest) {
			return Address{}, &AddressError{s, "QEMU speaks " + other + " there, which qmpsh does not: give QEMU -qmp tcp:HOST:PORT or unix:PATH"}
		}
	}
	if looksTCP(plain) {
		return parseTCP(s, plain) // it refuses a port that is none
	}
	if !pasted {
		plain = s // just a path, whatever commas it holds
	}
	return parsePath(s, plain)
}

// String returns the address in the shortest form that ParseAddress reads back: a bare path where that is clear.
func (a Address) String() string {
	switch a.Network {
	case "unix":
		if back, err := ParseAddress(a.Addr); err == nil && back == a {
			return a.Addr
		}
		return "unix:" + strings.ReplaceAll(a.Addr, ",", ",,")
	case "tcp":
		return strings.ReplaceAll(a.Addr, ",", ",,")
	}
	return a.Network + ":" + a.Addr
}

func parsePath(text, path string) (Address, error) {
	if path == "" {
		return Address{}, &AddressError{text, "the path is empty"}
	}
	return Address{"unix", path}, nil
}

func parseTCP(text, hostport string) (Address, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil || !isPort(port) {
		return Address{}, &AddressError{text, "want HOST:PORT with a port from 1 to 65535, IPv6 in brackets"}
	}
	if host == "" { // QEMU's tcp::4444 listens everywhere
		host = "localhost"
	}
	return Address{"tcp", net.JoinHostPort(host, port)}, nil
}

// looksTCP reports whether s is HOST:NUMBER.
func looksTCP(s string) bool {
	host, port, err := net.SplitHostPort(s)
	return err == nil && port != "" && strings.Trim(port, "0123456789") == "" && !strings.ContainsAny(host, `/\@`)
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// cutOptions drops the socket options that follow an address in QEMU's spelling, where a doubled comma is a comma.
// Words that are no option of QEMU's belong to the address: a file's name may hold a comma.
func cutOptions(s string) (plain string, cut bool) {
	fields := strings.Split(strings.ReplaceAll(s, ",,", "\x00"), ",")
	n := len(fields)
	for n > 1 && isOption(fields[n-1]) {
		n--
	}
	if n == len(fields) && n > 1 {
		return s, false
	}
	return strings.ReplaceAll(strings.Join(fields[:n], ","), "\x00", ","), n < len(fields)
}

// isOption reports whether word is one of the options of QEMU's socket character devices.
func isOption(word string) bool {
	name, value, hasValue := strings.Cut(word, "=")
	if !hasValue {
		name = strings.TrimPrefix(name, "no")
		return slices.Contains([]string{"server", "wait", "delay", "ipv4", "ipv6"}, name)
	}
	known := []string{"server", "wait", "nodelay", "delay", "reconnect", "reconnect-ms", "ipv4", "ipv6", "to", "mux", "logfile", "logappend", "tight", "mode", "pretty"}
	return value != "" && slices.Contains(known, name)
}
