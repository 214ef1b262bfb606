package machine

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// A CPU is one virtual CPU.
type CPU struct {
	Index    int
	ThreadID int         // the host's thread; 0 when not told
	QOMPath  string      // "" on old servers
	Halted   Maybe[bool] // only where the query that does not interrupt the guest tells it, as on s390x
}

// Memory is the guest's.
type Memory struct {
	Base    Maybe[int64] // bytes the machine started with
	Plugged Maybe[int64] // bytes plugged in later
	Balloon Maybe[int64] // bytes the balloon leaves to the guest; not known: it has no balloon
}

func absorbCPUs(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r []struct {
		Index  count  `json:"cpu-index"`
		Thread count  `json:"thread-id"`
		Path   string `json:"qom-path"`
		State  string `json:"cpu-state"`
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	cpus := make([]CPU, len(r))
	for i, c := range r {
		cpus[i] = CPU{Index: int(c.Index), ThreadID: int(c.Thread), QOMPath: c.Path}
		if c.State != "" {
			cpus[i].Halted = Known(c.State != "operating" && c.State != "load")
		}
	}
	s.CPUs = sortedCPUs(cpus)
	return nil
}

// absorbOldCPUs leaves Halted out although the reply has it: it is asked only once, and would soon be untrue.
func absorbOldCPUs(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r []struct {
		Index  count  `json:"CPU"`
		Thread count  `json:"thread_id"`
		Path   string `json:"qom_path"`
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	cpus := make([]CPU, len(r))
	for i, c := range r {
		cpus[i] = CPU{Index: int(c.Index), ThreadID: int(c.Thread), QOMPath: c.Path}
	}
	s.CPUs = sortedCPUs(cpus)
	return nil
}

func sortedCPUs(cpus []CPU) []CPU {
	slices.SortStableFunc(cpus, func(a, b CPU) int { return cmp.Compare(a.Index, b.Index) })
	return cpus
}

func absorbMemory(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct {
		Base    *count `json:"base-memory"`
		Plugged *count `json:"plugged-memory"`
	}
	err := object(reply, &r)
	s.Memory.Base, s.Memory.Plugged = maybe(r.Base), maybe(r.Plugged)
	return err
}

func absorbBalloon(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ Actual *count }
	err := object(reply, &r)
	s.Memory.Balloon = maybe(r.Actual)
	return err
}
