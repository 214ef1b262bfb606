package demo_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/internal/qemutest"
)

// realMachine starts a QEMU with the things of web01 that the conversations below are about.
func realMachine(t *testing.T) *talk {
	t.Helper()
	dir := qemutest.Dir(t)
	qemutest.Image(t, dir, "base.qcow2", "qcow2", "16M")
	root := qemutest.Image(t, dir, "root.qcow2", "qcow2", "16M", "-b", "base.qcow2", "-F", "qcow2")
	data := qemutest.Image(t, dir, "data.qcow2", "qcow2", "16M")
	iso := qemutest.Image(t, dir, "cd.iso", "raw", "4M")
	q := qemutest.StartIn(t, dir, "-name", "web01", "-machine", "q35", "-m", "64", "-smp", "4", "-vnc", "unix:"+filepath.Join(dir, "vnc"),
		"-drive", "if=none,id=drive0,node-name=root,format=qcow2,file="+root, "-device", "pcie-root-port,id=pci.3,chassis=3",
		"-device", "virtio-blk-pci,id=vda,drive=drive0,bus=pci.3",
		"-drive", "if=none,id=drive1,node-name=data,format=qcow2,file="+data, "-device", "pcie-root-port,id=pci.4,chassis=4",
		"-device", "virtio-blk-pci,id=vdb,drive=drive1,bus=pci.4",
		"-drive", "if=none,id=cd0,media=cdrom,format=raw,file="+iso, "-device", "ide-cd,id=ide-cd0,drive=cd0",
		"-device", "pcie-root-port,id=pci.1,chassis=1", "-netdev", "user,id=hostnet0", "-device", "virtio-net-pci,id=net0,netdev=hostnet0,bus=pci.1",
		"-device", "pcie-root-port,id=pci.6,chassis=6", "-device", "virtio-balloon-pci,id=balloon0,bus=pci.6",
		"-device", "pcie-root-port,id=pci.9,chassis=9", "-object", "iothread,id=iothread0", "-object", "rng-builtin,id=objrng0",
		"-device", "pcie-root-port,id=pci.7,chassis=7", "-device", "virtio-rng-pci,id=rng0,bus=pci.7",
		"-chardev", "null,id=serial0", "-device", "isa-serial,chardev=serial0")
	nc, err := net.Dial("unix", q.Socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, nc: nc, in: bufio.NewReader(nc)}
	k.line()
	k.ask(`{"execute":"qmp_capabilities"}`)
	return k
}

// quietMachine is a demo machine whose mirror has been cancelled.
func quietMachine(t *testing.T) *talk {
	k := begin(t, demo.Options{})
	k.do("job-cancel", `{"id":"drive0"}`)
	k.pass(time.Second)
	k.seen()
	return k
}

// Both are told the same, and say the same to the byte: mostly how they refuse.
func TestTheRealOneSaysTheSame(t *testing.T) {
	real, ours := realMachine(t), quietMachine(t)
	for message := range strings.Lines(`{"execute":"query-status"}
{"execute":"query-name","id":[1,{"a":"é"}]}
{"execute":"query-status","arguments":{"x":1},"id":7}
{"execute":"nope","id":null}
{"id":7}
{"execute":"stop"}
{"execute":"stop"}
{"execute":"query-status"}
{"execute":"cont"}
{"execute":"set_link","arguments":{"name":"net0","up":false}}
{"execute":"set_link","arguments":{"name":"hostnet0","up":false}}
{"execute":"set_link","arguments":{"name":"x","up":true}}
{"execute":"set_link","arguments":{"name":1,"up":true}}
{"execute":"set_link","arguments":{"up":true}}
{"execute":"set_link","arguments":{"name":"x","up":"y"}}
{"execute":"set_link","arguments":{"name":"x","up":true,"z":1}}
{"execute":"migrate-set-capabilities","arguments":{"capabilities":[{"capability":"bogus","state":true}]}}
{"execute":"migrate-set-capabilities","arguments":{"capabilities":[{"capability":"events"}]}}
{"execute":"migrate-set-capabilities","arguments":{"capabilities":[{"capability":7,"state":true}]}}
{"execute":"migrate-set-capabilities","arguments":{"capabilities":3}}
{"execute":"migrate-set-parameters","arguments":{"downtime-limit":99999999}}
{"execute":"migrate-set-parameters","arguments":{"cpu-throttle-initial":0}}
{"execute":"migrate-pause"}
{"execute":"migrate-recover","arguments":{"uri":"x"}}
{"execute":"migrate-start-postcopy"}
{"execute":"migrate-continue","arguments":{"state":"pre-switchover"}}
{"execute":"query-migrate"}
{"execute":"migrate_cancel"}
{"execute":"migrate","arguments":{"uri":"nope"}}
{"execute":"yank","arguments":{"instances":[{"type":"migration"}]}}
{"execute":"blockdev-add","arguments":{"driver":"qcow3","node-name":"n"}}
{"execute":"blockdev-add","arguments":{"driver":"qcow2","node-name":"n"}}
{"execute":"blockdev-add","arguments":{"driver":"qcow2","node-name":"n","file":7}}
{"execute":"blockdev-add","arguments":{"node-name":"n"}}
{"execute":"blockdev-add","arguments":{"driver":"raw","file":{"driver":"null-co"}}}
{"execute":"blockdev-add","arguments":{"driver":"null-co","node-name":"root"}}
{"execute":"blockdev-add","arguments":{"driver":"null-co","node-name":"cd0"}}
{"execute":"blockdev-add","arguments":{"driver":"null-co","node-name":"1"}}
{"execute":"blockdev-add","arguments":{"driver":"raw","node-name":"n","file":{"driver":"file","filename":"/no-such-folder/y"}}}
{"execute":"blockdev-add","arguments":{"driver":"null-co","node-name":"extra","size":1048576}}
{"execute":"blockdev-del","arguments":{"node-name":"extra"}}
{"execute":"blockdev-del","arguments":{"node-name":"extra"}}
{"execute":"blockdev-del","arguments":{"node-name":"root"}}
{"execute":"block_resize","arguments":{"device":"x","size":10}}
{"execute":"block_resize","arguments":{"device":"x","size":1.5}}
{"execute":"block_resize","arguments":{"device":"drive0","size":-1}}
{"execute":"block_resize","arguments":{"device":"drive0","size":99999999999999999999}}
{"execute":"block_set_io_throttle","arguments":{"device":"drive0","bps":100,"bps_rd":1,"bps_wr":0,"iops":0,"iops_rd":0,"iops_wr":0}}
{"execute":"block_set_io_throttle","arguments":{"device":"drive0","bps":100,"bps_rd":0,"bps_wr":0,"iops":0,"iops_rd":0,"iops_wr":-1}}
{"execute":"block_set_io_throttle","arguments":{"device":"nope","bps":100,"bps_rd":0,"bps_wr":0,"iops":0,"iops_rd":0,"iops_wr":0}}
{"execute":"eject","arguments":{"device":"drive0"}}
{"execute":"eject","arguments":{"device":"nope"}}
{"execute":"eject","arguments":{}}
{"execute":"blockdev-open-tray","arguments":{"device":"drive0"}}
{"execute":"blockdev-open-tray","arguments":{"id":"nope"}}
{"execute":"blockdev-remove-medium","arguments":{"id":"ide-cd0"}}
{"execute":"blockdev-change-medium","arguments":{"device":"cd0","filename":"/missing/x.iso"}}
{"execute":"blockdev-open-tray","arguments":{"id":"ide-cd0"}}
{"execute":"blockdev-close-tray","arguments":{"id":"ide-cd0"}}
{"execute":"eject","arguments":{"id":"ide-cd0"}}
{"execute":"block-stream","arguments":{"device":"nope"}}
{"execute":"block-stream","arguments":{"device":"drive0","job-id":"1st"}}
{"execute":"block-commit","arguments":{"device":"drive0","base-node":"nope"}}
{"execute":"job-cancel","arguments":{"id":"nope"}}
{"execute":"job-pause","arguments":{"id":"nope"}}
{"execute":"block-job-cancel","arguments":{"device":"nope"}}
{"execute":"block-job-set-speed","arguments":{"device":"nope","speed":1}}
{"execute":"drive-mirror","arguments":{"device":"drive0","target":"/missing/m.qcow2","sync":"full"}}
{"execute":"transaction","arguments":{"actions":[{"type":"abort","data":{}}]}}
{"execute":"device_add","arguments":{"driver":"nope"}}
{"execute":"device_add","arguments":{"driver":"pci-device","bus":"pci.9"}}
{"execute":"device_add","arguments":{"driver":"virtio-rng-pci","id":"r"}}
{"execute":"device_add","arguments":{"driver":"virtio-rng-pci","id":"r","bus":"nobus"}}
{"execute":"device_add","arguments":{"driver":"virtio-rng-pci","id":"r","bus":"pci.9","foo":1}}
{"execute":"device_add","arguments":{"driver":"virtio-rng-pci","id":"rng0","bus":"pci.9"}}
{"execute":"device_add","arguments":{"driver":"virtio-blk-pci","bus":"pci.9"}}
{"execute":"device_del","arguments":{"id":"nope"}}
{"execute":"netdev_add","arguments":{"type":"user","id":"n1"}}
{"execute":"netdev_add","arguments":{"type":"user","id":"n1"}}
{"execute":"netdev_add","arguments":{"type":"nope","id":"n2"}}
{"execute":"netdev_del","arguments":{"id":"n1"}}
{"execute":"netdev_del","arguments":{"id":"n1"}}
{"execute":"chardev-add","arguments":{"id":"c","backend":{"type":"null","data":{}}}}
{"execute":"chardev-add","arguments":{"id":"c","backend":{"type":"null","data":{}}}}
{"execute":"chardev-add","arguments":{"id":"r","backend":{"type":"ringbuf","data":{"size":7}}}}
{"execute":"chardev-remove","arguments":{"id":"c"}}
{"execute":"chardev-remove","arguments":{"id":"c"}}
{"execute":"chardev-remove","arguments":{"id":"serial0"}}
{"execute":"object-add","arguments":{"qom-type":"iothread","id":"iothread0"}}
{"execute":"object-add","arguments":{"qom-type":"nope","id":"io2"}}
{"execute":"object-del","arguments":{"id":"nope"}}
{"execute":"qom-list","arguments":{"path":"/nope"}}
{"execute":"qom-get","arguments":{"path":"/nope","property":"x"}}
{"execute":"qom-get","arguments":{"path":"balloon0","property":"nope"}}
{"execute":"qom-get","arguments":{"path":"/machine","property":"peripheral"}}
{"execute":"qom-get","arguments":{"path":"balloon0","property":"type"}}
{"execute":"qom-set","arguments":{"path":"balloon0","property":"type","value":"x"}}
{"execute":"qom-set","arguments":{"path":"balloon0","property":"guest-stats-polling-interval","value":2}}
{"execute":"qom-set","arguments":{"path":"balloon0","property":"guest-stats-polling-interval","value":"x"}}
{"execute":"qom-list-types","arguments":{"implements":"nope"}}
{"execute":"device-list-properties","arguments":{"typename":"nope"}}
{"execute":"balloon","arguments":{"value":0}}
{"execute":"memsave","arguments":{"val":0,"size":10,"filename":"/missing/x"}}
{"execute":"memsave","arguments":{"val":0,"size":10,"filename":"/missing/x","cpu-index":9}}
{"execute":"set_password","arguments":{"protocol":"nope","password":"x"}}
{"execute":"set_password","arguments":{"protocol":"spice","password":"x"}}
{"execute":"set_password","arguments":{"protocol":"vnc","password":"x","connected":"fail"}}
{"execute":"system_wakeup"}
{"execute":"system_powerdown"}
{"execute":"human-monitor-command","arguments":{"command-line":"info status"}}
{"execute":"human-monitor-command","arguments":{"command-line":"bogus"}}
{"execute":"human-monitor-command","arguments":{"command-line":"info name"}}
{"execute":"human-monitor-command","arguments":{"command-line":""}}
`) {
		message = strings.TrimSuffix(message, "\n")
		theirs, mine := real.ask(message), ours.ask(message)
		if theirs != mine {
			t.Errorf("%s\nreal: %s\ndemo: %s", message, theirs, mine)
		}
		if a, b := real.seen(), ours.seen(); a != b {
			t.Errorf("%s\nevents of the real one: %q\n      of the demo: %q", message, a, b)
		}
	}
}

// A job's life is told by the same events, in the same order, whether it is completed, cancelled or finalized by hand. The
// real one's jobs stand by for a moment now and then, as its threads happen to run: the demo's life is one that it lives too.
func TestTheRealOnesJobsLiveTheSame(t *testing.T) {
	real, ours := realMachine(t), quietMachine(t)
	for _, life := range []struct {
		name  string
		steps []string // commands; a name in front of a colon is an event to wait for
	}{
		{"a mirror that is completed", []string{
			`{"execute":"drive-mirror","arguments":{"device":"drive0","target":"TARGET","sync":"full"}}`,
			"BLOCK_JOB_READY:", `{"execute":"job-complete","arguments":{"id":"drive0"}}`, "null:",
		}},
		{"a mirror that is cancelled when ready", []string{
			`{"execute":"drive-mirror","arguments":{"device":"drive1","target":"TARGET2","sync":"full","job-id":"m"}}`,
			"BLOCK_JOB_READY:", `{"execute":"job-pause","arguments":{"id":"m"}}`, `{"execute":"job-resume","arguments":{"id":"m"}}`,
			`{"execute":"block-job-cancel","arguments":{"device":"m"}}`, "null:",
		}},
		{"a mirror that is cancelled by force", []string{
			`{"execute":"drive-mirror","arguments":{"device":"drive1","target":"TARGET3","sync":"full","job-id":"f"}}`,
			"BLOCK_JOB_READY:", `{"execute":"block-job-cancel","arguments":{"device":"f","force":true}}`, "null:",
		}},
		{"a stream that is finalized and dismissed by hand", []string{
			`{"execute":"block-stream","arguments":{"device":"drive1","job-id":"s","auto-finalize":false,"auto-dismiss":false}}`,
			"BLOCK_JOB_PENDING:", `{"execute":"job-finalize","arguments":{"id":"s"}}`, "concluded:",
			`{"execute":"job-dismiss","arguments":{"id":"s"}}`,
		}},
		{"a commit of what the guest writes to", []string{
			`{"execute":"blockdev-snapshot-sync","arguments":{"device":"drive1","snapshot-file":"TARGET4"}}`,
			`{"execute":"block-commit","arguments":{"device":"drive1","job-id":"c"}}`, "BLOCK_JOB_READY:",
			`{"execute":"block-job-complete","arguments":{"device":"c"}}`, "null:",
		}},
	} {
		mine := ours.live(life.steps, "/tmp/")
		theirs := real.live(life.steps, t.TempDir()+"/")
		for range 4 {
			if theirs == mine {
				break
			}
			theirs = real.live(life.steps, t.TempDir()+"/")
		}
		if theirs != mine {
			t.Errorf("%s\nreal: %s\ndemo: %s", life.name, theirs, mine)
		}
	}
}

// live goes through a job's life and returns what was told of it.
func (k *talk) live(steps []string, dir string) string {
	k.t.Helper()
	k.said.Reset()
	for _, step := range steps {
		want, isEvent := strings.CutSuffix(step, ":")
		if !isEvent {
			reply := k.ask(strings.Replace(step, "TARGET", dir+"job-target", 1))
			if !strings.HasPrefix(reply, `{"return"`) {
				k.t.Fatalf("%s: %s", step, reply)
			}
			continue
		}
		for !strings.Contains(toldOfJobs(k.said.String()), want) {
			if k.clock == nil {
				k.line()
			} else {
				k.pass(time.Second)
			}
		}
	}
	return toldOfJobs(k.said.String())
}

// toldOfJobs lists the events about jobs, with the status where there is one.
func toldOfJobs(said string) string {
	var told []string
	for line := range strings.Lines(said) {
		var e struct {
			Event string
			Data  struct{ Status string }
		}
		if json.Unmarshal([]byte(line), &e) == nil && (strings.HasPrefix(e.Event, "BLOCK_JOB") || strings.HasPrefix(e.Event, "JOB_")) {
			told = append(told, strings.TrimSpace(e.Event+" "+e.Data.Status))
		}
	}
	return strings.Join(told, ", ")
}

// Replies that differ in what they tell have the same members, as far as the demo tells them.
func TestTheRealOneHasTheSameMembers(t *testing.T) {
	real, ours := realMachine(t), quietMachine(t)
	for _, name := range []string{
		"query-block", "query-blockstats", "query-named-block-nodes", "query-cpus-fast", "query-iothreads", "query-chardev", "query-balloon",
		"query-kvm", "query-uuid", "query-version", "query-vnc", "query-mice", "query-pci", "query-migrate-parameters",
		"query-migrate-capabilities", "query-machines", "query-hotpluggable-cpus", "query-memory-size-summary", "query-current-machine",
		"query-target", "query-yank", "query-chardev-backends", "query-spice", "query-commands", "query-jobs", "query-block-jobs",
	} {
		message := fmt.Sprintf(`{"execute":%q}`, name)
		theirs, mine := shape(t, real.ask(message)), shape(t, ours.ask(message))
		for _, path := range mine {
			if !slices.Contains(theirs, path) && !exempt(path) {
				t.Errorf("%s: the real one has no %s; it has %s", name, path, strings.Join(theirs, " "))
			}
		}
	}
}

// exempt are members that depend on the machine's make-up, or on the version.
func exempt(path string) bool {
	for _, part := range []string{".pci_bridge.devices[]", ".backing-image.", ".backing", ".alias", ".is-default", ".clients[]", ".idle_time_ns"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// shape lists the paths of a reply's members with the kinds of their values.
func shape(t *testing.T, reply string) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(reply), &v); err != nil {
		t.Fatal(err)
	}
	var paths []string
	outline(v, "", &paths)
	slices.Sort(paths)
	return slices.Compact(paths)
}

func outline(v any, path string, paths *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			outline(inner, path+"."+name, paths)
		}
	case []any:
		for _, elem := range v {
			outline(elem, path+"[]", paths)
		}
	default:
		*paths = append(*paths, fmt.Sprintf("%s:%T", path, v))
	}
}
