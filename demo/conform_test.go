package demo_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// conforms says where a value that the machine has sent is not what its own schema promises.
func conforms(t qapi.Type, v any, path string) error {
	switch t := t.(type) {
	case *qapi.Builtin:
		return conformsBuiltin(t, v, path)
	case *qapi.Enum:
		s, _ := v.(string)
		if !slices.ContainsFunc(t.Values, func(value qapi.EnumValue) bool { return value.Name == s }) {
			return fmt.Errorf("%s: %v is none of the enum's values", path, v)
		}
	case *qapi.Array:
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s: %v is no list", path, v)
		}
		for i, elem := range list {
			if err := conforms(t.Elem, elem, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case *qapi.Object:
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: %v is no object", path, v)
		}
		return conformsObject(t, o, path)
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			if conforms(choice, v, path) == nil {
				return nil
			}
		}
		return fmt.Errorf("%s: %v is none of the choices", path, v)
	}
	return nil
}

func conformsBuiltin(t *qapi.Builtin, v any, path string) error {
	ok := true
	switch t.JSON {
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "int":
		n, isNumber := v.(json.Number)
		ok = isNumber && !strings.ContainsAny(string(n), ".eE")
	case "number":
		_, ok = v.(json.Number)
	}
	if !ok {
		return fmt.Errorf("%s: %v is no %s", path, v, t.Name)
	}
	return nil
}

func conformsObject(t *qapi.Object, o map[string]any, path string) error {
	members := slices.Clone(t.Members)
	for u := t; u != nil && u.Tag != ""; {
		tag, _ := o[u.Tag].(string)
		if u = u.Variant(tag); u != nil {
			members = append(members, u.Members...)
		}
	}
	known := map[string]bool{}
	for _, m := range members {
		known[m.Name] = true
		v, ok := o[m.Name]
		if !ok && !m.Optional {
			return fmt.Errorf("%s lacks %s", path, m.Name)
		}
		if ok {
			if err := conforms(m.Type, v, path+"."+m.Name); err != nil {
				return err
			}
		}
	}
	for name := range o {
		if !known[name] {
			return fmt.Errorf("%s has %s, which the schema does not know", path, name)
		}
	}
	return nil
}

// judge checks one message of the machine against its schema: the reply to a command, or an event.
func judge(s *qapi.Schema, command, line string) error {
	var message struct {
		Return any
		Event  string
		Data   any
	}
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&message); err != nil {
		return err
	}
	if message.Event != "" {
		e := s.Event(message.Event)
		if e == nil {
			return fmt.Errorf("the schema has no event %s", message.Event)
		}
		if message.Data == nil {
			message.Data = map[string]any{}
		}
		return conforms(e.Data, message.Data, message.Event)
	}
	c := s.Command(command)
	if c == nil || message.Return == nil {
		return nil
	}
	return conforms(c.Returns, message.Return, command)
}
