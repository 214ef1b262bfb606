package machine

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A Chardev is a character device's host side.
type Chardev struct {
	Label     string
	Filename  string      // the server's description, as it is
	Kind      string      // "unix", "tcp", "pty", "file", "stdio", "null", …, out of Filename; "" when not told
	Address   string      // "/run/q.sock", "127.0.0.1:4444", "/dev/pts/3", out of Filename; "" when not told
	Peer      string      // the address of whoever is connected, where told
	Listening bool        // a socket that waits for connections
	Connected Maybe[bool] // somebody is at the other end, where the backend has one and tells
	Frontend  Maybe[bool] // the guest has the device open; not known on servers before 2.1
}

func absorbChardev(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r []struct {
		Label, Filename string
		Open            *bool `json:"frontend-open"`
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	chardevs := make([]Chardev, len(r))
	for i, c := range r {
		chardevs[i] = parseChardev(c.Filename, c.Open != nil)
		chardevs[i].Label, chardevs[i].Frontend = c.Label, maybePtr(c.Open)
	}
	slices.SortStableFunc(chardevs, func(a, b Chardev) int { return cmp.Compare(a.Label, b.Label) })
	s.Chardevs = chardevs
	return nil
}

// parseChardev takes a chardev's file name apart. QEMU documents no form for it; these are the ones that servers from
// 1.1 to 11.1 print:
//
//	null  file  stdio  ringbuf          a kind and nothing else
//	pty:/dev/pts/3                      a kind and an address
//	unix:/run/q.sock,server             a socket that waits, as servers up to 5 print it
//	unix:/run/q.sock,server=on          the same, later
//	tcp:127.0.0.1:4444,server=on <-> 127.0.0.1:50338
//	disconnected:unix:/run/q.sock,server=on
//
// Servers before 2.1, which tell nothing of the frontend, do not tell either whether a socket is connected.
func parseChardev(filename string, telling bool) Chardev {
	c := Chardev{Filename: filename}
	rest, disconnected := strings.CutPrefix(filename, "disconnected:")
	rest, peer, paired := strings.Cut(rest, " <-> ")
	kind, address, ok := strings.Cut(rest, ":")
	if !ok || strings.ContainsAny(kind, "/ ,=") {
		kind, address = rest, ""
		if strings.ContainsAny(rest, "/ ,=") {
			kind, address = "", rest
		}
	}
	c.Kind, c.Peer = kind, peer
	c.Address, c.Listening = cutServer(address)
	switch kind {
	case "unix", "tcp", "telnet", "tn3270", "websocket", "vsock", "fd":
		if disconnected || paired || telling {
			c.Connected = Known(!disconnected)
		}
	}
	return c
}

// cutServer takes the options off an address. A path may hold commas itself.
func cutServer(address string) (string, bool) {
	for _, option := range []string{",server=on", ",server=off", ",server"} {
		if before, ok := strings.CutSuffix(address, option); ok {
			return before, option != ",server=off"
		}
	}
	return address, false
}

// reducePort folds VSERPORT_CHANGE: the guest opened or closed a virtio-serial port. The event has the id of the
// port's device; its chardev is found where it is called the same, or as libvirt calls it. The query confirms.
func reducePort(s *Snapshot, e Event) Stale {
	var d struct {
		ID   string
		Open *bool
	}
	if object(e.Data, &d) == nil && d.Open != nil && d.ID != "" {
		s.Chardevs = slices.Clone(s.Chardevs)
		for i := range s.Chardevs {
			if l := s.Chardevs[i].Label; l == d.ID || l == "char"+d.ID {
				s.Chardevs[i].Frontend = Known(*d.Open)
			}
		}
	}
	return StaleOf(QueryChardev)
}
