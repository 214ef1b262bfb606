package machine

import (
	"encoding/json"
	"strings"
	"time"
)

// Identity says which machine this is. What a server does not tell is empty.
type Identity struct {
	Name        string  // from -name
	UUID        string  // all zeros where none was given
	Version     Version // of QEMU
	Package     string  // the distribution's version string, as in "Debian 1:7.2+dfsg-7"
	Accelerator string  // "kvm", "tcg", …; "" when not known
	Arch        string  // "x86_64", …
	MachineType string  // "pc-q35-7.2", …
}

// A Version is QEMU's.
type Version struct{ Major, Minor, Micro int }

// IsZero reports whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

func absorbName(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ Name string }
	err := object(reply, &r)
	s.Identity.Name = r.Name
	return err
}

func absorbVersion(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct {
		QEMU    *struct{ Major, Minor, Micro count }
		Package string
	}
	if err := object(reply, &r); err != nil {
		return err
	}
	if r.QEMU == nil {
		return errShape
	}
	s.Identity.Version = Version{int(r.QEMU.Major), int(r.QEMU.Minor), int(r.QEMU.Micro)}
	s.Identity.Package = strings.TrimSpace(r.Package)
	return nil
}

func absorbUUID(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ UUID string }
	err := object(reply, &r)
	s.Identity.UUID = r.UUID
	return err
}

func absorbTarget(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ Arch string }
	err := object(reply, &r)
	s.Identity.Arch = r.Arch
	return err
}

func absorbAccelerators(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ Enabled string }
	err := object(reply, &r)
	s.Identity.Accelerator = r.Enabled
	return err
}

func absorbKVM(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r struct{ Enabled bool }
	if err := object(reply, &r); err != nil {
		return err
	}
	switch {
	case r.Enabled:
		s.Identity.Accelerator = "kvm"
	case s.Identity.Accelerator == "kvm":
		s.Identity.Accelerator = ""
	}
	return nil
}

// absorbAccelTypes concludes: where KVM is not enabled and the server was built with one other accelerator, that is
// the one. No server before query-accelerators tells it.
func absorbAccelTypes(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r []struct{ Name string }
	if err := array(reply, &r); err != nil {
		return err
	}
	if s.Identity.Accelerator != "" || s.fresh[QueryKVM].At.IsZero() {
		return nil
	}
	var others []string
	for _, t := range r {
		name, ok := strings.CutSuffix(t.Name, "-accel")
		if ok && name != "kvm" && name != "qtest" {
			others = append(others, name)
		}
	}
	if len(others) == 1 {
		s.Identity.Accelerator = others[0]
	}
	return nil
}

// absorbMachineType takes the type of the QOM object /machine: the machine's name with a suffix. On the oldest
// servers it is a plain container, which tells nothing.
func absorbMachineType(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var name string
	if err := json.Unmarshal(reply, &name); err != nil {
		return errShape
	}
	name, ok := strings.CutSuffix(name, "-machine")
	if !ok {
		name = ""
	}
	s.Identity.MachineType = name
	return nil
}
