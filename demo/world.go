package demo

import (
	"maps"
)

// world is everything that is simulated.
type world struct {
	uuid         string
	run          run
	files        files
	nodes        []*node
	nodesNamed   int // how many nodes were given a made-up name
	disks        []*disk
	jobs         []*job
	mig          migration
	capabilities []object
	parameters   object
	balloon      balloon
	vnc          vnc
	chardevs     []*chardev
	ports        []*port
	nextPTY      int
	netdevs      []*netdev
	types        []*objectType
	devices      []*device
	objects      []*userObject
	threads      int // how many threads of the host's were made since the start
}

// begin sets the machine up as it is when it is first seen: the guest has been up for a day, and a copy of its first
// disk is under way.
func (m *Machine) begin(o Options) {
	m.world = world{
		uuid: m.newUUID(), run: run{state: "running"}, files: newFiles(), capabilities: newCapabilities(),
		parameters: newParameters(), balloon: balloon{actual: memorySize, target: memorySize}, vnc: newVNC(),
		netdevs: newNetdevs(), types: readTypes(),
	}
	m.newDevices()
	m.newObjects()
	m.newDisks()
	m.newChardevs()
	if o.Incoming {
		m.run.state = "inmigrate"
		return
	}
	m.newMirror()
	m.viewers()
}

// live lets one tick pass.
func (m *Machine) live() {
	m.liveIO()
	m.liveJobs()
	m.liveMigration()
	m.liveBalloon()
}

// handlers are all commands that are served.
func handlers() map[string]handler {
	all := map[string]handler{}
	for _, some := range [...]map[string]handler{
		monitorCommands(), runCommands(), identityCommands(), memoryCommands(), displayCommands(), blockCommands(),
		mediumCommands(), snapshotCommands(), jobCommands(), copyCommands(), migrationCommands(), chardevCommands(),
		netCommands(), deviceCommands(), qomCommands(), hmpCommands(),
	} {
		maps.Copy(all, some)
	}
	return all
}
