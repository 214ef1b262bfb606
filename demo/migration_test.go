package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

type migrationInfo struct {
	Status   string
	Downtime int64
	Expected int64  `json:"expected-downtime"`
	Throttle int    `json:"cpu-throttle-percentage"`
	Err      string `json:"error-desc"`
	RAM      struct {
		Total, Remaining, Transferred int64
		Passes                        int   `json:"dirty-sync-count"`
		Dirty                         int64 `json:"dirty-pages-rate"`
		Mbps                          float64
	}
	Disk *struct{ Remaining int64 }
}

func (k *talk) migration() migrationInfo {
	k.t.Helper()
	var m migrationInfo
	k.get("query-migrate", "", &m)
	return m
}

func (k *talk) status() string {
	k.t.Helper()
	var s struct{ Status string }
	k.get("query-status", "", &s)
	return s.Status
}

func (k *talk) capability(name string) {
	k.t.Helper()
	k.do("migrate-set-capabilities", `{"capabilities":[{"capability":"`+name+`","state":true}]}`)
}

func TestAMigrationConvergesAfterSomePasses(t *testing.T) {
	k := begin(t, demo.Options{})
	k.want(`{"execute":"query-migrate"}`, `{"return": {}}`)
	k.capability("events")
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.refused(`{"execute":"migrate","arguments":{"uri":"tcp:backup:4444"}}`, "GenericError", "There's a migration process in progress")
	k.pass(5 * time.Second)
	m := k.migration()
	if m.Status != "active" || m.RAM.Passes != 1 || m.RAM.Remaining <= 0 || m.RAM.Remaining >= m.RAM.Total || m.RAM.Mbps < 1000 {
		t.Errorf("after five seconds: %+v", m)
	}
	last := m
	for range 100 {
		k.pass(time.Second)
		if m = k.migration(); m.Status != "active" {
			break
		}
		last = m
	}
	if m.Status != "completed" || last.RAM.Passes < 4 || m.RAM.Remaining != 0 || m.Downtime == 0 || m.Downtime > 400 {
		t.Errorf("in the end: %+v, before that %+v", m, last)
	}
	if k.status() != "postmigrate" {
		t.Errorf("the run state is %s", k.status())
	}
	events := k.lines()
	for _, want := range []string{
		`"MIGRATION", "data": {"status": "setup"}`, `"MIGRATION_PASS", "data": {"pass": 1}`,
		`"MIGRATION", "data": {"status": "active"}`, `"MIGRATION_PASS", "data": {"pass": 2}`, `"STOP"`,
		`"MIGRATION", "data": {"status": "completed"}`,
	} {
		_, rest, ok := strings.Cut(events, want)
		if !ok {
			t.Fatalf("no %s in order among\n%s", want, k.said.String())
		}
		events = rest
	}
	k.do("cont", `{}`)
	if k.status() != "running" {
		t.Error("the guest cannot go on here")
	}
}

func TestAMigrationStallsWithLittleBandwidth(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("migrate-set-parameters", `{"max-bandwidth":33554432}`)
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.pass(10 * time.Minute)
	m := k.migration()
	if m.Status != "active" || m.RAM.Passes < 10 || m.Expected < 5000 || m.RAM.Dirty*4096 < 20<<20 {
		t.Errorf("after ten minutes: %+v", m)
	}
	if seen := k.seen(); strings.Contains(seen, "MIGRATION") {
		t.Errorf("events that nobody has switched on: %s", seen)
	}
	k.do("migrate-set-parameters", `{"max-bandwidth":419430400}`)
	k.pass(time.Minute)
	if m := k.migration(); m.Status != "completed" {
		t.Errorf("a minute later with more bandwidth: %+v", m)
	}
}

func TestAutoConverge(t *testing.T) {
	k := begin(t, demo.Options{})
	k.capability("auto-converge")
	k.do("migrate-set-parameters", `{"max-bandwidth":33554432}`)
	k.do("migrate", `{"uri":"exec:cat"}`)
	throttled := 0
	for range 600 {
		k.pass(2 * time.Second)
		m := k.migration()
		throttled = max(throttled, m.Throttle)
		if m.Status != "active" {
			break
		}
	}
	if m := k.migration(); m.Status != "completed" || throttled < 40 {
		t.Errorf("in the end: %+v, throttled by %d %%", m, throttled)
	}
}

func TestCancellingAMigration(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("migrate_cancel", `{}`)
	k.capability("events")
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.refused(`{"execute":"migrate-set-capabilities","arguments":{"capabilities":[]}}`, "GenericError", "There's a migration process in progress")
	k.pass(time.Second)
	k.do("migrate_cancel", `{}`)
	k.pass(time.Second)
	if m := k.migration(); m.Status != "cancelled" || k.status() != "running" {
		t.Errorf("cancelled: %+v, %s", m, k.status())
	}
	if seen := k.seen(); seen != "MIGRATION MIGRATION_PASS MIGRATION MIGRATION MIGRATION" {
		t.Errorf("events were %s", seen)
	}
}

func TestMigrationsThatFail(t *testing.T) {
	k := begin(t, demo.Options{})
	k.refused(`{"execute":"migrate","arguments":{"uri":"nope"}}`, "GenericError", "Parameter 'uri' expects a valid migration protocol")
	for uri, reason := range map[string]string{
		"tcp:unreachable:4444":   "Failed to connect to 'unreachable:4444': No route to host",
		"tcp:127.0.0.1:1":        "Failed to connect to '127.0.0.1:1': Connection refused",
		"unix:/missing/dst.sock": "Failed to connect to '/missing/dst.sock': No such file or directory",
	} {
		k.do("migrate", `{"uri":"`+uri+`"}`)
		k.pass(time.Second)
		if m := k.migration(); m.Status != "failed" || m.Err != reason || k.status() != "running" {
			t.Errorf("%s: %+v, %s", uri, m, k.status())
		}
	}
}

func TestPostcopy(t *testing.T) {
	k := begin(t, demo.Options{})
	k.refused(`{"execute":"migrate-start-postcopy"}`, "GenericError", "Enable postcopy with migrate_set_capability before the start of migration")
	k.capability("postcopy-ram")
	k.do("migrate-set-parameters", `{"max-bandwidth":33554432,"max-postcopy-bandwidth":33554432}`)
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.pass(2 * time.Minute)
	k.do("migrate-start-postcopy", `{}`)
	k.pass(time.Second)
	if m := k.migration(); m.Status != "postcopy-active" || k.status() != "finish-migrate" {
		t.Errorf("postcopy: %+v, %s", m, k.status())
	}
	k.do("migrate-pause", `{}`)
	before := k.migration()
	k.pass(time.Minute)
	if m := k.migration(); m.Status != "postcopy-paused" || m.RAM.Remaining != before.RAM.Remaining {
		t.Errorf("paused: %+v", m)
	}
	k.do("migrate", `{"uri":"tcp:backup:4445","resume":true}`)
	k.pass(5 * time.Minute)
	if m := k.migration(); m.Status != "completed" {
		t.Errorf("in the end: %+v", m)
	}
}

func TestPauseBeforeSwitchover(t *testing.T) {
	k := begin(t, demo.Options{})
	k.capability("pause-before-switchover")
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.pass(5 * time.Minute)
	if m := k.migration(); m.Status != "pre-switchover" {
		t.Fatalf("after five minutes: %+v", m)
	}
	k.refused(`{"execute":"migrate-continue","arguments":{"state":"device"}}`, "GenericError", "Migration not in expected state: pre-switchover")
	k.do("migrate-continue", `{"state":"pre-switchover"}`)
	k.pass(time.Second)
	if m := k.migration(); m.Status != "completed" || k.status() != "postmigrate" {
		t.Errorf("in the end: %+v", m)
	}
}

func TestAMigrationIsTornOffOutOfBand(t *testing.T) {
	m, clock := newMachine(demo.Options{})
	k := dial(t, m, clock)
	k.want(`{"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}`, `{"return": {}}`)
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	k.pass(time.Second)
	k.want(`{"exec-oob":"yank","arguments":{"instances":[{"type":"migration"}]},"id":1}`, `{"return": {}, "id": 1}`)
	if m := k.migration(); m.Status != "failed" || m.Err == "" {
		t.Errorf("torn off: %+v", m)
	}
	k.refused(`{"exec-oob":"yank","arguments":{"instances":[{"type":"migration"}]}}`, "DeviceNotFound", "Instance not found")
}

func TestParametersAreKeptAndChecked(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("migrate-set-parameters", `{"downtime-limit":1600,"tls-creds":null,"multifd-compression":"zstd"}`)
	k.do("migrate_set_speed", `{"value":1000000}`)
	var p struct {
		Downtime    int    `json:"downtime-limit"`
		Bandwidth   int    `json:"max-bandwidth"`
		Compression string `json:"multifd-compression"`
	}
	k.get("query-migrate-parameters", "", &p)
	if p.Downtime != 1600 || p.Bandwidth != 1000000 || p.Compression != "zstd" {
		t.Errorf("query-migrate-parameters says %+v", p)
	}
	for args, desc := range map[string]string{
		`{"downtime-limit":99999999}`:                   "Parameter 'downtime_limit' expects an integer in the range of 0 to (2000 * 1000) ms",
		`{"cpu-throttle-initial":0,"downtime-limit":5}`: "Parameter 'cpu_throttle_initial' expects an integer in the range of 1 to 99",
		`{"max-bandwidth":1.5}`:                         "Invalid parameter type for 'max-bandwidth', expected: integer",
		`{"max-bandwidth":99999999999999999999}`:        "Invalid parameter type for 'max-bandwidth', expected: integer",
		`{"bandwidth":1}`:                               "Parameter 'bandwidth' is unexpected",
	} {
		k.refused(`{"execute":"migrate-set-parameters","arguments":`+args+`}`, "GenericError", desc)
	}
	k.get("query-migrate-parameters", "", &p)
	if p.Downtime != 1600 {
		t.Error("a refused command has changed a parameter")
	}
}
