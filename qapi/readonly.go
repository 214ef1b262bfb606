package qapi

import "strings"

// ReadOnly reports whether a command cannot change anything: not the guest, not QEMU, no file on the host. Reason says
// why it can or cannot, in a few words that go on from the command's name. What is not known to be harmless is not.
func ReadOnly(command string) (reason string, ok bool) {
	for _, prefix := range readOnlyPrefixes {
		if strings.HasPrefix(command, prefix.name) {
			return prefix.reason, true
		}
	}
	for _, known := range readOnlyCommands {
		if known.name == command {
			return known.reason, true
		}
	}
	for _, known := range onlySeemReadOnly {
		if known.name == command {
			return known.reason, false
		}
	}
	return "is not known to leave everything as it is", false
}

// A reasoned is a command, or the beginning of commands' names, with the reason why it is in a list.
type reasoned struct{ name, reason string }

var readOnlyPrefixes = []reasoned{
	{"query-", "reports a state"},
	{"x-query-", "reports a state, for debugging"},
	{"guest-get-", "reports a state of the guest"},
}

var readOnlyCommands = []reasoned{
	{"device-list-properties", "reports what a device type has"},
	{"qom-get", "reads one property of an object"},
	{"qom-list", "lists the properties of an object"},
	{"qom-list-get", "reads the properties of objects"},
	{"qom-list-types", "lists object types"},
	{"request-ebpf", "hands out a program that is built into QEMU"},
	{"trace-event-get-state", "reports which trace events are on"},
	{"x-accel-stats", "reports counters of the accelerator"},
	{"x-debug-block-dirty-bitmap-sha256", "computes a hash of a bitmap"},
	{"x-debug-query-block-graph", "reports how block nodes are linked"},
	{"xen-event-list", "lists event channels"},
	{"guest-fsfreeze-status", "reports whether file systems are frozen"},
	{"guest-info", "reports what the agent can do"},
	{"guest-network-get-interfaces", "reports network interfaces"},
	{"guest-network-get-route", "reports routes"},
	{"guest-ping", "only asks for an answer"},
	{"guest-ssh-get-authorized-keys", "reads the keys of a user"},
	{"guest-sync", "only asks for a number back"},
	{"guest-sync-delimited", "only asks for a number back"},
}

// onlySeemReadOnly are commands that sound harmless, or that people expect in the list, with what they change.
var onlySeemReadOnly = []reasoned{
	{"calc-dirty-rate", "switches on the tracking of written memory"},
	{"dump-guest-memory", "writes a file on the host and may pause the guest"},
	{"guest-exec-status", "takes away the output that it reports"},
	{"guest-file-read", "moves the position in the open file"},
	{"human-monitor-command", "can do anything that the human monitor can"},
	{"memsave", "writes a file on the host"},
	{"pmemsave", "writes a file on the host"},
	{"qmp_capabilities", "changes the connection"},
	{"qom-list-properties", "makes an object of the type, which with some types ends QEMU"},
	{"ringbuf-read", "takes what it reads out of the buffer"},
	{"screendump", "writes a file on the host"},
}
