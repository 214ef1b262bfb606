package demo

import (
	"encoding/json"
	"fmt"
)

// A request is one message of a client that has the right shape.
type request struct {
	command string
	args    object
	oob     bool
}

// A handler executes one command for a client. The arguments have been checked against the schema.
type handler func(m *Machine, c *client, args json.RawMessage) (any, error)

// command makes a handler of a function with arguments of its own type.
func command[A any](run func(*Machine, A) (any, error)) handler {
	return func(m *Machine, _ *client, args json.RawMessage) (any, error) {
		var a A
		if err := json.Unmarshal(args, &a); err != nil {
			return nil, refuse("Parameter out of range: %v", err)
		}
		return run(m, a)
	}
}

// query makes a handler of a function that only looks.
func query(look func(*Machine) any) handler {
	return func(m *Machine, _ *client, _ json.RawMessage) (any, error) { return look(m), nil }
}

// attempt makes a handler of a function that looks, and may find nothing to look at.
func attempt(look func(*Machine) (any, error)) handler {
	return func(m *Machine, _ *client, _ json.RawMessage) (any, error) { return look(m) }
}

// action makes a handler of a function without arguments and result.
func action(act func(*Machine) error) handler {
	return func(m *Machine, _ *client, _ json.RawMessage) (any, error) { return nil, act(m) }
}

// answer is the reply to one message.
func (m *Machine) answer(c *client, v any, syntax error) object {
	if syntax != nil {
		return object{{"error", m.badSyntax(syntax).wire(m.old)}}
	}
	input, _ := v.(object)
	id, hasID := input.get("id")
	r, bad := m.shape(c, v)
	if bad != nil && m.old {
		return object{{"error", bad.wire(true)}} // servers of 2012 took the id from well-formed messages only
	}
	var result any
	var err error
	if bad != nil {
		err = bad
	} else {
		result, err = m.execute(c, r)
	}
	reply := m.reply(result, err)
	if !hasID {
		return reply
	}
	if m.old {
		id = clamp(id)
	}
	if err != nil && !m.old {
		return append(object{{"id", id}}, reply...)
	}
	return append(reply, member{"id", id})
}

func (m *Machine) reply(result any, err error) object {
	if err != nil {
		r, ok := err.(*refusal)
		if !ok {
			r = refuse("%v", err)
		}
		return object{{"error", r.wire(m.old)}}
	}
	if result == nil {
		result = object{}
	}
	return object{{"return", result}}
}

func (m *Machine) badSyntax(err error) *refusal {
	return refuse("%v", err).before("JSONParsing").worded("Invalid JSON syntax")
}

// shape takes a message apart and refuses what is none.
func (m *Machine) shape(c *client, v any) (request, *refusal) {
	if m.old && hasNull(v) {
		return request{}, m.badSyntax(&syntaxError{"invalid keyword 'null'"})
	}
	input, ok := v.(object)
	if !ok {
		return request{}, refuse("QMP input must be a JSON object").
			before("QMPBadInputObject", member{"expected", "object"}).worded("Expected 'object' in QMP input")
	}
	r := request{args: object{}}
	found := ""
	for _, in := range input {
		switch {
		case in.name == "id":
		case in.name == "arguments":
			if r.args, ok = in.value.(object); !ok {
				return r, errInputType(in.name, "an object", "object")
			}
		case in.name == "execute" || in.name == "exec-oob" && c.oob:
			if found != "" {
				return r, refuse("QMP input member 'execute' clashes with 'exec-oob'")
			}
			found, r.oob = in.name, in.name == "exec-oob"
			if r.command, ok = in.value.(string); !ok {
				return r, errInputType(in.name, "a string", "string")
			}
		default:
			return r, refuse("QMP input member '%s' is unexpected", in.name).
				before("QMPExtraInputObjectMember", member{"member", in.name}).
				worded(fmt.Sprintf("QMP input object member '%s' is unexpected", in.name))
		}
	}
	if found == "" {
		return r, refuse("QMP input lacks member 'execute'").
			before("QMPBadInputObject", member{"expected", "execute"}).worded("Expected 'execute' in QMP input")
	}
	return r, nil
}

func errInputType(name, expected, past string) *refusal {
	return refuse("QMP input member '%s' must be %s", name, expected).
		before("QMPBadInputObjectMember", member{"member", name}, member{"expected", past}).
		worded(fmt.Sprintf("QMP input object member '%s' expects '%s'", name, past))
}

// execute runs a command as far as the client's negotiation and the schema allow.
func (m *Machine) execute(c *client, r request) (any, error) {
	negotiates := r.command == "qmp_capabilities"
	if !c.ready && !negotiates {
		return nil, errCommandNotFound(r.command, "Expecting capabilities negotiation with 'qmp_capabilities'")
	}
	if c.ready && negotiates {
		return nil, errCommandNotFound(r.command, "Capabilities negotiation is already complete, command ignored")
	}
	h, ok := m.commands[r.command]
	described := m.schema.Command(r.command)
	if !ok || described == nil {
		return nil, errCommandNotFound(r.command, fmt.Sprintf("The command %s has not been found", r.command))
	}
	if r.oob && !described.AllowOOB {
		return nil, refuse("The command %s does not support OOB", r.command)
	}
	args := appendJSON(nil, r.args)
	if bad := m.check(described, args); bad != nil {
		return nil, bad
	}
	result, err := h(m, c, args)
	if m.old && result != nil {
		result = prune(described.Returns, result)
	}
	return result, err
}
