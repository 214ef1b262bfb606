package syntax

import (
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

// beforeSix has object-add as QEMU 5.2 describes it.
const beforeSix = `[
	{"name":"object-add","meta-type":"command","arg-type":"1","ret-type":"0"},
	{"name":"qom-list-properties","meta-type":"command","arg-type":"2","ret-type":"0"},
	{"name":"0","meta-type":"object","members":[]},
	{"name":"1","meta-type":"object","members":[{"name":"qom-type","type":"str"},{"name":"id","type":"str"},{"name":"props","type":"any","default":null}]},
	{"name":"2","meta-type":"object","members":[{"name":"typename","type":"str"}]},
	{"name":"str","meta-type":"builtin","json-type":"string"},
	{"name":"any","meta-type":"builtin","json-type":"value"}]`

// networkCard is what QEMU 11.1 says of some properties of virtio-net-pci and of a disk, and 7.2 of addr.
const networkCard = `[
	{"name":"mq","type":"bool","description":"on/off","default-value":false},
	{"name":"tx_queue_size","type":"uint16"},{"name":"host_mtu","type":"uint16"},{"name":"serial","type":"str"},
	{"name":"logical_block_size","type":"size"},{"name":"wwn","type":"uint64"},{"name":"addr","type":"str"},
	{"name":"disable-legacy","type":"OnOffAuto"},{"name":"x-speed","type":"PCIELinkSpeed"},
	{"name":"iothread","type":"link<iothread>"},{"name":"stats-intervals","type":"list"}]`

const oldCard = `[{"name":"addr","type":"int32"},{"name":"share","type":"bool"},{"name":"size","type":"int"},{"name":"data","type":"string"},{"name":"value","type":"bool"}]`

func TestWordsArePropertiesOfTheirTypes(t *testing.T) {
	newest := schema(t)
	old, err := qapi.Parse([]byte(beforeSix))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		schema                     *qapi.Schema
		line, asks, replied, bound string
	}{
		{newest, `device_add driver=virtio-net-pci mq=on tx_queue_size=0x100 host_mtu=1500`,
			`device-list-properties {"typename":"virtio-net-pci"}`, networkCard,
			`{"driver":"virtio-net-pci","mq":true,"tx_queue_size":256,"host_mtu":1500}`},
		{newest, `device_add driver=scsi-hd serial=1234 logical_block_size=4k wwn=0x5000c50015ea71ac`,
			`device-list-properties {"typename":"scsi-hd"}`, networkCard,
			`{"driver":"scsi-hd","serial":"1234","logical_block_size":4096,"wwn":5764824127192592812}`},
		{newest, `device_add driver=d addr=10 disable-legacy=on x-speed=16 iothread=0 nobody-knows=1`,
			`device-list-properties {"typename":"d"}`, networkCard,
			`{"driver":"d","addr":"10","disable-legacy":"on","x-speed":"16","iothread":"0","nobody-knows":1}`},
		{newest, `device_add driver=d addr=0x1d share=off`, `device-list-properties {"typename":"d"}`, oldCard,
			`{"driver":"d","addr":"0x1d","share":false}`},
		{newest, `device_add driver=d mq=1 tx_queue_size=many`, `device-list-properties {"typename":"d"}`, networkCard,
			`{"driver":"d","mq":1,"tx_queue_size":"many"}`},
		{newest, `qom-set path=/machine/p property=share value=on`, `qom-list {"path":"/machine/p"}`, oldCard,
			`{"path":"/machine/p","property":"share","value":true}`},
		{newest, `qom-set path=/machine/p property=data value=on`, `qom-list {"path":"/machine/p"}`, oldCard,
			`{"path":"/machine/p","property":"data","value":"on"}`},
		{old, `object-add qom-type=memory-backend-ram id=m size=64M share=on`,
			`qom-list-properties {"typename":"memory-backend-ram"}`, oldCard,
			`{"qom-type":"memory-backend-ram","id":"m","size":67108864,"share":true}`},
		{old, `object-add qom-type=memory-backend-ram id=m props.size=64M props.share=on`,
			`qom-list-properties {"typename":"memory-backend-ram"}`, oldCard,
			`{"qom-type":"memory-backend-ram","id":"m","props":{"size":67108864,"share":true}}`},
		{old, `object-add qom-type=secret id=s data=1234`, `qom-list-properties {"typename":"secret"}`, oldCard,
			`{"qom-type":"secret","id":"s","data":"1234"}`},
		// Nothing is asked where no answer would change anything, or where the question does harm.
		{newest, `device_add driver=virtio-blk-pci drive=n0 bus=pci.1 id=7`, ``, ``,
			`{"driver":"virtio-blk-pci","drive":"n0","bus":"pci.1","id":"7"}`},
		{newest, `device_add driver=virtio-blk-pci serial="1234"`, ``, ``, `{"driver":"virtio-blk-pci","serial":"1234"}`},
		{newest, `object-add qom-type=memory-backend-ram id=m size=64M share=on`, ``, ``,
			`{"qom-type":"memory-backend-ram","id":"m","size":67108864,"share":true}`},
		{old, `object-add qom-type=colo-compare id=c size=64M`, ``, ``, `{"qom-type":"colo-compare","id":"c","size":"64M"}`},
	} {
		l := Scan(tt.line)
		asks := ""
		q, ok := l.Question(tt.schema)
		if ok {
			asks = q.Command + " " + string(q.Arguments)
		}
		if asks != tt.asks {
			t.Errorf("%s\nasks %s\nwant %s", tt.line, asks, tt.asks)
		}
		var properties Properties
		if tt.replied != "" {
			if properties, err = readProperties([]byte(tt.replied)); err != nil {
				t.Error(err)
			}
		}
		bound, diags := l.BindWith(tt.schema, properties)
		if string(bound.Arguments) != tt.bound || Failed(diags) {
			t.Errorf("%s\nbound %s\nwant  %s\n%s", tt.line, bound.Arguments, tt.bound, show(l, diags))
		}
	}
}
