package demo

func runCommands() map[string]handler {
	return map[string]handler{
		"query-status": query((*Machine).queryStatus),
		"stop":         action((*Machine).stop),
		"cont":         action((*Machine).cont),
	}
}

func (m *Machine) running() bool { return m.runState == "running" }

func (m *Machine) queryStatus() any {
	return object{{"status", m.runState}, {"singlestep", false}, {"running", m.running()}}
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
	m.runState = state
	m.emit("STOP")
}

func (m *Machine) cont() error {
	switch m.runState {
	case "running":
		return nil
	case "inmigrate":
		return refuse("Guest is waiting for an incoming migration").before("MigrationExpected").
			worded("An incoming migration is expected before this command can be executed")
	case "shutdown", "internal-error":
		return refuse("Resetting the Virtual Machine is required").before("ResetRequired")
	}
	m.runState = "running"
	m.emit("RESUME")
	return nil
}
