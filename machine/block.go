package machine

import "time"

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

// IO is the traffic of one disk: counters as the server has them, and rates measured between its last two replies.
// A counter that went back, as after a reset, gives no rate for that interval.
type IO struct {
	At       time.Time // when the counters were read; zero: never
	Counters Counters

	ReadRate, WriteRate            Maybe[float64]       // bytes a second
	ReadOps, WriteOps, FlushOps    Maybe[float64]       // operations a second
	ReadTime, WriteTime, FlushTime Maybe[time.Duration] // mean of the operations of the interval; not known when there were none
	HighestOffset                  Maybe[int64]         // bytes: the end of the last sector ever written in the image file
	Idle                           Maybe[time.Duration] // since the last operation
	History                        []IOPoint            // oldest first
}

// Counters count since the device was made.
type Counters struct {
	ReadBytes, WriteBytes          int64
	ReadOps, WriteOps, FlushOps    int64
	ReadTime, WriteTime, FlushTime time.Duration // summed over all operations
	FailedReads, FailedWrites      int64
}

// An IOPoint is the traffic over one interval.
type IOPoint struct {
	At                  time.Time // end of the interval
	ReadRate, WriteRate float64   // bytes a second
	ReadOps, WriteOps   float64   // operations a second
}

// A Node is a named block node.
type Node struct {
	Name         string
	Driver       string
	File         string
	ReadOnly     bool
	VirtualSize  Maybe[int64] // bytes
	ActualSize   Maybe[int64] // bytes on the host
	BackingFile  string
	BackingDepth int
}
