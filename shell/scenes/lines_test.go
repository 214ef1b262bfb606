package scenes

import (
	"testing"
)

func TestLines(t *testing.T) {
	stage{}.play(t, []scene{
		{"a return is drawn as names and values", func(p *prompt) {
			p.run("query-status")
			p.sees("status prelaunch", "running false")
		}},
		{"dotted members make one object", func(p *prompt) {
			p.run("blockdev-add driver=raw node-name=dots file.driver=null-co file.size=1M")
			p.run(`query-named-block-nodes | .[] | select(."node-name" == "dots") | .image."virtual-size"`)
			p.sees("1048576")
			p.run("blockdev-del node-name=dots")
		}},
		{"a JSON value with blanks goes over several rows", func(p *prompt) {
			p.Type(`object-add qom-type=throttle-group id=tg limits={"iops-total":` + "\n")
			p.Type("  100,\n")
			p.Type(`"bps-total": 200 }`)
			p.Press("Enter")
			p.sees(`"bps-total": 200 }`, "ok")
			p.run("qom-get path=/objects/tg property=limits | .\"iops-total\"")
			p.sees("100")
			p.run("object-del id=tg")
		}},
		{"a property of an object has a type of its own", func(p *prompt) {
			p.run("qom-set path=/machine property=mem-merge value=off")
			p.sees("ok")
			p.run("qom-get path=/machine property=mem-merge")
			p.sees("false")
		}},
		{"a Python literal is taken as it is meant", func(p *prompt) {
			p.run(`blockdev-add driver=null-co node-name=py read-zeroes=True size=512 cache={'direct': False, 'no-flush': True}`)
			p.run(`query-named-block-nodes | .[] | select(."node-name" == "py") | .cache | tojson`)
			p.sees(`"direct":false`, `"no-flush":true`)
			p.run("blockdev-del node-name=py")
		}},
		{"a raw message is sent as it is", func(p *prompt) {
			p.run(`{"execute": "query-name"}`)
			p.sees("name web01")
		}},
		{"a raw message may go over several rows", func(p *prompt) {
			p.Type("{\"execute\":\n\"query-name\",\n\"arguments\": {}\n}\n")
			p.sees("name web01")
			p.ready()
		}},
		{"Alt-Enter starts another row and all of it is one line", func(p *prompt) {
			p.Type("query-name")
			p.Press("M-Enter")
			p.Type("| .name")
			p.Press("Enter")
			p.ready()
			p.sees("| .name web01")
		}},
		{"Ctrl-C drops the whole of an entry of several rows", func(p *prompt) {
			p.Type("{\"execute\":\n\"stop\"")
			p.sees(`"stop"`)
			p.Press("C-c")
			p.lacks(p.ready(), "ok", "error")
		}},
		{"a deprecated use is marked in its line and sent", func(p *prompt) {
			p.run("block-commit device=none base=/a")
			p.sees("warning: base is deprecated", "^~~~", "QEMU refused")
		}},
		{"a comment and an empty line do nothing", func(p *prompt) {
			p.Type("\n\n# only a remark\n")
			p.sees("remark")
			p.lacks(p.ready(), "error")
		}},
	})
}

func TestBatches(t *testing.T) {
	stage{}.play(t, []scene{
		{"a transaction over several rows is sent as one", func(p *prompt) {
			p.Type("transaction(\nblock-dirty-bitmap-add node=disk0 name=b1\nblock-dirty-bitmap-add node=disk0 name=b2\n)\n")
			p.sees("ok")
			p.run(`query-named-block-nodes | [.[]."dirty-bitmaps"[]?.name] | sort | join("+")`)
			p.sees("b1+b2")
		}},
		{"a transaction on one row may have several actions", func(p *prompt) {
			p.run("transaction( block-dirty-bitmap-remove node=disk0 name=b1 block-dirty-bitmap-remove node=disk0 name=b2 )")
			p.sees("ok")
			p.run(`query-named-block-nodes | [.[]."dirty-bitmaps"[]?] | length | "bitmaps left: \(.)"`)
			p.sees("bitmaps left: 0")
		}},
		{"an empty batch is sent nowhere", func(p *prompt) {
			p.run("transaction( )")
			p.sees("holds no action", "nothing was sent")
		}},
		{"an action that is none gets a caret", func(p *prompt) {
			p.run("transaction( block-dirty-bitmap-ad node=disk0 name=b1 )")
			p.sees("is not one of this QEMU's 12 actions", "did you mean: block-dirty-bitmap-add")
			p.sees("^~~~", "nothing was sent")
		}},
		{"what an action lacks is said before anything is sent", func(p *prompt) {
			p.Type("transaction(\nblock-dirty-bitmap-add node=disk0 name=b1\nblock-dirty-bitmap-add node=disk0\n)\n")
			p.sees("needs name", "nothing was sent")
			p.ready()
		}},
		{"a batch that QEMU refuses leaves nothing behind", func(p *prompt) {
			p.run("transaction( block-dirty-bitmap-add node=disk0 name=b3 block-dirty-bitmap-remove node=disk0 name=none )")
			p.sees("QEMU refused transaction", "'none' not found")
			p.run(`query-named-block-nodes | [.[]."dirty-bitmaps"[]?] | length | "bitmaps left: \(.)"`)
			p.sees("bitmaps left: 0")
		}},
		{"actions are completed inside of a batch", func(p *prompt) {
			p.Type("transaction(\n")
			p.complete("block-dirty-bitmap-re")
			p.sees("needs node, name")
			p.Press("Tab")
			p.sees("node str mandatory", "name str mandatory")
		}},
	})
}
