package demo_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// A monkey makes commands that the schema allows, about things that are mostly there.
type monkey struct{ *rand.Rand }

// names are worth trying wherever a string goes.
var names = []string{
	"drive0", "drive1", "cd0", "root", "data", "data-old", "copy", "vda", "vdb", "ide-cd0", "net0", "hostnet0", "balloon0", "pci.9",
	"serial0", "agent0", "bootlog", "iothread0", "a", "b", "c", "/tmp/a", "/tmp/b", "/srv/iso/rescue.iso", "/srv/images/data.qcow2",
	"/srv/images/vault.qcow2", "/missing/x", "qcow2", "raw", "virtio-blk-pci", "virtio-net-pci", "usb-kbd", "tcp:backup:4444", "none",
	"tcp:unreachable:1", "/machine", "/objects", "type", "realized", "info block", "eject cd0", "system_reset", "", "é\n\x00", "vnc", "sesame",
}

func (k monkey) pick(list []string) string { return list[k.IntN(len(list))] }

func (k monkey) value(t qapi.Type, depth int) any {
	switch t := t.(type) {
	case *qapi.Builtin:
		return k.scalar(t.JSON)
	case *qapi.Enum:
		return t.Values[k.IntN(len(t.Values))].Name
	case *qapi.Array:
		list := []any{}
		for range k.IntN(3) {
			list = append(list, k.value(t.Elem, depth+1))
		}
		return list
	case *qapi.Alternate:
		return k.value(t.Choices[k.IntN(len(t.Choices))], depth+1)
	case *qapi.Object:
		o := map[string]any{}
		for u := t; u != nil; {
			for _, m := range u.Members {
				if !m.Optional || depth < 3 && k.IntN(3) == 0 {
					o[m.Name] = k.value(m.Type, depth+1)
				}
			}
			tag, _ := o[u.Tag].(string)
			u = u.Variant(tag)
		}
		return o
	}
	return nil
}

func (k monkey) scalar(kind string) any {
	switch kind {
	case "string":
		return k.pick(names)
	case "boolean":
		return k.IntN(2) == 0
	case "int":
		return []int64{0, 1, 2, -1, 4096, 1 << 20, 1 << 33, 1<<63 - 1, -1 << 63}[k.IntN(9)]
	case "number":
		return []float64{0, 0.25, -1, 1e300}[k.IntN(4)]
	case "null":
		return nil
	}
	return []any{nil, true, 7, "on", []any{}, map[string]any{"x": 1}}[k.IntN(6)]
}

// Whatever is asked, in whatever order, is answered, and every answer and event is what the schema promises.
func TestAnyCommandsInAnyOrder(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := demo.Options{Seed: int64(seed)}
			if seed%4 == 3 {
				o.Compat = demo.Compat11
			}
			k := begin(t, o)
			if o.Compat != "" {
				var err error
				if k.schema, err = compat.Schema(); err != nil {
					t.Fatal(err)
				}
			}
			rampage(k, monkey{rand.New(rand.NewPCG(seed, 1))})
		})
	}
}

func rampage(k *talk, m monkey) {
	k.t.Helper()
	var list []struct{ Name string }
	k.get("query-commands", "", &list)
	answered, refused := 0, 0
	for range 600 {
		name := list[m.IntN(len(list))].Name
		if name == "quit" || name == "query-qmp-schema" {
			continue
		}
		args, err := json.Marshal(m.value(k.schema.Command(name).Args, 0))
		if err != nil {
			k.t.Fatal(err)
		}
		if strings.Contains(string(args), `"poweroff"`) {
			continue // the machine would end
		}
		k.clock.Advance(time.Duration(m.IntN(3000)) * time.Millisecond)
		reply := k.ask(fmt.Sprintf(`{"execute":%q,"arguments":%s}`, name, args))
		switch {
		case strings.HasPrefix(reply, `{"return": `):
			answered++
		case strings.HasPrefix(reply, `{"error": {"class": "`):
			refused++
		default:
			k.t.Fatalf("%s %s: %s", name, args, reply)
		}
		k.said.Reset()
	}
	if answered < 100 || refused < 50 {
		k.t.Errorf("%d commands answered and %d refused: the monkey does not try enough", answered, refused)
	}
}
