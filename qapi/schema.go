package qapi

import (
	"slices"
	"strings"
)

// A Schema is what one server can do. It does not change once it is shared, so any number of goroutines may read it.
type Schema struct {
	commands []*Command // sorted by name
	events   []*Event   // sorted by name
	raw      raw        // the text the schema was made from, if there is one
}

// NewSchema returns a schema of these commands and events. Of two of one name the later is kept.
func NewSchema(commands []*Command, events []*Event) *Schema {
	return &Schema{
		commands: sorted(commands, func(c *Command) string { return c.Name }),
		events:   sorted(events, func(e *Event) string { return e.Name }),
	}
}

// sorted returns the elements in the order of their names, the last of each name only.
func sorted[E any](list []E, name func(E) string) []E {
	list = slices.Clone(list)
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b E) int { return strings.Compare(name(a), name(b)) })
	return slices.CompactFunc(list, func(a, b E) bool { return name(a) == name(b) })
}

// Command returns the command of that name, or nil when the server has none.
func (s *Schema) Command(name string) *Command {
	i, ok := slices.BinarySearchFunc(s.commands, name, func(c *Command, name string) int {
		return strings.Compare(c.Name, name)
	})
	if !ok {
		return nil
	}
	return s.commands[i]
}

// Event returns the event of that name, or nil when the server has none.
func (s *Schema) Event(name string) *Event {
	i, ok := slices.BinarySearchFunc(s.events, name, func(e *Event, name string) int {
		return strings.Compare(e.Name, name)
	})
	if !ok {
		return nil
	}
	return s.events[i]
}

// Commands returns every command, sorted by name. The caller does not change the slice.
func (s *Schema) Commands() []*Command { return s.commands }

// Events returns every event, sorted by name. The caller does not change the slice.
func (s *Schema) Events() []*Event { return s.events }

// Restrict returns the schema of a server that has these commands: ours among them as they are, the others with open
// arguments and any return value, because nothing is known of them. The events stay.
func (s *Schema) Restrict(commands []string) *Schema {
	var kept []*Command
	for _, name := range commands {
		command := s.Command(name)
		if command == nil {
			command = &Command{Name: name, Args: new(Object), Open: true, Returns: anything()}
		}
		kept = append(kept, command)
	}
	return NewSchema(kept, s.events)
}

// AsOf returns the schema for a server that is later than what the schema describes, "QEMU 1.1", and cannot tell what has
// changed since: what Check finds wrong are then only warnings. Neither the compact form nor Introspection keeps this.
func (s *Schema) AsOf(version string) *Schema {
	commands := make([]*Command, len(s.commands))
	for i, c := range s.commands {
		known := *c
		known.AsOf = version
		commands[i] = &known
	}
	return NewSchema(commands, s.events)
}

func anything() *Builtin { return &Builtin{Name: "any", JSON: "value"} }

// openByName tells the commands that take members beyond those of their schema: device_add takes the properties of
// the device type, and so did netdev_add (until QEMU 5.0) and object-add (until 5.2), which have been unions since.
func openByName(c *Command) bool {
	switch c.Name {
	case "device_add":
		return true
	case "netdev_add", "object-add":
		return c.Args.Tag == ""
	}
	return false
}
