package demo

import (
	"cmp"
	"time"
)

func mediumCommands() map[string]handler {
	return map[string]handler{
		"eject":                  command((*Machine).eject),
		"change":                 command((*Machine).change),
		"blockdev-open-tray":     command((*Machine).openTrayCommand),
		"blockdev-close-tray":    command((*Machine).closeTrayCommand),
		"blockdev-remove-medium": command((*Machine).removeMedium),
		"blockdev-insert-medium": command((*Machine).insertMedium),
		"blockdev-change-medium": command((*Machine).changeMedium),
	}
}

// How long the guest takes to notice a medium and mount it, to let go of it when it is asked to, and how long it
// keeps it mounted.
const (
	guestMounts   = 4 * time.Second
	guestReleases = 1500 * time.Millisecond
	guestKeeps    = 3 * time.Minute
)

// A drive names a removable drive in either of two ways.
type drive struct {
	Device, ID string
	Force      bool
}

func (m *Machine) eject(a drive) (any, error) {
	d, err := m.diskOf(a.Device, a.ID)
	if err != nil {
		return nil, err
	}
	if err := m.openTray(d, a.Force); err != nil {
		return nil, err
	}
	m.takeOut(d)
	return nil, nil
}

// openTray opens the tray. A guest that has locked it is asked to, and complies a moment later.
func (m *Machine) openTray(d *disk, force bool) error {
	if !d.removable {
		return refuse("Device '%s' is not removable", d.name).before("DeviceNotRemovable", member{"device", d.name})
	}
	if d.root != nil {
		if err := m.busy(d.root); err != nil {
			return err
		}
	}
	if d.locked && !force {
		m.after(guestReleases, func() {
			if d.locked && m.running() {
				d.locked, d.load = false, load{}
				m.moveTray(d, true)
			}
		})
		return refuse("Device '%s' is locked and force was not specified, wait for tray to open and try again", d.name).
			before("DeviceLocked", member{"device", d.name}).worded("Device '" + d.name + "' is locked")
	}
	d.locked, d.load = false, load{}
	m.moveTray(d, true)
	return nil
}

func (m *Machine) moveTray(d *disk, open bool) {
	if d.trayOpen == open {
		return
	}
	d.trayOpen = open
	m.emit("DEVICE_TRAY_MOVED", member{"device", d.name}, member{"tray-open", open}, member{"id", d.qdev})
	if !open && d.root != nil {
		m.noticed(d)
	}
}

// noticed lets the guest mount a new medium after a while, use it, and unmount it in the end.
func (m *Machine) noticed(d *disk) {
	medium := d.root
	still := func() bool { return d.root == medium && !d.trayOpen && m.running() && !medium.locked() }
	m.after(guestMounts, func() {
		if !still() {
			return
		}
		d.locked, d.load = true, cdLoad()
		m.after(guestKeeps, func() {
			if still() {
				d.locked, d.load = false, load{}
			}
		})
	})
}

// takeOut removes the medium from an open tray.
func (m *Machine) takeOut(d *disk) {
	old := d.root
	d.root = nil
	m.release(old)
}

func (m *Machine) openTrayCommand(a drive) (any, error) {
	d, err := m.diskOf(a.Device, a.ID)
	if err != nil {
		return nil, err
	}
	return nil, m.openTray(d, a.Force)
}

func (m *Machine) closeTrayCommand(a drive) (any, error) {
	d, err := m.diskOf(a.Device, a.ID)
	if err != nil {
		return nil, err
	}
	if !d.removable {
		return nil, refuse("Device '%s' is not removable", d.name)
	}
	m.moveTray(d, false)
	return nil, nil
}

func (m *Machine) removeMedium(a struct{ ID string }) (any, error) {
	d, err := m.diskOf("", a.ID)
	switch {
	case err != nil:
		return nil, err
	case !d.removable:
		return nil, refuse("Device '%s' is not removable", d.name)
	case !d.trayOpen:
		return nil, refuse("Tray of device '%s' is not open", a.ID)
	}
	m.takeOut(d)
	return nil, nil
}

func (m *Machine) insertMedium(a struct {
	ID       string
	NodeName string `json:"node-name"`
}) (any, error) {
	d, err := m.diskOf("", a.ID)
	if err != nil {
		return nil, err
	}
	n := m.node(a.NodeName)
	switch {
	case n == nil:
		return nil, refuse("Node '%s' not found", a.NodeName)
	case len(m.users(n)) > 0:
		return nil, refuse("Node '%s' is already in use", a.NodeName)
	case !d.removable:
		return nil, refuse("Device '%s' is not removable", d.name)
	case !d.trayOpen:
		return nil, refuse("Tray of device '%s' is not open", a.ID)
	case d.root != nil:
		return nil, refuse("There already is a medium in device '%s'", a.ID)
	}
	d.root = n
	return nil, nil
}

func (m *Machine) changeMedium(a struct {
	drive
	Filename, Format string
	ReadOnlyMode     string `json:"read-only-mode"`
}) (any, error) {
	d, err := m.diskOf(a.Device, a.ID)
	if err != nil {
		return nil, err
	}
	return nil, m.exchange(d, image{
		filename: a.Filename, format: cmp.Or(a.Format, "raw"), readOnly: a.ReadOnlyMode != "read-write",
	}, a.Force)
}

// exchange puts another medium into a drive. Nothing happens when it cannot be opened.
func (m *Machine) exchange(d *disk, i image, force bool) error {
	if !d.removable {
		return refuse("Device '%s' is not removable", d.name).before("DeviceNotRemovable", member{"device", d.name})
	}
	n, err := m.openImage(i)
	if err != nil {
		return err
	}
	if err := m.openTray(d, force); err != nil {
		m.release(n)
		return err
	}
	m.takeOut(d)
	d.root = n
	if n.content.key != "" {
		n.content.missing = true
	}
	m.moveTray(d, false)
	return nil
}

// change is two commands in one, as it was until QEMU 6: for media, and for the VNC server.
func (m *Machine) change(a struct{ Device, Target, Arg string }) (any, error) {
	if a.Device == "vnc" {
		return nil, m.changeVNC(a.Target, a.Arg)
	}
	d, err := m.diskOf(a.Device, "")
	if err != nil {
		return nil, err
	}
	if err := m.exchange(d, image{filename: a.Target, format: a.Arg, readOnly: true}, false); err != nil {
		return nil, err
	}
	if d.root.locked() {
		return nil, refuse("Device '%s' is encrypted", d.name).
			before("DeviceEncrypted", member{"device", d.name}, member{"filename", a.Target})
	}
	return nil, nil
}
