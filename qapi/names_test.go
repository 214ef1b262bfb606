package qapi

import (
	"bytes"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
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
	s := saved.Schema(t, "7.2", Parse)
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

// fewDocs are the documents of a few commands and types, with the lies that those of another version tell.
type fewDocs map[string]Doc

func (d fewDocs) Doc(name string) (Doc, bool)     { doc, ok := d[name]; return doc, ok }
func (d fewDocs) TypeDoc(name string) (Doc, bool) { doc, ok := d[name]; return doc, ok }

func TestResolveNamesByDocs(t *testing.T) {
	members := func(names ...string) map[string]string {
		m := map[string]string{}
		for _, name := range names {
			m[name] = "prose"
		}
		return m
	}
	docs := fewDocs{
		"blockdev-add": {Branches: map[string]string{"qcow2": "BlockdevOptionsQcow2", "raw": "BlockdevOptionsQcow2"},
			Types: map[string]string{"discard": "BlockdevDiscardOptions", "node-name": "str", "cache": "Nowhere"}},
		"BlockdevDiscardOptions": {Members: members("ignore", "unmap", "drop")},
		"BlockdevOptionsQcow2": {Members: members("lazy-refcounts", "pass-discard-request", "overlap-check", "file",
			"backing", "encrypt", "data-file", "l2-cache-size"), Types: map[string]string{"file": "BlockdevRef"}},
		"BlockdevRef":       {Types: map[string]string{"definition": "BlockdevOptions", "reference": "str"}},
		"BlockdevOptions":   {Members: members("driver", "discard", "cache", "read-only", "detect-zeroes")},
		"drive-mirror":      {Types: map[string]string{"sync": "BlockdevDiscardOptions", "mode": "NewImageMode"}},
		"NewImageMode":      {Members: members("one", "two")},
		"JOB_STATUS_CHANGE": {Types: map[string]string{"status": "JobStatus"}},
		"JobStatus":         {Members: members("created", "running", "paused", "ready", "concluded", "null")},
	}
	s := saved.Schema(t, "7.2", Parse)
	s.ResolveNamesByDocs(docs)
	add := s.Command("blockdev-add").Args
	qcow2 := add.Variant("qcow2")
	mirror := s.Command("drive-mirror").Args
	for _, c := range []struct {
		what string
		of   Type
		want string
	}{
		{"an enum", add.Member("discard").Type, "BlockdevDiscardOptions"},
		{"a scalar", add.Member("node-name").Type, "str"},
		{"a type nobody wrote about", add.Member("cache").Type, ""},
		{"a branch", qcow2, "BlockdevOptionsQcow2"},
		{"another branch of the same name", add.Variant("raw"), ""},
		{"an alternate", qcow2.Member("file").Type, "BlockdevRef"},
		{"a choice of an alternate", add, "BlockdevOptions"},
		{"a name that is taken, for other values", mirror.Member("sync").Type, ""},
		{"other values", mirror.Member("mode").Type, ""},
		{"of an event", s.Event("JOB_STATUS_CHANGE").Data.Member("status").Type, "JobStatus"},
	} {
		if got := c.of.TypeName(); got != c.want {
			t.Errorf("%s is named %q, want %q", c.what, got, c.want)
		}
	}
	if again := s.ResolveNamesByDocs(docs); again != 0 {
		t.Errorf("a second time, %d types got names", again)
	}
}
