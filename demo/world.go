package demo

import "maps"

// world is everything that is simulated.
type world struct {
	runState string
}

func newWorld(_ *Machine, o Options) world {
	w := world{runState: "running"}
	if o.Incoming {
		w.runState = "inmigrate"
	}
	return w
}

// live lets one tick pass.
func (m *Machine) live() {}

// handlers are all commands that are served.
func handlers() map[string]handler {
	all := map[string]handler{}
	for _, some := range []map[string]handler{monitorCommands(), runCommands()} {
		maps.Copy(all, some)
	}
	return all
}
