package machine

import "strings"

// A Query is one of the questions a watcher asks. Each refreshes one part of a snapshot.
type Query uint8

// The queries, in the order in which a watcher that knows nothing asks them.
const (
	QueryStatus              Query = iota // Run
	QueryName                             // Identity.Name
	QueryVersion                          // Identity.Version, Package
	QueryBlockJobs                        // Jobs
	QueryJobs                             // Jobs, of servers from 3.0 on
	QueryMigrate                          // Migration
	QueryMigrateParameters                // Migration.Limits
	QueryMigrateCapabilities              // Migration.Capabilities
	QueryChardev                          // Chardevs
	QueryBlock                            // Disks
	QueryBlockStats                       // Disks' IO
	QueryCPUs                             // CPUs
	QueryMemory                           // Memory.Base, Plugged
	QueryBalloon                          // Memory.Balloon
	QueryUUID                             // Identity.UUID
	QueryTarget                           // Identity.Arch
	QueryAccelerators                     // Identity.Accelerator, from 10.2 on
	QueryKVM                              // Identity.Accelerator
	QueryAccelTypes                       // Identity.Accelerator, where neither of the two tells
	QueryMachineType                      // Identity.MachineType
	QueryOldCPUs                          // CPUs, where QueryCPUs is lacking; interrupts the guest, so it is asked once a link

	queryCount
)

// A Stale is a set of queries whose part of a snapshot no longer holds.
type Stale uint32

// StaleOf is the set of the given queries.
func StaleOf(queries ...Query) Stale {
	var s Stale
	for _, q := range queries {
		s |= 1 << q
	}
	return s
}

// StaleAll is the set of all queries.
const StaleAll Stale = 1<<queryCount - 1

// Has reports whether q is in the set.
func (s Stale) Has(q Query) bool { return s&(1<<q) != 0 }

// String lists the commands in the set.
func (s Stale) String() string {
	var names []string
	for q := range queryCount {
		if s.Has(q) {
			names = append(names, q.Command())
		}
	}
	return strings.Join(names, " ")
}

// Command is QMP's name for the question.
func (q Query) Command() string {
	if int(q) >= int(queryCount) {
		return ""
	}
	return [queryCount]string{
		"query-status", "query-name", "query-version", "query-block-jobs", "query-jobs", "query-migrate",
		"query-migrate-parameters", "query-migrate-capabilities", "query-chardev", "query-block", "query-blockstats",
		"query-cpus-fast", "query-memory-size-summary", "query-balloon", "query-uuid",
		"query-target", "query-accelerators", "query-kvm", "qom-list-types", "qom-get", "query-cpus",
	}[q]
}
