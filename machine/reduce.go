package machine

import (
	"encoding/json"
	"time"
)

// An Event is what the server emitted by itself.
type Event struct {
	Name     string
	Data     json.RawMessage // the event's data, or nil
	Time     time.Time       // by the server's clock; zero: not told
	Received time.Time       // by this host's clock; zero: Time is taken for it
}

// Reduce applies an event to a snapshot. What the event does not tell in full, it makes stale: the set of queries
// that should be asked again soon. It is pure; the snapshot given stays as it is.
func Reduce(s Snapshot, e Event) (Snapshot, Stale) {
	at := e.Received
	if at.IsZero() {
		at = e.Time
	}
	s.At = at
	s.LastEvent = EventMark{Name: e.Name, At: at}
	s.Jobs = forgetOld(s.Jobs, at)
	switch e.Name {
	case "STOP", "RESUME", "SUSPEND", "WAKEUP":
		reduceRun(&s, e, at)
		return s, StaleOf(QueryStatus)
	case "SHUTDOWN", "WATCHDOG", "GUEST_PANICKED", "GUEST_CRASHLOADED", "BLOCK_IO_ERROR":
		stale := reduceReason(&s, e, at)
		return s, stale
	case "JOB_STATUS_CHANGE", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED", "BLOCK_JOB_READY", "BLOCK_JOB_PENDING",
		"BLOCK_JOB_ERROR":
		stale := reduceJob(&s, e, at)
		return s, stale
	case "MIGRATION", "MIGRATION_PASS":
		stale := reduceMigration(&s, e, at)
		return s, stale
	case "BALLOON_CHANGE":
		stale := reduceBalloon(&s, e)
		return s, stale
	case "VSERPORT_CHANGE":
		stale := reducePort(&s, e)
		return s, stale
	case "DEVICE_TRAY_MOVED":
		stale := reduceTray(&s, e)
		return s, stale
	}
	return s, staleAfter(e.Name)
}

// staleAfter is what has to be asked again after an event that says only that something has changed.
func staleAfter(event string) Stale {
	switch event {
	case "RESET", "SUSPEND_DISK":
		return StaleOf(QueryStatus)
	case "BLOCK_IMAGE_CORRUPTED", "BLOCK_WRITE_THRESHOLD", "QUORUM_REPORT_BAD", "QUORUM_FAILURE":
		return StaleOf(QueryBlock)
	case "DEVICE_DELETED":
		return StaleOf(QueryBlock, QueryBlockStats, QueryCPUs, QueryMemory, QueryBalloon, QueryChardev)
	case "MEMORY_DEVICE_SIZE_CHANGE", "ACPI_DEVICE_OST":
		return StaleOf(QueryMemory, QueryCPUs)
	case "UNPLUG_PRIMARY", "COLO_EXIT":
		return StaleOf(QueryMigrate, QueryStatus)
	}
	return 0
}

// reduceBalloon folds BALLOON_CHANGE.
func reduceBalloon(s *Snapshot, e Event) Stale {
	var d struct{ Actual *count }
	if object(e.Data, &d) != nil || d.Actual == nil {
		return StaleOf(QueryBalloon)
	}
	s.Memory.Balloon = maybe(d.Actual)
	return 0
}
