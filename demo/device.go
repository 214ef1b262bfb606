package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

func deviceCommands() map[string]handler {
	return map[string]handler{
		"device_add":             deviceAdd,
		"device_del":             command((*Machine).deviceDel),
		"device-list-properties": command((*Machine).deviceListProperties),
		"query-pci":              query((*Machine).queryPCI),
	}
}

// guestUnplugs is how long the guest takes to let go of a device.
const guestUnplugs = 700 * time.Millisecond

// A device is one that is plugged in.
type device struct {
	id         string // "" for those of the machine itself
	kind       *objectType
	bus        string
	slot       int // on its bus
	function   int
	properties object // those that were given
	linkDown   bool   // of a network card
	hotplugged bool
	leaving    bool // the guest was asked to let go of it
}

// newDevices plugs in what web01 starts with: on a q35, every PCI device that can be unplugged sits below a root port.
func (m *Machine) newDevices() {
	add := func(id, kind, bus string, slot, function int, properties ...member) {
		m.devices = append(m.devices, &device{
			id: id, kind: m.objectType(kind), bus: bus, slot: slot, function: function, properties: properties,
		})
	}
	add("", "mch", "pcie.0", 0, 0)
	add("video0", "VGA", "pcie.0", 1, 0)
	const ports = 10
	for i := range ports {
		add(fmt.Sprintf("pci.%d", i+1), "pcie-root-port", "pcie.0", 2+i/8, i%8, member{"chassis", i + 1})
	}
	add("", "ICH9-LPC", "pcie.0", 31, 0)
	add("", "ich9-ahci", "pcie.0", 31, 2)
	add("", "ICH9-SMB", "pcie.0", 31, 3)
	add("net0", "virtio-net-pci", "pci.1", 0, 0, member{"netdev", "hostnet0"}, member{"mac", "52:54:00:6b:3c:58"})
	add("net1", "virtio-net-pci", "pci.2", 0, 0, member{"netdev", "hostnet1"}, member{"mac", "52:54:00:9d:0e:21"})
	add("vda", "virtio-blk-pci", "pci.3", 0, 0, member{"drive", "drive0"}, member{"iothread", "iothread0"})
	add("vdb", "virtio-blk-pci", "pci.4", 0, 0, member{"drive", "drive1"}, member{"iothread", "iothread0"})
	add("virtio-serial0", "virtio-serial-pci", "pci.5", 0, 0)
	add("balloon0", "virtio-balloon-pci", "pci.6", 0, 0)
	add("rng0", "virtio-rng-pci", "pci.7", 0, 0, member{"rng", "objrng0"})
	add("usb0", "qemu-xhci", "pci.8", 0, 0)
	add("ide-cd0", "ide-cd", "ide.0", 0, 0, member{"drive", "cd0"})
	add("tablet0", "usb-tablet", "usb0.0", 1, 0)
	add("serial0", "isa-serial", "isa.0", 0, 0, member{"chardev", "serial0"})
	add("qga0", "virtserialport", "virtio-serial0.0", 1, 0, member{"chardev", "agent0"}, member{"name", "org.qemu.guest_agent.0"})
	add("metrics", "virtserialport", "virtio-serial0.0", 2, 0, member{"chardev", "metrics0"}, member{"name", "metrics"})
}

// device returns the device with that id, or nil.
func (m *Machine) device(id string) *device {
	return m.findDevice(func(d *device) bool { return d.id == id && id != "" })
}

// deviceOf returns a device of that type, or nil.
func (m *Machine) deviceOf(kind string) *device {
	return m.findDevice(func(d *device) bool { return d.kind.name == kind })
}

func (m *Machine) findDevice(is func(*device) bool) *device {
	if i := slices.IndexFunc(m.devices, is); i >= 0 {
		return m.devices[i]
	}
	return nil
}

func (d *device) path() string { return "/machine/peripheral/" + d.id }

// deviceAdd reads its arguments with their order and types, because properties of the device are among them.
func deviceAdd(m *Machine, _ *client, args json.RawMessage) (any, error) {
	v, err := newDecoder(bytes.NewReader(args)).next()
	if err != nil {
		return nil, err
	}
	o := v.(object)
	given := func(name string) string {
		s, _ := o.get(name)
		text, _ := s.(string)
		return text
	}
	d := &device{
		id: given("id"), kind: m.objectType(given("driver")), bus: given("bus"), hotplugged: true,
		properties: o.without("id").without("driver").without("bus"),
	}
	if err := m.plug(d, given("driver")); err != nil {
		return nil, err
	}
	return nil, nil
}

// plug checks a new device and puts it where it belongs.
func (m *Machine) plug(d *device, driver string) error {
	switch {
	case d.kind == nil || !m.is(d.kind, "device"):
		return refuse("'%s' is not a valid device model name", driver).before("InvalidParameterValue",
			member{"name", "driver"}, member{"expected", "device type"}).worded("Parameter 'driver' expects device type")
	case d.kind.abstract:
		return errValue("driver", "a non-abstract device type")
	case d.kind.fixed:
		return errValue("driver", "a pluggable device type")
	}
	if err := m.findSlot(d); err != nil {
		return err
	}
	if d.id != "" && m.device(d.id) != nil {
		return refuse("Duplicate device ID '%s'", d.id).before("DuplicateId", member{"id", d.id}, member{"object", "device"}).
			worded("Duplicate ID '" + d.id + "' for device")
	}
	if err := m.checkProperties(d); err != nil {
		return err
	}
	if err := m.attach(d); err != nil {
		return err
	}
	m.devices = append(m.devices, d)
	return nil
}

// findSlot chooses the bus and the place on it. A root port has room for one device, the root bus for none; servers of
// 2012 had the one bus, on which everything could be plugged.
func (m *Machine) findSlot(d *device) error {
	if d.kind.bus == "usb" {
		d.bus, d.slot = "usb0.0", 2+m.rng.IntN(6)
		return nil
	}
	if d.bus == "" || m.old && d.bus == "pci.0" {
		d.bus = "pcie.0"
	}
	switch port := m.device(d.bus); {
	case d.bus == "pcie.0" && m.old:
		d.slot = 4 + len(m.devices)%24
	case d.bus == "pcie.0":
		return refuse("Bus 'pcie.0' does not support hotplugging").before("BusNoHotplug", member{"bus", d.bus})
	case port == nil || port.kind.name != "pcie-root-port":
		return refuse("Bus '%s' not found", d.bus).before("BusNotFound", member{"bus", d.bus})
	case m.findDevice(func(other *device) bool { return other.bus == d.bus }) != nil:
		return refuse("PCI: slot 0 function 0 already occupied by %s, new func %s cannot be exposed to guest.",
			m.findDevice(func(other *device) bool { return other.bus == d.bus }).kind.name, d.kind.name)
	}
	return nil
}

// checkProperties refuses properties that the type does not have, or not so.
func (m *Machine) checkProperties(d *device) error {
	known := m.propertiesOf(d.kind)
	for _, given := range d.properties {
		i := slices.IndexFunc(known, func(p propertyType) bool { return p.name == given.name })
		if i < 0 {
			return refuse("Property '%s.%s' not found", d.kind.name, given.name).
				before("PropertyNotFound", member{"device", d.kind.name}, member{"property", given.name})
		}
		if expected, ok := known[i].fits(given.value); !ok {
			return errType(given.name, expected)
		}
	}
	return nil
}

// attach connects a device with the drive or netdev that it names.
func (m *Machine) attach(d *device) error {
	cannotFind := func(property, value string) error {
		return refuse("Property '%s.%s' can't find value '%s'", d.kind.name, property, value).before("PropertyValueNotFound",
			member{"device", d.kind.name}, member{"property", property}, member{"value", value})
	}
	if name, ok := d.text("netdev"); ok && m.netdev(name) == nil {
		return cannotFind("netdev", name)
	}
	if d.kind.family != "disk" {
		return nil
	}
	name, ok := d.text("drive")
	if !ok {
		return refuse("drive property not set")
	}
	n := m.node(name)
	if n == nil {
		return cannotFind("drive", name)
	}
	if m.diskOn(n) != nil {
		return refuse("Node '%s' is already in use by another device", name)
	}
	disk := &disk{qdev: d.id, ioStatus: "ok", path: d.path() + "/virtio-backend", root: n, load: load{
		rd: 220e3, wr: 90e3, rdSize: 32 << 10, wrSize: 32 << 10, period: 13 * time.Second, swing: 1, flush: 0.5, grow: 0.1,
	}}
	m.disks = append(m.disks, disk)
	return nil
}

// text is a property given as a string.
func (d *device) text(name string) (string, bool) {
	v, ok := d.properties.get(name)
	s, _ := v.(string)
	return s, ok
}

// deviceDel asks the guest to let go of a device, which takes it a moment.
func (m *Machine) deviceDel(a struct{ ID string }) (any, error) {
	d := m.device(a.ID)
	switch {
	case d == nil:
		return nil, errNoDevice(a.ID)
	case d.leaving:
		return nil, refuse("Device %s is already in the process of unplug", a.ID)
	case d.bus == "pcie.0" && !m.old:
		return nil, refuse("Bus 'pcie.0' does not support hotplugging").before("BusNoHotplug", member{"bus", d.bus})
	case d.kind.fixed:
		return nil, refuse("Device '%s' does not support hotplugging", a.ID).before("DeviceNoHotplug", member{"device", a.ID})
	}
	d.leaving = true
	m.guestLater(guestUnplugs, func() { m.unplug(d) })
	return nil, nil
}

// unplug takes a device out, with the drive that goes with it.
func (m *Machine) unplug(d *device) {
	if k := m.findDisk(func(k *disk) bool { return k.qdev == d.id }); k != nil {
		m.disks = slices.DeleteFunc(m.disks, func(other *disk) bool { return other == k })
		m.release(k.root)
	}
	m.devices = slices.DeleteFunc(m.devices, func(other *device) bool { return other == d })
	if m.is(d.kind, "virtio-pci") {
		m.emit("DEVICE_DELETED", member{"path", d.path() + "/virtio-backend"})
	}
	m.emit("DEVICE_DELETED", member{"device", d.id}, member{"path", d.path()})
}

func (m *Machine) deviceListProperties(a struct{ Typename string }) (any, error) {
	t := m.objectType(a.Typename)
	switch {
	case t == nil:
		return nil, errNoDevice(a.Typename)
	case !m.is(t, "device"):
		return nil, errValue("typename", "a device type")
	case t.abstract:
		return nil, errValue("typename", "a non-abstract device type")
	}
	return propertyList(m.propertiesOf(t)), nil
}

func propertyList(properties []propertyType) []object {
	list := []object{}
	for _, p := range properties {
		o := object{}
		o = o.and(p.initial != nil, "default-value", p.initial)
		o = append(o, member{"name", p.name})
		o = o.and(p.typ == "bool", "description", "on/off")
		list = append(list, append(o, member{"type", p.typ}))
	}
	return list
}

// whole returns the integer that a JSON value is.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	return 0, false
}
