package completion

import (
	"cmp"
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

func (n blockNode) help() string { return strings.TrimSpace(n.Driver + "  " + n.File) }

// A blockDevice is what query-block says of a device.
type blockDevice struct {
	Device   string    `json:"device"`
	Qdev     string    `json:"qdev"`
	Inserted blockNode `json:"inserted"`
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
		nodes = append(nodes, d.Inserted)
	}
	return nodes, err
}

// blocksOf lists what goes by the name in scope, or everything: nodes, devices, and what devices have inserted.
func (a *asker) blocksOf(scope string) ([]blockNode, error) {
	devices, err := a.devices()
	if err != nil {
		return nil, err
	}
	var blocks []blockNode
	for _, d := range devices {
		if scope == "" || d.Device == scope || d.Inserted.Name == scope {
			blocks = append(blocks, blockNode{Name: d.Device, Bitmaps: d.Bitmaps}, d.Inserted)
		}
	}
	nodes, err := a.nodes()
	for _, n := range nodes {
		if scope == "" || n.Name == scope {
			blocks = append(blocks, n)
		}
	}
	return blocks, err
}

// fetchNodes lists nodes that were given a name before those that QEMU named itself, with a #.
func fetchNodes(a *asker, _ string) ([]Value, error) {
	nodes, err := a.nodes()
	var values []Value
	for _, n := range nodes {
		if n.Name != "" {
			values = append(values, Value{Text: n.Name, Help: n.help()})
		}
	}
	slices.SortStableFunc(values, func(a, b Value) int {
		return strings.Count(a.Text[:1], "#") - strings.Count(b.Text[:1], "#")
	})
	return distinct(values, err)
}

func fetchBlock(a *asker, _ string) ([]Value, error) {
	devices, err := listed(a, "query-block", "", func(d blockDevice) Value {
		return Value{Text: d.Device, Help: cmp.Or(d.Inserted.help(), "empty")}
	})
	if err != nil {
		return nil, err
	}
	nodes, err := fetchNodes(a, "")
	return distinct(append(devices, nodes...), err)
}

func fetchBlockQdev(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-block", "", func(d blockDevice) Value { return Value{Text: d.Qdev, Help: d.Device} })
}

func fetchThrottleGroups(a *asker, _ string) ([]Value, error) {
	return distinct(listed(a, "query-block", "", func(d blockDevice) Value {
		return Value{Text: d.Inserted.Group, Help: d.Device}
	}))
}

// fetchBitmaps lists the dirty bitmaps of the node or device in scope; of all without one.
func fetchBitmaps(a *asker, scope string) ([]Value, error) {
	blocks, err := a.blocksOf(scope)
	var values []Value
	for _, block := range blocks {
		for _, b := range block.Bitmaps {
			if b.Name != "" {
				values = append(values, Value{Text: b.Name, Help: block.Name})
			}
		}
	}
	return distinct(values, err)
}

// fetchSnapshots lists the internal snapshots of the node or device in scope; of all without one.
func fetchSnapshots(a *asker, scope string) ([]Value, error) {
	blocks, err := a.blocksOf(scope)
	var values []Value
	for _, block := range blocks {
		for _, s := range block.Image.Snapshots {
			values = append(values, Value{Text: s.Name, Help: "id " + s.ID})
		}
	}
	return distinct(values, err)
}

func fetchExports(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-block-exports", "", func(e struct {
		ID, Type string
		Node     string `json:"node-name"`
	}) Value {
		return Value{Text: e.ID, Help: strings.TrimSpace(e.Type + "  " + e.Node)}
	})
}

func fetchJobs(a *asker, scope string) ([]Value, error) {
	if !a.has("query-jobs") {
		return fetchBlockJobs(a, scope)
	}
	return listed(a, "query-jobs", "", func(j struct{ ID, Type, Status string }) Value {
		return Value{Text: j.ID, Help: strings.TrimSpace(j.Type + "  " + j.Status)}
	})
}

func fetchBlockJobs(a *asker, _ string) ([]Value, error) {
	return listed(a, "query-block-jobs", "", func(j struct{ Device, Type, Status string }) Value {
		return Value{Text: j.Device, Help: strings.TrimSpace(j.Type + "  " + j.Status)}
	})
}
