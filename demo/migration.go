package demo

import (
	"math"
	"strings"
	"time"
)

// The guest's memory, as a migration sees it.
const (
	pageSize      = 4096
	migrated      = memorySize + 16<<20 + 256<<10 // with the video memory and the firmware, in bytes
	usedMemory    = 2450 << 20                    // that is not zero
	workingSet    = 700 << 20                     // that the guest writes to again and again
	dirtyRate     = 58 << 20                      // bytes a second that it dirties
	wireSpeed     = 1.17e9                        // bytes a second that the network takes
	migrationStep = 10 * time.Millisecond         // a tick is too long for the last passes
)

// A migration is the latest one: under way, ended, or none yet.
type migration struct {
	status    string // "" before the first
	uri       string
	err       string
	started   int64   // tick
	total     float64 // milliseconds it has taken
	setup     float64 // milliseconds
	downtime  float64 // milliseconds
	expected  float64 // downtime in milliseconds if it ended with the present pass
	left      float64 // bytes of this pass
	dirty     float64 // bytes that the guest has written to since this pass began
	diskLeft  float64 // bytes of disks, which go first
	diskTotal float64
	pass      int
	passTime  float64 // seconds that this pass has taken
	passSent  float64 // bytes that went over the wire in it
	sent      float64 // bytes that went over the wire
	copied    float64 // bytes of pages that were not zero
	zero      float64 // bytes of pages that were
	precopy   float64
	postcopy  float64
	finishing float64 // bytes sent with the guest stopped
	rate      float64 // bytes a second, of late
	dirtied   float64 // pages a second, in the last pass
	throttle  int     // percent of the vCPUs' time taken away, 0 when not
	wasUp     bool    // the guest ran when it was stopped for the switchover
	late      bool    // postcopy was asked for
}

// active reports whether a migration is under way.
func (g *migration) active() bool {
	switch g.status {
	case "setup", "active", "cancelling", "pre-switchover", "device", "postcopy-active", "postcopy-paused", "postcopy-recover":
		return true
	}
	return false
}

// setMigration moves to another status, which is an event for those who switched these on.
func (m *Machine) setMigration(status string) {
	m.mig.status = status
	if m.capable("events") {
		m.emit("MIGRATION", member{"status", status})
	}
}

// startMigration begins anew. What can be told at once from the destination's address is.
func (m *Machine) startMigration(uri string, disks bool) error {
	kind, rest, _ := strings.Cut(uri, ":")
	switch kind {
	case "tcp", "unix", "exec", "fd", "rdma", "vsock", "file":
	default:
		return errValue("uri", "a valid migration protocol")
	}
	m.mig = migration{uri: uri, started: m.ticks, left: migrated, expected: m.param("downtime-limit")}
	if disks {
		for _, d := range m.disks {
			if d.root != nil && !d.root.readOnly {
				m.mig.diskTotal += float64(allocated(d.root, nil))
			}
		}
		m.mig.diskLeft = m.mig.diskTotal
	}
	m.setMigration("setup")
	reason := m.unreachable(kind, rest)
	m.after(2*tick, func() {
		switch {
		case m.mig.status != "setup":
		case reason != "":
			m.mig.err = "Failed to connect to '" + rest + "': " + reason
			m.setMigration("failed")
		default:
			m.mig.setup = float64((m.ticks - m.mig.started) * tick.Milliseconds())
			m.beginPass()
			m.setMigration("active")
		}
	})
	return nil
}

// unreachable says why a destination cannot be reached: hosts of that name, ports nobody listens on, sockets in
// directories that are not there.
func (m *Machine) unreachable(kind, rest string) string {
	switch {
	case kind == "tcp" && strings.HasPrefix(rest, "unreachable"):
		return "No route to host"
	case kind == "tcp" && (strings.HasSuffix(rest, ":1") || strings.HasSuffix(rest, ":0")):
		return "Connection refused"
	case kind == "unix" && m.files.create(rest, file{}) != nil:
		return "No such file or directory"
	}
	return ""
}

func (m *Machine) beginPass() {
	g := &m.mig
	g.pass++
	g.passTime, g.passSent = 0, 0
	if m.capable("events") {
		m.emit("MIGRATION_PASS", member{"pass", g.pass})
	}
}

// liveMigration lets a migration go on for a tick.
func (m *Machine) liveMigration() {
	g := &m.mig
	switch g.status {
	case "cancelling":
		m.resumeAfter()
		m.setMigration("cancelled")
	case "postcopy-recover":
		m.setMigration("postcopy-active")
	}
	for range tick / migrationStep {
		switch g.status {
		case "active", "postcopy-active", "device":
			m.migrateStep()
		}
	}
	if g.active() && g.status != "setup" {
		g.total = float64((m.ticks - g.started) * tick.Milliseconds())
	}
}

// migrateStep sends for a moment, while the guest dirties memory behind it.
func (m *Machine) migrateStep() {
	g := &m.mig
	seconds := migrationStep.Seconds()
	g.rate = m.migrationRate()
	if g.late && g.status == "active" {
		m.startPostcopy()
	}
	budget := g.rate * seconds
	if g.diskLeft > 0 {
		g.diskLeft = max(0, g.diskLeft-budget)
		g.sent += budget
		return
	}
	if m.running() {
		share := 1 - float64(g.throttle)/100
		wave := 1 + 0.12*math.Sin(2*math.Pi*float64(m.ticks%173)/173)
		g.dirty += dirtyRate * wave * share * seconds * (1 - g.dirty/workingSet)
	}
	m.sendMemory(budget)
	g.passTime += seconds
	if g.left <= 0 {
		m.endPass()
	}
}

// sendMemory takes the budget off what is left. In the first pass pages without content come for nothing.
func (m *Machine) sendMemory(budget float64) {
	g := &m.mig
	data := min(budget, g.left)
	if g.pass == 1 {
		used := min(usedMemory, float64(m.balloon.actual))
		factor := migrated / used
		data = min(budget, g.left/factor)
		g.zero += data * (factor - 1)
		g.left -= data * factor
		if g.left < pageSize {
			g.left = 0
		}
	} else {
		g.left -= data
	}
	g.copied += data
	data *= 1.002 // each page has a header
	g.sent += data
	g.passSent += data
	switch {
	case g.status == "postcopy-active":
		g.postcopy += data
	case m.running():
		g.precopy += data
	default:
		g.finishing += data
	}
}

// migrationRate is what can be sent in a second.
func (m *Machine) migrationRate() float64 {
	limit := m.param("max-bandwidth")
	if m.mig.status == "postcopy-active" {
		limit = m.param("max-postcopy-bandwidth")
	}
	if limit <= 0 || m.mig.status == "device" {
		return wireSpeed
	}
	return min(limit, wireSpeed)
}

// endPass looks at what the guest has dirtied meanwhile, and decides whether that can be sent with the guest stopped.
func (m *Machine) endPass() {
	g := &m.mig
	switch g.status {
	case "postcopy-active", "device":
		m.completeMigration()
		return
	}
	if g.passTime > 0 {
		g.dirtied = g.dirty / pageSize / g.passTime
	}
	if m.capable("auto-converge") && g.dirty > g.passSent*m.param("throttle-trigger-threshold")/100 {
		m.throttle()
	}
	g.left, g.dirty = g.dirty, 0
	g.expected = g.left / g.rate * 1000
	m.beginPass()
	if g.expected <= m.param("downtime-limit") {
		m.switchOver()
	}
}

// throttle slows the vCPUs down, more with every pass that did not help.
func (m *Machine) throttle() {
	if m.mig.throttle == 0 {
		m.mig.throttle = int(m.param("cpu-throttle-initial"))
		return
	}
	m.mig.throttle = min(m.mig.throttle+int(m.param("cpu-throttle-increment")), int(m.param("max-cpu-throttle")))
}

// switchOver stops the guest to send the rest.
func (m *Machine) switchOver() {
	g := &m.mig
	g.wasUp = m.running()
	m.pauseAs("finish-migrate")
	g.downtime = g.left/g.rate*1000 + 14
	if m.capable("pause-before-switchover") {
		m.setMigration("pre-switchover")
		return
	}
	m.finishMigration()
}

// finishMigration is the rest of a precopy, with the guest stopped; its time is too short to be watched.
func (m *Machine) finishMigration() {
	m.sendMemory(m.mig.left)
	m.mig.left = 0
	m.beginPass()
	m.completeMigration()
}

func (m *Machine) startPostcopy() {
	g := &m.mig
	g.wasUp = m.running()
	m.pauseAs("finish-migrate")
	g.left, g.dirty = g.left+g.dirty, 0
	g.pass++
	g.downtime = 23
	m.setMigration("postcopy-active")
}

func (m *Machine) completeMigration() {
	m.mig.left, m.mig.throttle = 0, 0
	m.mig.total = float64((m.ticks - m.mig.started) * tick.Milliseconds())
	m.run.state = "postmigrate"
	m.setMigration("completed")
}

// resumeAfter lets a guest go on that was stopped for a switchover which did not come about.
func (m *Machine) resumeAfter() {
	m.mig.throttle = 0
	if m.run.state == "finish-migrate" {
		m.run.state = "paused"
		if m.mig.wasUp {
			m.run.state = "running"
			m.emit("RESUME")
		}
	}
}
