package qapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// line writes a problem on one line: its path (with = for the value), and what a person reads.
func (p Problem) line() string {
	text := strings.Join(p.Path, ".")
	if p.AtValue {
		text += "="
	}
	text += " | " + p.Message
	if len(p.Near) > 0 {
		text += fmt.Sprintf(" | near %s", strings.Join(p.Near, " "))
	}
	if len(p.Where) > 0 {
		text += fmt.Sprintf(" | where %s", strings.Join(p.Where, " "))
	}
	if p.Warning {
		text = "warning: " + text
	}
	return text
}

func TestCheck(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	for _, c := range []struct {
		command, arguments string
		want               []string
	}{
		{"query-status", ``, nil},
		{"query-status", `{}`, nil},
		{"block-comit", ``, []string{` | this QEMU has no command "block-comit" | near block-commit`}},
		{"query-status", `[]`, []string{`= | needs an object, but this is a list`}},
		{"query-status", `{"a":1`, []string{`= | the arguments are not valid JSON: unexpected EOF`}},
		{"blockdev-add", `{"driver":"raw","file":"disk","node-name":"n"}`, nil},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file","filename":"x"}}`, nil},
		{"blockdev-add", `{"driver":"qcow3","node-name":"n0","file":5}`, []string{
			`driver= | driver: "qcow3" is not one of this QEMU's 42 drivers | near qcow2 qcow`,
		}},
		{"transaction", `{"actions":[{"type":"abort","data":{}},{"type":"blockdev-snapshot-syn","data":{}}]}`, []string{
			`actions.1.type= | "blockdev-snapshot-syn" is not one of this QEMU's 12 actions | near blockdev-snapshot-sync`,
		}},
		{"blockdev-add", `{"drvier":"raw","fil":"x"}`, []string{
			`drvier | blockdev-add has no member "drvier" | near driver`,
			`fil | blockdev-add has no member "fil"`,
		}},
		{"blockdev-add", `{"driver":"qcow2","filename":"x.img"}`, []string{
			`filename | "filename" does not go with driver=qcow2, only with file, host_cdrom and host_device | where file.filename`,
			`= | blockdev-add needs file (object by driver or str) with driver=qcow2`,
		}},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file","filename":5,"locking":"maybe"}}`, []string{
			`file.filename= | file.filename: needs a string, but 5 is an integer`,
			`file.locking= | file.locking: "maybe" is not one of auto, on, off`,
		}},
		{"blockdev-add", `{"driver":"qcow2","file":{"filename":"x"}}`, []string{
			`file= | file needs file.driver (enum of 42 values)`,
		}},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file"}}`, []string{
			`file= | file needs file.filename (str) with file.driver=file`,
		}},
		{"blockdev-add", `{"driver":"qcow2","file":{"driver":"file","host":"h","fil":"x"}}`, []string{
			`file.host | file has no member "host" with file.driver=file | where backing.server.0.host backing.server.host`,
			`file.fil | file has no member "fil" with file.driver=file | near filename`,
		}},
		{"drive-mirror", `{"device":"d"}`, []string{
			`= | drive-mirror needs target (str) and sync (top|full|none|incremental|bitmap)`,
		}},
		{"block_resize", `{"device":"d","size":1.5,"size":2}`, []string{
			`size= | size: needs an integer, but 1.5 is not an integer`,
			`size | "size" is there twice`,
		}},
		{"block_resize", `{"device":"d","size":18446744073709551616}`, []string{
			`size= | size: 18446744073709551616 is out of range: -9223372036854775808 to 18446744073709551615`,
		}},
		{"migrate-set-parameters", `{"x-checkpoint-delay":1}`, []string{
			`warning: x-checkpoint-delay | x-checkpoint-delay is unstable: it may change with any QEMU`,
		}},
		{"migrate-set-parameters", `{"tls-creds":null,"multifd-channels":2}`, nil},
		{"migrate-set-parameters", `{"tls-creds":7}`, []string{
			`tls-creds= | tls-creds: needs a string or null, but 7 is an integer`,
		}},
		{"migrate-set-capabilities", `{"capabilities":[{"capability":"events","state":true},{"capability":"events","state":"on"}]}`,
			[]string{`capabilities.1.state= | capabilities.1.state: needs true or false, but "on" is a string`}},
		{"device_add", `{"driver":"e1000","mac":"52:54:00:12:34:56"}`, nil},
		{"device_add", `{"driver":1}`, []string{`driver= | driver: needs a string, but 1 is an integer`}},
		{"qom-set", `{"path":"/","property":"p","value":{"anything":[1.5,null]}}`, nil},
		{"x-query-roms", ``, []string{`warning:  | x-query-roms is unstable: it may change with any QEMU`}},
	} {
		var got []string
		for _, p := range s.Check(c.command, []byte(c.arguments)) {
			got = append(got, p.line())
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s %s\n got:\n  %s\nwant:\n  %s", c.command, c.arguments,
				strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

// Faults without number are not all looked for: what was meant by each takes time to find out.
func TestCheckStopsAtManyFaults(t *testing.T) {
	s := saved.Schema(t, "7.2", Parse)
	var many strings.Builder
	many.WriteString(`{"driver":"qcow2"`)
	for i := range 20000 {
		fmt.Fprintf(&many, `,"member-%d":[{}]`, i)
	}
	many.WriteString("}")
	for command, want := range map[string]int{"blockdev-add": faultsMost, "device_add": 0} {
		problems := s.Check(command, []byte(many.String()))
		if n := len(problems); n < want || n > want+1 {
			t.Errorf("%s: %d problems, want %d", command, n, want)
		}
	}
}
