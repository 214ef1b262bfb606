package completion

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// offered writes what a line gets where it has a "|": the word that is replaced, and the choices in order, "!" behind
// the mandatory ones and "_" where a blank may follow.
func offered(e *Engine, marked string, most int) string {
	before, after, _ := strings.Cut(marked, "¦")
	r := e.Complete(before+after, len(before))
	var list []string
	for i, c := range r.Candidates {
		if i == most {
			list = append(list, fmt.Sprintf("+%d", len(r.Candidates)-i))
			break
		}
		text := c.Insert
		if c.Mandatory {
			text += "!"
		}
		if c.Blank {
			text += "_"
		}
		list = append(list, text)
	}
	return (before + after)[r.Span.Start:r.Span.End] + " → " + strings.Join(list, " ")
}

func TestOffers(t *testing.T) {
	e := engine(t)
	for _, tt := range []struct {
		name, line string
		most       int
		want       string
	}{
		{"a prefix comes first", `block-comm¦`, 2, `block-comm → block-commit_`},
		{"the starts of words", `bdc¦`, 2, `bdc → block-dirty-bitmap-clear_ blockdev-change-medium_ +8`},
		{"case does not matter", `QUERY-STAT¦`, 3, `QUERY-STAT → query-stats_ query-stats-schemas_ query-status +10`},
		{"nothing but the command changes in the middle of a line", `block-com¦ device=x`, 1, `block-com → block-commit +2`},
		{"a batch opens", `transac¦`, 1, `transac → transaction(`},
		{"an open batch stays open", `transac¦( abort )`, 1, `transac → transaction`},

		{"mandatory members first", `block-commit ¦`, 3, ` → device=! job-id= base-node= +10`},
		{"what was given is not offered", `set_link name=n ¦`, 9, ` → up=!`},
		{"the rest of a word is replaced", `block-commit d¦evice=x`, 1, `device → device! +6`},
		{"a union's branch", `blockdev-add driver=qcow2 ¦`, 3, ` → file.! file=! node-name= +24`},
		{"nested members", `blockdev-add driver=qcow2 file.driver=file file.fi¦`, 2, `fi → filename=!`},
		{"more of an object that was begun", `blockdev-add driver=qcow2 file.driver=file fi¦`, 1, `fi → file. +3`},
		{"a list of objects", `migrate-set-capabilities ¦`, 2, ` → capabilities.0.!`},
		{"the rest of an element", `migrate-set-capabilities capabilities.0.state=on ¦`, 2, ` → capabilities.0.`},
		{"the next element", `migrate-set-capabilities capabilities.0.state=on capabilities.0.capability=events ¦`, 2, ` → capabilities.1.`},
		{"the index of an element", `migrate-set-capabilities capabilities.¦`, 2, ` → 0.`},
		{"the members of an element", `migrate-set-capabilities capabilities.0.¦`, 2, ` → capability=! state=!`},
		{"a list again", `blockdev-add driver=quorum children=a vote-threshold=1 chi¦`, 2, `chi → children=`},

		{"an enum's values", `blockdev-add driver=q¦`, 9, `q → qcow_ qcow2_ qed_ quorum_`},
		{"a truth value", `set_link name=n up=¦`, 9, ` → on_ off_`},
		{"another spelling of it", `set_link name=n up=Y¦`, 9, `Y → yes_`},
		{"what goes away is last", `migrate-set-parameters multifd-compression=¦`, 1, ` → none_ +2`},

		{"inside JSON", `blockdev-add {"driver": "qcow2", ¦}`, 2, ` → "file": ! "node-name":  +21`},
		{"a key that was begun", `blockdev-add {"dri¦`, 2, `"dri → "driver": !`},
		{"a key that is whole", `blockdev-add {"dr¦i": "qcow2"}`, 2, `"dri" → "driver"! "discard" +1`},
		{"a value", `blockdev-add {"driver": "qc¦"}`, 2, `"qc" → "qcow" "qcow2"`},
		{"single quotes stay", `blockdev-add {'driver': 'qc¦`, 2, `'qc → 'qcow' 'qcow2'`},
		{"a value without quotes yet", `blockdev-add {"driver": ¦}`, 1, ` → "blkdebug" +45`},
		{"a truth value in JSON", `set_link {"name": "n", "up": ¦`, 2, ` → true false`},
		{"deeper inside", `blockdev-add driver=qcow2 file={"driver": "file", "fi¦`, 2, `"fi → "filename": !`},
		{"a list in JSON", `migrate-set-capabilities capabilities=[{"capability": "xb¦`, 2, `"xb → "xbzrle"`},
		{"a raw message", `{"execute": "block-commi¦`, 1, `"block-commi → "block-commit"`},
		{"its keys", `{¦`, 2, ` → "execute": ! "arguments":  +2`},
		{"its arguments", `{"execute": "set_link", "arguments": {"name": "n", ¦`, 2, ` → "up": !`},
		{"nothing behind a literal", `blockdev-add {"driver": "null-co"}¦`, 2, ` → `},

		{"an action", `transaction( blo¦`, 2, `blo → block-dirty-bitmap-add_ block-dirty-bitmap-remove_ +8`},
		{"an action's members before the next action", `transaction( block-dirty-bitmap-clear node=drive0 ¦`, 2, ` → name=! abort_ +11`},
		{"an action's member that was begun", `transaction( block-dirty-bitmap-clear no¦`, 1, `no → node=! +3`},
		{"the end of a batch", `transaction( abort ¦`, 99, ` → abort_ block-dirty-bitmap-add_ block-dirty-bitmap-remove_ block-dirty-bitmap-clear_ block-dirty-bitmap-enable_ block-dirty-bitmap-disable_ block-dirty-bitmap-merge_ blockdev-backup_ blockdev-snapshot_ blockdev-snapshot-internal-sync_ blockdev-snapshot-sync_ ) drive-backup_`},
		{"the chosen node's bitmaps", `transaction( block-dirty-bitmap-clear node=drive0 name=¦ )`, 9, ` → daily weekly`},

		{"node names", `blockdev-add driver=qcow2 file=¦`, 9, ` → drive0-file_ qcow2-0_ "backing 1"_ "on"_ {`},
		{"quotes where a name needs them", `block-commit device=d base-node=ba¦`, 1, `ba → "backing 1"_`},
		{"a name in quotes", `block-commit device=d base-node="ba¦`, 1, `"ba → "backing 1"`},
		{"block jobs", `block-job-cancel device=¦`, 9, ` → mirror-1_`},
		{"jobs", `job-cancel id=m¦`, 1, `m → mirror-1_`},
		{"device types", `device_add driver=virtio-b¦`, 9, `virtio-b → virtio-balloon-pci_ virtio-blk-pci_`},
		{"that type's properties", `device_add driver=virtio-net-pci m¦`, 2, `m → mac= mq=`},
		{"a property's values", `device_add driver=virtio-net-pci mq=¦`, 2, ` → on_ off_`},
		{"what a property stands for", `device_add driver=virtio-net-pci netdev=¦`, 2, ` → user0_`},
		{"an object of the right type", `x-blockdev-set-iothread node-name=n iothread=¦`, 9, ` → io0_ io1_ null_`},
		{"a QOM path's first segment", `qom-list path=¦`, 9, ` → /machine/ /objects/ /type_`},
		{"a QOM path's next segment", `qom-list path=/machine/per¦`, 9, `/machine/per → /machine/peripheral/`},
		{"an open quote stays open", `qom-list path="/machine/per¦`, 9, `"/machine/per → "/machine/peripheral/`},
		{"QOM properties", `qom-get path=/machine property=¦`, 9, ` → type_ graphics_`},
		{"the values of a QOM property", `qom-set path=/machine property=graphics value=¦`, 9, ` → true_ false_`},
		{"a present value", `migrate-set-parameters max-bandwidth=¦`, 9, ` → 134217728_`},
		{"a present value among an enum's", `migrate-set-parameters mode=n¦`, 9, `n → normal_ cpr-transfer_`},
		{"a number from the server", `remove-fd fdset-id=¦`, 9, ` → 1_ 2_`},
		{"CPU models", `query-cpu-model-expansion type=full model.name=m¦`, 9, `m → max_ qemu64_`},
		{"how an address begins", `migrate uri=u¦`, 1, `u → unix:`},
		{"block drivers by name", `blockdev-change-medium filename=f format=qc¦`, 9, `qc → qcow_ qcow2_`},
		{"a secret can be asked for", `set_password protocol=vnc password=¦`, 9, ` → ?_`},

		{"directives", `.e¦`, 9, `.e → .events_ .exit .edit_ .help_`},
		{"a directive's command", `.edit set_l¦`, 1, `set_l → set_link +9`},
		{"a directive's words", `.events ¦`, 9, ` → on off filter`},
		{"a directive's events", `.events filter STOP RES¦`, 1, `RES → RESET +5`},
		{"a word that needs no dot", `hel¦`, 1, `hel → help_ +5`},
		{"what it takes", `help set_l¦`, 1, `set_l → set_link +10`},
		{"a directive's line", `.oob set_link name=n up=o¦`, 9, `o → on_ off_`},
		{"nothing in a comment", `stop # com¦`, 9, ` → `},
		{"nothing in a jq tail", `query-block | .¦`, 9, ` → `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := offered(e, tt.line, tt.most); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.line, got, tt.want)
			}
		})
	}
}

// A server of 2012 gets the same help, under the names of its time.
func TestOffersOf2012(t *testing.T) {
	s, err := compat.Schema()
	if err != nil {
		t.Fatal(err)
	}
	e := New(s, nil, machine, Options{})
	for _, tt := range []struct{ line, want string }{
		{`block_job_c¦`, `block_job_c → block_job_cancel_ +1`},
		{`block_job_cancel device=¦`, ` → mirror-1_`},
		{`block_stream ¦`, ` → device=! +1`},
		{`device_add driver=e¦`, `e → e1000_ +1`},
		{`object-add ¦`, ` → `},
	} {
		if got := offered(e, tt.line, 1); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.line, got, tt.want)
		}
	}
	for _, line := range saved.Lines(t) {
		around(t, e, line, len(line)/2)
	}
}
