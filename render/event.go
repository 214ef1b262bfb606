package render

import (
	"encoding/json"
	"strings"
	"time"
)

// Event is an event on one readable line: when it happened, its name, and what matters of its data. A zero time is
// unknown. On a terminal the line is cut to the width.
func (p Printer) Event(name string, data json.RawMessage, at time.Time) string {
	clock := "--:--:--"
	if !at.IsZero() {
		clock = at.Format(time.TimeOnly)
	}
	role := EventRole(name, data)
	if role == RolePlain {
		role = RoleEvent
	}
	line := p.Theme.Paint(RoleTime, clock) + " " + p.Theme.Paint(role, Clean(name))
	if text := eventText(name, data); text != "" {
		line += "  " + text
	}
	return Truncate(line, p.width())
}

// eventText is what matters of an event's data, on one line without colours: words and figures in units for the events
// that QEMU is known to send, every member for others. What cannot be read is left out.
func eventText(name string, data json.RawMessage) string {
	v, err := parse(data)
	if err != nil || len(v.Members) == 0 {
		return ""
	}
	words, known := eventData{v}.words(name)
	if !known {
		return summary(v, summaryDepth)
	}
	kept := words[:0]
	for _, word := range words {
		if word != "" {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, "  ")
}

// EventRole says how loud an event is: RoleBad for trouble, RoleWarn for what stops or takes away, RoleGood for what came
// to a good end, RolePlain for the rest.
func EventRole(name string, data json.RawMessage) Role {
	v, _ := parse(data)
	d := eventData{v}
	switch name {
	case "BLOCK_JOB_ERROR", "BLOCK_IO_ERROR", "BLOCK_IMAGE_CORRUPTED", "GUEST_PANICKED", "GUEST_CRASHLOADED", "MEMORY_FAILURE",
		"QUORUM_FAILURE", "QUORUM_REPORT_BAD", "DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR", "WATCHDOG", "VFU_CLIENT_HANGUP":
		return RoleBad
	case "STOP", "SHUTDOWN", "POWERDOWN", "RESET", "SUSPEND", "SUSPEND_DISK", "BLOCK_WRITE_THRESHOLD", "BLOCK_JOB_CANCELLED",
		"DEVICE_DELETED", "COLO_EXIT", "NETDEV_STREAM_DISCONNECTED", "NETDEV_VHOST_USER_DISCONNECTED":
		return RoleWarn
	case "BLOCK_JOB_COMPLETED", "DUMP_COMPLETED":
		if d.text("error") != "" {
			return RoleBad
		}
		return RoleGood
	case "BLOCK_JOB_READY", "RESUME", "WAKEUP", "SPICE_MIGRATE_COMPLETED":
		return RoleGood
	case "MIGRATION":
		if status := d.text("status"); status != "active" {
			return StatusRole(status)
		}
	case "PR_MANAGER_STATUS_CHANGED":
		if d.text("connected") == "false" {
			return RoleBad
		}
	}
	return RolePlain
}
