package qmpconn

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// A message is one JSON object from the server, cut into the members that QMP knows. Which are present decides its
// kind: a greeting, a return, an error or an event.
type message struct {
	raw       []byte          // all of it
	greeting  json.RawMessage // the member QMP
	result    json.RawMessage // the member return
	refusal   *Error
	event     string
	data      json.RawMessage // of an event
	timestamp json.RawMessage // of an event
	id        json.RawMessage // echoed from the command; nil when the server could not read that far
}

// parseMessage cuts up raw, which is one valid JSON value. The reason is "" or says why this is no QMP message.
func parseMessage(raw []byte) (m message, reason string) {
	raw = bytes.TrimSpace(raw)
	m.raw = raw
	if len(raw) == 0 || raw[0] != '{' {
		return m, "a message must be an object"
	}
	var name, refusal json.RawMessage
	eachMember(raw, func(key []byte, value json.RawMessage) {
		switch string(key) {
		case "return":
			m.result = value
		case "error":
			refusal = value
		case "id":
			m.id = value
		case "event":
			name = value
		case "data":
			m.data = value
		case "timestamp":
			m.timestamp = value
		case "QMP":
			m.greeting = value
		}
	})
	switch {
	case refusal != nil:
		m.refusal = parseRefusal(refusal)
	case name != nil:
		if m.event, _ = text(name); m.event == "" {
			return m, "an event must have a name"
		}
	case m.result == nil && m.greeting == nil:
		return m, "a message must be a greeting, a return, an error or an event"
	}
	return m, ""
}

// parseRefusal reads an error object. One that does not look as it should is still an error: its text is the desc.
func parseRefusal(raw json.RawMessage) *Error {
	var body struct {
		Class, Desc string
		Data        json.RawMessage
	}
	if json.Unmarshal(raw, &body) != nil || body.Class == "" && body.Desc == "" {
		return &Error{Desc: string(raw)}
	}
	return &Error{Class: body.Class, Desc: body.Desc, Data: body.Data}
}

// eventTime reads a timestamp; the zero time says that the server does not know, which QEMU writes as seconds -1.
func eventTime(raw json.RawMessage) time.Time {
	number, _ := member(raw, "seconds")
	seconds, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}
	}
	number, _ = member(raw, "microseconds")
	micros, _ := strconv.ParseInt(string(number), 10, 64) // zero where there is none
	return time.Unix(seconds, max(micros, 0)*1000)
}

// callID reads an id of ours back; ok is false for an id that was never ours.
func callID(raw json.RawMessage) (id uint64, ok bool) {
	id, err := strconv.ParseUint(string(raw), 10, 64)
	return id, err == nil
}

// eachMember calls visit with the members of a valid JSON object, without copying the values. The decoder has checked
// the syntax, so that a second full scan would be waste. A value of another kind has no members.
func eachMember(object []byte, visit func(key []byte, value json.RawMessage)) {
	if len(object) == 0 || object[0] != '{' {
		return
	}
	i := skipSpace(object, 1)
	for i < len(object) && object[i] == '"' {
		end := skipValue(object, i)
		key := plain(object[i:end])
		i = skipSpace(object, end)
		i = skipSpace(object, i+1) // the colon
		end = skipValue(object, i)
		visit(key, object[i:end:end])
		i = skipSpace(object, end)
		i = skipSpace(object, i+1) // the comma or the closing brace
	}
}

// eachElement does the same for the elements of a valid JSON array.
func eachElement(array []byte, visit func(value json.RawMessage)) {
	if len(array) == 0 || array[0] != '[' {
		return
	}
	i := skipSpace(array, 1)
	for i < len(array) && array[i] != ']' {
		end := skipValue(array, i)
		visit(array[i:end:end])
		i = skipSpace(array, end)
		i = skipSpace(array, i+1) // the comma or the closing bracket
	}
}

// member returns one member of a valid JSON object.
func member(object []byte, name string) (found json.RawMessage, ok bool) {
	eachMember(object, func(key []byte, value json.RawMessage) {
		if string(key) == name {
			found, ok = value, true
		}
	})
	return found, ok
}

// text reads a valid JSON string; ok is false for a value of another kind.
func text(value []byte) (s string, ok bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	return string(plain(value)), true
}

// plain returns what a valid JSON string says; it copies only where there are escapes.
func plain(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it is valid: the decoder has checked it
	return []byte(s)
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipValue returns the end of the valid JSON value that starts at b[i].
func skipValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ' ', '\n', '\r', '\t', ':':
			i++
			continue
		default:
			i = skipLiteral(b, i)
		}
		if depth <= 0 {
			break
		}
	}
	return min(i, len(b))
}

func skipLiteral(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case ',', ']', '}', ' ', '\n', '\r', '\t':
			return i
		}
	}
	return i
}

func skipString(b []byte, i int) int {
	for i++; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1
}
