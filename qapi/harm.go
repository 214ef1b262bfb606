package qapi

import (
	"encoding/json"
	"strings"
)

// A Harm is what a command does to the guest or to data that cannot be taken back by another command.
type Harm struct {
	Command  string
	Sentence string // goes on from the command's name: "ends the QEMU process: the guest loses power"
	// Grave means that the guest, or data, may be lost, so that a person is asked before it is sent. Without it the
	// command may well be what an operator does all day.
	Grave bool
}

// HarmOf returns the harm that a command does with these arguments, which may be empty; ok is false when there is none
// worth a word. A human-monitor-command does the harm of the HMP command in it.
func HarmOf(command string, arguments json.RawMessage) (harm Harm, ok bool) {
	if command == "human-monitor-command" {
		return hmpHarm(arguments)
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

// harms is in the order of how bad it is, roughly.
var harms = []Harm{
	// the guest
	{"quit", "ends the QEMU process: the guest loses power", true},
	{"system_reset", "resets the guest at once: what it has not written to its disks is lost", true},
	{"snapshot-load", "replaces the guest's memory, devices and disks by those of the snapshot", true},
	{"inject-nmi", "interrupts the guest in a way that makes many systems panic or dump", true},
	{"system_powerdown", "presses the guest's power button: most systems shut down", true},
	{"guest-shutdown", "shuts the guest down or restarts it", true},
	{"guest-suspend-disk", "makes the guest save itself to its disk and power off", true},
	{"guest-suspend-ram", "puts the guest to sleep until system_wakeup", false},
	{"guest-suspend-hybrid", "puts the guest to sleep until system_wakeup", false},
	{"guest-fsfreeze-freeze", "stops all writing in the guest until guest-fsfreeze-thaw", true},
	{"guest-set-user-password", "replaces a password in the guest", true},
	{"xen-load-devices-state", "replaces the state of the guest's devices by that of a file", true},
	{"inject-ghes-v2-error", "reports a hardware error to the guest", true},
	{"cxl-inject-poison", "makes memory of the guest unreadable", true},
	{"cxl-inject-uncorrectable-errors", "reports a hardware error to the guest", true},
	{"cxl-release-dynamic-capacity", "takes memory away from the guest", true},
	{"device_del", "unplugs a device from the guest", true},
	{"netdev_del", "cuts the guest off from a network", true},
	{"balloon", "changes the guest's memory: too little makes it swap or fail", false},
	{"stop", "halts the guest until cont", false},

	// migration
	{"migrate_cancel", "gives the migration up: the guest stays here, what was sent was sent for nothing", true},
	{"migrate-start-postcopy", "runs the guest on the other side with part of its memory here: if the link breaks, " +
		"it stands still until the migration is recovered, and if either side ends, it is lost", true},
	{"migrate-pause", "interrupts a postcopy migration: the guest stands still until it is recovered", true},
	{"x-colo-lost-heartbeat", "makes this side take over as if the other were dead", true},
	{"yank", "cuts connections at once, whatever is under way on them", true},

	// disks
	{"block_resize", "changes a disk's size under the guest: shrinking cuts its end off", true},
	{"blockdev-create", "writes a new image over what the file holds", true},
	{"x-blockdev-amend", "rewrites options of an image, such as its encryption keys", true},
	{"snapshot-delete", "deletes a snapshot for good", true},
	{"blockdev-snapshot-delete-internal-sync", "deletes a snapshot for good", true},
	{"block-dirty-bitmap-remove", "forgets what was written since the last backup: the next has to be a full one", true},
	{"block-dirty-bitmap-clear", "forgets what was written since the last backup", true},
	{"eject", "takes a medium out of the guest's drive", true},
	{"change", "takes a medium out of the guest's drive and puts another in", true},
	{"blockdev-change-medium", "takes a medium out of the guest's drive and puts another in", true},
	{"blockdev-remove-medium", "takes a medium out of the guest's drive", true},
	{"job-cancel", "gives the job up: what it has done so far is lost unless it was ready", true},
	{"block-job-cancel", "gives the job up: what it has done so far is lost unless it was ready", true},
	{"block_job_cancel", "gives the job up", true},
	{"blockdev-del", "closes a block node", false},

	// what others use
	{"block-export-del", "stops an export: its clients lose their disk", true},
	{"nbd-server-remove", "stops an export: its clients lose their disk", true},
	{"nbd-server-stop", "stops all NBD exports: their clients lose their disks", true},
	{"chardev-remove", "closes a character device and its connection", false},
	{"object-del", "removes a backend object", false},
}

// hmpHarms are the HMP commands with the QMP command that does the same harm.
var hmpHarms = []struct{ hmp, command string }{
	{"quit", "quit"}, {"q", "quit"},
	{"system_reset", "system_reset"},
	{"system_powerdown", "system_powerdown"},
	{"nmi", "inject-nmi"},
	{"loadvm", "snapshot-load"},
	{"delvm", "snapshot-delete"},
	{"migrate_cancel", "migrate_cancel"},
	{"migrate_start_postcopy", "migrate-start-postcopy"},
	{"device_del", "device_del"},
	{"netdev_del", "netdev_del"},
	{"eject", "eject"},
	{"change", "change"},
	{"block_resize", "block_resize"},
	{"block_job_cancel", "block-job-cancel"},
	{"nbd_server_stop", "nbd-server-stop"},
	{"nbd_server_remove", "nbd-server-remove"},
	{"stop", "stop"}, {"s", "stop"},
}
