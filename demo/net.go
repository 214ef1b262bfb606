package demo

import (
	"encoding/json"
	"slices"
)

func netCommands() map[string]handler {
	return map[string]handler{
		"set_link":   command((*Machine).setLink),
		"netdev_add": netdevAdd,
		"netdev_del": command((*Machine).netdevDel),
	}
}

// A netdev is the host's side of a network card.
type netdev struct {
	id     string
	kind   string
	info   string // as "info network" shows it
	linkUp bool
}

func newNetdevs() []*netdev {
	return []*netdev{
		{id: "hostnet0", kind: "tap", info: "ifname=vnet0,script=no,downscript=no", linkUp: true},
		{id: "hostnet1", kind: "user", info: "net=10.0.2.0,restrict=off", linkUp: true},
	}
}

func (m *Machine) netdev(id string) *netdev {
	if i := slices.IndexFunc(m.netdevs, func(n *netdev) bool { return n.id == id }); i >= 0 {
		return m.netdevs[i]
	}
	return nil
}

// setLink takes the name of a card or of a netdev.
func (m *Machine) setLink(a struct {
	Name string
	Up   bool
}) (any, error) {
	n := m.netdev(a.Name)
	if d := m.device(a.Name); d != nil {
		if d.kind.family == "net" {
			d.linkDown = !a.Up
			return nil, nil
		}
	}
	if n == nil {
		return nil, errNoDevice(a.Name)
	}
	n.linkUp = a.Up
	return nil, nil
}

func netdevAdd(m *Machine, _ *client, args json.RawMessage) (any, error) {
	var a struct{ ID, Type, Ifname, Br string }
	if err := json.Unmarshal(args, &a); err != nil {
		return nil, refuse("%v", err)
	}
	switch {
	case !wellFormedID(a.ID):
		return nil, errValue("id", "an identifier")
	case m.netdev(a.ID) != nil:
		return nil, refuse("Duplicate ID '%s'", a.ID).
			before("DuplicateId", member{"id", a.ID}, member{"object", "netdev"}).
			worded("Duplicate ID '" + a.ID + "' for netdev")
	}
	n := &netdev{id: a.ID, kind: a.Type, linkUp: true}
	switch a.Type {
	case "user":
		n.info = "net=10.0.2.0,restrict=off"
	case "tap":
		n.info = "ifname=" + a.Ifname
	case "bridge":
		n.info = "br=" + a.Br
	}
	m.netdevs = append(m.netdevs, n)
	return nil, nil
}

func (m *Machine) netdevDel(a struct{ ID string }) (any, error) {
	n := m.netdev(a.ID)
	if n == nil {
		return nil, errNoDevice(a.ID)
	}
	m.netdevs = slices.DeleteFunc(m.netdevs, func(other *netdev) bool { return other == n })
	return nil, nil
}
