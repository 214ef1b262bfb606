package demo

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
)

// monitorCommands are those about the monitor itself.
func monitorCommands() map[string]handler {
	return map[string]handler{
		"qmp_capabilities": negotiate,
		"query-version":    query((*Machine).version),
		"query-commands":   query((*Machine).queryCommands),
		"query-events":     query((*Machine).queryEvents),
		"query-qmp-schema": query((*Machine).queryQMPSchema),
		"quit":             action((*Machine).quit),
	}
}

func (m *Machine) greeting() object {
	capabilities := []string{"oob"}
	if m.old {
		capabilities = []string{}
	}
	return object{{"QMP", object{{"version", m.version()}, {"capabilities", capabilities}}}}
}

// version is what the machine says it is: the package names the simulation, so that nobody is misled.
func (m *Machine) version() any {
	number := object{{"micro", 0}, {"minor", 2}, {"major", 8}}
	if m.old {
		number = object{{"micro", 50}, {"minor", 0}, {"major", 1}}
	}
	return object{{"qemu", number}, {"package", "qmpsh demo"}}
}

func negotiate(_ *Machine, c *client, args json.RawMessage) (any, error) {
	var a struct{ Enable []string }
	if err := json.Unmarshal(args, &a); err != nil {
		return nil, refuse("%v", err)
	}
	c.ready, c.oob = true, slices.Contains(a.Enable, "oob")
	return nil, nil
}

func (m *Machine) quit() error {
	m.quitting = true
	m.emit("SHUTDOWN", member{"guest", false}, member{"reason", "host-qmp-quit"})
	return nil
}

func (m *Machine) queryCommands() any {
	list := []object{}
	for _, name := range slices.Sorted(maps.Keys(m.commands)) {
		if m.schema.Command(name) != nil {
			list = append(list, object{{"name", name}})
		}
	}
	return list
}

func (m *Machine) queryEvents() any {
	list := []object{}
	for _, e := range m.schema.Events() {
		list = append(list, object{{"name", e.Name}})
	}
	return list
}

// queryQMPSchema describes exactly what is served, with types' names masked as QEMU masks them.
func (m *Machine) queryQMPSchema() any {
	if m.introspection == nil {
		text := buildSchema(m.commands, true).Introspection()
		v, err := newDecoder(bytes.NewReader(text)).next()
		if err != nil {
			panic(err) // our own text
		}
		m.introspection = v
	}
	return m.introspection
}

// served leaves out what has no handler.
func served(commands []*qapi.Command, handlers map[string]handler) []*qapi.Command {
	return slices.DeleteFunc(commands, func(c *qapi.Command) bool { return handlers[c.Name] == nil })
}
