package qapi

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
)

// errDamaged is all that is said of a compact form that is not one: there is nothing to do but to make it anew.
var errDamaged = errors.New("damaged or of another version")

// ParseCompact reads what AppendCompact wrote. Anything else is an error. The schema keeps parts of data, which is not
// to be changed afterwards.
func ParseCompact(data []byte) (*Schema, error) {
	if len(data) < len(compactMagic)+4 || string(data[:len(compactMagic)]) != compactMagic {
		return nil, errDamaged
	}
	data = data[len(compactMagic):]
	if binary.LittleEndian.Uint32(data) != crc32.ChecksumIEEE(data[4:]) {
		return nil, errDamaged
	}
	e := expander{b: data[4:]}
	e.readNames()
	e.readFeatures()
	e.allocate()
	e.readTypes()
	s := &Schema{commands: e.readCommands(), events: e.readEvents()}
	if e.bad || !e.founded() {
		return nil, errDamaged
	}
	if len(e.b) > 0 {
		s.raw.deflated = e.b
	}
	return s, nil
}

// An expander reads the compact form. After the first thing that does not fit, bad is set and all reads give zero.
type expander struct {
	b   []byte
	bad bool

	names    []string
	features []Features

	types      []Type // all of them, by number
	builtins   []Builtin
	enums      []Enum
	arrays     []Array
	objects    []Object
	alternates []Alternate

	// What is left of the slices that the types' parts are cut from.
	values   []EnumValue
	members  []Member
	pointers []*Member
	variants []Variant
	choices  []Type
}

func (e *expander) number() uint64 {
	// Most numbers are below 128, and a schema is some ten thousand of them.
	if len(e.b) > 0 && e.b[0] < 0x80 {
		n := uint64(e.b[0])
		e.b = e.b[1:]
		return n
	}
	n, size := binary.Uvarint(e.b)
	if size <= 0 {
		e.fail()
		return 0
	}
	e.b = e.b[size:]
	return n
}

func (e *expander) fail() { e.bad, e.b = true, nil }

// count reads how many of something follow. Each takes at least a byte, so that damage cannot ask for much memory.
func (e *expander) count() int {
	n := e.number()
	if n > uint64(len(e.b)) {
		e.fail()
		return 0
	}
	return int(n)
}

// cut takes n elements off the front of what is left.
func cut[T any](e *expander, left *[]T, n int) []T {
	if n > len(*left) {
		e.fail()
		return nil
	}
	part := (*left)[:n:n]
	*left = (*left)[n:]
	return part
}

func (e *expander) readNames() {
	e.names = make([]string, e.count())
	lengths := make([]int, len(e.names))
	total := 0
	for i := range lengths {
		lengths[i] = e.count()
		total += lengths[i]
	}
	if total > len(e.b) || len(e.names) == 0 {
		e.fail()
		return
	}
	text := string(e.b[:total])
	e.b = e.b[total:]
	for i, length := range lengths {
		e.names[i], text = text[:length], text[length:]
	}
}

func (e *expander) name() string {
	n := e.number()
	if n >= uint64(len(e.names)) {
		e.fail()
		return ""
	}
	return e.names[n]
}

func (e *expander) readFeatures() {
	e.features = make([]Features, e.count()+1)
	left := make(Features, e.count())
	for i := 1; i < len(e.features) && !e.bad; i++ {
		set := cut(e, (*[]Feature)(&left), e.count())
		for j := range set {
			set[j] = Feature(e.name())
		}
		e.features[i] = set
	}
}

func (e *expander) set(n uint64) Features {
	if n >= uint64(len(e.features)) {
		e.fail()
		return nil
	}
	return e.features[n]
}

// allocate makes room for everything at once and numbers the types.
func (e *expander) allocate() {
	e.builtins = make([]Builtin, e.count())
	e.enums = make([]Enum, e.count())
	e.arrays = make([]Array, e.count())
	e.objects = make([]Object, e.count())
	e.alternates = make([]Alternate, e.count())
	e.values = make([]EnumValue, e.count())
	e.members = make([]Member, e.count())
	e.pointers = make([]*Member, len(e.members))
	e.variants = make([]Variant, e.count())
	e.choices = make([]Type, e.count())
	e.types = make([]Type, 0, len(e.builtins)+len(e.enums)+len(e.arrays)+len(e.objects)+len(e.alternates))
	for i := range e.builtins {
		e.types = append(e.types, &e.builtins[i])
	}
	for i := range e.enums {
		e.types = append(e.types, &e.enums[i])
	}
	for i := range e.arrays {
		e.types = append(e.types, &e.arrays[i])
	}
	for i := range e.objects {
		e.types = append(e.types, &e.objects[i])
	}
	for i := range e.alternates {
		e.types = append(e.types, &e.alternates[i])
	}
}

func (e *expander) typ() Type {
	n := e.number()
	if n >= uint64(len(e.types)) {
		e.fail()
		return nil
	}
	return e.types[n]
}

func (e *expander) object() *Object {
	o, ok := e.typ().(*Object)
	if !ok {
		e.fail()
	}
	return o
}

func (e *expander) readTypes() {
	for i := range e.builtins {
		e.builtins[i] = Builtin{Name: e.name(), JSON: e.name()}
	}
	for i := range e.enums {
		t := &e.enums[i]
		t.Name, t.Values = e.name(), cut(e, &e.values, e.count())
		for j := range t.Values {
			t.Values[j] = EnumValue{Name: e.name(), Features: e.set(e.number())}
		}
	}
	for i := range e.arrays {
		e.arrays[i].Elem = e.typ()
	}
	for i := range e.objects {
		e.fillObject(&e.objects[i])
	}
	for i := range e.alternates {
		t := &e.alternates[i]
		t.Name, t.Choices = e.name(), cut(e, &e.choices, e.count())
		for j := range t.Choices {
			t.Choices[j] = e.typ()
		}
	}
}

func (e *expander) fillObject(o *Object) {
	o.Name, o.Features, o.Tag = e.name(), e.set(e.number()), e.name()
	n := e.count()
	members := cut(e, &e.members, n)
	o.Members = cut(e, &e.pointers, n)
	for j := range members {
		m := &members[j]
		m.Name, m.Type = e.name(), e.typ()
		last := e.number()
		m.Features, m.Optional = e.set(last>>1), last&1 != 0
		o.Members[j] = m
	}
	o.Variants = cut(e, &e.variants, e.count())
	for j := range o.Variants {
		o.Variants[j] = Variant{Case: e.name(), Object: e.object()}
	}
}

func (e *expander) readCommands() []*Command {
	all := make([]Command, e.count())
	commands := make([]*Command, len(all))
	for i := range all {
		c := &all[i]
		c.Name, c.Args, c.Returns, c.Features = e.name(), e.object(), e.typ(), e.set(e.number())
		f := e.number()
		c.Open, c.AllowOOB = f&flagOpen != 0, f&flagOOB != 0
		commands[i] = c
		if i > 0 && strings.Compare(commands[i-1].Name, c.Name) >= 0 {
			e.fail()
		}
	}
	return commands
}

func (e *expander) readEvents() []*Event {
	all := make([]Event, e.count())
	events := make([]*Event, len(all))
	for i := range all {
		all[i] = Event{Name: e.name(), Data: e.object(), Features: e.set(e.number())}
		events[i] = &all[i]
		if i > 0 && strings.Compare(events[i-1].Name, all[i].Name) >= 0 {
			e.fail()
		}
	}
	return events
}

// founded makes sure of what Parse makes sure of: no type consists of itself.
func (e *expander) founded() bool {
	f := founder{state: map[Type]int{}}
	for i := range e.arrays {
		if _, ok := e.arrays[i].Elem.(*Array); ok && !f.founded(&e.arrays[i]) {
			return false
		}
	}
	for i := range e.objects {
		if len(e.objects[i].Variants) > 0 && !f.founded(&e.objects[i]) {
			return false
		}
	}
	for i := range e.alternates {
		if !f.founded(&e.alternates[i]) {
			return false
		}
	}
	return true
}
