package qapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Check says what is wrong with a command and its arguments, which may be empty, before anything is sent: every
// problem, not the first alone, in the order of the arguments, up to a hundred. What the schema leaves open is not
// judged; what it knows of an earlier version only, see AsOf, is warned of.
func (s *Schema) Check(command string, arguments json.RawMessage) []Problem {
	c := s.Command(command)
	if c == nil {
		return []Problem{{
			Kind: UnknownCommand, Near: s.Near(command),
			Message: fmt.Sprintf("this QEMU has no command %s", quote(command)),
		}}
	}
	problems := c.check(arguments)
	if c.AsOf != "" {
		for i := range problems {
			problems[i].Warning = true
			problems[i].Message += ", as far as " + c.AsOf + " goes"
		}
	}
	return problems
}

func (c *Command) check(arguments json.RawMessage) []Problem {
	k := checker{command: c}
	k.features(c.Features, nil, false, c.Name)
	if len(strings.TrimSpace(string(arguments))) == 0 {
		arguments = json.RawMessage("{}")
	}
	v, err := readValue(arguments)
	if err != nil {
		k.add(Problem{Kind: WrongType, AtValue: true, Message: fmt.Sprintf("the arguments are not valid JSON: %v", err)})
		return k.problems
	}
	k.root = v
	if v.kind != objectKind {
		k.wrongType(c.Args, v, nil)
		return k.problems
	}
	k.object(c.Args, v, nil)
	return k.problems
}

// A checker goes through the arguments of one command side by side with their types. It ends because JSON does,
// whether or not the types do.
type checker struct {
	command  *Command
	root     value
	problems []Problem
	faults   int // problems that are not only warnings
}

// faultsMost is how many faults are looked for: nobody reads more, and to find out what was meant takes time.
const faultsMost = 100

func (k *checker) full() bool { return k.faults >= faultsMost }

func (k *checker) add(p Problem) {
	p.Path = slices.Clone(p.Path)
	k.problems = append(k.problems, p)
	if !p.Warning {
		k.faults++
	}
}

func (k *checker) value(t Type, v value, path []string) {
	if k.full() {
		return
	}
	switch t := t.(type) {
	case *Builtin:
		k.builtin(t, v, path)
	case *Enum:
		k.enum(t, v, path)
	case *Array:
		if v.kind != arrayKind {
			k.wrongType(t, v, path)
			return
		}
		for i, elem := range v.elems {
			k.value(t.Elem, elem, append(path, strconv.Itoa(i)))
		}
	case *Object:
		if v.kind != objectKind {
			k.wrongType(t, v, path)
			return
		}
		k.object(t, v, path)
	case *Alternate:
		choice := choose(t, v)
		if choice == nil {
			k.wrongType(t, v, path)
			return
		}
		k.value(choice, v, path)
	}
}

// valuesShort is how many values of an enum a message can hold.
const valuesShort = 6

// names are the enum's values without their features.
func (e *Enum) names() []string {
	names := make([]string, len(e.Values))
	for i, v := range e.Values {
		names[i] = v.Name
	}
	return names
}

func (k *checker) enum(t *Enum, v value, path []string) {
	if v.kind != stringKind {
		k.wrongType(t, v, path)
		return
	}
	for _, candidate := range t.Values {
		if candidate.Name == v.text {
			k.features(candidate.Features, path, true, at(path)+quote(v.text))
			return
		}
	}
	valid := t.names()
	where, kind := at(path), "values"
	if noun, listed := k.tagged(path); noun != "" {
		kind = noun
		if listed {
			where = "" // a number in a list says less than what stands there
		}
	}
	among := fmt.Sprintf("this QEMU's %d %s", len(valid), kind)
	if len(valid) <= valuesShort {
		among = strings.Join(valid, ", ")
	}
	k.add(Problem{
		Kind: UnknownValue, Path: path, AtValue: true, Near: Nearest(v.text, valid), Valid: valid,
		Message: fmt.Sprintf("%s%s is not one of %s", where, quote(v.text), among),
	})
}

// tagged is the plural of what the tag at the end of the path says, because such a tag is a noun: "drivers" where it is
// that of the command's own union, and where it is that of a list's elements what the list is called, such as "actions".
// It is "" elsewhere.
func (k *checker) tagged(path []string) (noun string, listed bool) {
	args := k.command.Args
	switch {
	case len(path) == 1 && path[0] == args.Tag:
		return path[0] + "s", false
	case len(path) == 3 && args.Member(path[0]) != nil:
		if list, ok := args.Member(path[0]).Type.(*Array); ok {
			if elem, ok := list.Elem.(*Object); ok && elem.Tag == path[2] {
				return path[0], true
			}
		}
	}
	return "", false
}

// choose returns the alternate's choice for this value by its JSON type, or nil when there is none.
func choose(a *Alternate, v value) Type {
	var best Type
	for _, choice := range a.Choices {
		switch t := choice.(type) {
		case *Enum:
			if v.kind == stringKind && best == nil {
				best = t
			}
		case *Array:
			if v.kind == arrayKind {
				return t
			}
		case *Object:
			if v.kind == objectKind {
				return t
			}
		case *Builtin:
			if t.accepts(v.kind) && (best == nil || t.JSON != "number") {
				best = t // an integer is a number too, but "int" comes first
			}
		}
	}
	return best
}

func (k *checker) wrongType(t Type, v value, path []string) {
	k.add(Problem{
		Kind: WrongType, Path: path, AtValue: true,
		Message: fmt.Sprintf("%sneeds %s, but %s", at(path), need(t), v.describe()),
	})
}

// need says what a value of the type has to be, in words.
func need(t Type) string {
	switch t := t.(type) {
	case *Builtin:
		return t.need()
	case *Enum:
		if len(t.Values) <= valuesShort {
			return "one of " + strings.Join(t.names(), ", ")
		}
		return "one of " + strconv.Itoa(len(t.Values)) + " strings"
	case *Array:
		return "a list"
	case *Alternate:
		var needs []string
		for _, choice := range t.Choices {
			if _, again := choice.(*Alternate); !again {
				needs = append(needs, need(choice))
			}
		}
		return strings.Join(needs, " or ")
	}
	return "an object"
}

// features warns of a deprecated or unstable use. What names the thing that is used.
func (k *checker) features(f Features, path []string, atValue bool, what string) {
	if f.Has(Deprecated) {
		k.add(Problem{
			Kind: DeprecatedUse, Path: path, AtValue: atValue, Warning: true,
			Message: what + " is deprecated: a later QEMU may lack it",
		})
	}
	if f.Has(Unstable) {
		k.add(Problem{
			Kind: UnstableUse, Path: path, AtValue: atValue, Warning: true,
			Message: what + " is unstable: it may change with any QEMU",
		})
	}
}

// at is the beginning of a message about the value at the end of the path.
func at(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return strings.Join(path, ".") + ": "
}
