package qapi

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// The compact form is what the cache holds: every name once, every type by its number, counts before the things that
// are counted. It is read front to back into a handful of slices, without a map and without an allocation for each
// element; the introspection stays deflated behind it until somebody asks. Numbers are unsigned varints.
//
//	magic, CRC-32 of the rest (4 bytes, little-endian)
//	names     count, length of each, their bytes
//	features  count of sets, the number of names in all; for each: count, names
//	totals    builtins, enums, arrays, objects, alternates, values, members, variants, choices
//	builtins  name, JSON type
//	enums     name, count, (name, features) of each value
//	arrays    type
//	objects   name, features, tag, count, (name, type, features*2+optional) of each member, count, (case, object)…
//	alternates name, count, types
//	commands  count; name, object, type, features, flags
//	events    count; name, object, features
//	introspection, deflated: the rest
//
// Name 0 is "", feature set 0 is empty, types are numbered through from the builtins to the alternates.
const compactMagic = "qmpsh schema 2\n"

const (
	flagOpen = 1 << iota
	flagOOB
)

// AppendCompact appends the compact form of the schema to b. ParseCompact reads it.
func (s *Schema) AppendCompact(b []byte) []byte {
	c := compactor{names: map[string]uint64{"": 0}, inOrder: []string{""}, types: map[Type]uint64{}}
	c.features.sets = map[string]uint64{"": 0}
	c.collect(s)
	body := c.body(s)

	start := len(b)
	b = append(b, compactMagic...)
	b = append(b, 0, 0, 0, 0)
	b = c.appendNames(b)
	b = append(c.appendFeatures(b), body...)
	b = append(b, s.deflated()...)
	sum := b[start+len(compactMagic):]
	binary.LittleEndian.PutUint32(sum, crc32.ChecksumIEEE(sum[4:]))
	return b
}

// deflated returns the introspection, deflated; nothing where the schema was not read from any.
func (s *Schema) deflated() []byte {
	if s.raw.deflated != nil || s.raw.text == nil {
		return s.raw.deflated
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is a valid one
	}
	_, _ = w.Write(s.raw.text) // a bytes.Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}

// A compactor numbers names, feature sets and types while it writes.
type compactor struct {
	b        []byte
	names    map[string]uint64
	inOrder  []string
	types    map[Type]uint64
	features struct {
		sets    map[string]uint64 // by the names, joined
		inOrder []Features
		total   uint64
	}
	builtins   []*Builtin
	enums      []*Enum
	arrays     []*Array
	objects    []*Object
	alternates []*Alternate
}

func (c *compactor) put(numbers ...uint64) {
	for _, n := range numbers {
		c.b = binary.AppendUvarint(c.b, n)
	}
}

func (c *compactor) name(s string) uint64 {
	n, ok := c.names[s]
	if !ok {
		n = uint64(len(c.inOrder))
		c.names[s] = n
		c.inOrder = append(c.inOrder, s)
	}
	return n
}

func (c *compactor) set(f Features) uint64 {
	var words []string
	for _, feature := range f {
		words = append(words, string(feature))
	}
	key := strings.Join(words, "\x00")
	n, ok := c.features.sets[key]
	if !ok {
		n = uint64(len(c.features.inOrder) + 1)
		c.features.sets[key] = n
		c.features.inOrder = append(c.features.inOrder, f)
		c.features.total += uint64(len(f))
		for _, word := range words {
			c.name(word)
		}
	}
	return n
}

// collect finds every type that the schema reaches and numbers them, kind by kind.
func (c *compactor) collect(s *Schema) {
	for _, command := range s.commands {
		c.reach(command.Args)
		c.reach(command.Returns)
	}
	for _, event := range s.events {
		c.reach(event.Data)
	}
	n := uint64(0)
	n = number(c.types, c.builtins, n)
	n = number(c.types, c.enums, n)
	n = number(c.types, c.arrays, n)
	n = number(c.types, c.objects, n)
	number(c.types, c.alternates, n)
}

func number[T Type](numbers map[Type]uint64, types []T, n uint64) uint64 {
	for _, t := range types {
		numbers[t] = n
		n++
	}
	return n
}

func (c *compactor) reach(t Type) {
	if _, ok := c.types[t]; ok {
		return
	}
	c.types[t] = 0 // its number comes later
	switch t := t.(type) {
	case *Builtin:
		c.builtins = append(c.builtins, t)
	case *Enum:
		c.enums = append(c.enums, t)
	case *Array:
		c.arrays = append(c.arrays, t)
		c.reach(t.Elem)
	case *Object:
		c.objects = append(c.objects, t)
		for _, m := range t.Members {
			c.reach(m.Type)
		}
		for _, v := range t.Variants {
			c.reach(v.Object)
		}
	case *Alternate:
		c.alternates = append(c.alternates, t)
		for _, choice := range t.Choices {
			c.reach(choice)
		}
	}
}
