package demo

import (
	"slices"
	"strconv"
	"strings"
)

// An objectType is a type of devices and other objects, with the properties that it adds to those of its parent.
type objectType struct {
	name, parent string
	abstract     bool
	fixed        bool   // cannot be plugged into the running machine
	bus          string // pci, usb, or ""
	family       string // net, disk, or ""
	vendor       int
	device       int
	class        int
	properties   []propertyType
}

// A propertyType is a property as the type has it.
type propertyType struct {
	name, typ string
	initial   any // its default, or nil
	writable  bool
}

// readTypes reads the table of types, in its order.
func readTypes() []*objectType {
	var list []*objectType
	for _, words := range readTable("objects") {
		t := &objectType{name: words[0], parent: words[1]}
		t.add(words[2:])
		list = append(list, t)
	}
	return list
}

func (t *objectType) add(words []string) {
	for _, word := range words {
		switch name, value, ok := strings.Cut(word, "="); {
		case word == "abstract":
			t.abstract = true
		case word == "fixed":
			t.fixed = true
		case word == "pci" || word == "usb":
			t.bus = word
		case word == "net" || word == "disk":
			t.family = word
		case name == "id":
			vendor, device, _ := strings.Cut(value, ":")
			t.vendor, t.device = hex(vendor), hex(device)
		case name == "class":
			t.class = hex(value)
		default:
			t.addProperty(name, value, ok)
		}
	}
}

func (t *objectType) addProperty(word, initial string, has bool) {
	name, typ, _ := strings.Cut(word, ":")
	p := propertyType{typ: typ}
	p.name, p.writable = strings.CutPrefix(name, "+")
	if n, err := strconv.ParseInt(initial, 10, 64); err == nil {
		p.initial = n
	} else if b, err := strconv.ParseBool(initial); err == nil {
		p.initial = b
	} else if has {
		p.initial = initial
	}
	t.properties = append(t.properties, p)
}

func hex(s string) int {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil {
		panic(err) // our own table
	}
	return int(n)
}

// objectType returns the type of that name, or nil.
func (m *Machine) objectType(name string) *objectType {
	if i := slices.IndexFunc(m.types, func(t *objectType) bool { return t.name == name }); i >= 0 {
		return m.types[i]
	}
	return nil
}

// is reports whether t is, or descends from, the type of that name.
func (m *Machine) is(t *objectType, ancestor string) bool {
	for ; t != nil; t = m.objectType(t.parent) {
		if t.name == ancestor {
			return true
		}
	}
	return false
}

// propertiesOf are the properties of a type and its ancestors.
func (m *Machine) propertiesOf(t *objectType) []propertyType {
	var list []propertyType
	for ; t != nil; t = m.objectType(t.parent) {
		list = append(list, t.properties...)
	}
	return list
}

// fits reports whether a JSON value can be a property's, as a string of the command line can.
func (p propertyType) fits(v any) (expected string, ok bool) {
	switch {
	case p.typ == "bool":
		if s, isString := v.(string); isString {
			return "boolean", s == "on" || s == "off"
		}
		_, ok = v.(bool)
		return "boolean", ok
	case p.integer():
		if s, isString := v.(string); isString {
			_, err := strconv.ParseInt(s, 0, 64)
			return "integer", err == nil
		}
		_, ok = whole(v)
		return "integer", ok
	}
	_, ok = v.(string)
	return "string", ok
}

func (p propertyType) integer() bool {
	switch p.typ {
	case "int", "int32", "uint8", "uint16", "uint32", "uint64", "size":
		return true
	}
	return false
}
