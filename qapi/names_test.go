package qapi

import (
	"bytes"
	"testing"
)

func TestResolveNames(t *testing.T) {
	source, err := Parse([]byte(`[
		{"meta-type":"builtin","name":"str","json-type":"string"},
		{"meta-type":"enum","name":"RunState","values":["running","paused","debug"]},
		{"meta-type":"enum","name":"Colour","values":["red","green"]},
		{"meta-type":"object","name":"StatusInfo","members":[
			{"name":"status","type":"RunState"},{"name":"running","type":"Colour"}]},
		{"meta-type":"object","name":"BlockdevOptions","members":[{"name":"driver","type":"Colour"}],"tag":"driver",
			"variants":[{"case":"qcow2","type":"BlockdevOptionsQcow2"}]},
		{"meta-type":"object","name":"BlockdevOptionsQcow2","members":[{"name":"file","type":"BlockdevRef"}]},
		{"meta-type":"alternate","name":"BlockdevRef","members":[{"type":"str"},{"type":"BlockdevOptions"}]},
		{"meta-type":"command","name":"query-status","ret-type":"StatusInfo","arg-type":"q_obj_query-status-arg"},
		{"meta-type":"object","name":"q_obj_query-status-arg","members":[]},
		{"meta-type":"command","name":"blockdev-add","arg-type":"BlockdevOptions"}]`))
	if err != nil {
		t.Fatal(err)
	}
	s := saved(t, "7.2")
	if n := s.ResolveNames(source); n < 4 {
		t.Errorf("%d types got names", n)
	}
	status := s.Command("query-status").Returns.(*Object)
	if got := status.Describe() + " " + status.Member("status").Type.Describe(); got != "StatusInfo RunState" {
		t.Errorf("query-status returns %s", got)
	}
	add := s.Command("blockdev-add").Args
	if got := add.Describe() + " " + add.Member("driver").Type.Describe(); got != "BlockdevOptions enum of 42 values" {
		t.Errorf("blockdev-add takes %s: an enum that shares no value has another's name", got)
	}
	if got := add.Variant("qcow2").Member("file").Type.Describe(); got != "BlockdevRef" {
		t.Errorf("file of qcow2 is %s", got)
	}
	if again := s.ResolveNames(source); again != 0 {
		t.Errorf("a second time, %d types got names", again)
	}
	restored, err := ParseCompact(s.AppendCompact(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := restored.Command("query-status").Returns.TypeName(); got != "StatusInfo" {
		t.Errorf("out of the compact form query-status returns %q", got)
	}
	if bytes.Contains(printSchema(s), []byte("q_obj")) {
		t.Error("a made-up name shows")
	}
}
