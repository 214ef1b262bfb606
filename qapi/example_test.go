package qapi

import (
	"encoding/json"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

func TestExample(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	for _, c := range []struct {
		command, given string
		full           bool
		want           string
	}{
		{"stop", ``, true, `{}`},
		{"block_resize", ``, false, `{"size":0}`},
		{"block_resize", ``, true, `{"device":"","node-name":"","size":0}`},
		{"blockdev-add", `{"driver":"qcow2"}`, false, `{"driver":"qcow2","file":""}`},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file"},"mine":[1]}`, false,
			`{"driver":"qcow2","file":{"driver":"file","filename":""},"mine":[1]}`},
		{"migrate-set-capabilities", ``, true, `{"capabilities":[{"capability":"xbzrle","state":false}]}`},
		{"transaction", ``, true, `{"actions":[{"type":"abort","data":{}}],"properties":{"completion-mode":"individual"}}`},
	} {
		got, err := s.Example(c.command, json.RawMessage(c.given), c.full)
		if err != nil || string(got) != c.want {
			t.Errorf("%s %s: %s %v, want %s", c.command, c.given, got, err, c.want)
		}
	}
	if _, err := s.Example("no-such", nil, false); err == nil {
		t.Error("a command that is not there has an example")
	}
}
