package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

func TestTheWireOf2012(t *testing.T) {
	m, clock := newMachine(demo.Options{Compat: demo.Compat11})
	k := dial(t, m, clock)
	if !strings.Contains(k.said.String(), `"capabilities": []`) {
		t.Errorf("the greeting is %s", k.said.String())
	}
	const (
		nullIsNone = `{"error": {"class": "JSONParsing", "desc": "Invalid JSON syntax", "data": {}}}`
		off        = `{"return": {"status": "paused", "singlestep": false, "running": false}`
	)
	for _, c := range []struct{ message, reply string }{
		{`{"execute":"query-status","id":1}`, `{"error": {"class": "CommandNotFound", "desc": "The command query-status has not been found", ` +
			`"data": {"name": "query-status"}}, "id": 1}`},
		{`{"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}`,
			`{"error": {"class": "InvalidParameter", "desc": "Invalid parameter 'enable'", "data": {"name": "enable"}}}`},
		{`{"execute":"qmp_capabilities","arguments":{}}`, `{"return": {}}`},
		{`{"execute":"query-qmp-schema"}`, `{"error": {"class": "CommandNotFound", "desc": "The command query-qmp-schema has not been found", ` +
			`"data": {"name": "query-qmp-schema"}}}`},
		{`{"execute":"block-stream"}`, `{"error": {"class": "CommandNotFound", "desc": "The command block-stream has not been found", ` +
			`"data": {"name": "block-stream"}}}`},
		// A malformed message is answered without its id, a null anywhere makes it malformed.
		{`{"execute":"stop","id":null}`, nullIsNone},
		{`{"execute":"stop","arguments":{"x":[null]},"id":1}`, nullIsNone},
		{`{"execute":"stop",,"id":1}`, nullIsNone},
		{`[]`, `{"error": {"class": "QMPBadInputObject", "desc": "Expected 'object' in QMP input", "data": {"expected": "object"}}}`},
		{`{"id":1}`, `{"error": {"class": "QMPBadInputObject", "desc": "Expected 'execute' in QMP input", "data": {"expected": "execute"}}}`},
		{`{"execute":1,"id":1}`, `{"error": {"class": "QMPBadInputObjectMember", "desc": "QMP input object member 'execute' expects 'string'", ` +
			`"data": {"member": "execute", "expected": "string"}}}`},
		{`{"exec-oob":"stop","id":1}`, `{"error": {"class": "QMPExtraInputObjectMember", ` +
			`"desc": "QMP input object member 'exec-oob' is unexpected", "data": {"member": "exec-oob"}}}`},
		{`{"execute":"set_link","arguments":{"name":"net0","up":1}}`, `{"error": {"class": "InvalidParameterType", ` +
			`"desc": "Invalid parameter type, expected: bool", "data": {"name": "up", "expected": "bool"}}}`},
		{`{"execute":"stop"}`, `{"return": {}}`},
		{`{"execute":"query-status","id":[99999999999999999999,{"a":-99999999999999999999},5]}`,
			off + `, "id": [9223372036854775807, {"a": -9223372036854775808}, 5]}`},
	} {
		k.want(c.message, c.reply)
	}
	if seen := k.seen(); seen != "STOP" {
		t.Errorf("events were %q", seen)
	}
}

func TestEventsOf2012(t *testing.T) {
	k := begin(t, demo.Options{Compat: demo.Compat11})
	k.do("system_reset", `{}`)
	k.do("balloon", `{"value":1073741824}`)
	k.do("eject", `{"device":"cd0"}`)
	k.do("block_job_cancel", `{"device":"drive0"}`)
	k.do("device_del", `{"id":"rng0"}`)
	k.pass(40 * time.Second)
	told := k.lines()
	for _, want := range []string{
		"\"RESET\"\n", "\"DEVICE_TRAY_MOVED\", \"data\": {\"device\": \"cd0\", \"tray-open\": true}\n",
		`"BLOCK_JOB_CANCELLED", "data": {"device": "drive0", `,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("no %s among\n%s", want, told)
		}
	}
	for _, later := range []string{"JOB_STATUS_CHANGE", "VSERPORT_CHANGE", "BALLOON_CHANGE", "DEVICE_DELETED", "websocket"} {
		if strings.Contains(told, later) {
			t.Errorf("%s was not known in 2012:\n%s", later, told)
		}
	}
}

func TestAMigrationIn2012(t *testing.T) {
	k := begin(t, demo.Options{Compat: demo.Compat11})
	k.want(`{"execute":"query-migrate"}`, `{"return": {}}`)
	k.do("migrate", `{"uri":"tcp:backup:4444"}`)
	if text := k.ask(`{"execute":"query-migrate"}`); !strings.HasPrefix(text, `{"return": {"status": "active", "ram": {"total": `) ||
		strings.Contains(text, "mbps") {
		t.Errorf("at once it is active: %s", text)
	}
	k.pass(5 * time.Minute)
	k.want(`{"execute":"query-migrate"}`, `{"return": {"status": "completed"}}`)
	if k.status() != "postmigrate" {
		t.Errorf("the machine is %s", k.status())
	}
}
