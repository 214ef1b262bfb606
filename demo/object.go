package demo

import (
	"bytes"
	"encoding/json"
	"slices"
)

// A userObject is one made with object-add, or with -object at the start.
type userObject struct {
	id     string
	kind   *objectType
	thread int // of the host's, for an iothread
	values object
}

func (m *Machine) newObjects() {
	m.objects = []*userObject{
		{id: "ram0", kind: m.objectType("memory-backend-ram"), values: object{{"size", memorySize}}},
		{id: "iothread0", kind: m.objectType("iothread"), thread: firstThread - 2},
		{id: "objrng0", kind: m.objectType("rng-random")},
	}
}

func (m *Machine) object(id string) *userObject {
	if i := slices.IndexFunc(m.objects, func(o *userObject) bool { return o.id == id }); i >= 0 {
		return m.objects[i]
	}
	return nil
}

func (m *Machine) qomObjects() *qom {
	q := m.container("/objects", nil)
	for _, o := range m.objects {
		open := func() *qom {
			keep := func(values object) { o.values = values }
			return &qom{kind: o.kind.name, path: "/objects/" + o.id, properties: m.typed(o.kind, o.values, keep)}
		}
		q.children = append(q.children, child{o.id, open, o.kind.name})
	}
	return q
}

func (m *Machine) qomChardevs() *qom {
	q := m.container("/chardevs", nil)
	for _, c := range m.chardevs {
		kind := c.qomKind()
		open := func() *qom {
			return &qom{kind: kind, path: "/chardevs/" + c.label, properties: []property{
				constant("addr", "string", c.filename), constant("connected", "bool", c.open),
			}}
		}
		q.children = append(q.children, child{c.label, open, kind})
	}
	return q
}

// qomKind is the type of a character device, which its file name begins with.
func (c *chardev) qomKind() string {
	for _, kind := range []string{"pty", "ringbuf", "null", "file", "udp", "serial", "pipe"} {
		if len(c.filename) >= len(kind) && c.filename[:len(kind)] == kind {
			return "chardev-" + kind
		}
	}
	return "chardev-socket"
}

func objectAdd(m *Machine, _ *client, args json.RawMessage) (any, error) {
	v, err := newDecoder(bytes.NewReader(args)).next()
	if err != nil {
		return nil, err
	}
	var a struct {
		ID   string
		Kind string `json:"qom-type"`
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return nil, refuse("%v", err)
	}
	switch {
	case !wellFormedID(a.ID):
		return nil, errValue("id", "an identifier")
	case m.object(a.ID) != nil:
		return nil, refuse("attempt to add duplicate property '%s' to object (type 'container')", a.ID)
	}
	o := &userObject{id: a.ID, kind: m.objectType(a.Kind), values: v.(object).without("id").without("qom-type")}
	if a.Kind == "iothread" {
		m.threads++
		o.thread = firstThread + 100 + m.threads
	}
	m.objects = append(m.objects, o)
	return nil, nil
}

func (m *Machine) objectDel(a struct{ ID string }) (any, error) {
	o := m.object(a.ID)
	switch {
	case o == nil:
		return nil, refuse("object '%s' not found", a.ID)
	case a.ID == "ram0" || m.refersTo(a.ID):
		return nil, refuse("object '%s' is in use, can not be deleted", a.ID)
	}
	m.objects = slices.DeleteFunc(m.objects, func(other *userObject) bool { return other == o })
	return nil, nil
}

// refersTo reports whether a device has a property with that object's id.
func (m *Machine) refersTo(id string) bool {
	return m.findDevice(func(d *device) bool {
		return slices.ContainsFunc(d.properties, func(p member) bool {
			return p.value == id && (p.name == "iothread" || p.name == "rng" || p.name == "memdev")
		})
	}) != nil
}

func (m *Machine) queryIOThreads() any {
	list := []object{}
	for _, o := range m.objects {
		if o.kind.name != "iothread" {
			continue
		}
		entry := object{{"thread-id", o.thread}, {"id", o.id}}
		for _, p := range m.typed(o.kind, o.values, nil) {
			entry = append(entry, member{p.name, p.get()})
		}
		list = append(list, entry)
	}
	return list
}
