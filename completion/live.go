package completion

import "strings"

// A Kind is a kind of thing that a server has: what a value means, whatever its type.
type Kind string

// The kinds of live values, and what their scope is.
const (
	Free           Kind = ""                // the user's own choice: a new name, a number, a text
	File           Kind = "file"            // a path of a file on the server's host
	Node           Kind = "node"            // block node names
	Block          Kind = "block"           // block devices, and node names where those do as well
	BlockQdev      Kind = "block-qdev"      // qdev ids and QOM paths of guest disks
	Bitmap         Kind = "bitmap"          // dirty bitmaps of the node or device in scope
	Snapshot       Kind = "snapshot"        // internal snapshots; of the node or device in scope, if there is one
	Export         Kind = "export"          // block exports
	Job            Kind = "job"             // jobs of every type
	BlockJob       Kind = "block-job"       // block jobs
	Qdev           Kind = "qdev"            // ids of devices that were added with one
	Bus            Kind = "bus"             // buses that a device can be plugged into
	Chardev        Kind = "chardev"         // character devices
	Netdev         Kind = "netdev"          // network backends
	NetClient      Kind = "net-client"      // network backends and cards
	Object         Kind = "object"          // user-creatable objects; of the types beginning with the scope
	QOM            Kind = "qom"             // QOM paths: the children of the path in scope
	Property       Kind = "property"        // properties of the QOM path in scope
	DeviceType     Kind = "device-type"     // what device_add takes
	DeviceProperty Kind = "device-property" // properties of the device type in scope
	ObjectType     Kind = "object-type"     // what object-add takes
	ObjectProperty Kind = "object-property" // properties of the object type in scope
	QOMType        Kind = "qom-type"        // every type
	MachineType    Kind = "machine-type"    // machines
	CPUModel       Kind = "cpu-model"       // CPU models
	Display        Kind = "display"         // VNC displays
	ClientProtocol Kind = "client-protocol" // what add_client takes
	EventName      Kind = "event"           // events
	Capability     Kind = "capability"      // migration capabilities, with their present state
	Parameter      Kind = "parameter"       // the present value of the migration parameter in scope
	FDSet          Kind = "fdset"           // file descriptor sets
	Yank           Kind = "yank"            // what yank can act on: the names of the kind in scope
	TraceEvent     Kind = "trace-event"     // trace events
	Stats          Kind = "stats"           // names of statistics
	CommandOption  Kind = "option"          // groups of command line options
	Virtio         Kind = "virtio"          // QOM paths of virtio devices
	HMP            Kind = "hmp"             // commands of the human monitor
	NetCard        Kind = "net-card"        // network cards
	ThrottleGroup  Kind = "throttle-group"  // throttle groups
	Address        Kind = "address"         // how an address begins: of the use in scope
	Driver         Kind = "driver"          // block drivers, as the schema lists them
	VCPU           Kind = "vcpu"            // QOM paths of virtual CPUs
)

// A Value is a live value.
type Value struct {
	Text string
	Type string // of a property: its type
	Help string // one line

	Deprecated bool
	Partial    bool // more has to be typed behind it, as behind "tcp:"
}

// unstable reports whether the name says that the value may change.
func (v Value) unstable() bool { return strings.HasPrefix(v.Text, "x-") }

// tier puts what may change behind what will stay.
func (v Value) tier() int {
	if v.unstable() {
		return 1
	}
	return 0
}

// Live looks values up in a cache. It never waits.
type Live interface {
	// Values returns the values of a kind, within a scope where the kind has one. known is false as long as there is no
	// answer yet; the values are then what was known last, if anything. Asking for what is not known lets the cache
	// fetch it.
	Values(kind Kind, scope string) (values []Value, known bool)
}

// nothing knows no live values, and never will.
type nothing struct{}

func (nothing) Values(Kind, string) ([]Value, bool) { return nil, true }
