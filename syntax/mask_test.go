package syntax

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct{ name, line, want string }{
		{"a password", `set_password protocol=vnc password=letmein`, `set_password protocol=vnc password=***`},
		{"in quotes", `set_password password="a b" protocol=vnc`, `set_password password="***" protocol=vnc`},
		{"digits", `change-vnc-password password=1234`, `change-vnc-password password=***`},
		{"one that is asked for", `set_password protocol=vnc password=?`, `set_password protocol=vnc password=?`},
		{"not the time of one", `expire_password protocol=vnc time=now`, `expire_password protocol=vnc time=now`},
		{"a secret object", `object-add qom-type=secret id=s data=letmein`, `object-add qom-type=secret id=s data=***`},
		{"of the old form", `object-add qom-type=secret id=s props.data=letmein`, `object-add qom-type=secret id=s props.data=***`},
		{"not another object's data", `object-add qom-type=x id=s data=1`, `object-add qom-type=x id=s data=1`},
		{"in an object", `object-add {"qom-type": "secret", "id": "s", "data": "letmein"}`, `object-add {"qom-type": "secret", "id": "s", "data": "***"}`},
		{"the id of a secret is none", `blockdev-add driver=luks key-secret=sec0 file=f`, `blockdev-add driver=luks key-secret=sec0 file=f`},
		{"a key that is pressed is none", `input-send-event events.0.type=key events.0.data.key.data=a`, `input-send-event events.0.type=key events.0.data.key.data=a`},
		{"a cookie", `blockdev-add driver=https url=https://x/y cookie=a=b`, `blockdev-add driver=https url=https://x/y cookie=***`},
		{"in an address", `blockdev-add driver=https url=https://me:pw@x/y`, `blockdev-add driver=https url=https://me:***@x/y`},
		{"a raw message", `{"execute": "set_password", "arguments": {"protocol": "vnc", "password": "x\"y"}}`, `{"execute": "set_password", "arguments": {"protocol": "vnc", "password": "***"}}`},
		{"a line of HMP", `human-monitor-command command-line="set_password vnc letmein"`, `human-monitor-command command-line="set_password vnc ***"`},
		{"HMP's change", `human-monitor-command command-line="change vnc password letmein"`, `human-monitor-command command-line="change vnc password ***"`},
		{"HMP's object", `human-monitor-command command-line="object_add secret,id=s,data=letmein,format=raw"`, `human-monitor-command command-line="object_add secret,id=s,data=***,format=raw"`},
		{"HMP behind a directive", `.hmp set_password vnc letmein`, `.hmp set_password vnc ***`},
		{"a command behind a directive", `.oob set_password protocol=vnc password=letmein`, `.oob set_password protocol=vnc password=***`},
		{"the password of 2012", `change device=vnc target=password arg=letmein`, `change device=vnc target=password arg=***`},
		{"half a string hides the rest", `set_password protocol=vnc password="let me in`, `set_password protocol=vnc password=***`},
		{"and so does half a message", `{"execute": "set_password", "arguments": {"password": "x", protocol`, `{"execute": "set_password", "arguments": {"password": ***`},
		{"a blank too many", `set_password protocol=vnc password = letmein`, `set_password protocol=vnc password ***`},
		{"a blank behind it", `set_password password= letmein`, `set_password password= ***`},
		{"a password without its key", `change-vnc-password letmein`, `change-vnc-password ***`},
		{"among keys", `set_password protocol=vnc letmein now`, `set_password protocol=vnc ***`},
		{"a secret that is set as a property", `qom-set path=/objects/s property=password value=x`, `qom-set path=/objects/s property=password value=***`},
		{"without the command", `password=letmein protocol=vnc`, `password=***`},
		{"in the place of the key", `change-vnc-password=letmein`, `change-vnc-password=***`},
		{"as a list", `set_password password=["letmein"] protocol=vnc`, `set_password password=*** protocol=vnc`},
		{"with brackets of its own", `set_password protocol=vnc password={letmein}`, `set_password protocol=vnc password=***`},
		{"by its index", `set_password protocol=vnc password.0=letmein`, `set_password protocol=vnc password.0=***`},
		{"given twice, as words and in an object", `set_password password=? {"password": "letmein"}`, `set_password password=? {"password": ***`},
		{"given whole and by members", `set_password password.x=? password=letmein`, `set_password password.x=? password=***`},
		{"in a batch with actions=", `transaction( actions=[] x password=letmein )`, `transaction( actions=[] x password=***`},
		{"behind dashes", `set_password --password=letmein protocol=vnc`, `set_password --password=*** protocol=vnc`},
		{"behind a key in Python's quotes", `set_password 'password'=letmein`, `set_password 'password'=***`},
		{"a list without its key", `change-vnc-password [letmein]`, `change-vnc-password ***`},
		{"braces without a key", `change-vnc-password {"letmein"}`, `change-vnc-password ***`},
		{"data without =", `object-add qom-type=secret id=s data letmein`, `object-add qom-type=secret id=s data ***`},
		{"data behind a blank", `object-add qom-type=secret id=s data= letmein`, `object-add qom-type=secret id=s data= ***`},
		{"a property without its key", `qom-set path=/objects/s property=password letmein`, `qom-set path=/objects/s property=password ***`},
		{"HMP without its key", `human-monitor-command "set_password vnc letmein"`, `human-monitor-command "set_password vnc ***`},
		{"HMP without its quotes", `human-monitor-command command-line=set_password vnc letmein`, `human-monitor-command command-line=set_password vnc ***`},
		{"an address without its key", `blockdev-add https://me:letmein@x/y`, `blockdev-add https://me:***`},
		{"in QEMU's json:", `blockdev-change-medium id=c filename=json:{"driver":"https","cookie":"letmein"}`, `blockdev-change-medium id=c filename=json:{"driver":"https","cookie":"***"}`},
		{"a message's list", `{"execute": "x", "arguments": {"password": ["letmein"]}}`, `{"execute": "x", "arguments": {"password": "***"}}`},
		{"beside a message's arguments", `{"execute": "set_password", "password": "letmein"}`, `{"execute": "set_password", "password": "***"}`},
		{"in arguments that are given twice", `{"execute": "x", "arguments": {"password": "letmein"}, "arguments": {}}`, `{"execute": "x", "arguments": {"password": "***"}, "arguments": {}}`},
		{"as a message's arguments", `{"execute": "set_password", "arguments": "letmein"}`, `{"execute": "set_password", "arguments": "***"}`},
		{"a message without a colon", `{"execute": "x", "arguments": {"password" "letmein"}}`, `{"execute": "x", "arguments": {"password"***`},
		{"a message without a quote", `{"execute": "x", "arguments": {"password: "letmein"}}`, `{"execute": "x", "arguments": {"password: "***`},
		{"in a tail nothing is looked for", `query-vnc | .password`, `query-vnc | .password`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Mask(tt.line, nil); got != tt.want {
				t.Errorf("without a schema\n%s\nwant\n%s", got, tt.want)
			}
			if got := Mask(tt.line, s); got != tt.want {
				t.Errorf("with a schema\n%s\nwant\n%s", got, tt.want)
			}
			covered := Scan(tt.line).Covered(nil)
			if len(covered) != len(tt.line) || (covered != tt.line) != (tt.want != tt.line) || strings.Contains(covered, "letmein") {
				t.Errorf("covered\n%s\nof\n%s", covered, tt.line)
			}
		})
	}
}

func TestMaskJSON(t *testing.T) {
	for _, tt := range []struct{ message, want string }{
		{`{"execute":"change-vnc-password","arguments":{"password":"x"},"id":1}`, `{"execute":"change-vnc-password","arguments":{"password":"***"},"id":1}`},
		{`{"return": {"password": "x"}}`, `{"return": {"password": "x"}}`},
		{`{"QMP": {}}`, `{"QMP": {}}`},
		{`no JSON`, `no JSON`},
		{`{"return": {"arguments": {"password": "x"}}}`, `{"return": {"arguments": {"password": "x"}}}`},
		{`{"execute":"x","arguments":{"password":1,"secret":[2]}}`, `{"execute":"x","arguments":{"password":"***","secret":"***"}}`},
		{`{"arguments":{"password":""}}`, `{"arguments":{"password":"***"}}`},
	} {
		if got := string(MaskJSON([]byte(tt.message))); got != tt.want {
			t.Errorf("%s became %s", tt.message, got)
		}
	}
}

// Masking every prefix of a line never shows more of the secret than a beginning that was not recognisable yet.
func TestEveryPrefixHidesTheSecret(t *testing.T) {
	const secret = "letmein"
	for _, line := range []string{
		`set_password protocol=vnc password=` + secret,
		`set_password protocol=vnc password="` + secret + `"`,
		`{"execute": "set_password", "arguments": {"password": "` + secret + `"}}`,
		`object-add qom-type=secret id=s data=` + secret,
	} {
		for end := range len(line) {
			if masked := Mask(line[:end], nil); strings.Contains(masked, secret[:3]) {
				t.Errorf("%s", masked)
			}
		}
	}
}

// What is covered in a line is not told beside it either.
func TestNoSuggestionHoldsASecret(t *testing.T) {
	s := schema(t)
	for _, line := range []string{
		`human-monitor-command "set_password vnc letmein"`,
		`human-monitor-command command-line=set_password vnc letmein`,
		`set_password password=x protocol=vnc letmein`,
		`object-add qom-type=secret id=s data letmein`,
		`blockdev-add https://me:letmein@x/y`,
		`change-vnc-password=letmein`,
		`password=letmein now`,
		`set_password {"protocol": "vnc", "password": 7236742}`,
	} {
		_, diags := Scan(line).Bind(s)
		if !Failed(diags) {
			t.Errorf("%s\nis right", line)
		}
		for _, d := range diags {
			if told := d.Message + strings.Join(d.Suggestions(), " "); strings.Contains(told, "letmein") || strings.Contains(told, "7236742") {
				t.Errorf("%s\n%s %q", line, d.Message, d.Suggestions())
			}
		}
	}
}

// Members that are members of an object named 0 stay in an object.
func TestArgumentsAreAlwaysAnObject(t *testing.T) {
	if b, _ := Scan(`x 0=1`).Bind(nil); string(b.Arguments) != `{"0":1}` {
		t.Errorf("bound %s", b.Arguments)
	}
}
