package scenes

import "testing"

func TestCompletionOfWhatTheMachineHas(t *testing.T) {
	live := func(name, typed string, offered ...string) scene {
		return scene{name, func(p *prompt) {
			p.complete(typed)
			p.sees(offered...) // in a menu, or in the line when it is the only one
		}}
	}
	stage{}.play(t, []scene{
		live("node names", "block-dirty-bitmap-add node=", "disk0", "file0"),
		live("devices that can be unplugged", "device_del id=", "vd0", "nic0", "port1"),
		live("character devices", "ringbuf-read device=", "serial0", "ring0"),
		live("objects", "object-del id=", "io0"),
		live("QOM paths, the first segment", "qom-list path=/", "/machine", "/objects", "/chardevs"),
		live("QOM paths, a segment further", "qom-list path=/machine/p", "/machine/peripheral"),
		live("properties of a QOM object", "qom-get path=/machine/peripheral/nic0 property=", "acpi-index", "addr"),
		live("device types", "device_add driver=virtio-", "virtio-balloon-pci", "virtio-blk-pci"),
		live("properties of the device type, with its network cards", "device_add driver=e1000 ", "bus", "id", "mac"),
		live("network backends", "netdev_del id=", "net0"),
		live("object types", "object-add qom-type=authz-", "authz-list", "authz-simple"),
		live("migration capabilities with their present states", `migrate-set-capabilities capabilities=[{"capability": "x`, "xbzrle", "off now"),
		{"migration parameters with their present values", func(p *prompt) {
			p.complete("migrate-set-parameters max-bandwidth=")
			p.sees("max-bandwidth=134217728")
		}},
		live("event names", ".events BLOCK_J", "BLOCK_JOB_READY", "BLOCK_JOB_COMPLETED"),
		{"a job that was started a moment ago", func(p *prompt) {
			p.run("blockdev-add driver=null-co node-name=copy size=16M")
			p.run("blockdev-mirror device=disk0 target=copy sync=none job-id=follow")
			p.begin("job-cancel id=")
			p.Press("Tab")
			p.sees("> job-cancel id=follow")
			p.Press("C-c")
			p.ready()
			p.run("block-job-cancel device=follow force=true")
			p.sees("follow null")
			p.run("blockdev-del node-name=copy")
		}},
		{"a node that was added a moment ago", func(p *prompt) {
			p.run("blockdev-add driver=null-co node-name=zz-new")
			p.begin("blockdev-del node-name=zz")
			p.Press("Tab")
			p.sees("node-name=zz-new")
			p.Press("Enter")
			p.ready()
			p.sees("ok")
		}},
		{"the bitmaps of the node that was chosen", func(p *prompt) {
			p.run("block-dirty-bitmap-add node=disk0 name=seen")
			p.begin("block-dirty-bitmap-clear node=disk0 name=")
			p.Press("Tab")
			p.sees("> block-dirty-bitmap-clear node=disk0 name=seen")
			p.Press("C-c")
			p.ready()
			p.run("block-dirty-bitmap-remove node=disk0 name=seen")
		}},
	})
}
