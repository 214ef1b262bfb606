package completion

import (
	"encoding/json"
	"strings"
)

func fetchChardevs(a *asker, _ string) ([]Value, error) {
	return sorted(listed(a, "query-chardev", "", func(c struct{ Label, Filename string }) Value {
		return Value{Text: c.Label, Help: c.Filename}
	}))
}

// fetchClientProtocols lists what add_client hands a connection to.
func fetchClientProtocols(a *asker, scope string) ([]Value, error) {
	chardevs, err := fetchChardevs(a, scope)
	return append([]Value{{Text: "vnc"}, {Text: "spice"}, {Text: "@dbus-display"}}, chardevs...), err
}

func fetchMachines(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Name, Alias string
		Deprecated  bool
	}
	err := a.ask("query-machines", "", &list)
	var values []Value
	for _, m := range list {
		values = append(values, Value{Text: m.Name, Deprecated: m.Deprecated})
		if m.Alias != "" {
			values = append(values, Value{Text: m.Alias, Help: m.Name})
		}
	}
	return sorted(values, err)
}

func fetchCPUModels(a *asker, _ string) ([]Value, error) {
	return sorted(listed(a, "query-cpu-definitions", "", func(c struct {
		Name       string
		Alias      string `json:"alias-of"`
		Deprecated bool
	}) Value {
		return Value{Text: c.Name, Help: c.Alias, Deprecated: c.Deprecated}
	}))
}

func fetchVCPUs(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-cpus-fast", "", func(c struct {
		Path string `json:"qom-path"`
	}) Value {
		return Value{Text: c.Path}
	})
}

func fetchDisplays(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-vnc-servers", "", func(d struct{ ID string }) Value { return Value{Text: d.ID} })
}

func fetchCapabilities(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-migrate-capabilities", "", func(c struct {
		Capability string
		State      bool
	}) Value {
		return Value{Text: c.Capability, Help: map[bool]string{false: "off now", true: "on now"}[c.State]}
	})
}

// fetchParameter is the present value of the migration parameter in scope.
func fetchParameter(a *asker, scope string) ([]Value, error) {
	var all map[string]json.RawMessage
	if err := a.ask("query-migrate-parameters", "", &all); err != nil {
		return nil, err
	}
	raw := all[scope]
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	if text == "" || strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
		return nil, nil
	}
	return []Value{{Text: text, Help: "the present value"}}, nil
}

func fetchFDSets(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-fdsets", "", func(s struct {
		ID  json.Number `json:"fdset-id"`
		FDs []struct{ Opaque string }
	}) Value {
		var notes []string
		for _, fd := range s.FDs {
			notes = append(notes, fd.Opaque)
		}
		return Value{Text: s.ID.String(), Help: strings.TrimSpace(strings.Join(notes, " "))}
	})
}

// fetchYank lists the node names or ids of the instances of the type in scope.
func fetchYank(a *asker, scope string) ([]Value, error) {
	return listed(a, "query-yank", "", func(y struct {
		Type, ID string
		Node     string `json:"node-name"`
	}) Value {
		if y.Type != scope {
			return Value{}
		}
		return Value{Text: y.Node + y.ID, Help: y.Type}
	})
}

func fetchTraceEvents(a *asker, _ string) ([]Value, error) {
	return sorted(listed(a, "trace-event-get-state", `{"name":"*"}`, func(e struct{ Name, State string }) Value {
		return Value{Text: e.Name, Help: e.State}
	}))
}

func fetchStats(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Provider, Target string
		Stats            []struct{ Name, Type string }
	}
	err := a.ask("query-stats-schemas", "", &list)
	var values []Value
	for _, p := range list {
		for _, s := range p.Stats {
			values = append(values, Value{Text: s.Name, Help: p.Provider + " " + p.Target + " " + s.Type})
		}
	}
	return distinct(values, err)
}

func fetchCommandOptions(a *asker, _ string) ([]Value, error) {
	return sorted(listed(a, "query-command-line-options", "", func(o struct{ Option string }) Value {
		return Value{Text: o.Option}
	}))
}

func fetchVirtio(a *asker, _ string) ([]Value, error) {
	return listed(a, "x-query-virtio", "", func(d struct{ Path, Name string }) Value {
		return Value{Text: d.Path, Help: d.Name}
	})
}

func fetchHMP(a *asker, _ string) ([]Value, error) {
	var text string
	err := a.ask("human-monitor-command", askHelp, &text)
	return distinct(hmpCommands(text), err)
}

// hmpCommands reads the human monitor's own help: "name|alias arguments -- what it does".
func hmpCommands(text string) []Value {
	var values []Value
	for line := range strings.Lines(text) {
		usage, help, ok := strings.Cut(strings.TrimSpace(line), " -- ")
		names, _, _ := strings.Cut(usage, " ")
		name, _, _ := strings.Cut(names, "|")
		if ok && name != "" {
			values = append(values, Value{Text: name, Help: strings.TrimSpace(help)})
		}
	}
	return values
}

func netFetch(kind Kind) fetcher {
	return func(a *asker, _ string) ([]Value, error) {
		var text string
		err := a.ask("human-monitor-command", askNetwork, &text)
		return distinct(netClients(text, kind), err)
	}
}

// netClients reads "info network" of the human monitor: a line "name: index=0,type=user,…" for each card or hub port,
// with those of its peer indented by "\ " below.
func netClients(text string, kind Kind) []Value {
	var values []Value
	for line := range strings.Lines(text) {
		name, rest, ok := strings.Cut(strings.TrimLeft(strings.TrimSpace(line), `\ `), ": ")
		_, after, typed := strings.Cut(rest, "type=")
		if !ok || !typed || name == "" {
			continue
		}
		what, _, _ := strings.Cut(after, ",")
		if card := what == "nic"; kind == NetClient || card == (kind == NetCard) {
			values = append(values, Value{Text: name, Help: what})
		}
	}
	return values
}
