package completion

import (
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

func schema(tb testing.TB) *qapi.Schema {
	tb.Helper()
	return saved.Schema(tb, "11.1", qapi.Parse)
}

// pretend is a cache that has everything already. A kind with a scope is written kind:scope.
type pretend map[string][]Value

func (p pretend) Values(kind Kind, scope string) ([]Value, bool) {
	key := string(kind)
	if scope != "" {
		key += ":" + scope
	}
	values, ok := p[key]
	return values, ok
}

func texts(words ...string) []Value {
	values := make([]Value, len(words))
	for i, word := range words {
		values[i].Text = word
	}
	return values
}

var machine = pretend{
	"node":              texts("drive0-file", "qcow2-0", "backing 1", "on"),
	"block":             texts("drive0", "cd0"),
	"block-qdev":        texts("/machine/peripheral/disk0", "cd"),
	"bitmap:drive0":     texts("daily", "weekly"),
	"job":               texts("job0", "mirror-1"),
	"block-job":         texts("mirror-1"),
	"qdev":              texts("net0", "disk0"),
	"chardev":           texts("serial0", "mon"),
	"netdev":            texts("user0"),
	"net-client":        texts("user0", "net0"),
	"object:iothread":   texts("io0", "io1"),
	"object:secret":     texts("sec0"),
	"object":            texts("io0", "io1", "sec0"),
	"qom:/":             {{Text: "machine", Type: "child<pc-q35-7.2-machine>"}, {Text: "objects", Type: "child<container>"}, {Text: "type", Type: "string"}},
	"qom:/machine":      {{Text: "peripheral", Type: "child<container>"}, {Text: "unattached", Type: "child<container>"}, {Text: "rtc", Type: "link<mc146818rtc>"}},
	"property:/machine": {{Text: "type", Type: "string"}, {Text: "graphics", Type: "bool"}},
	"device-type":       {{Text: "virtio-balloon-pci", Help: "memory balloon"}, {Text: "virtio-blk-pci"}, {Text: "virtio-net-pci"}, {Text: "e1000"}},
	"device-property:virtio-net-pci": {{Text: "mac", Type: "str", Help: "address"}, {Text: "mq", Type: "bool", Help: "several queues"},
		{Text: "netdev", Type: "str", Help: "id of a netdev"}, {Text: "x-old", Type: "bool"}},
	"capability":              {{Text: "xbzrle", Help: "off now"}, {Text: "events", Help: "on now"}},
	"parameter:max-bandwidth": {{Text: "134217728", Help: "now"}},
	"parameter:mode":          {{Text: "normal", Help: "the present value"}},
	"cpu-model":               texts("max", "qemu64"),
	"fdset":                   texts("1", "2"),
	"export":                  texts("exp0"),
	"hmp":                     {{Text: "info"}, {Text: "savevm"}},
}

var directives = []Directive{
	{Name: "help", Args: []string{"entity"}, Help: "describe a command"},
	{Name: "events", Args: []string{"on|off|filter", "event…"}},
	{Name: "exit"},
	{Name: "oob", Args: []string{"line"}},
	{Name: "edit", Args: []string{"command"}},
	{Name: "hmp", Args: []string{"hmp"}},
}

func engine(t testing.TB) *Engine {
	return New(schema(t), nil, machine, Options{Directives: directives})
}
