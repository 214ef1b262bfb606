package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

func TestStopAndContAreSeenByQueryStatus(t *testing.T) {
	k := begin(t, demo.Options{})
	for _, c := range []struct{ command, state, events string }{
		{"stop", "paused", "STOP"}, {"stop", "paused", ""}, {"cont", "running", "RESUME"}, {"cont", "running", ""},
		{"stop", "paused", "STOP"}, {"system_reset", "prelaunch", "RESET VSERPORT_CHANGE"}, {"cont", "running", "RESUME"},
	} {
		k.do(c.command, `{}`)
		if seen := k.seen(); k.status() != c.state || seen != c.events {
			t.Errorf("%s: %s, events %q, want %s and %q", c.command, k.status(), seen, c.state, c.events)
		}
	}
	k.pass(20 * time.Second)
	if seen := k.seen(); !strings.Contains(seen, "VSERPORT_CHANGE") {
		t.Errorf("the guest is up again, and events were %q", seen)
	}
}

func TestTheGuestShutsDownWhenItsButtonIsPressed(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("system_powerdown", `{}`)
	k.pass(10 * time.Second)
	if lines := k.lines(); k.status() != "shutdown" || !strings.Contains(lines,
		`"SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}`) {
		t.Errorf("%s after\n%s", k.status(), lines)
	}
	k.refused(`{"execute":"cont"}`, "GenericError", "Resetting the Virtual Machine is required")
	k.do("system_reset", `{}`)
	k.do("cont", `{}`)
	if k.status() != "running" {
		t.Error("a reset does not bring the guest back")
	}
}

func TestAGuestThatShutsDownCanEndTheMachine(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("set-action", `{"shutdown":"poweroff"}`)
	k.do("system_powerdown", `{}`)
	k.clock.Advance(10 * time.Second)
	for range 100 {
		if line := k.line(); eventName(line) == "SHUTDOWN" {
			break
		}
	}
	if _, err := k.in.ReadByte(); err == nil {
		t.Error("the connection is still open")
	}
	<-k.machine.Done()
}

func TestAMachineThatWaitsForAMigration(t *testing.T) {
	k := begin(t, demo.Options{Incoming: true})
	if k.status() != "inmigrate" {
		t.Errorf("it is %s", k.status())
	}
	k.refused(`{"execute":"cont"}`, "GenericError", "Guest is waiting for an incoming migration")
}

func TestTheBalloonMovesAndTells(t *testing.T) {
	k := begin(t, demo.Options{})
	var b struct{ Actual int64 }
	k.do("balloon", `{"value":1073741824}`)
	k.pass(2 * time.Second)
	if k.get("query-balloon", "", &b); b.Actual <= 1<<30 || b.Actual >= 4<<30 {
		t.Errorf("on its way it is %d", b.Actual)
	}
	k.pass(20 * time.Second)
	if k.get("query-balloon", "", &b); b.Actual != 1<<30 {
		t.Errorf("in the end it is %d", b.Actual)
	}
	lines := k.lines()
	if n := strings.Count(lines, "BALLOON_CHANGE"); n < 7 || n > 11 || !strings.Contains(lines, `{"actual": 1073741824}`) {
		t.Errorf("it told %d times:\n%s", n, lines)
	}
}

func TestObjectsShowAndChangeTheMachine(t *testing.T) {
	k := begin(t, demo.Options{})
	get := func(path, property string) (v any) {
		k.get("qom-get", fmt.Sprintf(`{"path":%q,"property":%q}`, path, property), &v)
		return v
	}
	k.do("qom-set", `{"path":"/machine/peripheral/balloon0","property":"guest-stats-polling-interval","value":5}`)
	if v := get("balloon0", "guest-stats-polling-interval"); v != 5.0 {
		t.Errorf("the interval is %v", v)
	}
	if v := get("balloon0", "guest-stats"); v.(map[string]any)["last-update"] == 0.0 {
		t.Errorf("the statistics are %v", v)
	}
	k.do("set_link", `{"name":"net0","up":false}`)
	if v := get("net0", "link_down"); v != true {
		t.Errorf("the link of net0 is down: %v", v)
	}
	k.do("qom-set", `{"path":"/objects/iothread0","property":"poll-max-ns","value":1000}`)
	var threads []struct {
		ID   string
		Poll int `json:"poll-max-ns"`
	}
	k.get("query-iothreads", "", &threads)
	if len(threads) != 1 || threads[0].Poll != 1000 {
		t.Errorf("query-iothreads says %+v", threads)
	}
	k.do("object-add", `{"qom-type":"iothread","id":"io1","poll-max-ns":7}`)
	if v := get("/objects/io1", "poll-max-ns"); v != 7.0 {
		t.Errorf("io1 polls %v", v)
	}
	k.refused(`{"execute":"object-add","arguments":{"qom-type":"iothread","id":"io1"}}`, "GenericError",
		"attempt to add duplicate property 'io1' to object (type 'container')")
	k.refused(`{"execute":"object-del","arguments":{"id":"iothread0"}}`, "GenericError", "object 'iothread0' is in use, can not be deleted")
	k.do("object-del", `{"id":"io1"}`)
	k.refused(`{"execute":"object-del","arguments":{"id":"io1"}}`, "GenericError", "object 'io1' not found")
	if v := get("/machine", "peripheral"); v != "/machine/peripheral" {
		t.Errorf("a child reads as %v", v)
	}
}

// Whoever walks the tree finds every object and can read every property of it.
func TestTheWholeTreeCanBeRead(t *testing.T) {
	k := begin(t, demo.Options{})
	objects, properties := 0, 0
	var walk func(path string)
	walk = func(path string) {
		objects++
		var list []struct{ Name, Type string }
		k.get("qom-list", fmt.Sprintf(`{"path":%q}`, path), &list)
		for _, p := range list {
			var v any
			k.get("qom-get", fmt.Sprintf(`{"path":%q,"property":%q}`, path, p.Name), &v)
			properties++
			if strings.HasPrefix(p.Type, "child<") {
				walk(strings.TrimSuffix(path, "/") + "/" + p.Name)
			}
		}
	}
	walk("/")
	if objects < 40 || properties < 300 {
		t.Errorf("%d objects with %d properties: the tree has lost something", objects, properties)
	}
}

func TestTypesOfDevices(t *testing.T) {
	k := begin(t, demo.Options{})
	var types []struct{ Name string }
	k.get("qom-list-types", `{"implements":"device","abstract":false}`, &types)
	if len(types) < 30 {
		t.Fatalf("%d types of devices", len(types))
	}
	for _, typ := range types {
		var list []struct{ Name, Type string }
		k.get("device-list-properties", fmt.Sprintf(`{"typename":%q}`, typ.Name), &list)
		k.get("qom-list-properties", fmt.Sprintf(`{"typename":%q}`, typ.Name), &list)
		for _, p := range list {
			if p.Name == "" || p.Type == "" {
				t.Errorf("%s has a property %+v", typ.Name, p)
			}
		}
	}
	k.refused(`{"execute":"device-list-properties","arguments":{"typename":"nope"}}`, "DeviceNotFound", "Device 'nope' not found")
	k.refused(`{"execute":"device-list-properties","arguments":{"typename":"device"}}`, "GenericError",
		"Parameter 'typename' expects a non-abstract device type")
}

func TestPlugging(t *testing.T) {
	k := begin(t, demo.Options{})
	for args, desc := range map[string]string{
		`{"driver":"nope"}`:                                                 "'nope' is not a valid device model name",
		`{"driver":"pci-device"}`:                                           "Parameter 'driver' expects a non-abstract device type",
		`{"driver":"isa-serial"}`:                                           "Parameter 'driver' expects a pluggable device type",
		`{"driver":"virtio-rng-pci","id":"r"}`:                              "Bus 'pcie.0' does not support hotplugging",
		`{"driver":"virtio-rng-pci","id":"r","bus":"pci.77"}`:               "Bus 'pci.77' not found",
		`{"driver":"virtio-rng-pci","id":"rng0","bus":"pci.9"}`:             "Duplicate device ID 'rng0'",
		`{"driver":"virtio-rng-pci","id":"r","bus":"pci.9","foo":1}`:        "Property 'virtio-rng-pci.foo' not found",
		`{"driver":"virtio-rng-pci","id":"r","bus":"pci.9","period":true}`:  "Invalid parameter type for 'period', expected: integer",
		`{"driver":"virtio-net-pci","id":"n","bus":"pci.9","netdev":"zz"}`:  "Property 'virtio-net-pci.netdev' can't find value 'zz'",
		`{"driver":"virtio-blk-pci","id":"b","bus":"pci.9"}`:                "drive property not set",
		`{"driver":"virtio-blk-pci","id":"b","bus":"pci.9","drive":"zz"}`:   "Property 'virtio-blk-pci.drive' can't find value 'zz'",
		`{"driver":"virtio-blk-pci","id":"b","bus":"pci.9","drive":"root"}`: "Node 'root' is already in use by another device",
		`{"driver":"virtio-rng-pci","id":"r","bus":"pci.1"}`: "PCI: slot 0 function 0 already occupied by virtio-net-pci, " +
			"new func virtio-rng-pci cannot be exposed to guest.",
	} {
		k.refused(`{"execute":"device_add","arguments":`+args+`}`, "GenericError", desc)
	}
	k.do("netdev_add", `{"type":"user","id":"hostnet2"}`)
	k.refused(`{"execute":"netdev_add","arguments":{"type":"user","id":"hostnet2"}}`, "GenericError", "Duplicate ID 'hostnet2'")
	k.do("device_add", `{"driver":"virtio-net-pci","id":"net2","bus":"pci.9","netdev":"hostnet2","mac":"52:54:00:00:00:02","mq":true}`)
	k.do("device_add", `{"driver":"usb-kbd","id":"kbd"}`)
	if text := k.ask(`{"execute":"query-pci"}`); !strings.Contains(text, `"qdev_id": "net2"`) {
		t.Errorf("query-pci does not show the card: %s", text)
	}
	k.do("device_del", `{"id":"net2"}`)
	k.refused(`{"execute":"device_del","arguments":{"id":"video0"}}`, "GenericError", "Bus 'pcie.0' does not support hotplugging")
	k.pass(2 * time.Second)
	if lines := k.lines(); !strings.Contains(lines, `"DEVICE_DELETED", "data": {"device": "net2", "path": "/machine/peripheral/net2"}`) {
		t.Errorf("events were\n%s", lines)
	}
	k.do("netdev_del", `{"id":"hostnet2"}`)
	k.refused(`{"execute":"netdev_del","arguments":{"id":"hostnet2"}}`, "DeviceNotFound", "Device 'hostnet2' not found")
}

type chardevInfo struct {
	Label, Filename string
	Open            bool `json:"frontend-open"`
}

func (k *talk) chardev(label string) chardevInfo {
	k.t.Helper()
	var list []chardevInfo
	k.get("query-chardev", "", &list)
	i := slices.IndexFunc(list, func(c chardevInfo) bool { return c.Label == label })
	if i < 0 {
		return chardevInfo{}
	}
	return list[i]
}

func TestChardevsComeGoOpenAndClose(t *testing.T) {
	k := begin(t, demo.Options{})
	k.want(`{"execute":"chardev-add","arguments":{"id":"p","backend":{"type":"pty","data":{}}}}`, `{"return": {"pty": "/dev/pts/4"}}`)
	if c := k.chardev("p"); c.Filename != "pty:/dev/pts/4" || c.Open {
		t.Errorf("query-chardev says %+v", c)
	}
	k.do("chardev-add", `{"id":"s","backend":{"type":"socket","data":{"addr":{"type":"unix","data":{"path":"/tmp/s"}},"server":true,"wait":false}}}`)
	if c := k.chardev("s"); c.Filename != "disconnected:unix:/tmp/s,server=on" {
		t.Errorf("query-chardev says %+v", c)
	}
	k.refused(`{"execute":"chardev-add","arguments":{"id":"p","backend":{"type":"null","data":{}}}}`, "GenericError", "Chardev with id 'p' already exists")
	k.do("chardev-remove", `{"id":"p"}`)
	k.refused(`{"execute":"chardev-remove","arguments":{"id":"p"}}`, "GenericError", "Chardev 'p' not found")
	k.refused(`{"execute":"chardev-remove","arguments":{"id":"serial0"}}`, "GenericError", "Chardev 'serial0' is busy")
	k.pass(2 * time.Minute)
	for _, want := range []string{`{"open": true, "id": "metrics"}`, `{"open": false, "id": "metrics"}`} {
		if !strings.Contains(k.said.String(), want) {
			t.Errorf("in two minutes no %s", want)
		}
	}
}

func TestRingbuf(t *testing.T) {
	k := begin(t, demo.Options{})
	var text string
	k.get("ringbuf-read", `{"device":"bootlog","size":65536}`, &text)
	if !strings.Contains(text, "Linux version") {
		t.Errorf("the boot log is %q", text)
	}
	k.do("chardev-add", `{"id":"r","backend":{"type":"ringbuf","data":{"size":8}}}`)
	k.do("ringbuf-write", `{"device":"r","data":"MDEyMzQ1Njc4OQ==","format":"base64"}`)
	k.get("ringbuf-read", `{"device":"r","size":5}`, &text)
	if text != "23456" {
		t.Errorf("the first five bytes of a full buffer are %q", text)
	}
	k.get("ringbuf-read", `{"device":"r","size":5,"format":"base64"}`, &text)
	if text != "Nzg5" {
		t.Errorf("the rest is %q", text)
	}
	k.refused(`{"execute":"ringbuf-read","arguments":{"device":"serial0","size":5}}`, "GenericError", "serial0 is not a ringbuf device")
	k.refused(`{"execute":"chardev-add","arguments":{"id":"x","backend":{"type":"ringbuf","data":{"size":7}}}}`, "GenericError",
		"Failed to add chardev 'x': size of ringbuf chardev must be power of two")
}

func TestViewersComeAndGo(t *testing.T) {
	k := begin(t, demo.Options{})
	var v struct {
		Enabled bool
		Service string
		Clients []struct{ Host string }
	}
	if k.get("query-vnc", "", &v); !v.Enabled || len(v.Clients) != 1 {
		t.Errorf("at the start: %+v", v)
	}
	k.pass(5 * time.Minute)
	seen := k.seen()
	for _, event := range []string{"VNC_DISCONNECTED", "VNC_CONNECTED", "VNC_INITIALIZED"} {
		if !strings.Contains(seen, event) {
			t.Errorf("in five minutes no %s", event)
		}
	}
	k.do("change", `{"device":"vnc","target":"127.0.0.1:7"}`)
	if k.get("query-vnc", "", &v); v.Service != "5907" {
		t.Errorf("on another display: %+v", v)
	}
}

func TestTheHumanMonitor(t *testing.T) {
	k := begin(t, demo.Options{})
	human := func(line string) (text string) {
		k.get("human-monitor-command", fmt.Sprintf(`{"command-line":%q}`, line), &text)
		return text
	}
	for line, want := range map[string]string{
		"info status": "VM status: running\r\n",
		"bogus":       "unknown command: 'bogus'\r\n",
		"info nope":   "unknown command: 'info nope'\r\n",
		"info name":   "web01\r\n",
		"":            "",
	} {
		if got := human(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	for line := range strings.Lines(human("info")) {
		name, _, _ := strings.Cut(line, " -- ")
		command := strings.Join(strings.Fields(strings.Split(name, "[")[0]), " ")
		if text := human(command); text == "" && command != "info migrate" || strings.HasPrefix(text, "unknown") {
			t.Errorf("%q shows %q", command, text)
		}
		if text := human("help " + command); !strings.HasPrefix(text, command) {
			t.Errorf("help of %q shows %q", command, text)
		}
	}
	k.do("set_link", `{"name":"net1","up":false}`)
	if text := human("info network"); !strings.Contains(text, "net1: ") || strings.Count(text, "link=down") != 1 {
		t.Errorf("info network shows %q", text)
	}
	if text := human("stop"); text != "" || k.status() != "paused" {
		t.Errorf("stop says %q, and the machine is %s", text, k.status())
	}
	if text := human("eject drive1"); text != "Error: Device 'drive1' is not removable\r\n" {
		t.Errorf("eject says %q", text)
	}
	human("migrate tcp:backup:4444")
	k.pass(2 * time.Second)
	if text := human("info migrate"); !strings.Contains(text, "Migration status: active") {
		t.Errorf("info migrate shows %q", text)
	}
}
