package qapi

import (
	"encoding/json"
	"strings"
)

// A Harm is what a command does that no other command can take back: it ends or resets the guest, or destroys data. A
// person is asked before it is sent.
//
// What loses only time or a connection is none: a job or a migration given up, a device unplugged, a medium taken out, an
// export closed, the record of what to back up. Operators do these all day, and who is asked all day no longer reads the
// question before quit.
type Harm struct {
	Command  string
	Sentence string // goes on from the command's name: "ends the QEMU process: the guest loses power"
}

// HarmOf returns the harm that a command does with these arguments, which may be empty; ok is false when there is none. A
// human-monitor-command does the harm of the HMP command in it.
func HarmOf(command string, arguments json.RawMessage) (harm Harm, ok bool) {
	switch command {
	case "human-monitor-command":
		return hmpHarm(arguments)
	case "qom-list-properties":
		return listHarm(arguments)
	}
	for _, known := range harms {
		if known.Command == command {
			return known, true
		}
	}
	return Harm{}, false
}

func hmpHarm(arguments json.RawMessage) (Harm, bool) {
	var hmp struct {
		CommandLine string `json:"command-line"`
	}
	words := []string(nil)
	if json.Unmarshal(arguments, &hmp) == nil {
		words = strings.Fields(hmp.CommandLine)
	}
	if len(words) == 0 {
		return Harm{}, false
	}
	for _, known := range hmpHarms {
		if known.hmp != words[0] {
			continue
		}
		harm, ok := HarmOf(known.command, nil)
		harm.Command = words[0]
		return harm, ok
	}
	return Harm{}, false
}

// listHarm is the harm of a question: to tell what a type has, QEMU makes an object of it and drops that again. Of all
// types that a user can create, two do not bear it (seen on 5.2, 7.2, 10.0 and 11.1).
func listHarm(arguments json.RawMessage) (Harm, bool) {
	var asked struct{ Typename string }
	if json.Unmarshal(arguments, &asked) != nil {
		return Harm{}, false
	}
	const command = "qom-list-properties"
	switch asked.Typename {
	case "colo-compare":
		return Harm{command, "of colo-compare crashes QEMU up to 10.0: the guest loses power"}, true
	case "x-remote-object":
		return Harm{command, "of x-remote-object ends the QEMU process: the guest loses power"}, true
	}
	return Harm{}, false
}

// harms is in the order of how bad it is, roughly.
var harms = []Harm{
	// end, reset or replace the guest
	{"quit", "ends the QEMU process: the guest loses power"},
	{"system_reset", "resets the guest at once: what it has not written to its disks is lost"},
	{"snapshot-load", "replaces the guest's memory, devices and disks by those of the snapshot"},
	{"xen-load-devices-state", "replaces the state of the guest's devices by that of a file"},
	{"system_powerdown", "presses the guest's power button: most systems shut down"},
	{"guest-shutdown", "shuts the guest down or restarts it"},
	{"guest-suspend-disk", "makes the guest save itself to its disk and power off"},

	// make it panic
	{"inject-nmi", "interrupts the guest in a way that makes many systems panic or dump"},
	{"inject-ghes-v2-error", "reports a hardware error to the guest: many systems panic"},
	{"cxl-inject-uncorrectable-errors", "reports a hardware error to the guest: many systems panic"},

	// destroy data
	{"blockdev-create", "writes a new image over what the file holds"},
	{"x-blockdev-amend", "rewrites options of an image, such as its encryption keys: with the last one the data is lost"},
	{"snapshot-delete", "deletes a snapshot for good"},
	{"blockdev-snapshot-delete-internal-sync", "deletes a snapshot for good"},
	{"block_resize", "changes a disk's size under the guest: shrinking cuts its end off"},
}

// hmpHarms are the HMP commands with the QMP command that does the same harm.
var hmpHarms = []struct{ hmp, command string }{
	{"quit", "quit"}, {"q", "quit"},
	{"system_reset", "system_reset"},
	{"system_powerdown", "system_powerdown"},
	{"nmi", "inject-nmi"},
	{"loadvm", "snapshot-load"},
	{"delvm", "snapshot-delete"},
	{"block_resize", "block_resize"},
}
