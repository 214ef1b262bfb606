package demo

import "time"

func runCommands() map[string]handler {
	return map[string]handler{
		"query-status":     query((*Machine).queryStatus),
		"stop":             action((*Machine).stop),
		"cont":             action((*Machine).cont),
		"system_reset":     action((*Machine).systemReset),
		"system_powerdown": action((*Machine).systemPowerdown),
		"system_wakeup":    action((*Machine).systemWakeup),
		"inject-nmi":       action(func(*Machine) error { return nil }),
		"set-action":       command((*Machine).setAction),
	}
}

// How long the guest takes to start, and to shut down when its power button is pressed.
const (
	guestBoots     = 12 * time.Second
	guestShutsDown = 6 * time.Second
)

// run is whether the vCPUs run, and what happens when the guest ends.
type run struct {
	state      string
	bootedAt   int64 // tick at which the guest is up
	poweroff   bool  // a guest that shuts down ends the machine, instead of leaving it to look at
	stayDown   bool  // a reset shuts the guest down
	shutting   bool  // the guest is shutting down
	generation int   // how often the guest was started, to tell promises of an earlier one
}

func (m *Machine) running() bool { return m.run.state == "running" }

func (m *Machine) booting() bool { return m.running() && m.ticks < m.run.bootedAt }

func (m *Machine) queryStatus() any {
	return object{{"status", m.run.state}, {"singlestep", false}, {"running", m.running()}}
}

// stop stops the vCPUs; it succeeds when they are stopped already.
func (m *Machine) stop() error {
	if m.running() {
		m.pauseAs("paused")
	}
	return nil
}

// pauseAs stops the vCPUs for a reason.
func (m *Machine) pauseAs(state string) {
	was := m.running()
	m.run.state = state
	if was {
		m.emit("STOP")
	}
}

func (m *Machine) cont() error {
	switch m.run.state {
	case "running":
		return nil
	case "inmigrate":
		return refuse("Guest is waiting for an incoming migration").before("MigrationExpected").
			worded("An incoming migration is expected before this command can be executed")
	case "shutdown":
		return refuse("Resetting the Virtual Machine is required").before("ResetRequired")
	case "finish-migrate":
		return refuse("Migration is not finalized yet")
	}
	for _, d := range m.disks {
		if d.root != nil && d.root.locked() {
			return refuse("Device '%s' is encrypted", d.name).
				before("DeviceEncrypted", member{"device", d.name}, member{"filename", d.root.filename})
		}
	}
	for _, d := range m.disks {
		if d.ioStatus != "" {
			d.ioStatus = "ok"
		}
	}
	m.run.state = "running"
	m.emit("RESUME")
	return nil
}

func (m *Machine) systemReset() error {
	if m.run.stayDown {
		m.shutDown("host-qmp-system-reset", false)
		return nil
	}
	m.emit("RESET", member{"guest", false}, member{"reason", "host-qmp-system-reset"})
	if !m.running() && m.run.state != "inmigrate" && m.run.state != "finish-migrate" {
		m.run.state = "prelaunch"
	}
	m.boot()
	return nil
}

// boot starts the guest afresh: what it had opened is closed until it is up again.
func (m *Machine) boot() {
	m.run.generation++
	m.run.shutting = false
	m.run.bootedAt = m.ticks + int64(guestBoots/tick)
	for _, d := range m.disks {
		if d.removable {
			d.locked, d.load = false, load{}
		}
	}
	for _, p := range m.ports {
		m.openPort(p, false)
	}
	m.guestLater(guestBoots, func() {
		for _, p := range m.ports {
			m.openPort(p, true)
		}
		m.emit("RTC_CHANGE", member{"offset", 0}, member{"qom-path", "/machine/unattached/device[7]/rtc"})
	})
}

// guestLater lets the guest do something when it has run for a while: not at all when it was started anew meanwhile,
// and later when it is stopped at that moment.
func (m *Machine) guestLater(d time.Duration, act func()) {
	generation := m.run.generation
	var try func()
	try = func() {
		switch {
		case m.run.generation != generation:
		case m.running():
			act()
		default:
			m.after(time.Second, try)
		}
	}
	m.after(d, try)
}

func (m *Machine) systemPowerdown() error {
	m.emit("POWERDOWN")
	if m.run.shutting {
		return nil
	}
	m.run.shutting = true
	m.guestLater(guestShutsDown, func() { m.shutDown("guest-shutdown", true) })
	return nil
}

// shutDown is the guest at its end. By default the machine stays, as with -no-shutdown, until it is reset or told to
// quit.
func (m *Machine) shutDown(reason string, guest bool) {
	m.emit("SHUTDOWN", member{"guest", guest}, member{"reason", reason})
	if m.run.poweroff {
		m.quitting = true
		return
	}
	for _, p := range m.ports {
		m.openPort(p, false)
	}
	m.run.generation++
	m.pauseAs("shutdown")
}

func (m *Machine) systemWakeup() error {
	if m.old {
		return nil // did nothing for a guest that is not suspended, and said so by nothing
	}
	return refuse("Unable to wake up: guest is not in suspended state")
}

func (m *Machine) setAction(a struct{ Reboot, Shutdown string }) (any, error) {
	if a.Reboot != "" {
		m.run.stayDown = a.Reboot == "shutdown"
	}
	if a.Shutdown != "" {
		m.run.poweroff = a.Shutdown == "poweroff"
	}
	return nil, nil
}
