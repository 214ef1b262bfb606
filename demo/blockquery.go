package demo

// queryBlock lists the disks as the guest has them.
func (m *Machine) queryBlock() any {
	list := []object{}
	for _, d := range m.disks {
		o := object{}
		o = o.and(d.ioStatus != "", "io-status", d.ioStatus)
		o = append(o, object{
			{"device", d.name}, {"locked", d.locked}, {"removable", d.removable},
		}...)
		if d.root != nil {
			o = append(o, member{"inserted", d.root.inserted(d.limits, d.group, false)})
		}
		o = append(o, member{"qdev", d.path})
		if d.removable {
			o = append(o, member{"tray_open", d.trayOpen})
		}
		list = append(list, append(o, member{"type", "unknown"}))
	}
	return list
}

// inserted describes a node in the way of query-block. A flat description does not go into backing images.
func (n *node) inserted(l limits, group string, flat bool) object {
	o := object{
		{"iops_rd", l.IOPSRd}, {"detect_zeroes", "off"}, {"image", n.image(flat)}, {"iops_wr", l.IOPSWr},
		{"ro", n.readOnly}, {"node-name", n.name}, {"backing_file_depth", len(n.chain()) - 1}, {"drv", n.driver},
		{"iops", l.IOPS}, {"bps_wr", l.BPSWr}, {"write_threshold", 0},
	}
	if n.backing != nil {
		o = append(o, member{"backing_file", n.backing.filename})
	}
	if group != "" {
		o = append(o, member{"group", group})
	}
	return append(o, object{
		{"encrypted", n.content.key != ""}, {"bps", l.BPS}, {"bps_rd", l.BPSRd},
		{"cache", object{{"no-flush", false}, {"direct", false}, {"writeback", true}}}, {"file", n.filename},
	}...)
}

// image describes a node in the way of qemu-img info.
func (n *node) image(flat bool) object {
	o := object{}
	if n.backing != nil && !flat {
		o = append(o, member{"backing-image", n.backing.image(false)})
	}
	if n.backing != nil {
		o = append(o, member{"backing-filename-format", n.backing.driver})
	}
	size := n.size()
	if n.driver == "file" {
		size = n.content.used
	}
	o = append(o, object{{"virtual-size", size}, {"filename", n.filename}}...)
	if n.driver == "qcow2" {
		o = append(o, member{"cluster-size", 65536})
	}
	o = append(o, object{{"format", n.driver}, {"actual-size", n.content.used}}...)
	if n.backing != nil {
		o = append(o, object{
			{"full-backing-filename", n.backing.filename}, {"backing-filename", n.backing.filename},
		}...)
	}
	if n.content.key != "" {
		o = append(o, member{"encrypted", true})
	}
	return append(o, member{"dirty-flag", false})
}

func (m *Machine) queryBlockstats(a struct {
	QueryNodes bool `json:"query-nodes"`
}) (any, error) {
	list := []object{}
	if a.QueryNodes {
		for _, n := range m.nodes {
			list = append(list, n.stats())
		}
		return list, nil
	}
	for _, d := range m.disks {
		o := object{{"device", d.name}}
		if d.root == nil {
			list = append(list, append(o, object{{"stats", d.io.json()}, {"qdev", d.path}}...))
			continue
		}
		if d.root.file != nil {
			o = append(o, member{"parent", d.root.file.stats()})
		}
		o = append(o, member{"stats", append(d.io.json(), member{"idle_time_ns", m.idle(d)})})
		if d.root.backing != nil {
			o = append(o, member{"backing", d.root.backing.stats()})
		}
		list = append(list, append(o, object{{"node-name", d.root.name}, {"qdev", d.path}}...))
	}
	return list, nil
}

// idle is how long ago the guest last touched the disk, in nanoseconds.
func (m *Machine) idle(d *disk) int64 {
	if d.load == (load{}) || !m.running() {
		return m.uptime().Nanoseconds()
	}
	return tick.Nanoseconds() / 8
}

func (n *node) stats() object {
	o := object{}
	if n.file != nil {
		o = append(o, member{"parent", n.file.stats()})
	}
	o = append(o, member{"stats", n.io.json()})
	if n.backing != nil {
		o = append(o, member{"backing", n.backing.stats()})
	}
	return append(o, member{"node-name", n.name})
}

func (m *Machine) queryNamedBlockNodes(a struct{ Flat bool }) (any, error) {
	list := []object{}
	for _, n := range m.nodes {
		var l limits
		var group string
		if d := m.diskOn(n); d != nil {
			l, group = d.limits, d.group
		}
		list = append(list, n.inserted(l, group, a.Flat))
	}
	return list, nil
}
