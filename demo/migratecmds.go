package demo

import (
	"encoding/json"
	"slices"
)

func migrationCommands() map[string]handler {
	return map[string]handler{
		"query-migrate":              query((*Machine).queryMigrate),
		"migrate":                    command((*Machine).migrate),
		"migrate_cancel":             action((*Machine).migrateCancel),
		"migrate-continue":           command((*Machine).migrateContinue),
		"migrate-start-postcopy":     action((*Machine).migrateStartPostcopy),
		"migrate-pause":              action((*Machine).migratePause),
		"migrate-recover":            command(migrateRecover),
		"migrate_set_speed":          command((*Machine).migrateSetSpeed),
		"migrate_set_downtime":       command((*Machine).migrateSetDowntime),
		"query-migrate-capabilities": query(func(m *Machine) any { return m.capabilities }),
		"migrate-set-capabilities":   command((*Machine).migrateSetCapabilities),
		"query-migrate-parameters":   query(func(m *Machine) any { return m.parameters }),
		"migrate-set-parameters":     migrateSetParameters,
		"query-yank":                 query((*Machine).queryYank),
		"yank":                       command((*Machine).yank),
	}
}

func (m *Machine) queryMigrate() any {
	g := &m.mig
	if g.status == "" {
		return object{}
	}
	if m.old {
		return m.queryMigrate2012()
	}
	o := object{}
	o = o.and(g.status == "active", "expected-downtime", int64(g.expected))
	o = append(o, member{"status", g.status})
	if g.err != "" {
		return append(o, member{"error-desc", g.err})
	}
	if g.status == "setup" || g.status == "cancelled" || g.status == "cancelling" {
		return o
	}
	o = append(o, object{{"setup-time", int64(g.setup)}, {"total-time", int64(g.total)}}...)
	stopped := g.status == "completed" || g.status == "postcopy-active"
	o = o.and(stopped, "downtime", int64(g.downtime))
	o = o.and(g.throttle > 0, "cpu-throttle-percentage", g.throttle)
	if g.diskTotal > 0 {
		o = append(o, member{"disk", g.stats(g.diskTotal, g.diskLeft, g.diskTotal-g.diskLeft)})
	}
	return append(o, member{"ram", g.stats(migrated, g.left, g.sent-(g.diskTotal-g.diskLeft))})
}

// stats are the figures of memory, or of disks with most of them meaningless.
func (g *migration) stats(total, left, sent float64) object {
	pages := func(bytes float64) int64 { return int64(bytes / pageSize) }
	rate := 0.0
	if g.active() {
		rate = g.rate
	} else if g.total > 0 {
		rate = sent / g.total * 1000
	}
	return object{
		{"total", int64(total)}, {"postcopy-requests", pages(g.postcopy) / 40}, {"dirty-sync-count", g.pass},
		{"multifd-bytes", 0}, {"pages-per-second", pages(rate)}, {"downtime-bytes", int64(g.finishing)},
		{"page-size", pageSize}, {"remaining", int64(left) &^ (pageSize - 1)}, {"postcopy-bytes", int64(g.postcopy)},
		{"mbps", rate * 8 / 1e6}, {"transferred", int64(sent)}, {"dirty-sync-missed-zero-copy", 0},
		{"precopy-bytes", int64(g.precopy)}, {"duplicate", pages(g.zero)}, {"dirty-pages-rate", int64(g.dirtied)},
		{"skipped", 0}, {"normal-bytes", pages(g.copied) * pageSize}, {"normal", pages(g.copied)},
	}
}

// queryMigrate2012 knows four statuses, and figures only while it is active.
func (m *Machine) queryMigrate2012() any {
	g := &m.mig
	if !g.active() {
		return object{{"status", g.status}}
	}
	o := object{{"status", "active"}, {"ram", g.stats(migrated, g.left, g.sent-(g.diskTotal-g.diskLeft))}}
	return o.and(g.diskTotal > 0, "disk", g.stats(g.diskTotal, g.diskLeft, g.diskTotal-g.diskLeft))
}

func errMigrationActive() *refusal {
	return refuse("There's a migration process in progress").before("MigrationActive")
}

func (m *Machine) migrate(a struct {
	URI      string
	Blk, Inc bool
	Resume   bool
}) (any, error) {
	if a.Resume {
		if m.mig.status != "postcopy-paused" {
			return nil, refuse("Cannot resume if there is no paused migration")
		}
		m.setMigration("postcopy-recover")
		return nil, nil
	}
	switch {
	case m.mig.active():
		return nil, errMigrationActive()
	case m.run.state == "inmigrate":
		return nil, refuse("Guest is waiting for an incoming migration")
	case m.run.state == "postmigrate":
		return nil, refuse("Can't migrate the vm that was paused due to previous migration")
	}
	return nil, m.startMigration(a.URI, a.Blk || a.Inc)
}

// migrateCancel succeeds when there is nothing to cancel, too.
func (m *Machine) migrateCancel() error {
	switch m.mig.status {
	case "setup", "active", "pre-switchover":
		m.setMigration("cancelling")
	}
	return nil
}

func (m *Machine) migrateContinue(a struct{ State string }) (any, error) {
	if m.mig.status != a.State {
		status := m.mig.status
		if status == "" {
			status = "none"
		}
		return nil, refuse("Migration not in expected state: %s", status)
	}
	if a.State != "pre-switchover" {
		return nil, refuse("Migration not in expected state: %s", a.State)
	}
	m.setMigration("device")
	m.after(tick, func() {
		if m.mig.status == "device" {
			m.finishMigration()
		}
	})
	return nil, nil
}

func (m *Machine) migrateStartPostcopy() error {
	switch {
	case !m.capable("postcopy-ram"):
		return refuse("Enable postcopy with migrate_set_capability before the start of migration")
	case m.mig.status == "" || !m.mig.active():
		return refuse("Postcopy must be started after migration has been started")
	}
	m.mig.late = true
	return nil
}

func (m *Machine) migratePause() error {
	if m.mig.status != "postcopy-active" {
		return refuse("migrate-pause is currently only supported during postcopy-active state")
	}
	m.setMigration("postcopy-paused")
	return nil
}

// migrateRecover is for the destination, which this machine is not.
func migrateRecover(*Machine, struct{ URI string }) (any, error) {
	return nil, refuse("Migrate recover can only be run when postcopy is paused.")
}

func newCapabilities() []object {
	var list []object
	for _, name := range []string{
		"xbzrle", "auto-converge", "zero-blocks", "events", "postcopy-ram", "release-ram", "return-path",
		"pause-before-switchover", "multifd", "dirty-bitmaps", "late-block-activate", "validate-uuid",
	} {
		list = append(list, object{{"state", false}, {"capability", name}})
	}
	return list
}

// capable reports whether a migration capability is switched on.
func (m *Machine) capable(name string) bool {
	return slices.ContainsFunc(m.capabilities, func(o object) bool {
		return o[1].value == name && o[0].value == true
	})
}

func (m *Machine) migrateSetCapabilities(a struct {
	Capabilities []struct {
		Capability string
		State      bool
	}
}) (any, error) {
	if m.mig.active() {
		return nil, errMigrationActive()
	}
	changed := map[string]bool{}
	for _, c := range a.Capabilities {
		changed[c.Capability] = c.State
	}
	next := make([]object, 0, len(m.capabilities))
	for _, o := range m.capabilities {
		if state, ok := changed[o[1].value.(string)]; ok {
			o = object{{"state", state}, o[1]}
		}
		next = append(next, o)
	}
	m.capabilities = next
	return nil, nil
}

// queryYank lists what can be torn off: connections that may hang.
func (m *Machine) queryYank() any {
	list := []object{}
	for _, c := range m.chardevs {
		if c.qomKind() == "chardev-socket" {
			list = append(list, object{{"type", "chardev"}, {"id", c.label}})
		}
	}
	if m.mig.active() {
		list = append(list, object{{"type", "migration"}})
	}
	return list
}

func (m *Machine) yank(a struct {
	Instances []struct {
		Type     string
		ID       string
		NodeName string `json:"node-name"`
	}
}) (any, error) {
	for _, i := range a.Instances {
		c := m.chardev(i.ID)
		known := i.Type == "migration" && m.mig.active() || i.Type == "chardev" && c != nil && c.qomKind() == "chardev-socket"
		if !known {
			r := refuse("Instance not found")
			r.class = deviceNotFound
			return nil, r
		}
	}
	for _, i := range a.Instances {
		if i.Type == "migration" {
			m.breakMigration("Channel error: Input/output error")
		}
	}
	return nil, nil
}

// breakMigration is what happens when the connection to the destination breaks.
func (m *Machine) breakMigration(reason string) {
	if m.mig.status == "postcopy-active" {
		m.setMigration("postcopy-paused")
		return
	}
	m.resumeAfter()
	m.mig.err = reason
	m.setMigration("failed")
}

// number reads a JSON number as a float.
func number(v any) float64 {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()
		return f
	case int:
		return float64(v)
	case int64:
		return float64(v)
	}
	return 0
}
