package demo

import (
	"cmp"
	"encoding/json"
)

func snapshotCommands() map[string]handler {
	return map[string]handler{
		"blockdev-snapshot-sync": command((*Machine).blockdevSnapshotSync),
		"blockdev-snapshot":      command((*Machine).blockdevSnapshot),
		"transaction":            command((*Machine).transaction),
	}
}

type snapshotSync struct {
	Device           string
	NodeName         string `json:"node-name"`
	SnapshotFile     string `json:"snapshot-file"`
	SnapshotNodeName string `json:"snapshot-node-name"`
	Format, Mode     string
}

func (m *Machine) blockdevSnapshotSync(a snapshotSync) (any, error) {
	_, err := m.snapshotSync(a)
	return nil, err
}

// snapshotSync puts a new image on a node, and returns how to take it back.
func (m *Machine) snapshotSync(a snapshotSync) (undo func(), err error) {
	n, _, err := m.idleNode(a.Device, a.NodeName)
	if err != nil {
		return nil, err
	}
	format := cmp.Or(a.Format, "qcow2")
	if err := checkFormat(format); err != nil {
		return nil, err
	}
	if a.Mode != "existing" {
		if m.written(a.SnapshotFile) {
			return nil, errOpen(a.SnapshotFile, "the image is in use")
		}
		empty := file{format: format, size: n.size(), used: emptyImage, backing: n.filename}
		if bad := m.files.create(a.SnapshotFile, empty); bad != nil {
			return nil, bad
		}
	}
	n.readOnly = true
	overlay, err := m.openImage(image{filename: a.SnapshotFile, format: format, nodeName: a.SnapshotNodeName})
	if err != nil {
		n.readOnly = false
		return nil, err
	}
	return m.putOn(n, overlay), nil
}

// emptyImage is what an image without data takes up, in bytes.
const emptyImage = 196 << 10

// putOn makes overlay the image that is written where n was, and returns how to take it back.
func (m *Machine) putOn(n, overlay *node) (undo func()) {
	d := m.diskOn(n)
	overlay.backing, overlay.content.backing = n, n.filename
	n.readOnly = true
	if d != nil {
		d.root = overlay
	}
	return func() {
		if d != nil {
			d.root = n
		}
		n.readOnly = false
		overlay.backing = nil
		m.release(overlay)
	}
}

func (m *Machine) blockdevSnapshot(a struct{ Node, Overlay string }) (any, error) {
	_, err := m.snapshot(a.Node, a.Overlay)
	return nil, err
}

func (m *Machine) snapshot(name, over string) (undo func(), err error) {
	n, _, err := m.nodeOf(name, name)
	if err != nil {
		return nil, err
	}
	overlay := m.node(over)
	switch {
	case overlay == nil:
		return nil, refuse("Cannot find device='%s' nor node-name='%s'", over, over)
	case len(m.users(overlay)) > 0:
		return nil, refuse("The overlay is already in use")
	case overlay.backing != nil:
		return nil, refuse("The overlay already has a backing image")
	case overlay.driver != "qcow2":
		return nil, refuse("The overlay does not support backing images")
	}
	if err := m.busy(n); err != nil {
		return nil, err
	}
	return m.putOn(n, overlay), nil
}

// transaction does all of its actions, or none.
func (m *Machine) transaction(a struct {
	Actions []struct {
		Type string
		Data json.RawMessage
	}
}) (any, error) {
	var undo []func()
	for _, action := range a.Actions {
		back, err := m.transact(action.Type, action.Data)
		if err != nil {
			for i := len(undo) - 1; i >= 0; i-- {
				undo[i]()
			}
			return nil, err
		}
		undo = append(undo, back)
	}
	return nil, nil
}

// transact does one action of a transaction and returns how to take it back.
func (m *Machine) transact(kind string, data json.RawMessage) (undo func(), err error) {
	switch kind {
	case "blockdev-snapshot-sync":
		var a snapshotSync
		if err := json.Unmarshal(data, &a); err != nil {
			return nil, err
		}
		return m.snapshotSync(a)
	case "blockdev-snapshot":
		var a struct{ Node, Overlay string }
		if err := json.Unmarshal(data, &a); err != nil {
			return nil, err
		}
		return m.snapshot(a.Node, a.Overlay)
	case "blockdev-backup", "drive-backup":
		var a copyArgs
		if err := json.Unmarshal(data, &a); err != nil {
			return nil, err
		}
		j, err := m.backup(a, kind == "drive-backup")
		if err != nil {
			return nil, err
		}
		return func() { m.dropJob(j) }, nil
	}
	return nil, refuse("Transaction aborted using Abort action")
}
