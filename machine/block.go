package machine

import (
	"encoding/json"
	"time"
)

// A Disk is a block device as the guest has it: a drive with a medium or without.
type Disk struct {
	Device string // the drive's name; "" on machines built with -blockdev
	QDev   string // the device's id or QOM path; "" on old servers
	Node   string // the name of the node inserted, or ""

	Removable bool
	Locked    bool
	TrayOpen  Maybe[bool]

	Inserted     bool   // there is a medium; the members down to BackingDepth are about it
	File         string // the image's file name, as the server has it
	Driver       string // "qcow2", "raw", …
	ReadOnly     bool
	Encrypted    bool
	VirtualSize  Maybe[int64] // bytes the guest sees
	ActualSize   Maybe[int64] // bytes the image takes on the host
	BackingFile  string       // or ""
	BackingDepth int          // how many images lie below this one

	IOStatus string // "ok", "failed", "nospace"; "" when the device does not track it
	IO       IO
}

// Name is what people call the disk: the drive's name, else the device's id, else the node's name.
func (d Disk) Name() string {
	switch {
	case d.Device != "":
		return d.Device
	case d.QDev != "":
		return d.QDev
	}
	return d.Node
}

type imageReply struct {
	Virtual *count `json:"virtual-size"`
	Actual  *count `json:"actual-size"`
}

type nodeReply struct {
	File      string
	NodeName  string `json:"node-name"`
	RO        bool
	Drv       string
	Encrypted bool
	Backing   string `json:"backing_file"`
	Depth     *count `json:"backing_file_depth"`
	Image     imageReply
}

// depth is how many images lie below. The oldest servers name the next one only.
func (n nodeReply) depth() int {
	if n.Depth == nil && n.Backing != "" {
		return 1
	}
	return int(maybe(n.Depth).Or(0))
}

func absorbBlock(s *Snapshot, reply json.RawMessage, _ time.Time) error {
	var r []struct {
		Device, QDev      string
		Removable, Locked bool
		TrayOpen          *bool  `json:"tray_open"`
		IOStatus          string `json:"io-status"`
		Inserted          *nodeReply
	}
	if err := array(reply, &r); err != nil {
		return err
	}
	disks := make([]Disk, len(r))
	for i, b := range r {
		d := Disk{Device: b.Device, QDev: b.QDev, Removable: b.Removable, Locked: b.Locked, TrayOpen: maybePtr(b.TrayOpen),
			IOStatus: b.IOStatus}
		if n := b.Inserted; n != nil {
			d.Inserted = true
			d.Node, d.File, d.Driver = n.NodeName, n.File, n.Drv
			d.ReadOnly, d.Encrypted = n.RO, n.Encrypted
			d.VirtualSize, d.ActualSize = maybe(n.Image.Virtual), maybe(n.Image.Actual)
			d.BackingFile, d.BackingDepth = n.Backing, n.depth()
		}
		if old := findDisk(s.Disks, d.Device, d.QDev, d.Node); old != nil {
			d.IO = old.IO
		}
		disks[i] = d
	}
	s.Disks = disks
	return nil
}

// findDisk finds a disk by the names that the server's queries agree on; nil when there is none.
func findDisk(disks []Disk, device, qdev, node string) *Disk {
	for i := range disks {
		d := &disks[i]
		if device == "" && qdev == "" {
			if d.Device == "" && d.QDev == "" && d.Node == node {
				return d
			}
		} else if d.Device == device && d.QDev == qdev {
			return d
		}
	}
	return nil
}

// markIOStatus marks the disk that an error was about, until query-block tells again.
func markIOStatus(s *Snapshot, device, node string, noSpace bool) {
	s.Disks = append([]Disk(nil), s.Disks...)
	for i := range s.Disks {
		d := &s.Disks[i]
		if device != "" && d.Device != device || device == "" && (node == "" || d.Node != node) {
			continue
		}
		d.IOStatus = "failed"
		if noSpace {
			d.IOStatus = "nospace"
		}
	}
}

// reduceTray folds DEVICE_TRAY_MOVED.
func reduceTray(s *Snapshot, e Event) Stale {
	var d struct {
		Device, ID string
		Open       *bool `json:"tray-open"`
	}
	if object(e.Data, &d) == nil && d.Open != nil {
		s.Disks = append([]Disk(nil), s.Disks...)
		for i := range s.Disks {
			if d.Device != "" && s.Disks[i].Device == d.Device || d.ID != "" && s.Disks[i].QDev == d.ID {
				s.Disks[i].TrayOpen = Known(*d.Open)
			}
		}
	}
	return StaleOf(QueryBlock)
}
