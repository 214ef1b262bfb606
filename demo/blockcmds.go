package demo

import (
	"cmp"
	"encoding/json"
)

func blockCommands() map[string]handler {
	return map[string]handler{
		"query-block":             query((*Machine).queryBlock),
		"query-blockstats":        command((*Machine).queryBlockstats),
		"query-named-block-nodes": command((*Machine).queryNamedBlockNodes),
		"blockdev-add":            command((*Machine).blockdevAdd),
		"blockdev-del":            command((*Machine).blockdevDel),
		"block_resize":            command((*Machine).blockResize),
		"block_passwd":            command((*Machine).blockPasswd),
		"block_set_io_throttle":   command((*Machine).blockSetIOThrottle),
	}
}

func (m *Machine) blockResize(a struct {
	Device   string
	NodeName string `json:"node-name"`
	Size     int64
}) (any, error) {
	n, _, err := m.nodeOf(a.Device, a.NodeName)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Size < 0:
		return nil, errValue("size", "a >0 size")
	case n.driver == "vmdk":
		return nil, refuse("Image format driver does not support resize").before("Unsupported").
			worded("this feature or command is not currently supported")
	case n.readOnly:
		return nil, refuse("Device '%s' is read only", cmp.Or(a.Device, a.NodeName)).
			before("DeviceIsReadOnly", member{"device", a.Device})
	}
	if err := m.busy(n); err != nil {
		return nil, err
	}
	n.content.size = (a.Size + 511) &^ 511
	n.content.used = min(n.content.used, n.content.size)
	return nil, nil
}

// blockPasswd unlocks an image as QEMU did until 2.7.
func (m *Machine) blockPasswd(a struct{ Device, Password string }) (any, error) {
	n, _, err := m.nodeOf(a.Device, "")
	if err != nil {
		return nil, err
	}
	for _, n := range n.chain() {
		if n.content.key == "" {
			continue
		}
		if n.content.key != a.Password {
			return nil, refuse("Password incorrect").before("InvalidPassword")
		}
		n.content.missing = false
		return nil, nil
	}
	return nil, refuse("Device '%s' is not encrypted", a.Device).before("DeviceNotEncrypted", member{"device", a.Device})
}

func (m *Machine) blockSetIOThrottle(a struct {
	limits
	Device, ID, Group string
}) (any, error) {
	d, err := m.diskOf(a.Device, a.ID)
	if err != nil {
		return nil, err
	}
	l := a.limits
	if l.BPS != 0 && (l.BPSRd != 0 || l.BPSWr != 0) || l.IOPS != 0 && (l.IOPSRd != 0 || l.IOPSWr != 0) {
		return nil, refuse("bps/iops/max total values and read/write values cannot be used at the same time").
			before("InvalidParameterCombination").worded("Invalid parameter combination")
	}
	const most = 1e15
	for _, v := range []int64{l.BPS, l.BPSRd, l.BPSWr, l.IOPS, l.IOPSRd, l.IOPSWr} {
		if v < 0 || v > most {
			return nil, refuse("bps/iops/max values must be within [0, 1000000000000000]").
				before("InvalidParameterCombination").worded("Invalid parameter combination")
		}
	}
	if d.root == nil {
		return nil, errNoMedium(a.Device + a.ID)
	}
	d.limits, d.group = l, cmp.Or(a.Group, d.name)
	if l == (limits{}) {
		d.group = ""
	}
	return nil, nil
}

// nodeOptions are the members of blockdev-add that matter here. File and backing are a name, a node, or null.
type nodeOptions struct {
	Driver   string
	NodeName string `json:"node-name"`
	ReadOnly bool   `json:"read-only"`
	Filename string
	Size     int64
	File     json.RawMessage
	Backing  json.RawMessage
}

func (m *Machine) blockdevAdd(a nodeOptions) (any, error) {
	if a.NodeName == "" {
		return nil, refuse("'node-name' must be specified for the root node")
	}
	n, err := m.addNode(a)
	if err != nil {
		return nil, err
	}
	n.added = true
	return nil, nil
}

// addNode makes a node, and those below that the options describe.
func (m *Machine) addNode(a nodeOptions) (*node, error) {
	if err := m.checkNodeName(a.NodeName); err != nil {
		return nil, err
	}
	n := &node{name: a.NodeName, driver: a.Driver, filename: a.Filename, readOnly: a.ReadOnly}
	var err error
	switch a.Driver {
	case "null-co", "null-aio":
		n.filename = a.Driver + "://"
		n.content = &file{format: "raw", size: cmp.Or(a.Size, 1<<30)}
	case "nbd":
		n.filename = "nbd://"
		n.content = &file{format: "raw", size: 64 << 30}
	case "file", "host_device":
		f, bad := m.files.open(a.Filename)
		if bad != nil {
			return nil, bad
		}
		n.content = f
	default:
		if n.file, err = m.nodeRef(a.File, "file"); err != nil {
			return nil, err
		}
		n.filename, n.content = n.file.filename, n.file.content
	}
	if n.driver == "qcow2" && n.content.format != "qcow2" {
		m.release(n.file)
		return nil, refuse("Image is not in qcow2 format")
	}
	if n.backing, err = m.backingRef(n, a.Backing); err != nil {
		m.release(n.file)
		return nil, err
	}
	m.nameNode(n)
	m.nodes = append(m.nodes, n)
	return n, nil
}

// nodeRef is the node that an option names or describes.
func (m *Machine) nodeRef(ref json.RawMessage, option string) (*node, error) {
	var name string
	if json.Unmarshal(ref, &name) == nil {
		if n := m.node(name); n != nil {
			return n, nil
		}
		return nil, refuse("Cannot find device='%s' nor node-name='%s'", name, name)
	}
	var a nodeOptions
	if err := json.Unmarshal(ref, &a); err != nil {
		return nil, refuse("Invalid parameter '%s'", option)
	}
	return m.addNode(a)
}

// backingRef is the node to lie on: the one of the option, none for null, else the one that the image names.
func (m *Machine) backingRef(n *node, ref json.RawMessage) (*node, error) {
	switch {
	case string(ref) == "null" || n.file == nil:
		return nil, nil
	case ref != nil:
		return m.nodeRef(ref, "backing")
	case n.driver != "raw" && n.content.backing != "":
		return m.openBacking(absolute(n.content.backing, n.filename))
	}
	return nil, nil
}

func (m *Machine) blockdevDel(a struct {
	NodeName string `json:"node-name"`
}) (any, error) {
	n := m.node(a.NodeName)
	switch {
	case n == nil:
		return nil, refuse("Failed to find node with node-name='%s'", a.NodeName)
	case len(m.users(n)) > 0:
		return nil, refuse("Node %s is in use", a.NodeName)
	case !n.added:
		return nil, refuse("Node %s is not owned by the monitor", a.NodeName)
	}
	n.added = false
	m.release(n)
	return nil, nil
}
