package completion

import (
	"slices"
	"strings"
)

// A blockNode is what query-named-block-nodes says of a node, and query-block of what is inserted.
type blockNode struct {
	Name    string `json:"node-name"`
	Driver  string `json:"drv"`
	File    string `json:"file"`
	Group   string `json:"group"`
	Bitmaps []struct {
		Name string `json:"name"`
	} `json:"dirty-bitmaps"`
	Image struct {
		Snapshots []struct {
			Name string `json:"name"`
			ID   string `json:"id"`
		} `json:"snapshots"`
	} `json:"image"`
}

// A blockDevice is what query-block says of a device.
type blockDevice struct {
	Device   string     `json:"device"`
	Qdev     string     `json:"qdev"`
	Inserted *blockNode `json:"inserted"`
	Bitmaps  []struct {
		Name string `json:"name"`
	} `json:"dirty-bitmaps"` // until QEMU 5.2
}

func (a *asker) devices() ([]blockDevice, error) {
	var devices []blockDevice
	err := a.ask("query-block", "", &devices)
	return devices, err
}

// nodes lists the nodes; on a server that cannot, those that devices have inserted.
func (a *asker) nodes() ([]blockNode, error) {
	var nodes []blockNode
	if a.has("query-named-block-nodes") {
		arguments := ""
		if a.schema.Command("query-named-block-nodes").Args.Member("flat") != nil {
			arguments = `{"flat":true}`
		}
		err := a.ask("query-named-block-nodes", arguments, &nodes)
		return nodes, err
	}
	devices, err := a.devices()
	for _, d := range devices {
		if d.Inserted != nil {
			nodes = append(nodes, *d.Inserted)
		}
	}
	return nodes, err
}

// fetchNodes lists nodes that were given a name before those that QEMU named itself, with a #.
func fetchNodes(a *asker, _ string) ([]Value, error) {
	nodes, err := a.nodes()
	var values []Value
	for _, n := range nodes {
		if n.Name != "" {
			values = append(values, Value{Text: n.Name, Help: strings.TrimSpace(n.Driver + "  " + n.File)})
		}
	}
	slices.SortStableFunc(values, func(a, b Value) int {
		return strings.Count(a.Text[:1], "#") - strings.Count(b.Text[:1], "#")
	})
	return distinct(values), err
}

func fetchBlock(a *asker, _ string) ([]Value, error) {
	devices, err := a.devices()
	if err != nil {
		return nil, err
	}
	var values []Value
	for _, d := range devices {
		if d.Device == "" {
			continue
		}
		help := "empty"
		if d.Inserted != nil {
			help = strings.TrimSpace(d.Inserted.Driver + "  " + d.Inserted.File)
		}
		values = append(values, Value{Text: d.Device, Help: help})
	}
	nodes, err := fetchNodes(a, "")
	return distinct(append(values, nodes...)), err
}

func fetchBlockQdev(a *asker, _ string) ([]Value, error) {
	devices, err := a.devices()
	var values []Value
	for _, d := range devices {
		if d.Qdev != "" {
			values = append(values, Value{Text: d.Qdev, Help: d.Device})
		}
	}
	return values, err
}

// of reports whether a device or what it has inserted goes by a name.
func (d blockDevice) of(name string) bool {
	return d.Device == name || d.Inserted != nil && d.Inserted.Name == name
}

// fetchBitmaps lists the dirty bitmaps of the node or device in scope; of all without one.
func fetchBitmaps(a *asker, scope string) ([]Value, error) {
	devices, err := a.devices()
	if err != nil {
		return nil, err
	}
	var values []Value
	for _, d := range devices {
		if scope != "" && !d.of(scope) {
			continue
		}
		for _, b := range d.Bitmaps {
			values = append(values, Value{Text: b.Name, Help: d.Device})
		}
		if d.Inserted != nil {
			values = append(values, d.Inserted.bitmaps()...)
		}
	}
	nodes, err := a.nodes()
	for _, n := range nodes {
		if scope == "" || n.Name == scope {
			values = append(values, n.bitmaps()...)
		}
	}
	return distinct(values), err
}

func (n blockNode) bitmaps() []Value {
	var values []Value
	for _, b := range n.Bitmaps {
		if b.Name != "" {
			values = append(values, Value{Text: b.Name, Help: n.Name})
		}
	}
	return values
}

// fetchSnapshots lists the internal snapshots of the node or device in scope; of all without one.
func fetchSnapshots(a *asker, scope string) ([]Value, error) {
	nodes, err := a.nodes()
	if err != nil {
		return nil, err
	}
	devices, err := a.devices()
	for _, d := range devices {
		if d.Inserted != nil && (scope == "" || d.of(scope)) {
			nodes = append(nodes, blockNode{Name: scope, Image: d.Inserted.Image})
		}
	}
	var values []Value
	for _, n := range nodes {
		for _, s := range n.Image.Snapshots {
			if scope == "" || n.Name == scope {
				values = append(values, Value{Text: s.Name, Help: "id " + s.ID})
			}
		}
	}
	return distinct(values), err
}

func fetchThrottleGroups(a *asker, _ string) ([]Value, error) {
	devices, err := a.devices()
	var values []Value
	for _, d := range devices {
		if d.Inserted != nil && d.Inserted.Group != "" {
			values = append(values, Value{Text: d.Inserted.Group, Help: d.Device})
		}
	}
	return distinct(values), err
}

func fetchExports(a *asker, _ string) ([]Value, error) {
	var exports []struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Node string `json:"node-name"`
	}
	err := a.ask("query-block-exports", "", &exports)
	var values []Value
	for _, e := range exports {
		values = append(values, Value{Text: e.ID, Help: strings.TrimSpace(e.Type + "  " + e.Node)})
	}
	return values, err
}

func fetchJobs(a *asker, scope string) ([]Value, error) {
	if !a.has("query-jobs") {
		return fetchBlockJobs(a, scope)
	}
	var jobs []struct {
		ID     string `json:"id"`
		Type   string `json:"type"`
		Status string `json:"status"`
	}
	err := a.ask("query-jobs", "", &jobs)
	var values []Value
	for _, j := range jobs {
		values = append(values, Value{Text: j.ID, Help: strings.TrimSpace(j.Type + "  " + j.Status)})
	}
	return values, err
}

func fetchBlockJobs(a *asker, _ string) ([]Value, error) {
	var jobs []struct {
		Device string `json:"device"`
		Type   string `json:"type"`
		Status string `json:"status"`
	}
	err := a.ask("query-block-jobs", "", &jobs)
	var values []Value
	for _, j := range jobs {
		values = append(values, Value{Text: j.Device, Help: strings.TrimSpace(j.Type + "  " + j.Status)})
	}
	return values, err
}

// distinct keeps the first value of each text.
func distinct(values []Value) []Value {
	seen := make(map[string]bool, len(values))
	return slices.DeleteFunc(values, func(v Value) bool {
		twice := seen[v.Text]
		seen[v.Text] = true
		return twice
	})
}
