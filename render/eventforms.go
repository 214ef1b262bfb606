package render

import (
	"strings"
	"time"
)

// eventData is the data of an event. Its forms return the words for the events they know.
type eventData struct{ v value }

// words are what matters of an event; known is false for one that no form knows.
func (d eventData) words(name string) (words []string, known bool) {
	for _, form := range []func(string) ([]string, bool){d.job, d.block, d.guest, d.device, d.client, d.memory} {
		if words, known = form(name); known {
			return words, true
		}
	}
	return nil, false
}

// text is the first of the members that has a text.
func (d eventData) text(names ...string) string {
	for _, name := range names {
		if m, ok := d.v.at(strings.Split(name, "/")...); ok && m.Kind < listKind && m.Kind > nullKind && m.Text != "" {
			return Clean(m.Text)
		}
	}
	return ""
}

// labelled is a text behind a word, or nothing when there is no text.
func (d eventData) labelled(label string, names ...string) string {
	if text := d.text(names...); text != "" {
		return label + " " + text
	}
	return ""
}

func (d eventData) size(name string) string {
	m, _ := d.v.at(strings.Split(name, "/")...)
	if n, ok := m.float(); ok {
		return Size(n)
	}
	return ""
}

// of is a part of a whole in bytes: "292 MiB of 512 MiB".
func (d eventData) of(done, total string) string {
	d1, d2 := d.size(done), d.size(total)
	if d1 == "" || d2 == "" {
		return ""
	}
	return d1 + " of " + d2
}

// either is a word for a boolean.
func (d eventData) either(name, yes, no string) string {
	switch d.text(name) {
	case "true":
		return yes
	case "false":
		return no
	}
	return ""
}

// job knows the events of jobs, migration and dumps.
func (d eventData) job(name string) ([]string, bool) {
	switch name {
	case "BLOCK_JOB_READY", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED":
		return []string{d.text("device", "id"), d.text("type"), d.of("offset", "len"), d.text("error")}, true
	case "BLOCK_JOB_ERROR":
		return []string{d.text("device", "id"), d.text("operation") + " error", d.action()}, true
	case "BLOCK_JOB_PENDING":
		return []string{d.text("id"), d.text("type")}, true
	case "JOB_STATUS_CHANGE":
		return []string{d.text("id"), d.text("status")}, true
	case "MIGRATION":
		return []string{d.text("status")}, true
	case "MIGRATION_PASS":
		return []string{d.labelled("pass", "pass")}, true
	case "DUMP_COMPLETED":
		return []string{d.text("result/status"), d.of("result/completed", "result/total"), d.text("error")}, true
	case "COLO_EXIT":
		return []string{d.text("mode"), d.text("reason")}, true
	}
	return nil, false
}

// action is what QEMU does about an I/O error.
func (d eventData) action() string {
	switch d.text("action") {
	case "ignore":
		return "ignored"
	case "report":
		return "reported"
	case "stop":
		return "stopped"
	}
	return d.text("action")
}

// block knows the events of block devices.
func (d eventData) block(name string) ([]string, bool) {
	switch name {
	case "BLOCK_IO_ERROR":
		why := d.text("reason")
		if why == "" {
			why = d.either("nospace", "no space left", "")
		}
		return []string{d.text("device", "node-name", "qom-path"), d.text("operation") + " error", d.action(), why}, true
	case "BLOCK_IMAGE_CORRUPTED":
		return []string{d.text("device", "node-name"), d.either("fatal", "fatal", ""), d.text("msg")}, true
	case "BLOCK_WRITE_THRESHOLD":
		return []string{d.text("node-name"), "over " + d.size("write-threshold"), "by " + d.size("amount-exceeded")}, true
	case "BLOCK_EXPORT_DELETED":
		return []string{d.text("id")}, true
	case "DEVICE_TRAY_MOVED":
		return []string{d.text("device", "id"), d.either("tray-open", "tray opened", "tray closed")}, true
	case "QUORUM_FAILURE":
		return []string{d.text("reference"), d.labelled("sector", "sector-num"), d.labelled("sectors", "sectors-count")}, true
	case "QUORUM_REPORT_BAD":
		words := []string{d.text("node-name"), d.text("type"), d.labelled("sector", "sector-num")}
		return append(words, d.labelled("sectors", "sectors-count"), d.text("error")), true
	case "PR_MANAGER_STATUS_CHANGED":
		return []string{d.text("id"), d.either("connected", "connected", "disconnected")}, true
	}
	return nil, false
}

// guest knows the events of the machine as a whole.
func (d eventData) guest(name string) ([]string, bool) {
	switch name {
	case "SHUTDOWN", "RESET":
		if reason := d.text("reason"); reason != "" && reason != "none" {
			return []string{reason}, true
		}
		return []string{d.either("guest", "by the guest", "by the host")}, true
	case "WATCHDOG":
		return []string{d.text("action")}, true
	case "GUEST_PANICKED", "GUEST_CRASHLOADED":
		words := []string{d.text("action"), d.text("info/type"), d.text("info/reason"), d.text("info/message")}
		return append(words, d.labelled("core", "info/core")), true
	case "RTC_CHANGE":
		m, _ := d.v.member("offset")
		if n, ok := m.float(); ok {
			return []string{"offset " + Duration(time.Duration(n*float64(time.Second)))}, true
		}
		return nil, true
	case "CPU_POLARIZATION_CHANGE":
		return []string{d.text("polarization")}, true
	}
	return nil, false
}

// memory knows the events of memory and its errors.
func (d eventData) memory(name string) ([]string, bool) {
	switch name {
	case "BALLOON_CHANGE":
		return []string{d.size("actual")}, true
	case "HV_BALLOON_STATUS_REPORT":
		return []string{"committed " + d.size("committed"), "available " + d.size("available")}, true
	case "MEMORY_DEVICE_SIZE_CHANGE":
		return []string{d.text("id", "qom-path"), d.size("size")}, true
	case "MEMORY_FAILURE":
		words := []string{"in the " + d.text("recipient"), d.text("action")}
		return append(words, d.either("flags/action-required", "action required", ""), d.either("flags/recursive", "recursive", "")), true
	}
	return nil, false
}

// device knows the events of devices, ports and network cards.
func (d eventData) device(name string) ([]string, bool) {
	switch name {
	case "DEVICE_DELETED", "DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR":
		return []string{d.text("device", "path"), d.text("msg")}, true
	case "UNPLUG_PRIMARY", "FAILOVER_NEGOTIATED":
		return []string{d.text("device-id")}, true
	case "VSERPORT_CHANGE":
		return []string{d.text("id"), d.either("open", "open", "closed")}, true
	case "NIC_RX_FILTER_CHANGED":
		return []string{d.text("name", "path")}, true
	case "VFIO_MIGRATION":
		return []string{d.text("device-id", "qom-path"), d.text("device-state")}, true
	case "VFU_CLIENT_HANGUP":
		return []string{d.text("vfu-id"), d.labelled("device", "dev-id")}, true
	case "ACPI_DEVICE_OST":
		words := []string{d.text("info/device"), strings.TrimSpace(d.text("info/slot-type") + " " + d.labelled("slot", "info/slot"))}
		return append(words, d.labelled("source", "info/source"), d.labelled("status", "info/status")), true
	case "NETDEV_STREAM_CONNECTED":
		return []string{d.text("netdev-id"), d.endpoint("addr", "port")}, true
	case "NETDEV_STREAM_DISCONNECTED":
		return []string{d.text("netdev-id")}, true
	case "RDMA_GID_STATUS_CHANGED":
		words := []string{d.text("netdev"), d.either("gid-status", "address added", "address removed")}
		return append(words, d.labelled("subnet", "subnet-prefix"), d.labelled("interface", "interface-id")), true
	case "NETDEV_VHOST_USER_CONNECTED", "NETDEV_VHOST_USER_DISCONNECTED":
		return []string{d.text("netdev-id"), d.labelled("chardev", "chardev-id")}, true
	}
	return nil, false
}

// client knows the events of VNC and SPICE.
func (d eventData) client(name string) ([]string, bool) {
	switch name {
	case "VNC_CONNECTED", "VNC_INITIALIZED", "VNC_DISCONNECTED":
		words := []string{d.endpoint("client", "service"), d.labelled("user", "client/sasl_username", "client/x509_dname")}
		return append(words, d.labelled("auth", "server/auth")), true
	case "SPICE_CONNECTED", "SPICE_INITIALIZED", "SPICE_DISCONNECTED":
		words := []string{d.endpoint("client", "port"), d.labelled("channel", "client/channel-type")}
		return append(words, d.either("client/tls", "TLS", ""), d.labelled("auth", "server/auth")), true
	}
	return nil, false
}

// endpoint is the address below a member, as people write it.
func (d eventData) endpoint(at, port string) string {
	if path := d.text(at+"/path", at+"/str"); path != "" {
		return path
	}
	host, service := d.text(at+"/host"), d.text(at+"/"+port)
	switch {
	case service == "":
		return host
	case strings.Contains(host, ":"):
		return "[" + host + "]:" + service
	default:
		return host + ":" + service
	}
}
