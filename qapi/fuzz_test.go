package qapi_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

func FuzzCompact(f *testing.F) {
	f.Add(schemas(f)["7.2"].Restrict([]string{"query-status", "stop", "blockdev-snapshot-sync", "new"}).AppendCompact(nil))
	f.Add([]byte("qmpsh schema 2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := qapi.ParseCompact(qapi.Reseal(data))
		if err != nil {
			return
		}
		walk(t, s)
		again, err := qapi.ParseCompact(s.AppendCompact(nil))
		if err != nil {
			t.Fatalf("what was read cannot be read again once it is written: %v", err)
		}
		if !bytes.Equal(qapi.PrintSchema(s), qapi.PrintSchema(again)) {
			t.Fatal("written and read again, it is another schema")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"meta-type":"object","name":"1","members":[{"name":"m","type":"[1]","default":null}]},
		{"meta-type":"array","name":"[1]","element-type":"1"},{"meta-type":"command","name":"c","arg-type":"1"}]`))
	f.Add([]byte(`[{"meta-type":"alternate","name":"1","members":[{"type":"[1]"},{"type":"2"}]},
		{"meta-type":"array","name":"[1]","element-type":"1"},{"meta-type":"enum","name":"2","values":["a","b"]},
		{"meta-type":"object","name":"3","members":[{"name":"a","type":"1"}],"tag":"a","variants":[{"case":"a","type":"4"}]},
		{"meta-type":"object","name":"4","members":[]},{"meta-type":"event","name":"E","arg-type":"3"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := qapi.Parse(text)
		if err != nil {
			return
		}
		walk(t, s)
		if _, err := qapi.Parse(qapi.PrintSchema(s)); err != nil {
			t.Fatalf("printed, it cannot be read: %v\n%s", err, qapi.PrintSchema(s))
		}
	})
}

func FuzzCheck(f *testing.F) {
	s := schemas(f)["7.2"]
	f.Add("blockdev-add", []byte(`{"driver":"qcow2","file":{"driver":"file","filename":"x"},"filename":[1,-2.5e3,null,{}]}`))
	f.Add("transaction", []byte(`{"actions":[{"type":"abort","data":{}}],"actions":"\ud800"}`))
	f.Add("netdev_add", []byte(`{"type":"user","id":"n","hostfwd":[{"str":"tcp::1-:2"}],"vhost":true}`))
	f.Fuzz(func(t *testing.T, command string, arguments []byte) {
		for _, p := range s.Check(command, arguments) {
			if p.Message == "" || p.Kind == 0 {
				t.Fatalf("%s %s: a problem that says nothing: %+v", command, arguments, p)
			}
		}
		for _, full := range []bool{false, true} {
			completed, err := s.Example(command, arguments, full)
			if err == nil && !json.Valid(completed) {
				t.Fatalf("%s %s: completed to %s", command, arguments, completed)
			}
		}
	})
}
