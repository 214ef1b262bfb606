package demo

import (
	"strconv"
	"strings"
	"time"
)

func displayCommands() map[string]handler {
	return map[string]handler{
		"query-vnc":         query((*Machine).queryVNC),
		"query-vnc-servers": query((*Machine).queryVNCServers),
		"query-spice": query(func(*Machine) any {
			return object{{"migrated", false}, {"enabled", false}, {"mouse-mode", "unknown"}}
		}),
		"set_password":    command((*Machine).setPassword),
		"expire_password": command((*Machine).expirePassword),
		"change-vnc-password": command(func(m *Machine, a struct{ Password string }) (any, error) {
			return nil, m.vncPassword(a.Password)
		}),
	}
}

// vnc is the VNC server and who looks at it.
type vnc struct {
	enabled  bool
	host     string
	service  string
	password string // "" lets nobody in
	clients  []object
	port     int // of the next client
}

// How long a viewer stays, and how long nobody is there.
const (
	viewerStays = 35 * time.Second
	viewerGone  = 50 * time.Second
)

func newVNC() vnc {
	v := vnc{enabled: true, host: "127.0.0.1", service: "5900", password: "demo", port: 50112}
	v.clients = []object{v.client()}
	return v
}

func (v *vnc) client() object {
	v.port += 2
	return object{{"host", "192.0.2.17"}, {"service", strconv.Itoa(v.port)}, {"family", "ipv4"}, {"websocket", false}}
}

// server is the listening end, as events have it.
func (v *vnc) server() object {
	return object{
		{"auth", "vnc"}, {"family", "ipv4"}, {"service", v.service}, {"host", v.host}, {"websocket", false},
	}
}

func (m *Machine) queryVNC() any {
	if !m.vnc.enabled {
		return object{{"enabled", false}}
	}
	return object{
		{"enabled", true}, {"auth", "vnc"}, {"family", "ipv4"}, {"clients", m.vnc.clients}, {"service", m.vnc.service},
		{"host", m.vnc.host},
	}
}

func (m *Machine) queryVNCServers() any {
	if !m.vnc.enabled {
		return []object{}
	}
	return []object{{
		{"auth", "vnc"}, {"clients", m.vnc.clients}, {"server", []object{m.vnc.server()}}, {"id", "default"},
	}}
}

// viewers lets somebody come and look at the display again and again. It is called once.
func (m *Machine) viewers() {
	m.after(viewerStays+time.Duration(m.rng.IntN(20))*time.Second, func() {
		m.viewerLeaves()
		m.after(viewerGone, func() {
			if m.vnc.enabled {
				m.viewerComes()
			}
			m.viewers()
		})
	})
}

func (m *Machine) viewerComes() {
	c := m.vnc.client()
	m.vnc.clients = append(m.vnc.clients, c)
	m.emit("VNC_CONNECTED", member{"server", m.vnc.server()}, member{"client", c})
	m.after(400*time.Millisecond, func() {
		if len(m.vnc.clients) > 0 {
			m.emit("VNC_INITIALIZED", member{"server", m.vnc.server()}, member{"client", c})
		}
	})
}

// viewerLeaves disconnects whoever looks.
func (m *Machine) viewerLeaves() {
	for _, c := range m.vnc.clients {
		m.emit("VNC_DISCONNECTED", member{"server", m.vnc.server()}, member{"client", c})
	}
	m.vnc.clients = []object{}
}

func errSetPassword() *refusal {
	return refuse("Could not set password").before("SetPasswdFailed")
}

func (m *Machine) vncPassword(password string) error {
	if !m.vnc.enabled {
		return errSetPassword()
	}
	m.vnc.password = password
	return nil
}

// checkProtocol refuses all but vnc. The schema of today knows no other than spice; that of 2012 let anything through.
func checkProtocol(protocol string) error {
	switch protocol {
	case "vnc":
		return nil
	case "spice":
		r := refuse("SPICE is not in use").before("DeviceNotFound", member{"device", "spice"}).
			worded("Device 'spice' not found")
		r.class = deviceNotActive
		return r
	}
	return errInvalid("protocol")
}

func (m *Machine) setPassword(a struct{ Protocol, Password, Connected string }) (any, error) {
	if err := checkProtocol(a.Protocol); err != nil {
		return nil, err
	}
	if a.Connected != "" && a.Connected != "keep" {
		return nil, errInvalid("connected")
	}
	return nil, m.vncPassword(a.Password)
}

func (m *Machine) expirePassword(a struct{ Protocol, Time string }) (any, error) {
	if err := checkProtocol(a.Protocol); err != nil {
		return nil, err
	}
	_, err := strconv.ParseUint(strings.TrimPrefix(a.Time, "+"), 10, 63)
	if !m.vnc.enabled || err != nil && a.Time != "now" && a.Time != "never" {
		return nil, errSetPassword()
	}
	return nil, nil
}

// changeVNC is what "change vnc" does: another password, another address, or none.
func (m *Machine) changeVNC(target, arg string) error {
	switch target {
	case "passwd", "password":
		return m.vncPassword(arg)
	case "none":
		m.viewerLeaves()
		m.vnc.enabled = false
		return nil
	}
	host, display, _ := strings.Cut(target, ":")
	n, err := strconv.ParseUint(display, 10, 14)
	if err != nil {
		return refuse("Could not start VNC server on %s", target).before("VNCServerFailed", member{"target", target})
	}
	m.viewerLeaves()
	m.vnc.enabled, m.vnc.host, m.vnc.service = true, host, strconv.FormatUint(5900+n, 10)
	if host == "" {
		m.vnc.host = "0.0.0.0"
	}
	return nil
}
