package qmpconn

import (
	"errors"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct{ in, network, addr, text string }{
		{"/run/vm.sock", "unix", "/run/vm.sock", "/run/vm.sock"},
		{"./vm.sock", "unix", "./vm.sock", "./vm.sock"},
		{"vm.sock", "unix", "vm.sock", "vm.sock"},
		{"@abstract", "unix", "@abstract", "@abstract"},
		{"unix:/run/vm.sock", "unix", "/run/vm.sock", "/run/vm.sock"},
		{"unix:localhost:4444", "unix", "localhost:4444", "unix:localhost:4444"},
		{"/tmp/with:4444", "unix", "/tmp/with:4444", "/tmp/with:4444"},
		{`C:\vm.sock`, "unix", `C:\vm.sock`, `C:\vm.sock`},
		{"/tmp/a,b.sock", "unix", "/tmp/a,b.sock", "/tmp/a,b.sock"},
		{"/tmp/a,,b.sock", "unix", "/tmp/a,,b.sock", "/tmp/a,,b.sock"},
		{"localhost:4444", "tcp", "localhost:4444", "localhost:4444"},
		{"tcp:192.0.2.7:4444", "tcp", "192.0.2.7:4444", "192.0.2.7:4444"},
		{"[::1]:4444", "tcp", "[::1]:4444", "[::1]:4444"},
		{"tcp:[fe80::1%eth0]:4444", "tcp", "[fe80::1%eth0]:4444", "[fe80::1%eth0]:4444"},
		{"fd:3", "fd", "3", "fd:3"},
		{"unix:telnet:localhost:4444", "unix", "telnet:localhost:4444", "unix:telnet:localhost:4444"},
		{"telnet.sock", "unix", "telnet.sock", "telnet.sock"},

		// As pasted from a QEMU command line.
		{"unix:/x.sock,server=on,wait=off", "unix", "/x.sock", "/x.sock"},
		{"unix:/x.sock,server,nowait", "unix", "/x.sock", "/x.sock"},
		{"/x.sock,server=on,wait=off", "unix", "/x.sock", "/x.sock"},
		{"unix:/a,,b.sock,server=on", "unix", "/a,b.sock", "/a,b.sock"},
		{"unix:/a,b.sock,server=on", "unix", "/a,b.sock", "/a,b.sock"},
		{"unix:/a,,server,,server=on", "unix", "/a,server,server=on", "unix:/a,,server,,server=on"},
		{"tcp://localhost:4444", "tcp", "localhost:4444", "localhost:4444"},
		{"tcp:localhost:4444,server=on,wait=off,nodelay=on", "tcp", "localhost:4444", "localhost:4444"},
		{"tcp::4444,server", "tcp", "localhost:4444", "localhost:4444"},
		{":4444", "tcp", "localhost:4444", "localhost:4444"},
	} {
		got, err := ParseAddress(c.in)
		if err != nil || got != (Address{c.network, c.addr}) {
			t.Errorf("ParseAddress(%q) = %+v, %v; want %s %s", c.in, got, err, c.network, c.addr)
			continue
		}
		if text := got.String(); text != c.text {
			t.Errorf("%q prints as %q, want %q", c.in, text, c.text)
		}
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for _, in := range []string{"", "unix:", "unix:,server=on", "tcp:", "tcp:localhost", "tcp:localhost:0", "tcp:localhost:70000", "localhost:70000", "localhost:0",
		"telnet:localhost:4444", "telnet::4444,server=on,wait=off", "websocket:127.0.0.1:5700,server=on", "tcp:::1:4444", "fd:", "fd:-1", "fd:x", "a\x00b"} {
		addr, err := ParseAddress(in)
		if refused := new(AddressError); !errors.As(err, &refused) {
			t.Errorf("ParseAddress(%q) = %+v, %v; want an AddressError", in, addr, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"/x", "unix:/x,,y,server=on", "[::1]:1", "fd:3", ":1", "a,b", "unix:a:1,,wait", ",,,,:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		addr, err := ParseAddress(s)
		if err != nil {
			return
		}
		if back, err := ParseAddress(addr.String()); err != nil || back != addr {
			t.Errorf("%q is %+v, prints as %q, which is %+v, %v", s, addr, addr.String(), back, err)
		}
	})
}
