package demo_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// commands2012 are those of QEMU's QAPI source of early 2012.
const commands2012 = `query-name query-version query-kvm query-status query-uuid query-chardev query-commands
query-migrate query-mice query-cpus query-block query-blockstats query-vnc query-spice query-balloon query-pci
query-block-jobs quit stop system_reset system_powerdown cpu memsave pmemsave cont system_wakeup inject-nmi set_link
block_passwd balloon block_resize blockdev-snapshot-sync human-monitor-command migrate_cancel migrate_set_downtime
migrate_set_speed qom-list qom-get qom-set set_password expire_password eject change-vnc-password change
block_set_io_throttle block_stream block_job_set_speed block_job_cancel qom-list-types`

// A step of a walk asks one command. Then is the error's class in 2012, "" for a success; now is today's class where
// that is not GenericError; pass is how much time goes by before.
type step struct {
	command, args string
	then, now     string
	pass          time.Duration
}

const deviceNotFound = "DeviceNotFound"

// walks go through every command of 2012, with every answer and error that their documentation tells of and that can
// come about: each walk on a machine of its own.
var walks = map[string][]step{
	"identity": {
		{command: "query-name"}, {command: "query-version"}, {command: "query-kvm"}, {command: "query-uuid"},
		{command: "query-commands"}, {command: "query-mice"}, {command: "query-cpus"}, {command: "query-pci"},
		{command: "cpu", args: `{"index":1}`},
		{command: "cpu", args: `{}`, then: "MissingParameter"},
		{command: "cpu", args: `{"index":"1"}`, then: "InvalidParameterType"},
		{command: "query-name", args: `{"x":1}`, then: "InvalidParameter"},
	},
	"running": {
		{command: "query-status"}, {command: "stop"}, {command: "stop"}, {command: "query-status"}, {command: "cont"},
		{command: "cont"}, {command: "system_reset"}, {command: "inject-nmi"}, {command: "system_powerdown"},
		{command: "query-status", pass: 10 * time.Second},
		{command: "cont", then: "ResetRequired"},
		{command: "system_reset"}, {command: "cont"}, {command: "quit"},
	},
	"memory": {
		{command: "memsave", args: `{"val":0,"size":4096,"filename":"/tmp/m"}`},
		{command: "memsave", args: `{"val":0,"size":4096,"filename":"/tmp/m","cpu-index":3}`},
		{command: "memsave", args: `{"val":0,"size":4096,"filename":"/tmp/m","cpu-index":4}`, then: "InvalidParameterValue"},
		{command: "memsave", args: `{"val":0,"size":4096,"filename":"/missing/m"}`, then: "OpenFileFailed"},
		{command: "memsave", args: `{"val":0,"size":-1,"filename":"/tmp/m"}`, then: "IOError"},
		{command: "pmemsave", args: `{"val":0,"size":4096,"filename":"/tmp/m"}`},
		{command: "pmemsave", args: `{"val":0,"size":4096,"filename":"/missing/m"}`, then: "OpenFileFailed"},
		{command: "pmemsave", args: `{"val":5000000000,"size":4096,"filename":"/tmp/m"}`, then: "IOError"},
		{command: "query-balloon"},
		{command: "balloon", args: `{"value":1073741824}`},
		{command: "balloon", args: `{"value":0}`, then: "InvalidParameterValue"},
		{command: "query-balloon", pass: 10 * time.Second},
		{command: "device_del", args: `{"id":"balloon0"}`},
		{command: "query-balloon", pass: 2 * time.Second, then: "DeviceNotActive", now: "DeviceNotActive"},
		{command: "balloon", args: `{"value":1073741824}`, then: "DeviceNotActive", now: "DeviceNotActive"},
	},
	"disks": {
		{command: "query-block"}, {command: "query-blockstats"},
		{command: "block_resize", args: `{"device":"drive1","size":70000000000}`},
		{command: "block_resize", args: `{"device":"drive1","size":-1}`, then: "InvalidParameterValue"},
		{command: "block_resize", args: `{"device":"nope","size":1}`, then: deviceNotFound},
		{command: "block_resize", args: `{"device":"cd0","size":1}`, then: "DeviceIsReadOnly"},
		{command: "block_resize", args: `{"device":"drive0","size":1073741824}`, then: "DeviceInUse"},
		{command: "eject", args: `{"device":"cd0"}`},
		{command: "eject", args: `{"device":"cd0"}`},
		{command: "block_resize", args: `{"device":"cd0","size":1}`, then: "DeviceHasNoMedium"},
		{command: "change", args: `{"device":"cd0","target":"/srv/images/vault.qcow2","arg":"qcow2"}`, then: "DeviceEncrypted"},
		{command: "stop"},
		{command: "cont", then: "DeviceEncrypted"},
		{command: "block_passwd", args: `{"device":"cd0","password":"wrong"}`, then: "InvalidPassword"},
		{command: "block_passwd", args: `{"device":"cd0","password":"sesame"}`},
		{command: "block_passwd", args: `{"device":"drive0","password":"sesame"}`, then: "DeviceNotEncrypted"},
		{command: "block_passwd", args: `{"device":"nope","password":"sesame"}`, then: deviceNotFound},
		{command: "cont"},
		{command: "change", args: `{"device":"cd0","target":"/srv/iso/rescue.iso"}`},
		{command: "change", args: `{"device":"nope","target":"/srv/iso/rescue.iso"}`, then: deviceNotFound, now: deviceNotFound},
		{command: "change", args: `{"device":"cd0","target":"/srv/iso/rescue.iso","arg":"qcow7"}`, then: "InvalidBlockFormat"},
		{command: "change", args: `{"device":"cd0","target":"/srv/iso/none.iso"}`, then: "OpenFileFailed"},
		{command: "eject", args: `{"device":"drive1"}`, then: "DeviceNotRemovable"},
		{command: "eject", args: `{"device":"nope"}`, then: deviceNotFound, now: deviceNotFound},
		{command: "eject", args: `{"device":"cd0"}`, then: "DeviceLocked", pass: 10 * time.Second},
		{command: "eject", args: `{"device":"cd0","force":true}`},
	},
	"throttling": {
		{command: "block_set_io_throttle", args: throttle("drive0", 1000000, 0)},
		{command: "block_set_io_throttle", args: throttle("nope", 1000000, 0), then: deviceNotFound, now: deviceNotFound},
		{command: "block_set_io_throttle", args: throttle("drive0", 1000000, 5), then: "InvalidParameterCombination"},
		{command: "block_set_io_throttle", args: throttle("drive0", -1, 0), then: "InvalidParameterCombination"},
	},
	"snapshots": {
		{command: "blockdev-snapshot-sync", args: `{"device":"drive1","snapshot-file":"/srv/images/s1.qcow2"}`},
		{command: "blockdev-snapshot-sync", args: `{"device":"drive1","snapshot-file":"/srv/images/s2.qcow2","format":"qcow2"}`},
		{command: "blockdev-snapshot-sync", args: `{"device":"nope","snapshot-file":"/srv/images/s3.qcow2"}`, then: deviceNotFound},
		{command: "blockdev-snapshot-sync", args: `{"device":"drive1","snapshot-file":"/missing/s3.qcow2"}`, then: "OpenFileFailed"},
		{command: "blockdev-snapshot-sync", args: `{"device":"drive1","snapshot-file":"/srv/images/s3","format":"x"}`, then: "InvalidBlockFormat"},
	},
	"jobs": {
		{command: "query-block-jobs"},
		{command: "block_stream", args: `{"device":"drive0"}`, then: "DeviceInUse"},
		{command: "block_stream", args: `{"device":"nope"}`, then: deviceNotFound},
		{command: "block_stream", args: `{"device":"cd0"}`, then: "NotSupported"},
		{command: "block_stream", args: `{"device":"drive1","base":"/srv/images/none.qcow2"}`, then: "BaseNotFound"},
		{command: "block_stream", args: `{"device":"drive1"}`},
		{command: "block_job_set_speed", args: `{"device":"drive1","value":1048576}`},
		{command: "block_job_set_speed", args: `{"device":"cd0","value":1048576}`, then: "DeviceNotActive", now: "DeviceNotActive"},
		{command: "block_job_cancel", args: `{"device":"drive1"}`},
		{command: "block_job_cancel", args: `{"device":"drive1"}`, then: "DeviceInUse"},
		{command: "block_job_cancel", args: `{"device":"drive1"}`, pass: time.Second, then: "DeviceNotActive", now: "DeviceNotActive"},
		{command: "block_stream", args: `{"device":"drive1","base":"/srv/images/data.qcow2"}`},
		{command: "query-block-jobs", pass: time.Hour},
	},
	"displays": {
		{command: "query-vnc"}, {command: "query-spice"},
		{command: "set_password", args: `{"protocol":"vnc","password":"x"}`},
		{command: "set_password", args: `{"protocol":"vnc","password":"x","connected":"keep"}`},
		{command: "set_password", args: `{"protocol":"vnc","password":"x","connected":"fail"}`, then: "InvalidParameter"},
		{command: "set_password", args: `{"protocol":"rdp","password":"x"}`, then: "InvalidParameter"},
		{command: "set_password", args: `{"protocol":"spice","password":"x"}`, then: deviceNotFound, now: "DeviceNotActive"},
		{command: "expire_password", args: `{"protocol":"vnc","time":"now"}`},
		{command: "expire_password", args: `{"protocol":"vnc","time":"never"}`},
		{command: "expire_password", args: `{"protocol":"vnc","time":"+60"}`},
		{command: "expire_password", args: `{"protocol":"vnc","time":"1700000000"}`},
		{command: "expire_password", args: `{"protocol":"vnc","time":"soon"}`, then: "SetPasswdFailed"},
		{command: "expire_password", args: `{"protocol":"spice","time":"now"}`, then: deviceNotFound, now: "DeviceNotActive"},
		{command: "expire_password", args: `{"protocol":"rdp","time":"now"}`, then: "InvalidParameter"},
		{command: "change-vnc-password", args: `{"password":"y"}`},
		{command: "change", args: `{"device":"vnc","target":"password","arg":"z"}`},
		{command: "change", args: `{"device":"vnc","target":"127.0.0.1:5"}`},
		{command: "change", args: `{"device":"vnc","target":"nonsense"}`, then: "VNCServerFailed"},
		{command: "change", args: `{"device":"vnc","target":"none"}`},
		{command: "query-vnc"},
		{command: "set_password", args: `{"protocol":"vnc","password":"x"}`, then: "SetPasswdFailed"},
		{command: "change-vnc-password", args: `{"password":"y"}`, then: "SetPasswdFailed"},
	},
	"network and chardevs": {
		{command: "set_link", args: `{"name":"net0","up":false}`},
		{command: "set_link", args: `{"name":"hostnet1","up":false}`},
		{command: "set_link", args: `{"name":"nope","up":false}`, then: deviceNotFound, now: deviceNotFound},
		{command: "set_link", args: `{"name":"vda","up":false}`, then: deviceNotFound, now: deviceNotFound},
		{command: "query-chardev"},
	},
	"migration": {
		{command: "query-migrate"}, {command: "migrate_cancel"},
		{command: "migrate_set_speed", args: `{"value":-5}`},
		{command: "migrate_set_speed", args: `{"value":33554432}`},
		{command: "migrate_set_downtime", args: `{"value":0.5}`},
		{command: "migrate_set_downtime", args: `{"value":1}`},
		{command: "migrate_set_downtime", args: `{"value":-1}`, then: "InvalidParameterValue"},
		{command: "migrate", args: `{"uri":"pigeon:home"}`, then: "InvalidParameterValue"},
		{command: "migrate", args: `{"uri":"tcp:backup:4444","blk":true}`},
		{command: "migrate", args: `{"uri":"tcp:backup:4444"}`, pass: time.Second, then: "MigrationActive"},
		{command: "query-migrate", pass: 20 * time.Second},
		{command: "migrate_cancel"}, {command: "query-migrate", pass: time.Second},
	},
	"objects": {
		{command: "qom-list", args: `{"path":"/"}`}, {command: "qom-list", args: `{"path":"/machine/peripheral/net0"}`},
		{command: "qom-list", args: `{"path":"/nope"}`, then: deviceNotFound, now: deviceNotFound},
		{command: "qom-list", args: `{"path":"serial0"}`, then: "AmbiguousPath"},
		{command: "qom-get", args: `{"path":"/machine","property":"type"}`},
		{command: "qom-get", args: `{"path":"balloon0","property":"realized"}`},
		{command: "qom-get", args: `{"path":"/machine","property":"nope"}`, then: "PropertyNotFound"},
		{command: "qom-get", args: `{"path":"nope","property":"type"}`, then: deviceNotFound, now: deviceNotFound},
		{command: "qom-set", args: `{"path":"balloon0","property":"guest-stats-polling-interval","value":2}`},
		{command: "qom-set", args: `{"path":"balloon0","property":"guest-stats-polling-interval","value":"x"}`, then: "InvalidParameterType"},
		{command: "qom-set", args: `{"path":"balloon0","property":"type","value":"x"}`, then: "PermissionDenied"},
		{command: "qom-set", args: `{"path":"balloon0","property":"nope","value":2}`, then: "PropertyNotFound"},
		{command: "qom-list-types"}, {command: "qom-list-types", args: `{"implements":"device","abstract":true}`},
		{command: "qom-list-types", args: `{"implements":"nope"}`},
	},
	"human monitor": {
		{command: "human-monitor-command", args: `{"command-line":"info status"}`},
		{command: "human-monitor-command", args: `{"command-line":"info cpus","cpu-index":1}`},
		{command: "human-monitor-command", args: `{"command-line":"nonsense"}`},
		{command: "human-monitor-command", args: `{"command-line":"info cpus","cpu-index":99}`, then: "InvalidParameterValue"},
		{command: "human-monitor-command", args: `{}`, then: "MissingParameter"},
	},
}

func throttle(device string, bps, rd int) string {
	return fmt.Sprintf(`{"device":%q,"bps":%d,"bps_rd":%d,"bps_wr":0,"iops":0,"iops_rd":0,"iops_wr":0}`, device, bps, rd)
}

func TestEveryCommandOf2012OnAServerOf2012(t *testing.T) {
	for name, steps := range walks {
		t.Run(name, func(t *testing.T) {
			k := begin(t, demo.Options{Compat: demo.Compat11})
			var err error
			if k.schema, err = compat.Schema(); err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				class, text := k.walk(s)
				if class != s.then {
					t.Errorf("%s %s\n got %s\nwant %q", s.command, s.args, text, s.then)
				}
				if class != "" && !strings.Contains(text, `"data": {`) {
					t.Errorf("%s %s: %s lacks the data of its time", s.command, s.args, text)
				}
			}
		})
	}
}

func TestEveryCommandOf2012OnAServerOfToday(t *testing.T) {
	for name, steps := range walks {
		t.Run(name, func(t *testing.T) {
			k := begin(t, demo.Options{})
			for _, s := range steps {
				class, text := k.walk(s)
				want := s.now
				if s.then != "" && want == "" {
					want = "GenericError"
				}
				if class != want || strings.Contains(text, `"desc": ""`) {
					t.Errorf("%s %s\n got %s\nwant %q", s.command, s.args, text, want)
				}
			}
		})
	}
	k := begin(t, demo.Options{})
	if class, text := k.walk(step{command: "system_wakeup"}); class != "GenericError" {
		t.Errorf("system_wakeup of a guest that is awake: %s", text)
	}
}

func TestTheWalksLeaveNoCommandOut(t *testing.T) {
	for name := range strings.FieldsSeq(commands2012) {
		walked := name == "system_wakeup"
		for _, steps := range walks {
			walked = walked || slices.ContainsFunc(steps, func(s step) bool { return s.command == name })
		}
		if !walked {
			t.Errorf("no walk asks for %s", name)
		}
	}
	k := begin(t, demo.Options{Compat: demo.Compat11})
	if class, text := k.walk(step{command: "system_wakeup"}); class != "" {
		t.Errorf("system_wakeup did nothing in 2012, successfully; got %s", text)
	}
	var list []struct{ Name string }
	k.get("query-commands", "", &list)
	for name := range strings.FieldsSeq(commands2012) {
		if !slices.ContainsFunc(list, func(c struct{ Name string }) bool { return c.Name == name }) {
			t.Errorf("query-commands lacks %s", name)
		}
	}
}

// walk asks for one step and returns the class of the error, "" for a success, and the reply.
func (k *talk) walk(s step) (class, text string) {
	k.t.Helper()
	if s.pass > 0 {
		k.pass(s.pass)
	}
	message := fmt.Sprintf(`{"execute":%q}`, s.command)
	if s.args != "" {
		message = fmt.Sprintf(`{"execute":%q,"arguments":%s}`, s.command, s.args)
	}
	text = k.ask(message)
	var reply struct{ Error struct{ Class string } }
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		k.t.Fatal(err)
	}
	return reply.Error.Class, text
}
