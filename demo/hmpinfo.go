package demo

import (
	"fmt"
	"strings"
)

// infoCommands are those that show something.
func infoCommands() []hmp {
	return []hmp{
		{"info status", "", "whether the guest runs", infoStatus},
		{"info name", "", "the machine's name", func(*Machine, []string) string { return machineName + "\n" }},
		{"info uuid", "", "the machine's UUID", func(m *Machine, _ []string) string { return m.uuid + "\n" }},
		{"info version", "", "the version", infoVersion},
		{"info kvm", "", "whether KVM is used", func(*Machine, []string) string { return "kvm support: enabled\n" }},
		{"info cpus", "", "the virtual CPUs", infoCPUs},
		{"info block", "[device]", "disks and their images", infoBlock},
		{"info blockstats", "", "what the disks have read and written", infoBlockstats},
		{"info block-jobs", "", "block jobs that are under way", infoBlockJobs},
		{"info migrate", "", "how the migration stands", infoMigrate},
		{"info balloon", "", "how much memory the guest has", infoBalloon},
		{"info chardev", "", "character devices", infoChardev},
		{"info network", "", "network cards and what they are connected to", infoNetwork},
		{"info mice", "", "pointing devices", infoMice},
		{"info vnc", "", "the VNC server and its clients", infoVNC},
	}
}

func infoStatus(m *Machine, _ []string) string {
	switch m.run.state {
	case "running":
		return "VM status: running\n"
	case "paused":
		return "VM status: paused\n"
	}
	return fmt.Sprintf("VM status: paused (%s)\n", m.run.state)
}

func infoVersion(m *Machine, _ []string) string {
	if m.old {
		return "1.0.50 qmpsh demo\n"
	}
	return "8.2.0 qmpsh demo\n"
}

func infoCPUs(*Machine, []string) string {
	var b strings.Builder
	for i := range cpuCount {
		mark := ' '
		if i == 0 {
			mark = '*'
		}
		fmt.Fprintf(&b, "%c CPU #%d: thread_id=%d\n", mark, i, firstThread+i)
	}
	return b.String()
}

func infoBlock(m *Machine, words []string) string {
	var b strings.Builder
	for _, d := range m.disks {
		if len(words) > 0 && words[len(words)-1] != d.name {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if d.root == nil {
			fmt.Fprintf(&b, "%s: [not inserted]\n", d.name)
		} else {
			fmt.Fprintf(&b, "%s (%s): %s (%s%s)\n",
				d.name, d.root.name, d.root.filename, d.root.driver, readOnlyMark(d.root))
		}
		fmt.Fprintf(&b, "    Attached to:      %s\n", d.path)
		if d.removable {
			fmt.Fprintf(&b, "    Removable device: %s, tray %s\n",
				either(d.locked, "locked", "not locked"), either(d.trayOpen, "open", "closed"))
		}
		if d.root != nil {
			fmt.Fprintf(&b, "    Cache mode:       writeback\n")
		}
		if d.root != nil && d.root.backing != nil {
			fmt.Fprintf(&b, "    Backing file:     %s (chain depth: %d)\n", d.root.backing.filename, len(d.root.chain())-1)
		}
	}
	if b.Len() == 0 && len(words) > 0 {
		return fmt.Sprintf("Device '%s' not found\n", words[len(words)-1])
	}
	return b.String()
}

func readOnlyMark(n *node) string { return either(n.readOnly, ", read-only", "") }

// either is one of two texts.
func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func infoBlockstats(m *Machine, _ []string) string {
	var b strings.Builder
	for _, d := range m.disks {
		c := d.io
		fmt.Fprintf(&b, "%s: rd_bytes=%d wr_bytes=%d rd_operations=%d wr_operations=%d flush_operations=%d "+
			"wr_total_time_ns=%d rd_total_time_ns=%d flush_total_time_ns=%d\n",
			d.name, c.rdBytes, c.wrBytes, c.rdOps, c.wrOps, c.flushOps, c.wrNanos, c.rdNanos, c.flNanos)
	}
	return b.String()
}

func infoBlockJobs(m *Machine, _ []string) string {
	if len(m.jobs) == 0 {
		return "No active jobs\n"
	}
	var b strings.Builder
	for _, j := range m.jobs {
		fmt.Fprintf(&b, "Type %s, device %s: Completed %d of %d bytes, speed limit %d bytes/s\n",
			j.kind, j.id, int64(j.offset), int64(j.length), j.speed)
	}
	return b.String()
}

func infoMigrate(m *Machine, _ []string) string {
	g := &m.mig
	if g.status == "" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Migration status: %s", g.status)
	if g.err != "" {
		fmt.Fprintf(&b, " (%s)", g.err)
	}
	fmt.Fprintf(&b, "\ntotal time: %d ms\n", int64(g.total))
	switch {
	case g.status == "completed":
		fmt.Fprintf(&b, "downtime: %d ms\n", int64(g.downtime))
	case g.active():
		fmt.Fprintf(&b, "expected downtime: %d ms\n", int64(g.expected))
	}
	kb := func(name string, bytes float64) { fmt.Fprintf(&b, "%s: %d kbytes\n", name, int64(bytes)/1024) }
	kb("transferred ram", g.sent)
	fmt.Fprintf(&b, "throughput: %.2f mbps\n", g.rate*8/1e6)
	kb("remaining ram", g.left)
	kb("total ram", migrated)
	fmt.Fprintf(&b, "dirty sync count: %d\ndirty pages rate: %d pages\n", g.pass, int64(g.dirtied))
	return b.String()
}

func infoBalloon(m *Machine, _ []string) string {
	if err := m.balloonDevice(); err != nil {
		return failure(err)
	}
	return fmt.Sprintf("balloon: actual=%d\n", m.balloon.actual>>20)
}

func infoChardev(m *Machine, _ []string) string {
	var b strings.Builder
	for _, c := range m.chardevs {
		fmt.Fprintf(&b, "%s: filename=%s\n", c.label, c.filename)
	}
	return b.String()
}

func infoNetwork(m *Machine, _ []string) string {
	var b strings.Builder
	used := map[string]bool{}
	for _, d := range m.devices {
		if d.kind.family != "net" {
			continue
		}
		mac, _ := d.text("mac")
		fmt.Fprintf(&b, "%s: index=0,type=nic,model=%s,macaddr=%s%s\n",
			d.id, d.kind.name, mac, either(d.linkDown, ",link=down", ""))
		name, _ := d.text("netdev")
		if n := m.netdev(name); n != nil {
			used[name] = true
			b.WriteString(" \\ " + n.describe())
		}
	}
	for _, n := range m.netdevs {
		if !used[n.id] {
			b.WriteString(n.describe())
		}
	}
	return b.String()
}

func (n *netdev) describe() string {
	return fmt.Sprintf("%s: index=0,type=%s,%s%s\n", n.id, n.kind, n.info, either(n.linkUp, "", ",link=down"))
}

func infoMice(*Machine, []string) string {
	return "* Mouse #3: QEMU HID Tablet (absolute)\n  Mouse #2: QEMU PS/2 Mouse\n"
}

func infoVNC(m *Machine, _ []string) string {
	if !m.vnc.enabled {
		return "None\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "default:\n  Server: %s:%s (ipv4)\n    Auth: vnc (Sub: none)\n", m.vnc.host, m.vnc.service)
	for _, c := range m.vnc.clients {
		host, _ := c.get("host")
		service, _ := c.get("service")
		fmt.Fprintf(&b, "  Client: %s:%s (ipv4)\n", host, service)
	}
	return b.String()
}
