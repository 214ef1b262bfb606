package demo

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

func chardevCommands() map[string]handler {
	return map[string]handler{
		"query-chardev":          query((*Machine).queryChardev),
		"query-chardev-backends": query(queryChardevBackends),
		"chardev-add":            command((*Machine).chardevAdd),
		"chardev-remove":         command((*Machine).chardevRemove),
		"ringbuf-read":           command((*Machine).ringbufRead),
		"ringbuf-write":          command((*Machine).ringbufWrite),
	}
}

// A chardev is a character device of the host's side.
type chardev struct {
	label    string
	filename string
	open     bool   // by the front end
	used     bool   // by a device or monitor: it cannot be removed
	ring     []byte // what a ringbuf holds
	ringSize int    // 0 when it is none
}

// A port is a virtio-serial port, which the guest opens and closes.
type port struct {
	id      string
	chardev *chardev
	visits  bool // opened for a moment every now and then, rather than for good
}

func (m *Machine) newChardevs() {
	agent := &chardev{label: "agent0", filename: "unix:/run/web01/agent.sock,server=on", open: true, used: true}
	metrics := &chardev{label: "metrics0", filename: "unix:/run/web01/metrics.sock,server=on", used: true}
	log := &chardev{label: "bootlog", filename: "ringbuf", open: true, used: true, ringSize: 65536}
	log.write("[    0.000000] Linux version 6.1.0-26-amd64 (debian-kernel@lists.debian.org)\r\n" +
		"[    0.412118] virtio_blk virtio2: [vda] 41943040 512-byte logical blocks\r\n" +
		"[    3.981127] systemd[1]: Reached target multi-user.target.\r\nweb01 login: ")
	m.chardevs = []*chardev{
		{label: "monitor0", filename: "unix:/run/web01/qmp.sock,server=on", open: true, used: true},
		{label: "serial0", filename: "pty:/dev/pts/3", open: true, used: true},
		agent, metrics, log,
	}
	m.ports = []*port{{id: "qga0", chardev: agent}, {id: "metrics", chardev: metrics, visits: true}}
	m.nextPTY = 4
	m.visits()
}

// How long the guest keeps its metrics port open, and for how long it is closed at least.
const (
	visitLasts = 15 * time.Second
	visitPause = 50 * time.Second
)

// visits lets the guest open its metrics port for a moment, again and again. It is called once.
func (m *Machine) visits() {
	move := func(open bool) {
		for _, p := range m.ports {
			if p.visits && m.running() && !m.booting() {
				m.openPort(p, open)
			}
		}
	}
	m.after(visitPause+time.Duration(m.rng.IntN(30))*time.Second, func() {
		move(true)
		m.after(visitLasts, func() {
			move(false)
			m.visits()
		})
	})
}

// openPort is the guest opening or closing a port.
func (m *Machine) openPort(p *port, open bool) {
	if p.chardev.open == open {
		return
	}
	p.chardev.open = open
	m.emit("VSERPORT_CHANGE", member{"open", open}, member{"id", p.id})
}

func (m *Machine) queryChardev() any {
	list := []object{}
	for _, c := range m.chardevs {
		list = append(list, object{{"frontend-open", c.open}, {"filename", c.filename}, {"label", c.label}})
	}
	return list
}

func queryChardevBackends(*Machine) any {
	list := []object{}
	for _, name := range []string{"file", "null", "pipe", "pty", "ringbuf", "serial", "socket", "udp"} {
		list = append(list, object{{"name", name}})
	}
	return list
}

func (m *Machine) chardev(label string) *chardev {
	if i := slices.IndexFunc(m.chardevs, func(c *chardev) bool { return c.label == label }); i >= 0 {
		return m.chardevs[i]
	}
	return nil
}

// An endpoint is the address of a socket.
type endpoint struct {
	Type string
	Data struct{ Host, Port, Path, Str string }
}

func (e endpoint) String() string {
	switch e.Type {
	case "unix":
		return "unix:" + e.Data.Path
	case "fd":
		return "fd:" + e.Data.Str
	}
	return "tcp:" + e.Data.Host + ":" + e.Data.Port
}

type backend struct {
	Type string
	Data struct {
		Out, Device  string
		Addr, Remote endpoint
		Server       *bool
		Size         *int
	}
}

func (m *Machine) chardevAdd(a struct {
	ID      string
	Backend backend
}) (any, error) {
	switch {
	case m.chardev(a.ID) != nil:
		return nil, refuse("Chardev with id '%s' already exists", a.ID)
	case !wellFormedID(a.ID):
		return nil, errValue("id", "an identifier")
	}
	c := &chardev{label: a.ID, filename: a.Backend.Type}
	var result any
	data := a.Backend.Data
	switch a.Backend.Type {
	case "pty":
		name := fmt.Sprintf("/dev/pts/%d", m.nextPTY)
		m.nextPTY++
		c.filename, result = "pty:"+name, object{{"pty", name}}
	case "socket":
		server := data.Server == nil || *data.Server
		if data.Addr.Type == "" {
			return nil, errMissing("backend.data.addr")
		}
		c.filename = "disconnected:" + data.Addr.String()
		if server {
			c.filename += ",server=on"
		}
	case "udp":
		c.filename = "udp:" + data.Remote.Data.Host + ":" + data.Remote.Data.Port
	case "file":
		if bad := m.files.create(data.Out, file{format: "raw"}); bad != nil {
			return nil, errOpen(data.Out, "No such file or directory")
		}
	case "ringbuf":
		c.ringSize = 65536
		if data.Size != nil {
			c.ringSize = *data.Size
		}
		if c.ringSize <= 0 || c.ringSize&(c.ringSize-1) != 0 {
			return nil, refuse("Failed to add chardev '%s': size of ringbuf chardev must be power of two", a.ID)
		}
	}
	m.chardevs = append(m.chardevs, c)
	return result, nil
}

func (m *Machine) chardevRemove(a struct{ ID string }) (any, error) {
	c := m.chardev(a.ID)
	switch {
	case c == nil:
		return nil, refuse("Chardev '%s' not found", a.ID)
	case c.used:
		return nil, refuse("Chardev '%s' is busy", a.ID)
	}
	m.chardevs = slices.DeleteFunc(m.chardevs, func(other *chardev) bool { return other == c })
	return nil, nil
}

// write adds to a ringbuf, which forgets its oldest bytes.
func (c *chardev) write(text string) {
	c.ring = append(c.ring, text...)
	if extra := len(c.ring) - c.ringSize; extra > 0 {
		c.ring = slices.Clone(c.ring[extra:])
	}
}

func (m *Machine) ringbuf(label string) (*chardev, error) {
	c := m.chardev(label)
	switch {
	case c == nil:
		return nil, refuse("Device '%s' not found", label)
	case c.ringSize == 0:
		return nil, refuse("%s is not a ringbuf device", label)
	}
	return c, nil
}

func (m *Machine) ringbufRead(a struct {
	Device string
	Size   int64
	Format string
}) (any, error) {
	c, err := m.ringbuf(a.Device)
	if err != nil {
		return nil, err
	}
	if a.Size <= 0 {
		return nil, refuse("size must be greater than zero")
	}
	n := int(min(a.Size, int64(len(c.ring))))
	text := c.ring[:n]
	c.ring = c.ring[n:]
	if a.Format == "base64" {
		return base64.StdEncoding.EncodeToString(text), nil
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), nil // a character may be cut in two
}

func (m *Machine) ringbufWrite(a struct{ Device, Data, Format string }) (any, error) {
	c, err := m.ringbuf(a.Device)
	if err != nil {
		return nil, err
	}
	if a.Format == "base64" {
		data, err := base64.StdEncoding.DecodeString(a.Data)
		if err != nil {
			return nil, refuse("Base64 data '%s' is not valid", a.Data)
		}
		a.Data = string(data)
	}
	c.write(a.Data)
	return nil, nil
}
