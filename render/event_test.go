package render

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

func TestEventLines(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 3, 58, 0, time.UTC)
	cases := []struct{ name, data, want string }{
		{"STOP", `{}`, "STOP"},
		{"STOP", ``, "STOP"},
		{"BLOCK_JOB_READY", `{"device": "drive0", "len": 536870912, "offset": 536870912, "speed": 0, "type": "mirror"}`, "BLOCK_JOB_READY  drive0  mirror  512 MiB of 512 MiB"},
		{"BLOCK_JOB_COMPLETED", `{"device": "d", "len": 4096, "offset": 1024, "speed": 0, "type": "stream", "error": "No space left on device"}`, "BLOCK_JOB_COMPLETED  d  stream  1 KiB of 4 KiB  No space left on device"},
		{"BLOCK_JOB_ERROR", `{"device": "d", "operation": "write", "action": "stop"}`, "BLOCK_JOB_ERROR  d  write error  stopped"},
		{"JOB_STATUS_CHANGE", `{"status": "running", "id": "job0"}`, "JOB_STATUS_CHANGE  job0  running"},
		{"MIGRATION", `{"status": "active"}`, "MIGRATION  active"},
		{"MIGRATION_PASS", `{"pass": 5}`, "MIGRATION_PASS  pass 5"},
		{"DUMP_COMPLETED", `{"result": {"total": 1090650112, "status": "completed", "completed": 1090650112}}`, "DUMP_COMPLETED  completed  1.0 GiB of 1.0 GiB"},
		{"BLOCK_IO_ERROR", `{"device": "", "node-name": "n0", "qom-path": "/q", "operation": "write", "action": "stop", "nospace": true, "reason": "No space left"}`, "BLOCK_IO_ERROR  n0  write error  stopped  No space left"},
		{"BLOCK_WRITE_THRESHOLD", `{"node-name": "n0", "amount-exceeded": 65536, "write-threshold": 1073741824}`, "BLOCK_WRITE_THRESHOLD  n0  over 1 GiB  by 64 KiB"},
		{"DEVICE_TRAY_MOVED", `{"device": "cd0", "id": "cdrom", "tray-open": true}`, "DEVICE_TRAY_MOVED  cd0  tray opened"},
		{"DEVICE_DELETED", `{"path": "/machine/peripheral/nic0"}`, "DEVICE_DELETED  /machine/peripheral/nic0"},
		{"SHUTDOWN", `{"guest": true, "reason": "guest-shutdown"}`, "SHUTDOWN  guest-shutdown"},
		{"RESET", `{"guest": false}`, "RESET  by the host"},
		{"WATCHDOG", `{"action": "pause"}`, "WATCHDOG  pause"},
		{"GUEST_PANICKED", `{"action": "pause", "info": {"type": "s390", "core": 0, "reason": "disabled-wait"}}`, "GUEST_PANICKED  pause  s390  disabled-wait  core 0"},
		{"RTC_CHANGE", `{"offset": -78, "qom-path": "/machine/rtc"}`, "RTC_CHANGE  offset -1 m 18 s"},
		{"BALLOON_CHANGE", `{"actual": 944766976}`, "BALLOON_CHANGE  901 MiB"},
		{"MEMORY_FAILURE", `{"recipient": "guest", "action": "inject", "flags": {"action-required": true, "recursive": false}}`, "MEMORY_FAILURE  in the guest  inject  action required"},
		{"VSERPORT_CHANGE", `{"id": "channel0", "open": true}`, "VSERPORT_CHANGE  channel0  open"},
		{"ACPI_DEVICE_OST", `{"info": {"device": "d1", "slot": "0", "slot-type": "DIMM", "source": 1, "status": 0}}`, "ACPI_DEVICE_OST  d1  DIMM slot 0  source 1  status 0"},
		{"VNC_CONNECTED", `{"server": {"auth": "none", "family": "ipv4", "service": "5901", "host": "0.0.0.0"}, "client": {"family": "ipv4", "service": "58425", "host": "127.0.0.1"}}`, "VNC_CONNECTED  127.0.0.1:58425  auth none"},
		{"SPICE_DISCONNECTED", `{"server": {"port": "5920", "family": "ipv4", "host": "0.0.0.0"}, "client": {"port": "52873", "family": "ipv6", "host": "::1"}}`, "SPICE_DISCONNECTED  [::1]:52873"},
		{"NETDEV_STREAM_CONNECTED", `{"netdev-id": "net0", "addr": {"type": "unix", "path": "/run/net"}}`, "NETDEV_STREAM_CONNECTED  net0  /run/net"},
		{"X_OF_TOMORROW", `{"id": "a", "deep": {"size": 18446744073709551615, "on": true}}`, "X_OF_TOMORROW  id=a deep={size=18446744073709551615 on=true}"},
		{"VSERPORT_CHANGE", `{"id": "\u001b[2Jchannel0\n", "open": "?"}`, "VSERPORT_CHANGE  channel0 "},
		{"BLOCK_JOB_READY", `[1]`, "BLOCK_JOB_READY"},
		{"BLOCK_JOB_READY", `{"device": {}, "len": "x"}`, "BLOCK_JOB_READY"},
	}
	for _, c := range cases {
		if got := (Printer{}).Event(c.name, json.RawMessage(c.data), at); got != "12:03:58 "+c.want {
			t.Errorf("%s %s:\n got %q\nwant %q", c.name, c.data, got, "12:03:58 "+c.want)
		}
	}
}

// TestEveryEventOfTodaysSchemaHasAForm also makes sure that a form finds the members that the schema has.
func TestEveryEventOfTodaysSchemaHasAForm(t *testing.T) {
	for _, version := range []string{"7.2", "11.1"} {
		for _, event := range saved.Schema(t, version, qapi.Parse).Events() {
			if len(event.Data.Members) == 0 {
				continue
			}
			if _, known := (eventData{}).words(event.Name); !known {
				t.Errorf("%s: no form", event.Name)
			}
			data, err := json.Marshal(sample(event.Data, 0))
			if err != nil {
				t.Fatal(err)
			}
			if text := eventText(event.Name, data); text == "" || strings.Contains(text, "  ,") || strings.HasSuffix(text, " ") {
				t.Errorf("%s %s: %q", event.Name, data, text)
			}
		}
	}
}

// sample is a value of a type, with every member and the first branch of every union.
func sample(t qapi.Type, depth int) any {
	switch t := t.(type) {
	case *qapi.Builtin:
		switch t.JSON {
		case "string":
			return "text"
		case "boolean":
			return true
		case "null":
			return nil
		}
		return 4096
	case *qapi.Enum:
		return t.Values[0].Name
	case *qapi.Alternate:
		return sample(t.Choices[0], depth)
	case *qapi.Object:
		object := map[string]any{}
		for _, m := range t.Members {
			if depth < 5 {
				object[m.Name] = sample(m.Type, depth+1)
			}
		}
		return object
	}
	return []any{}
}

func TestEventWithoutATime(t *testing.T) {
	if got := (Printer{}).Event("STOP", nil, time.Time{}); got != "--:--:-- STOP" {
		t.Errorf("got %q", got)
	}
}

func TestEventLineFitsTheTerminal(t *testing.T) {
	p := Printer{Terminal: true, Width: 40, Theme: NewTheme(ANSI16, true)}
	line := p.Event("DEVICE_DELETED", json.RawMessage(`{"path": "`+strings.Repeat("/日本", 40)+`"}`), time.Time{})
	if Width(line) > 40 || !strings.Contains(line, "…") {
		t.Errorf("%d cells: %q", Width(line), line)
	}
}

func TestEventsTellTroubleByTheirColour(t *testing.T) {
	cases := []struct {
		name, data string
		want       Role
	}{
		{"BLOCK_JOB_COMPLETED", `{"error": "x"}`, RoleBad},
		{"BLOCK_JOB_COMPLETED", `{}`, RoleGood},
		{"MIGRATION", `{"status": "failed"}`, RoleBad},
		{"MIGRATION", `{"status": "active"}`, RolePlain},
		{"GUEST_PANICKED", `{}`, RoleBad},
		{"STOP", ``, RoleWarn},
		{"PR_MANAGER_STATUS_CHANGED", `{"connected": false}`, RoleBad},
		{"UNHEARD_OF", `{}`, RolePlain},
	}
	for _, c := range cases {
		if got := EventRole(c.name, json.RawMessage(c.data)); got != c.want {
			t.Errorf("%s %s has role %d, want %d", c.name, c.data, got, c.want)
		}
	}
}

func BenchmarkEvent(b *testing.B) {
	p := Printer{Terminal: true, Width: 100, Theme: NewTheme(TrueColor, false)}
	data := json.RawMessage(`{"device": "drive0", "len": 536870912, "offset": 536870912, "speed": 0, "type": "mirror"}`)
	b.ReportAllocs()
	for b.Loop() {
		if p.Event("BLOCK_JOB_READY", data, time.Time{}) == "" {
			b.Fatal("empty")
		}
	}
}
