package completion

import (
	"encoding/json"
	"slices"
	"strings"
)

func fetchChardevs(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Label    string `json:"label"`
		Filename string `json:"filename"`
	}
	err := a.ask("query-chardev", "", &list)
	var values []Value
	for _, c := range list {
		values = append(values, Value{Text: c.Label, Help: c.Filename})
	}
	return values, err
}

// fetchClientProtocols lists what add_client hands a connection to.
func fetchClientProtocols(a *asker, scope string) ([]Value, error) {
	chardevs, err := fetchChardevs(a, scope)
	return append([]Value{{Text: "vnc"}, {Text: "spice"}, {Text: "@dbus-display"}}, chardevs...), err
}

func fetchMachines(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Name       string `json:"name"`
		Alias      string `json:"alias"`
		Deprecated bool   `json:"deprecated"`
	}
	err := a.ask("query-machines", "", &list)
	var values []Value
	for _, m := range list {
		values = append(values, Value{Text: m.Name, Deprecated: m.Deprecated})
		if m.Alias != "" {
			values = append(values, Value{Text: m.Alias, Help: m.Name})
		}
	}
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Text, b.Text) })
	return values, err
}

func fetchCPUModels(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Name       string `json:"name"`
		Alias      string `json:"alias-of"`
		Deprecated bool   `json:"deprecated"`
	}
	err := a.ask("query-cpu-definitions", "", &list)
	var values []Value
	for _, c := range list {
		values = append(values, Value{Text: c.Name, Help: c.Alias, Deprecated: c.Deprecated})
	}
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Text, b.Text) })
	return values, err
}

func fetchVCPUs(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Path string `json:"qom-path"`
	}
	err := a.ask("query-cpus-fast", "", &list)
	var values []Value
	for _, c := range list {
		values = append(values, Value{Text: c.Path})
	}
	return values, err
}

func fetchDisplays(a *asker, _ string) ([]Value, error) {
	var list []struct {
		ID string `json:"id"`
	}
	err := a.ask("query-vnc-servers", "", &list)
	var values []Value
	for _, d := range list {
		values = append(values, Value{Text: d.ID})
	}
	return values, err
}

func fetchCapabilities(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Name string `json:"capability"`
		On   bool   `json:"state"`
	}
	err := a.ask("query-migrate-capabilities", "", &list)
	var values []Value
	for _, c := range list {
		help := "off now"
		if c.On {
			help = "on now"
		}
		values = append(values, Value{Text: c.Name, Help: help})
	}
	return values, err
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
	var list []struct {
		ID  json.Number `json:"fdset-id"`
		FDs []struct {
			Opaque string `json:"opaque"`
		} `json:"fds"`
	}
	err := a.ask("query-fdsets", "", &list)
	var values []Value
	for _, s := range list {
		var notes []string
		for _, fd := range s.FDs {
			notes = append(notes, fd.Opaque)
		}
		values = append(values, Value{Text: s.ID.String(), Help: strings.TrimSpace(strings.Join(notes, " "))})
	}
	return values, err
}

// fetchYank lists the node names or ids of the instances of the type in scope.
func fetchYank(a *asker, scope string) ([]Value, error) {
	var list []struct {
		Type string `json:"type"`
		Node string `json:"node-name"`
		ID   string `json:"id"`
	}
	err := a.ask("query-yank", "", &list)
	var values []Value
	for _, y := range list {
		if y.Type == scope && y.Node+y.ID != "" {
			values = append(values, Value{Text: y.Node + y.ID, Help: y.Type})
		}
	}
	return values, err
}

func fetchTraceEvents(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	err := a.ask("trace-event-get-state", `{"name":"*"}`, &list)
	var values []Value
	for _, e := range list {
		values = append(values, Value{Text: e.Name, Help: e.State})
	}
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Text, b.Text) })
	return values, err
}

func fetchStats(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Provider string `json:"provider"`
		Target   string `json:"target"`
		Stats    []struct {
			Name string `json:"name"`
			Type string `json:"type"`
		} `json:"stats"`
	}
	err := a.ask("query-stats-schemas", "", &list)
	var values []Value
	for _, p := range list {
		for _, s := range p.Stats {
			values = append(values, Value{Text: s.Name, Help: p.Provider + " " + p.Target + " " + s.Type})
		}
	}
	return distinct(values), err
}

func fetchCommandOptions(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Option string `json:"option"`
	}
	err := a.ask("query-command-line-options", "", &list)
	var values []Value
	for _, o := range list {
		values = append(values, Value{Text: o.Option})
	}
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Text, b.Text) })
	return values, err
}

func fetchVirtio(a *asker, _ string) ([]Value, error) {
	var list []struct {
		Path string `json:"path"`
		Name string `json:"name"`
	}
	err := a.ask("x-query-virtio", "", &list)
	var values []Value
	for _, d := range list {
		values = append(values, Value{Text: d.Path, Help: d.Name})
	}
	return values, err
}

// fetchHMP reads the human monitor's own help: "name|alias arguments -- what it does".
func fetchHMP(a *asker, _ string) ([]Value, error) {
	var text string
	err := a.ask("human-monitor-command", askHelp, &text)
	var values []Value
	for line := range strings.Lines(text) {
		usage, help, ok := strings.Cut(strings.TrimSpace(line), " -- ")
		if !ok || usage == "" {
			continue
		}
		names, _, _ := strings.Cut(usage, " ")
		name, _, _ := strings.Cut(names, "|")
		values = append(values, Value{Text: name, Help: strings.TrimSpace(help)})
	}
	return distinct(values), err
}

// netFetch reads "info network" of the human monitor: a line "name: index=0,type=user,…" for each card or hub port,
// with those of its peer indented by "\ " below.
func netFetch(kind Kind) func(a *asker, scope string) ([]Value, error) {
	return func(a *asker, _ string) ([]Value, error) {
		var text string
		err := a.ask("human-monitor-command", askNetwork, &text)
		var values []Value
		for line := range strings.Lines(text) {
			name, rest, ok := strings.Cut(strings.TrimLeft(strings.TrimSpace(line), `\ `), ": ")
			_, after, typed := strings.Cut(rest, "type=")
			if !ok || !typed {
				continue
			}
			what, _, _ := strings.Cut(after, ",")
			if card := what == "nic"; kind == NetClient || card == (kind == NetCard) {
				values = append(values, Value{Text: name, Help: what})
			}
		}
		return distinct(values), err
	}
}
