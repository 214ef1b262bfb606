package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

func qomCommands() map[string]handler {
	return map[string]handler{
		"qom-list":            command((*Machine).qomList),
		"qom-get":             command((*Machine).qomGet),
		"qom-set":             qomSet,
		"qom-list-types":      command((*Machine).qomListTypes),
		"qom-list-properties": command((*Machine).qomListProperties),
		"object-add":          objectAdd,
		"object-del":          command((*Machine).objectDel),
	}
}

// A qom is an object in the tree, made when somebody looks: what it shows is the machine's state at that moment.
type qom struct {
	kind       string
	path       string
	properties []property
	children   []child
}

type child struct {
	name string
	open func() *qom
	kind string
}

// A property is one of an object's values.
type property struct {
	name, typ string
	get       func() any
	set       func(any) // nil when it cannot be changed
	accepts   propertyType
}

// constant is a property that stays what it is.
func constant(name, typ string, v any) property {
	return property{name: name, typ: typ, get: func() any { return v }}
}

// qomRoot is the object at "/".
func (m *Machine) qomRoot() *qom {
	return m.container("", []child{
		{"machine", m.qomMachine, machineType + "-machine"},
		{"objects", m.qomObjects, "container"},
		{"chardevs", m.qomChardevs, "container"},
	})
}

func (m *Machine) container(path string, children []child) *qom {
	return &qom{kind: "container", path: path, children: children}
}

func (m *Machine) qomMachine() *qom {
	const path = "/machine"
	q := m.container(path, []child{
		{"peripheral", func() *qom { return m.qomDevices(path + "/peripheral") }, "container"},
		{"peripheral-anon", func() *qom { return m.container(path+"/peripheral-anon", nil) }, "container"},
		{"unattached", func() *qom { return m.qomUnattached(path + "/unattached") }, "container"},
	})
	q.kind = machineType + "-machine"
	q.properties = []property{
		constant("accel", "string", "kvm"), constant("usb", "bool", false), constant("graphics", "bool", true),
		constant("acpi", "OnOffAuto", "auto"), constant("smm", "OnOffAuto", "auto"), constant("vmport", "OnOffAuto", "auto"),
		constant("dump-guest-core", "bool", true), constant("mem-merge", "bool", true), constant("kernel", "string", ""),
		constant("memory-backend", "link<memory-backend>", "/objects/ram0"),
	}
	return q
}

func (m *Machine) qomDevices(path string) *qom {
	q := m.container(path, nil)
	for _, d := range m.devices {
		if d.id != "" {
			q.children = append(q.children, child{d.id, func() *qom { return m.qomDevice(d) }, d.kind.name})
		}
	}
	return q
}

func (m *Machine) qomUnattached(path string) *qom {
	q := m.container(path, nil)
	for i := range cpuCount {
		open := func() *qom {
			return &qom{kind: cpuType, path: cpuPath(i), properties: m.typed(m.objectType(cpuType), cpuProps(i), nil)}
		}
		q.children = append(q.children, child{fmt.Sprintf("device[%d]", i), open, cpuType})
	}
	return q
}

// qomDevice shows a device: what every device has, what its type has, and what is special about it.
func (m *Machine) qomDevice(d *device) *qom {
	q := &qom{kind: d.kind.name, path: d.path()}
	q.properties = append(q.properties,
		constant("realized", "bool", true), constant("hotplugged", "bool", d.hotplugged),
		constant("hotpluggable", "bool", !d.kind.fixed), constant("parent_bus", "link<bus>", "/machine/"+d.bus),
	)
	q.properties = append(q.properties, m.typed(d.kind, d.properties, func(values object) { d.properties = values })...)
	if d.kind.name == "virtio-balloon-pci" {
		q.properties = append(q.properties, property{name: "guest-stats", typ: "guest statistics", get: m.guestStats(d)})
	}
	if d.kind.family == "net" {
		q.properties = append(q.properties, constant("link_down", "bool", d.linkDown))
	}
	return q
}

// typed are the properties of a type, with the values given or their defaults. Those that can be changed are kept by
// the function.
func (m *Machine) typed(t *objectType, values object, keep func(object)) []property {
	var list []property
	for _, p := range m.propertiesOf(t) {
		v, ok := values.get(p.name)
		if !ok {
			v = p.value()
		}
		q := constant(p.name, p.typ, v)
		if p.writable && keep != nil {
			q.accepts = p
			q.set = func(v any) { keep(append(values.without(p.name), member{p.name, v})) }
		}
		list = append(list, q)
	}
	return list
}

// value is the default, or what a type has where none is set.
func (p propertyType) value() any {
	switch {
	case p.initial != nil:
		return p.initial
	case p.typ == "bool":
		return false
	case p.integer():
		return 0
	}
	return ""
}

// guestStats is what the guest tells of its memory, once it is asked to by guest-stats-polling-interval.
func (m *Machine) guestStats(d *device) func() any {
	return func() any {
		interval, _ := d.properties.get("guest-stats-polling-interval")
		stats, updated := object{}, int64(0)
		polled, _ := whole(interval)
		for _, s := range []struct {
			name  string
			share int64 // thousandths of memory
		}{{"stat-total-memory", 980}, {"stat-free-memory", 210}, {"stat-available-memory", 430}, {"stat-disk-caches", 240}} {
			v := uint64(1<<64 - 1) // not known
			if polled > 0 {
				v = uint64(m.balloon.actual / 1000 * s.share)
				updated = m.at.Unix()
			}
			stats = append(stats, member{s.name, v})
		}
		return object{{"stats", stats}, {"last-update", updated}}
	}
}

// list is what qom-list shows.
func (q *qom) list() []object {
	list := []object{{{"name", "type"}, {"type", "string"}}}
	for _, p := range q.properties {
		list = append(list, object{{"name", p.name}, {"type", p.typ}})
	}
	for _, c := range q.children {
		list = append(list, object{{"name", c.name}, {"type", "child<" + c.kind + ">"}})
	}
	return list
}

// walk follows an absolute path from here.
func (q *qom) walk(steps []string) *qom {
	if len(steps) == 0 {
		return q
	}
	if i := slices.IndexFunc(q.children, func(c child) bool { return c.name == steps[0] }); i >= 0 {
		return q.children[i].open().walk(steps[1:])
	}
	return nil
}

// matches collects every object that a partial path leads to.
func (q *qom) matches(steps []string) []*qom {
	var found []*qom
	if o := q.walk(steps); o != nil {
		found = append(found, o)
	}
	for _, c := range q.children {
		found = append(found, c.open().matches(steps)...)
	}
	return found
}

// resolve finds the object of an absolute path, or of a partial one that is not ambiguous.
func (m *Machine) resolve(path string) (*qom, error) {
	steps := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if strings.HasPrefix(path, "/") {
		if q := m.qomRoot().walk(steps); q != nil {
			return q, nil
		}
		return nil, errNoDevice(path)
	}
	if len(steps) == 0 {
		return nil, errNoDevice(path)
	}
	switch found := m.qomRoot().matches(steps); len(found) {
	case 0:
		return nil, errNoDevice(path)
	case 1:
		return found[0], nil
	}
	return nil, refuse("Path '%s' does not uniquely identify an object", path).
		before("AmbiguousPath", member{"path", path}, member{"object", "object"})
}

func (m *Machine) qomList(a struct{ Path string }) (any, error) {
	q, err := m.resolve(a.Path)
	if err != nil {
		return nil, err
	}
	return q.list(), nil
}

func (m *Machine) qomGet(a struct{ Path, Property string }) (any, error) {
	q, err := m.resolve(a.Path)
	if err != nil {
		return nil, err
	}
	if a.Property == "type" {
		return q.kind, nil
	}
	for _, p := range q.properties {
		if p.name == a.Property {
			return p.get(), nil
		}
	}
	for _, c := range q.children {
		if c.name == a.Property {
			return q.path + "/" + c.name, nil
		}
	}
	return nil, errNoProperty(q.kind, a.Property)
}

func errNoProperty(kind, name string) *refusal {
	return refuse("Property '%s.%s' not found", kind, name).
		before("PropertyNotFound", member{"device", ""}, member{"property", name}).worded("Property '." + name + "' not found")
}

func qomSet(m *Machine, _ *client, args json.RawMessage) (any, error) {
	var a struct {
		Path, Property string
		Value          any
	}
	d := json.NewDecoder(strings.NewReader(string(args)))
	d.UseNumber()
	if err := d.Decode(&a); err != nil {
		return nil, refuse("%v", err)
	}
	q, err := m.resolve(a.Path)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(q.properties, func(p property) bool { return p.name == a.Property })
	isChild := slices.ContainsFunc(q.children, func(c child) bool { return c.name == a.Property })
	switch {
	case i < 0 && a.Property != "type" && !isChild:
		return nil, errNoProperty(q.kind, a.Property)
	case i < 0 || q.properties[i].set == nil:
		return nil, refuse("Property '%s.%s' is not writable", q.kind, a.Property).before("PermissionDenied").
			worded("Insufficient permission to perform this operation")
	}
	p := q.properties[i]
	if expected, ok := p.accepts.fits(a.Value); !ok {
		return nil, errType(a.Property, expected)
	}
	if _, text := a.Value.(string); text && p.accepts.integer() {
		return nil, errType(a.Property, "integer")
	}
	p.set(a.Value)
	return nil, nil
}

func (m *Machine) qomListTypes(a struct {
	Implements string
	Abstract   bool
}) (any, error) {
	list := []object{}
	for _, t := range m.types {
		if t.abstract && !a.Abstract || a.Implements != "" && !m.is(t, a.Implements) {
			continue
		}
		o := object{{"name", t.name}}
		o = o.and(t.parent != "-", "parent", t.parent)
		list = append(list, o.and(t.abstract, "abstract", true))
	}
	return list, nil
}

func (m *Machine) qomListProperties(a struct{ Typename string }) (any, error) {
	t := m.objectType(a.Typename)
	if t == nil {
		r := refuse("Class '%s' not found", a.Typename)
		r.class = deviceNotFound
		return nil, r
	}
	return propertyList(m.propertiesOf(t)), nil
}
