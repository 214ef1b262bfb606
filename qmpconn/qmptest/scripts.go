package qmptest

import (
	"bytes"
	"encoding/json"
)

// GreetingToday is how QEMU 7.2 greets.
const GreetingToday = `{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2+dfsg-7+deb12u18"}, "capabilities": ["oob"]}}` + "\r\n"

// Greeting2012 is how QEMU 1.1 greets.
const Greeting2012 = `{"QMP": {"version": {"qemu": {"micro": 50, "minor": 0, "major": 1}, "package": ""}, "capabilities": []}}` + "\r\n"

// Today is a server with the manners of today's QEMU: capabilities with oob, errors of class GenericError. handler
// answers everything but the negotiation; nil answers {} to all.
func Today(handler Handler) Script {
	return Script{Greeting: GreetingToday, Handler: negotiated(handler, true)}
}

// In2012 is a server with the manners of QEMU 1.1: no capabilities and no arguments to qmp_capabilities, no exec-oob,
// no null anywhere; what it cannot read it answers without an id; errors carry a data object.
func In2012(handler Handler) Script {
	return Script{Greeting: Greeting2012, Handler: negotiated(handler, false), Check: refuse2012}
}

// Agent is a guest agent: it does not greet, knows no capabilities and no ids, and answers guest-sync-delimited behind
// a byte 0xFF. handler answers everything else.
func Agent(handler Handler) Script {
	return Script{Handler: func(r Request) []string {
		var sync struct{ ID json.RawMessage }
		if r.Command == "guest-sync-delimited" && json.Unmarshal(r.Arguments, &sync) == nil {
			return []string{"\xff" + r.Return(string(sync.ID))}
		}
		return handler(r)
	}}
}

// negotiated answers qmp_capabilities and hands everything else on.
func negotiated(handler Handler, arguments bool) Handler {
	if handler == nil {
		handler = func(r Request) []string { return []string{r.Return("{}")} }
	}
	return func(r Request) []string {
		switch {
		case r.Command != "qmp_capabilities":
			return handler(r)
		case r.Arguments != nil && !arguments:
			return []string{Error2012(r, "InvalidParameter", "Invalid parameter 'enable'", `{"name": "enable"}`)}
		}
		return []string{r.Return("{}")}
	}
}

// Error2012 is a refusal as servers before 1.2 write it, with the error's details in a data object of JSON text.
func Error2012(r Request, class, desc, data string) string {
	return `{"error": {"class": ` + quote(class) + `, "desc": ` + quote(desc) + `, "data": ` + data + `}` + r.echo() + "}\r\n"
}

func refuse2012(r Request) []string {
	anonymous := r
	anonymous.ID = nil
	switch {
	case holdsNull(r.Raw):
		return []string{Error2012(anonymous, "JSONParsing", "Invalid JSON syntax", "{}")}
	case r.OOB:
		return []string{Error2012(anonymous, "QMPExtraInputObjectMember", "QMP input object member 'exec-oob' is unexpected", `{"member": "exec-oob"}`)}
	}
	return nil
}

// holdsNull reports whether a null stands anywhere in a JSON text, outside of strings.
func holdsNull(raw []byte) bool {
	in := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := in.Token()
		if err != nil {
			return false
		}
		if token == nil {
			return true
		}
	}
}
