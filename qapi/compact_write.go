package qapi

import "encoding/binary"

func (c *compactor) appendNames(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.inOrder)))
	for _, name := range c.inOrder {
		b = binary.AppendUvarint(b, uint64(len(name)))
	}
	for _, name := range c.inOrder {
		b = append(b, name...)
	}
	return b
}

func (c *compactor) appendFeatures(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.features.inOrder)))
	b = binary.AppendUvarint(b, c.features.total)
	for _, set := range c.features.inOrder {
		b = binary.AppendUvarint(b, uint64(len(set)))
		for _, feature := range set {
			b = binary.AppendUvarint(b, c.names[string(feature)])
		}
	}
	return b
}

// body returns everything behind the names and the features, which are numbered as it goes.
func (c *compactor) body(s *Schema) []byte {
	c.totals()
	for _, t := range c.builtins {
		c.put(c.name(t.Name), c.name(t.JSON))
	}
	for _, t := range c.enums {
		c.put(c.name(t.Name), uint64(len(t.Values)))
		for _, v := range t.Values {
			c.put(c.name(v.Name), c.set(v.Features))
		}
	}
	for _, t := range c.arrays {
		c.put(c.types[t.Elem])
	}
	for _, t := range c.objects {
		c.object(t)
	}
	for _, t := range c.alternates {
		c.put(c.name(t.Name), uint64(len(t.Choices)))
		for _, choice := range t.Choices {
			c.put(c.types[choice])
		}
	}
	c.put(uint64(len(s.commands)))
	for _, command := range s.commands {
		c.put(c.name(command.Name), c.types[command.Args], c.types[command.Returns], c.set(command.Features), flags(command))
	}
	c.put(uint64(len(s.events)))
	for _, event := range s.events {
		c.put(c.name(event.Name), c.types[event.Data], c.set(event.Features))
	}
	return c.b
}

func (c *compactor) totals() {
	var values, members, variants, choices int
	for _, t := range c.enums {
		values += len(t.Values)
	}
	for _, t := range c.objects {
		members += len(t.Members)
		variants += len(t.Variants)
	}
	for _, t := range c.alternates {
		choices += len(t.Choices)
	}
	for _, n := range []int{
		len(c.builtins), len(c.enums), len(c.arrays), len(c.objects), len(c.alternates), values, members, variants, choices,
	} {
		c.put(uint64(n))
	}
}

func (c *compactor) object(t *Object) {
	c.put(c.name(t.Name), c.set(t.Features), c.name(t.Tag), uint64(len(t.Members)))
	for _, m := range t.Members {
		optional := uint64(0)
		if m.Optional {
			optional = 1
		}
		c.put(c.name(m.Name), c.types[m.Type], c.set(m.Features)<<1|optional)
	}
	c.put(uint64(len(t.Variants)))
	for _, v := range t.Variants {
		c.put(c.name(v.Case), c.types[v.Object])
	}
}

func flags(c *Command) uint64 {
	var f uint64
	if c.Open {
		f |= flagOpen
	}
	if c.AllowOOB {
		f |= flagOOB
	}
	return f
}
