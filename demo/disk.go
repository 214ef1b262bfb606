package demo

import "slices"

// A disk is a block device as the guest has it, with or without a medium.
type disk struct {
	name      string // of the drive
	qdev      string // id of the device
	path      string // as query-block says where the device is
	removable bool
	locked    bool // by the guest
	trayOpen  bool
	ioStatus  string // what became of the last write: "ok" or "nospace"
	root      *node  // nil without a medium
	limits    limits
	group     string // the throttle group that shares the limits
	io        counters
	load      load
}

// limits are what block_set_io_throttle sets, in bytes and operations a second; 0 is none.
type limits struct {
	BPS    int64 `json:"bps"`
	BPSRd  int64 `json:"bps_rd"`
	BPSWr  int64 `json:"bps_wr"`
	IOPS   int64 `json:"iops"`
	IOPSRd int64 `json:"iops_rd"`
	IOPSWr int64 `json:"iops_wr"`
}

// newDisks plugs in the disks of web01.
func (m *Machine) newDisks() {
	root := m.mustOpen(image{filename: "/srv/images/web01.qcow2", nodeName: "root"}, "base")
	data := m.mustOpen(image{filename: "/srv/images/data-today.qcow2", nodeName: "data"}, "data-old")
	cd := m.mustOpen(image{filename: "/srv/iso/debian-12.iso", nodeName: "iso", readOnly: true}, "")
	m.disks = []*disk{
		{name: "drive0", qdev: "vda", path: "/machine/peripheral/vda/virtio-backend", root: root, load: systemLoad(), ioStatus: "ok"},
		{name: "drive1", qdev: "vdb", path: "/machine/peripheral/vdb/virtio-backend", root: data, load: databaseLoad(), ioStatus: "ok"},
		{name: "cd0", qdev: "ide-cd0", path: "ide-cd0", root: cd, removable: true},
	}
	for _, d := range m.disks[:2] {
		m.agesOfIO(d)
	}
}

// mustOpen opens an image of the machine's own, naming the one it lies on.
func (m *Machine) mustOpen(i image, below string) *node {
	n, err := m.openImage(i)
	if err != nil {
		panic(err)
	}
	if below != "" {
		n.backing.name, n.backing.file.name = below, below+"-file"
	}
	return n
}

// disk returns the disk with that drive name, or nil.
func (m *Machine) disk(name string) *disk {
	return m.findDisk(func(d *disk) bool { return d.name == name && name != "" })
}

// diskOf returns the disk with that drive name or device id, as commands with both members take them.
func (m *Machine) diskOf(device, id string) (*disk, error) {
	if (device == "") == (id == "") {
		return nil, refuse("Need exactly one of 'device' and 'id'")
	}
	d := m.disk(device)
	if id != "" {
		d = m.findDisk(func(d *disk) bool { return d.qdev == id })
	}
	if d == nil {
		return nil, errNoDevice(device + id)
	}
	return d, nil
}

// nodeOf returns the node that a drive name or node name stands for, and the disk it is the root of, if any.
func (m *Machine) nodeOf(device, nodeName string) (*node, *disk, error) {
	if d := m.disk(device); d != nil {
		if d.root == nil {
			return nil, nil, errNoMedium(device)
		}
		return d.root, d, nil
	}
	if n := m.node(nodeName); n != nil {
		return n, m.diskOn(n), nil
	}
	r := refuse("Cannot find device='%s' nor node-name='%s'", device, nodeName)
	r.past = errNoDevice(device).past
	r.past.desc = "Device '" + device + "' not found"
	return nil, nil, r
}

// diskOn returns the disk whose root the node is, or nil.
func (m *Machine) diskOn(n *node) *disk {
	return m.findDisk(func(d *disk) bool { return d.root == n })
}

func (m *Machine) findDisk(is func(*disk) bool) *disk {
	if i := slices.IndexFunc(m.disks, is); i >= 0 {
		return m.disks[i]
	}
	return nil
}

func errNoMedium(device string) *refusal {
	return refuse("Device '%s' has no medium", device).before("DeviceHasNoMedium", member{"device", device})
}
