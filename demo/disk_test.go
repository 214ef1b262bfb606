package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

type diskInfo struct {
	Device   string
	QDev     string
	Locked   bool
	TrayOpen bool `json:"tray_open"`
	Inserted *nodeInfo
}

type nodeInfo struct {
	Node     string `json:"node-name"`
	File     string
	Driver   string `json:"drv"`
	ReadOnly bool   `json:"ro"`
	Backing  string `json:"backing_file"`
	Depth    int    `json:"backing_file_depth"`
	BPS      int64
	Image    struct {
		Size int64 `json:"virtual-size"`
		Used int64 `json:"actual-size"`
	}
}

func (k *talk) disk(name string) diskInfo {
	k.t.Helper()
	var list []diskInfo
	k.get("query-block", "", &list)
	for _, d := range list {
		if d.Device == name || d.QDev == name {
			return d
		}
	}
	k.t.Fatalf("no disk %s", name)
	return diskInfo{}
}

func (k *talk) node(name string) *nodeInfo {
	k.t.Helper()
	var list []nodeInfo
	k.get("query-named-block-nodes", `{"flat":true}`, &list)
	for _, n := range list {
		if n.Node == name {
			return &n
		}
	}
	return nil
}

// traffic is what a disk has read and written, in bytes and operations.
type traffic struct {
	RdBytes int64 `json:"rd_bytes"`
	WrBytes int64 `json:"wr_bytes"`
	RdOps   int64 `json:"rd_operations"`
	WrOps   int64 `json:"wr_operations"`
}

func (k *talk) traffic(name string) traffic {
	k.t.Helper()
	var list []struct {
		Device string
		Stats  traffic
	}
	k.get("query-blockstats", "", &list)
	for _, d := range list {
		if d.Device == name {
			return d.Stats
		}
	}
	k.t.Fatalf("no stats of %s", name)
	return traffic{}
}

func TestTheGuestReadsAndWritesWhileItRuns(t *testing.T) {
	k := begin(t, demo.Options{})
	before := k.traffic("drive1")
	k.pass(40 * time.Second)
	after := k.traffic("drive1")
	if rate := (after.WrBytes - before.WrBytes) / 40; rate < 4e6 || rate > 7e6 {
		t.Errorf("it writes %d bytes a second", rate)
	}
	if after.RdOps <= before.RdOps || after.RdBytes <= before.RdBytes {
		t.Error("it does not read")
	}
	k.do("stop", `{}`)
	before = k.traffic("drive1")
	k.pass(time.Minute)
	if after := k.traffic("drive1"); after != before {
		t.Error("it reads and writes while it is stopped")
	}
}

func TestThrottling(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("block_set_io_throttle", throttle("drive1", 1000000, 0))
	if d := k.disk("drive1"); d.Inserted.BPS != 1000000 {
		t.Errorf("query-block says %d", d.Inserted.BPS)
	}
	before := k.traffic("drive1")
	k.pass(100 * time.Second)
	after := k.traffic("drive1")
	if sum := after.RdBytes + after.WrBytes - before.RdBytes - before.WrBytes; sum > 101e6 || sum < 50e6 {
		t.Errorf("%d bytes in 100 s under a limit of 1 MB/s", sum)
	}
}

func TestResize(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("block_resize", `{"node-name":"data","size":137438953472}`)
	if d := k.disk("drive1"); d.Inserted.Image.Size != 128<<30 {
		t.Errorf("query-block says %d", d.Inserted.Image.Size)
	}
}

func TestChangingTheCD(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("blockdev-change-medium", `{"id":"ide-cd0","filename":"/srv/iso/rescue.iso"}`)
	if seen := k.seen(); seen != "DEVICE_TRAY_MOVED DEVICE_TRAY_MOVED" {
		t.Errorf("events were %s", seen)
	}
	if d := k.disk("cd0"); d.Inserted.File != "/srv/iso/rescue.iso" || d.TrayOpen || d.Locked {
		t.Errorf("after the change: %+v", d)
	}
	k.pass(10 * time.Second)
	if d := k.disk("cd0"); !d.Locked {
		t.Error("the guest has not mounted the CD")
	}
	k.refused(`{"execute":"blockdev-open-tray","arguments":{"id":"ide-cd0"}}`, "GenericError",
		"Device 'cd0' is locked and force was not specified, wait for tray to open and try again")
	k.pass(5 * time.Second)
	if d := k.disk("cd0"); !d.TrayOpen || d.Inserted == nil {
		t.Errorf("the guest was asked to open the tray: %+v", d)
	}
	k.do("blockdev-remove-medium", `{"id":"ide-cd0"}`)
	if d := k.disk("cd0"); d.Inserted != nil {
		t.Error("the medium is still there")
	}
	k.do("blockdev-add", `{"driver":"raw","node-name":"new","read-only":true,"file":{"driver":"file","filename":"/srv/iso/debian-12.iso"}}`)
	k.do("blockdev-insert-medium", `{"id":"ide-cd0","node-name":"new"}`)
	k.do("blockdev-close-tray", `{"id":"ide-cd0"}`)
	if d := k.disk("cd0"); d.TrayOpen || d.Inserted.Node != "new" {
		t.Errorf("in the end: %+v", d)
	}
	k.refused(`{"execute":"blockdev-insert-medium","arguments":{"id":"ide-cd0","node-name":"new"}}`, "GenericError",
		"Node 'new' is already in use")
}

func TestATransactionDoesAllOrNothing(t *testing.T) {
	k := begin(t, demo.Options{})
	k.pass(5 * time.Minute) // the mirror has copied drive0
	k.do("job-cancel", `{"id":"drive0"}`)
	k.pass(time.Second)
	const first = `{"type":"blockdev-snapshot-sync","data":{"device":"drive0","snapshot-file":"/tmp/a.qcow2"}}`
	k.refused(`{"execute":"transaction","arguments":{"actions":[`+first+
		`,{"type":"blockdev-snapshot-sync","data":{"device":"nope","snapshot-file":"/tmp/b.qcow2"}}]}}`,
		"GenericError", "Cannot find device='nope' nor node-name=''")
	if d := k.disk("drive0"); d.Inserted.Node != "root" || d.Inserted.ReadOnly || d.Inserted.Depth != 1 {
		t.Errorf("after a transaction that failed: %+v", d.Inserted)
	}
	k.do("transaction", `{"actions":[`+first+`,{"type":"blockdev-snapshot-sync","data":{"device":"drive1","snapshot-file":"/tmp/b.qcow2"}}]}`)
	for name, file := range map[string]string{"drive0": "/tmp/a.qcow2", "drive1": "/tmp/b.qcow2"} {
		if d := k.disk(name); d.Inserted.File != file || d.Inserted.Depth != 2 {
			t.Errorf("%s: %+v", name, d.Inserted)
		}
	}
	k.refused(`{"execute":"transaction","arguments":{"actions":[{"type":"abort","data":{}}]}}`, "GenericError",
		"Transaction aborted using Abort action")
}

func TestNodesThatAreRefused(t *testing.T) {
	k := begin(t, demo.Options{})
	for args, desc := range map[string]string{
		`{"driver":"qcow3","node-name":"n"}`:          "Parameter 'driver' does not accept value 'qcow3'",
		`{"driver":"qcow2","node-name":"n"}`:          "Parameter 'file' is missing",
		`{"driver":"qcow2","node-name":"n","file":7}`: "Invalid parameter type for 'file', expected: BlockdevRef",
		`{"node-name":"n"}`:                           "Parameter 'driver' is missing",
		`{"driver":"raw","node-name":"n","file":{"driver":"file","filename":"/no-such-folder/y"}}`:         "Could not open '/no-such-folder/y': No such file or directory",
		`{"driver":"raw","file":{"driver":"file","filename":"/srv/iso/rescue.iso"}}`:                       "'node-name' must be specified for the root node",
		`{"driver":"raw","node-name":"root","file":{"driver":"file","filename":"/srv/iso/rescue.iso"}}`:    "Duplicate nodes with node-name='root'",
		`{"driver":"raw","node-name":"1","file":{"driver":"file","filename":"/srv/iso/rescue.iso"}}`:       "Invalid node-name: '1'",
		`{"driver":"raw","node-name":"cd0","file":{"driver":"file","filename":"/srv/iso/rescue.iso"}}`:     "node-name=cd0 is conflicting with a device id",
		`{"driver":"raw","node-name":"n","file":"nope"}`:                                                   "Cannot find device='nope' nor node-name='nope'",
		`{"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"/srv/iso/rescue.iso"}}`:     "Image is not in qcow2 format",
		`{"driver":"raw","node-name":"n","file":{"driver":"file","filename":"/srv/iso/rescue.iso","x":1}}`: "Parameter 'file.x' is unexpected",
	} {
		k.refused(`{"execute":"blockdev-add","arguments":`+args+`}`, "GenericError", desc)
	}
	k.refused(`{"execute":"blockdev-del","arguments":{"node-name":"root"}}`, "GenericError", "Node root is in use")
	k.refused(`{"execute":"blockdev-del","arguments":{"node-name":"n"}}`, "GenericError", "Failed to find node with node-name='n'")
	var nodes []nodeInfo
	k.get("query-named-block-nodes", "", &nodes)
	for _, n := range nodes {
		if strings.HasPrefix(n.Node, "#") {
			t.Errorf("a refused command has left node %+v", n)
		}
	}
}

func TestADiskIsPluggedInAndOut(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("blockdev-add", `{"driver":"null-co","node-name":"scratch","size":1073741824}`)
	k.do("device_add", `{"driver":"virtio-blk-pci","id":"vdc","bus":"pci.9","drive":"scratch"}`)
	if d := k.disk("/machine/peripheral/vdc/virtio-backend"); d.Device != "" || d.Inserted.Node != "scratch" {
		t.Errorf("plugged in: %+v", d)
	}
	k.refused(`{"execute":"blockdev-del","arguments":{"node-name":"scratch"}}`, "GenericError", "Node scratch is in use")
	k.do("device_del", `{"id":"vdc"}`)
	k.refused(`{"execute":"device_del","arguments":{"id":"vdc"}}`, "GenericError", "Device vdc is already in the process of unplug")
	k.pass(2 * time.Second)
	if seen := k.seen(); seen != "DEVICE_DELETED DEVICE_DELETED" {
		t.Errorf("events were %s", seen)
	}
	k.do("blockdev-del", `{"node-name":"scratch"}`)
}

func TestAnOverlayIsPutOnADisk(t *testing.T) {
	k := begin(t, demo.Options{})
	k.do("blockdev-snapshot-sync", `{"device":"drive1","snapshot-file":"/tmp/o.qcow2","snapshot-node-name":"o"}`)
	k.do("block-commit", `{"device":"drive1","job-id":"c","base-node":"data"}`)
	k.pass(time.Minute)
	k.do("job-complete", `{"id":"c"}`)
	k.pass(time.Second) // the image in /tmp is free again
	k.do("blockdev-add", `{"driver":"qcow2","node-name":"o","file":{"driver":"file","filename":"/tmp/o.qcow2"},"backing":null}`)
	for args, desc := range map[string]string{
		`{"node":"nope","overlay":"o"}`:    "Cannot find device='nope' nor node-name='nope'",
		`{"node":"data","overlay":"nope"}`: "Cannot find device='nope' nor node-name='nope'",
		`{"node":"data","overlay":"root"}`: "The overlay is already in use",
	} {
		k.refused(`{"execute":"blockdev-snapshot","arguments":`+args+`}`, "GenericError", desc)
	}
	k.do("blockdev-snapshot", `{"node":"data","overlay":"o"}`)
	if d := k.disk("drive1"); d.Inserted.Node != "o" || d.Inserted.Depth != 2 {
		t.Errorf("the disk has %+v", d.Inserted)
	}
}
