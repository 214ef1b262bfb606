// Package table turns the table of facts about QEMU 1.1 into introspection. Only the generator and the tests use it: it
// refuses to be part of the program.
package table

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Compile returns the table in the form of query-qmp-schema. Types whose names begin with an underscore get the names
// that QEMU's generator gives to types without one. An error names the line.
func Compile(text string) ([]byte, error) {
	c := compiler{seen: map[string]bool{}}
	for i, line := range strings.Split(text, "\n") {
		if err := c.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	for _, name := range []string{"str", "int", "number", "bool", "any"} {
		c.add(entity{"meta-type": "builtin", "name": name, "json-type": map[string]string{
			"str": "string", "int": "int", "number": "number", "bool": "boolean", "any": "value",
		}[name]})
	}
	// One entity a line: the differences between two versions can be read.
	var out strings.Builder
	for i, e := range c.entities {
		one, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		out.WriteString(map[bool]string{true: "[", false: ",\n"}[i == 0])
		out.Write(one)
	}
	out.WriteString("]\n")
	return []byte(out.String()), nil
}

type entity map[string]any

type compiler struct {
	entities []entity
	seen     map[string]bool // "META-TYPE NAME"
}

func (c *compiler) add(e entity) {
	if key := fmt.Sprint(e["meta-type"], " ", e["name"]); !c.seen[key] {
		c.seen[key] = true
		c.entities = append(c.entities, e)
	}
}

func (c *compiler) line(line string) error {
	words := strings.Fields(line)
	if len(words) == 0 || words[0][0] == '#' {
		return nil
	}
	if len(words) < 2 {
		return fmt.Errorf("%q has no name", line)
	}
	name, rest := words[1], words[2:]
	if key := words[0] + " " + name; c.seen[key] {
		return fmt.Errorf("%s is there twice", key)
	} else {
		c.seen[key] = true
	}
	switch words[0] {
	case "enum":
		c.entities = append(c.entities, entity{"meta-type": "enum", "name": typeName(name), "values": rest})
		return nil
	case "type":
		return c.object(name, rest, nil)
	case "union":
		return c.union(name, rest)
	case "command", "event":
		return c.call(words[0], name, rest)
	}
	return fmt.Errorf("what is a %q?", words[0])
}

// call adds a command or an event, with the object that its members are.
func (c *compiler) call(meta, name string, words []string) error {
	e := entity{"meta-type": meta, "name": name}
	c.add(entity{"meta-type": "object", "name": "q_empty", "members": []entity{}})
	e["arg-type"] = "q_empty"
	if n := len(words); meta == "command" {
		e["ret-type"] = "q_empty"
		if n >= 2 && words[n-2] == "->" {
			e["ret-type"] = c.reference(words[n-1])
			words = words[:n-2]
		}
	}
	if len(words) > 0 {
		arguments := "q_obj_" + name + "-arg"
		e["arg-type"] = arguments
		if err := c.object(arguments, words, nil); err != nil {
			return err
		}
	}
	c.entities = append(c.entities, e)
	return nil
}

func (c *compiler) union(name string, words []string) error {
	for i, word := range words {
		if word == "/" && i > 0 {
			return c.object(name, words[1:i], func(e entity) {
				var variants []entity
				for _, branch := range words[i+1:] {
					value, object, _ := strings.Cut(branch, ":")
					variants = append(variants, entity{"case": value, "type": c.reference(object)})
				}
				e["tag"], e["variants"] = words[0], variants
			})
		}
	}
	return fmt.Errorf("union %s has no branches", name)
}

func (c *compiler) object(name string, words []string, more func(entity)) error {
	members := []entity{}
	for _, word := range words {
		member, of, ok := strings.Cut(word, ":")
		if !ok {
			return fmt.Errorf("member %q of %s has no type", word, name)
		}
		m := entity{"type": c.reference(of)}
		if short, optional := strings.CutSuffix(member, "?"); optional {
			member, m["default"] = short, nil
		}
		m["name"] = member
		members = append(members, m)
	}
	e := entity{"meta-type": "object", "name": typeName(name), "members": members}
	if more != nil {
		more(e)
	}
	c.entities = append(c.entities, e)
	return nil
}

// reference returns the name of a type where it is used, and adds the list if it is one.
func (c *compiler) reference(name string) string {
	inner, ok := strings.CutPrefix(name, "[")
	if !ok {
		return typeName(name)
	}
	elem := c.reference(strings.TrimSuffix(inner, "]"))
	c.add(entity{"meta-type": "array", "name": "[" + elem + "]", "element-type": elem})
	return "[" + elem + "]"
}

func typeName(name string) string {
	if strings.HasPrefix(name, "_") {
		return "q_obj" + name
	}
	return name
}
