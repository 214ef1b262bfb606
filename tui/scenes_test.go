package tui

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
)

const mib = 1 << 20

func ago(d time.Duration) time.Time { return noon.Add(-d) }

// quietMachine runs and does nothing else.
func quietMachine() machine.Snapshot {
	return machine.Snapshot{
		At: noon,
		Identity: machine.Identity{
			Name: "web01", UUID: "ed8276dc-9b26-46c5-996b-0123456789ab", Version: machine.Version{Major: 7, Minor: 2, Micro: 22},
			Package: "Debian 1:7.2+dfsg-7+deb12u18", Accelerator: "tcg", Arch: "x86_64", MachineType: "pc-q35-7.2",
		},
		Run:       machine.Run{State: "running", Running: true, Since: ago(155 * time.Second), Seen: true},
		CPUs:      []machine.CPU{{Index: 0, ThreadID: 4121, QOMPath: "/machine/unattached/device[0]"}, {Index: 1, ThreadID: 4122}},
		Memory:    machine.Memory{Base: machine.Known(int64(256 * mib)), Balloon: machine.Known(int64(256 * mib))},
		LastEvent: machine.EventMark{Name: "RESUME", At: ago(155 * time.Second)},
	}
}

// busyMachine migrates without an end, mirrors a disk, and has a job in trouble.
func busyMachine() machine.Snapshot {
	s := quietMachine()
	s.LastEvent = machine.EventMark{Name: "BLOCK_JOB_READY", At: ago(3 * time.Second)}
	s.Jobs = busyJobs()
	s.Migration = stalledMigration()
	s.Chardevs = []machine.Chardev{
		{Label: "agent0", Filename: "disconnected:unix:/run/ga.sock,server=on", Kind: "unix", Address: "/run/ga.sock", Frontend: machine.Known(true)},
		{Label: "log\x1b[31m0", Filename: "file", Kind: "file", Address: "/var/log/a/very/long/path/to/the/log/of/web01/vm.log", Frontend: machine.Known(false)},
		{Label: "モニター0", Filename: "unix:/run/q.sock", Kind: "unix", Address: "/run/q.sock", Frontend: machine.Known(true)},
		{Label: "serial0", Filename: "pty:/dev/pts/3", Kind: "pty", Address: "/dev/pts/3"},
	}
	s.Disks = busyDisks()
	return s
}

func busyJobs() []machine.Job {
	return []machine.Job{
		{
			ID: "drive0", Type: "mirror", Status: "running", Block: true, Current: 292 * mib, Total: 512 * mib,
			SpeedLimit: machine.Known(int64(20 * mib)), Rate: machine.Known(20.0 * mib), Left: machine.Known(11 * time.Second),
			FirstSeen: ago(15 * time.Second),
			History:   []machine.Point{{At: ago(2 * time.Second), Value: 18 * mib}, {At: ago(time.Second), Value: 20 * mib}},
		},
		{
			ID: "backup-of-the-accounting-disk", Type: "backup", Status: "paused", Block: true, Paused: true, Current: 3 * mib, Total: 40960 * mib,
			IOStatus: "nospace", Error: "No space left on device", FirstSeen: ago(time.Hour),
		},
		{
			ID: "snap1", Type: "backup", Status: "concluded", Block: true, Current: 512 * mib, Total: 512 * mib,
			FirstSeen: ago(time.Hour), End: machine.JobCompleted, Ended: ago(24 * time.Second), Listed: true,
		},
	}
}

func busyDisks() []machine.Disk {
	io := machine.IO{
		At: noon, Counters: machine.Counters{ReadBytes: 812 * mib, WriteBytes: 96 * mib, ReadOps: 12345, WriteOps: 987, FlushOps: 321}, FlushTime: machine.Known(2500 * time.Microsecond),
		ReadRate: machine.Known(31.4 * mib), WriteRate: machine.Known(0.0), ReadOps: machine.Known(812.0), WriteOps: machine.Known(0.0),
		ReadTime: machine.Known(1600 * time.Microsecond), HighestOffset: machine.Known(int64(96 * mib)),
	}
	for i := range 30 {
		io.History = append(io.History, machine.IOPoint{At: ago(time.Duration(30-i) * time.Second), ReadRate: float64(i%7) * mib})
	}
	return []machine.Disk{
		{
			Device: "drive0", QDev: "/machine/peripheral/disk0", Node: "#block123", Inserted: true, File: "/srv/images/web01.qcow2", Driver: "qcow2",
			VirtualSize: machine.Known(int64(1024 * mib)), ActualSize: machine.Known(int64(400*mib + 4096)), BackingFile: "/srv/images/base.qcow2",
			BackingDepth: 2, IOStatus: "ok", IO: io,
		},
		{Device: "cd0", Removable: true, TrayOpen: machine.Known(true)},
		{Device: "data", Inserted: true, Driver: "raw", File: "/dev/vg0/data", VirtualSize: machine.Known(int64(math.MaxInt64)), IOStatus: "nospace"},
	}
}

func stalledMigration() machine.Migration {
	m := machine.Migration{
		Status: "active", Started: ago(41 * time.Second), Passes: 5,
		RAM:        machine.Transfer{Transferred: 1229 * mib, Remaining: 48 * mib, Total: 256 * mib},
		Throughput: machine.Known(31.4 * mib), DirtyRate: machine.Known(29.1 * mib),
		ExpectedDowntime: machine.Known(1600 * time.Millisecond),
		Limits:           machine.Limits{Bandwidth: machine.Known(int64(32 * mib)), Downtime: machine.Known(300 * time.Millisecond)},
	}
	for i := range 41 {
		m.History = append(m.History, machine.MigrationPoint{
			At: ago(time.Duration(41-i) * time.Second), Throughput: math.Min(float64(i)*8, 31.4) * mib, DirtyRate: float64(20+i%10) * mib,
			Remaining: 48 * mib, Pass: i/9 + 1,
		})
	}
	for i := range 4 {
		m.Ends = append(m.Ends, machine.Pass{
			Number: i + 1, Began: ago(time.Duration(41-9*i) * time.Second), Ended: ago(time.Duration(32-9*i) * time.Second),
			Left: int64(47+i%3) * mib, Sent: 31.4 * mib, Dirtied: 29.1 * mib, Limits: m.Limits,
		})
	}
	m.Verdict = machine.Verdict{
		Outlook: machine.OutlookStalled, Status: "active", At: noon, First: 3, Last: 5, LastLeft: 48 * mib, LeastLeft: 47 * mib, MostLeft: 49 * mib,
		Sending: 31.4 * mib, Dirtied: 29.1 * mib, Limits: m.Limits, Fits: machine.Known(int64(9 * mib)), BandwidthIsLimit: true,
		NeedDowntime: machine.Known(1600 * time.Millisecond), NeedBandwidth: machine.Known(200.0 * mib),
		Postcopy: machine.RemedyReady, AutoConverge: machine.RemedyRestart,
	}
	return m
}

// crowdedMachine has more of everything than fits, with names that differ in their last letters only.
func crowdedMachine() machine.Snapshot {
	s := busyMachine()
	s.Identity.Name = "数据库服务器-production-database-replica-eu-west-1-\x1b[31m東京🙂-node-0042"
	s.CPUs, s.Chardevs, s.Jobs, s.Disks = nil, nil, nil, nil
	for i := range 40 {
		s.CPUs = append(s.CPUs, machine.CPU{Index: i, ThreadID: 4000 + i, Halted: machine.Known(i%3 == 0)})
	}
	for i := range 100 {
		name := fmt.Sprintf("org.qemu.guest_agent.%02d", i)
		s.Chardevs = append(s.Chardevs, machine.Chardev{
			Label: "charchannel-" + name, Kind: "unix", Address: "/var/lib/libvirt/qemu/channel/target/domain-17-web01/" + name, Frontend: machine.Known(true),
		})
	}
	for i := range 60 {
		s.Jobs = append(s.Jobs, machine.Job{
			ID: fmt.Sprintf("mirror-of-libvirt-17-日本-disk-%02d", i), Type: "mirror", Status: "running", Block: true,
			Current: int64(i) * 10 * mib, Total: 1024 * mib, Rate: machine.Known(3.0 * mib), Left: machine.Known(10 * time.Minute),
		})
		d := busyDisks()[0]
		d.Device = fmt.Sprintf("libvirt-\x07-format-%02d", i)
		s.Disks = append(s.Disks, d)
	}
	return s
}

// movedMachine has migrated away.
func movedMachine() machine.Snapshot {
	s := quietMachine()
	s.Run = machine.Run{State: "postmigrate", Since: ago(9 * time.Second), Seen: true}
	s.Migration = machine.Migration{
		Status: "completed", Started: ago(31 * time.Second), Ended: ago(9 * time.Second), Passes: 7,
		RAM:       machine.Transfer{Transferred: 900 * mib, Total: 256 * mib},
		TotalTime: machine.Known(22100 * time.Millisecond), Downtime: machine.Known(218 * time.Millisecond), SetupTime: machine.Known(3 * time.Millisecond),
		Verdict: machine.Verdict{Outlook: machine.OutlookCompleted, Status: "completed"},
	}
	return s
}

// someEvents are one of each kind: plain, a good end, trouble, a gap.
func someEvents() []qmpconn.Event {
	event := func(seconds int, name, data string) qmpconn.Event {
		return qmpconn.Event{Name: name, Data: json.RawMessage(data), Time: ago(time.Duration(seconds) * time.Second)}
	}
	return []qmpconn.Event{
		event(155, "RESUME", ""),
		event(90, "JOB_STATUS_CHANGE", `{"id":"drive0","status":"running"}`),
		event(60, "BLOCK_IO_ERROR", `{"device":"data","node-name":"","operation":"write","action":"stop","nospace":true,"reason":"No space left on device"}`),
		event(40, qmpconn.GapEvent, ""),
		event(9, "X_UNHEARD_OF", `{"text":"\u001b]0;gotcha\u0007幅の広い文字"}`),
		event(3, "BLOCK_JOB_READY", `{"device":"drive0","len":536870912,"offset":536870912,"speed":20971520,"type":"mirror"}`),
	}
}
