package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

// show writes what binding found: the text under each caret, and the message.
func show(l *Line, diags []Diagnostic) string {
	var out []string
	for _, d := range diags {
		kind := "error"
		if d.Warning {
			kind = "warning"
		}
		out = append(out, fmt.Sprintf("%s at %q: %s", kind, l.Text(d.Span), d.Message))
	}
	return strings.Join(out, "\n")
}

var bindGuided = []struct{ name, line, want string }{
	{"no arguments", `query-status`, ``},
	{"digits stay a string where the schema says str", `set_password protocol=vnc password=1234`, `{"protocol":"vnc","password":"1234"}`},
	{"true stays a string where the schema says str", `qom-list path=true`, `{"path":"true"}`},
	{"null stays a string where the schema says str", `qom-list path=null`, `{"path":"null"}`},
	{"an unit for an integer", `block-job-set-speed device=d speed=10M`, `{"device":"d","speed":10485760}`},
	{"a fraction of an unit", `balloon value=1.5G`, `{"value":1610612736}`},
	{"a base for an integer", `memsave val=0x1000 size=0X10 filename=f`, `{"val":4096,"size":16,"filename":"f"}`},
	{"KiB", `balloon value=512MiB`, `{"value":536870912}`},
	{"an exponent", `balloon value=1e9`, `{"value":1000000000}`},
	{"leading zeros are decimal", `balloon value=010`, `{"value":10}`},
	{"a 64-bit number keeps its last digit", `balloon value=9007199254740993`, `{"value":9007199254740993}`},
	{"a negative number", `migrate-set-parameters cpu-throttle-initial=-1`, `{"cpu-throttle-initial":-1}`},
	{"on is true", `set_link name=n up=on`, `{"name":"n","up":true}`},
	{"Python's False", `set_link name=n up=False`, `{"name":"n","up":false}`},
	{"on is an enum's value", `blockdev-add driver=file filename=f aio=native locking=on`, `{"driver":"file","filename":"f","aio":"native","locking":"on"}`},
	{"dotted keys nest under one parent", `blockdev-add driver=qcow2 node-name=n0 file.driver=file file.filename=/x.img file.read-only=on`,
		`{"driver":"qcow2","node-name":"n0","file":{"driver":"file","filename":"/x.img","read-only":true}}`},
	{"the order of the words is kept", `blockdev-add node-name=n read-only=yes driver=null-co size=1G`, `{"node-name":"n","read-only":true,"driver":"null-co","size":1073741824}`},
	{"an alternate takes a name", `blockdev-add driver=qcow2 file=node0 backing=null`, `{"driver":"qcow2","file":"node0","backing":null}`},
	{"quotes force a string", `blockdev-add driver=qcow2 file=node0 backing="null"`, `{"driver":"qcow2","file":"node0","backing":"null"}`},
	{"an alternate takes an object", `blockdev-add driver=qcow2 file={"driver": "null-co"}`, `{"driver":"qcow2","file":{"driver":"null-co"}}`},
	{"an alternate takes an enum", `blockdev-add driver=qcow2 file=n overlap-check=all`, `{"driver":"qcow2","file":"n","overlap-check":"all"}`},
	{"an alternate takes members", `blockdev-add driver=qcow2 file=n overlap-check.main-header=on`, `{"driver":"qcow2","file":"n","overlap-check":{"main-header":true}}`},
	{"a list by repetition", `blockdev-add driver=quorum vote-threshold=1 children=a children=b`, `{"driver":"quorum","vote-threshold":1,"children":["a","b"]}`},
	{"a list of one", `migrate-set-capabilities capabilities={'capability': 'events', 'state': True}`, `{"capabilities":[{"capability":"events","state":true}]}`},
	{"a list by indices in any order", `migrate-set-capabilities capabilities.1.capability=xbzrle capabilities.1.state=off capabilities.0.capability=events capabilities.0.state=on`,
		`{"capabilities":[{"capability":"events","state":true},{"capability":"xbzrle","state":false}]}`},
	{"a list as JSON over rows", "migrate-set-capabilities capabilities=[\n  {\"capability\": \"events\",\n   \"state\": true}\n]", `{"capabilities":[{"capability":"events","state":true}]}`},
	{"a list of integers", `set-numa-node type=dist src=0 dst=1 val=20`, `{"type":"dist","src":0,"dst":1,"val":20}`},
	{"Python literals", `blockdev-add {'driver': 'null-co', 'read-only': False, 'size': 0x10,}`, `{"driver":"null-co","read-only":false,"size":16}`},
	{"an object among words", `blockdev-add {"driver": "null-co"} node-name=n`, `{"driver":"null-co","node-name":"n"}`},
	{"quoted blanks", `human-monitor-command command-line="info status"`, `{"command-line":"info status"}`},
	{"escapes", `human-monitor-command command-line="a\tb\"c\u00e9\ud83d\ude00"`, `{"command-line":"a\tb\"cé😀"}`},
	{"an apostrophe inside a word", `qom-list path=it's`, `{"path":"it's"}`},
	{"quotes inside a word protect blanks", `human-monitor-command command-line=a="b c",d`, `{"command-line":"a=\"b c\",d"}`},
	{"a bracket begins a string where the schema says str", `nbd-server-add device=[::1] name=[::1]:80`, `{"device":"[::1]","name":"[::1]:80"}`},
	{"json: with blanks", `blockdev-snapshot-sync device=d snapshot-file=json:{"driver": "qcow2", "file": {"driver": "file"}}`,
		`{"device":"d","snapshot-file":"json:{\"driver\": \"qcow2\", \"file\": {\"driver\": \"file\"}}"}`},
	{"an empty string", `set_link name= up=on`, `{"name":"","up":true}`},
	{"members that no schema knows, unguided", `device_add driver=virtio-net-pci id=n0 bootindex=1 mac=52:54:00:12:34:56 mq=on x=true`,
		`{"driver":"virtio-net-pci","id":"n0","bootindex":1,"mac":"52:54:00:12:34:56","mq":"on","x":true}`},
	{"any is unguided", `qom-set path=/m property=p value=10`, `{"path":"/m","property":"p","value":10}`},
	{"a segment with a dot in it", `query-cpu-model-expansion type=full model.name=max model.props."sse4.1"=true`, `{"type":"full","model":{"name":"max","props":{"sse4.1":true}}}`},
	{"union by its tag", `netdev_add type=user id=n0 hostfwd.0.str=tcp::22-:22`, `{"type":"user","id":"n0","hostfwd":[{"str":"tcp::22-:22"}]}`},
	{"union with the tag behind", `chardev-add id=c0 backend.data.out=/tmp/x backend.type=file`, `{"id":"c0","backend":{"data":{"out":"/tmp/x"},"type":"file"}}`},
	{"a raw message", `{"execute": "block-job-set-speed", "arguments": {"device": "d", "speed": 10}, "id": 7}`, `{"device":"d","speed":10}`},
	{"a raw message without arguments", `{"execute": "stop"}`, ``},
	{"a batch on one row", `transaction( blockdev-snapshot node=a overlay=b  block-dirty-bitmap-clear node=a name=b1 )`,
		`{"actions":[{"type":"blockdev-snapshot","data":{"node":"a","overlay":"b"}},{"type":"block-dirty-bitmap-clear","data":{"node":"a","name":"b1"}}]}`},
	{"a batch over rows", "transaction(\n  block-dirty-bitmap-add node=a name=b granularity=64K # sixty-four\n  abort\n)",
		`{"actions":[{"type":"block-dirty-bitmap-add","data":{"node":"a","name":"b","granularity":65536}},{"type":"abort","data":{}}]}`},
	{"a batch closed behind a value", `transaction(block-dirty-bitmap-clear node=a(1) name=b1)`, `{"actions":[{"type":"block-dirty-bitmap-clear","data":{"node":"a(1)","name":"b1"}}]}`},
	{"a batch with properties", `transaction( properties.completion-mode=grouped abort )`, `{"properties":{"completion-mode":"grouped"},"actions":[{"type":"abort","data":{}}]}`},
	{"a batch with properties in an object", `transaction( {"properties": {"completion-mode": "grouped"}} abort )`,
		`{"properties":{"completion-mode":"grouped"},"actions":[{"type":"abort","data":{}}]}`},
	{"an action with an object", `transaction( abort {} )`, `{"actions":[{"type":"abort","data":{}}]}`},
}

func TestBindGuided(t *testing.T) {
	s := schema(t)
	for _, tt := range bindGuided {
		t.Run(tt.name, func(t *testing.T) {
			l := Scan(tt.line)
			b, diags := l.Bind(s)
			if Failed(diags) {
				t.Errorf("found %s", show(l, diags))
			}
			if string(b.Arguments) != tt.want {
				t.Errorf("bound\n%s\nwant\n%s", b.Arguments, tt.want)
			}
		})
	}
}

func TestBindUnguided(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{`x a=1 b=-2.5e3 c=true d=null e="1" f='x y' g=on h=10G i=0x10`, `{"a":1,"b":-2.5e3,"c":true,"d":null,"e":"1","f":"x y","g":"on","h":"10G","i":"0x10"}`},
		{`x a.b.c=1 a.b.d=x a.e=y`, `{"a":{"b":{"c":1,"d":"x"},"e":"y"}}`},
		{`x a.1=q a.0=p`, `{"a":["p","q"]}`},
		{`x a=[1, "b", {'c': None}] b=`, `{"a":[1,"b",{"c":null}],"b":""}`},
	} {
		l := Scan(tt.line)
		b, diags := l.Bind(nil)
		if len(diags) > 0 || string(b.Arguments) != tt.want {
			t.Errorf("%s\nbound %s\nwant  %s\n%s", tt.line, b.Arguments, tt.want, show(l, diags))
		}
	}
}

func TestBindSaysWhatWordsWereMeantFor(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct{ line, want string }{
		{`device_del nic0`, `error at "nic0": expected key=value; id=nic0`},
		{`balloon 10G`, `error at "10G": expected key=value; value=10G`},
		{`device_add virtio-net-pci id=nic1`, `error at "virtio-net-pci": expected key=value; driver=virtio-net-pci`},
		{`human-monitor-command info status`, `error at "info status": expected key=value; command-line="info status"`},
		{`human-monitor-command command-line=info block -v`, `error at "block -v": expected key=value; command-line="info block -v"`},
		{`migrate exec:cat>/x`, `error at "exec:cat>/x": expected key=value`},
		{`human-monitor-command "info status"`, `error at "\"info status\"": expected key=value; command-line="info status"`},
		{`balloon value 10G`, `error at "value 10G": expected key=value; value=10G`},
		{`qom-list path`, `error at "path": expected key=value`},
		{`qom-list path= /machine`, `error at "/machine": expected key=value; path=/machine`},
		{`set_link name=nic0 off`, `error at "off": expected key=value; up=off, name="nic0 off"`},
		{`change-vnc-password sesame`, `error at "sesame": expected key=value; password=?`},
		{`set_password protocol=vnc sesame`, `error at "sesame": expected key=value; password=?`},
		{`set_password protocol=vnc password=open sesame`, `error at "sesame": expected key=value; password=?`},
		{`transaction drive0`, `error at "drive0": expected key=value`},
		{`set_link nic0 off`, `error at "nic0 off": expected key=value`},
		{`stop [1]`, `error at "[1]": expected key=value`},
		{`qom-list path=/ x|less`, `error at "x|less": expected key=value`},
		{`human-monitor-command "info block|x"`, `error at "\"info block|x\"": expected key=value`},
		{`(abort`, `error at "(": expected a command before this`},
		{`eject device=d [1] now`, "error at \"[1]\": expected key=value\nerror at \"now\": expected key=value"},
		{"query-name\nquery-status\nquery-block | .[0]", `error at "query-status": another command begins here: one at a time`},
		{"balloon\n value=10\n stop now", `error at "stop": another command begins here: one at a time`},
		{`hmp info block`, `error at "hmp": this QEMU has no command "hmp"`},
		{`block-comit disk0`, `error at "block-comit": this QEMU has no command "block-comit"; block-commit`},
	} {
		l := Scan(tt.line)
		_, diags := l.Bind(s)
		got := show(l, diags)
		if near := diags[0].Suggestions(); len(near) > 0 {
			got += "; " + strings.Join(near, ", ")
		}
		if got != tt.want {
			t.Errorf("%s\nfound %s\nwant  %s", tt.line, got, tt.want)
		}
	}
}

func TestBindMistakes(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct{ name, line, want string }{
		{"a key given twice", `block-job-cancel device=a device=b`, `error at "device": device is given twice`},
		{"a value, then members", `blockdev-add driver=qcow2 file=n file.driver=file`, `error at "file.driver": file has a value already: it cannot have members too`},
		{"members, then a value", `blockdev-add driver=qcow2 file.driver=file file=n`, `error at "file": file has members already: it cannot have a value too`},
		{"a missing element", `migrate-set-capabilities capabilities.1.state=on`, `error at "1": element 0 of capabilities is missing`},
		{"a list's member without index", `migrate-set-capabilities capabilities.state=on`, `error at "state": capabilities is a list: write capabilities.0.state=, or capabilities=[…]`},
		{"no integer", `balloon value=lots`, `error at "lots": value: "lots" is not an integer: write 10, 0x1000, 10G or 1.5M`},
		{"no whole number", `balloon value=1.5`, `error at "1.5": value: "1.5" is not an integer: write 10, 0x1000, 10G or 1.5M`},
		{"no truth", `set_link name=n up=1`, `error at "1": up: "1" is not on or off (yes, no, true and false do as well)`},
		{"no value", `balloon value=`, `error at "value": value has no value`},
		{"a word without =", `balloon 10`, `error at "10": expected key=value`},
		{"half a string", `qom-list path="/mach`, `error at "\"/mach": this string has no closing quote`},
		{"glued to a string", `qom-list path="/mach"ine`, `error at "i": expected a blank behind the closing quote`},
		{"an open literal", `migrate-set-capabilities capabilities=[{`, "error at \"[\": this [ is not closed\nerror at \"{\": this { is not closed"},
		{"words in a literal", `migrate-set-capabilities capabilities=[x]`, `error at "x": a string needs quotes here`},
		{"no comma", `migrate-set-capabilities capabilities=[{"capability": "events" "state": true}]`, `error at "\"": expected , or }`},
		{"an open object among words", `blockdev-add node-name=n {"driver": "null-co"`, `error at "{": this { is not closed`},
		{"twice in an object among words", `blockdev-add node-name=n {"driver": "null-co", "driver": "file"}`, `error at "\"driver\"": driver is given twice`},
		{"twice by an object among words", `blockdev-add node-name=n {"driver": "null-co", "node-name": "m"}`, `error at "\"node-name\"": node-name is given twice`},
		{"twice in a literal", `blockdev-add {"driver": "null-co", "driver": "file"}`, `error at "\"driver\"": driver is given twice`},
		{"an empty part", `blockdev-add a..b=1`, `error at "a..b=": a part of the key is missing`},
		{"an empty batch", `transaction( )`, `error at "transaction( )": the batch holds no action`},
		{"a batch with other actions in an object", `transaction( {"actions": []} abort )`, `error at "\"actions\"": the actions of a batch are given one by one, not by actions=`},
		{"a message with two names", `{"execute": "query-status", "exec-oob": "quit"}`, `error at "\"exec-oob\"": a message has execute or exec-oob, not both`},
		{"a number with two signs", `balloon {"value": 1e+-5}`, `error at "1e+-5": a string needs quotes here`},
		{"an open batch", `transaction( abort`, `error at "(": this ( is not closed`},
		{"an old action", `transaction( drive-backup device=d target=x sync=top )`, `warning at "drive-backup": "drive-backup" is deprecated: a later QEMU may lack it`},
		{"an action too few", `transaction( block-dirty-bitmap-add node=a )`, `error at "block-dirty-bitmap-add": block-dirty-bitmap-add needs name (str)`},
		{"text behind a batch", `transaction( abort ) x`, `error at "x": unexpected text behind the batch`},
		{"an empty tail", `query-block |`, `error at "|": expected a jq expression`},
		{"a name with a control character", `{"execute": "a\u0000b"}`, `error at "\"a\\u0000b\"": a command's name holds no control characters`},
		{"a message without execute", `{"arguments": {}}`, `error at "{\"arguments\": {}}": the message has no execute`},
		{"a strange message", `{"execute": "stop", "argument": {}}`, `error at "\"argument\"": a message has execute or exec-oob, arguments and id`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := Scan(tt.line)
			if _, diags := l.Bind(s); show(l, onlyErrors(diags, len(strings.Split(tt.want, "\n")))) != tt.want {
				t.Errorf("found\n%s\nwant\n%s", show(l, diags), tt.want)
			}
		})
	}
}

func onlyErrors(diags []Diagnostic, n int) []Diagnostic {
	return diags[:min(n, len(diags))]
}

// Where Check finds something, the caret is under the culprit; what it says is its own affair.
func TestBindPlacesFindings(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct{ line, under string }{
		{`block-comit device=drive0`, `block-comit`},
		{`blockdev-add driver=qcow3 node-name=n0`, `qcow3`},
		{`blockdev-add driver=qcow2 fil=x`, `fil`},
		{`blockdev-add driver=qcow2 file.driver=file file.filenam=x`, `filenam`},
		{`blockdev-add driver=qcow2 file={"driver": "file", "filenam": "x"}`, `"filenam"`},
		{`block-commit`, `block-commit`},
		{`blockdev-add driver=qcow2 file.driver=file`, `file`},
		{`balloon value="10"`, `"10"`},
		{`blockdev-add driver=quorum vote-threshold=1 children=a children={"driver":"x"}`, `"x"`},
		{`{"execute": "balloon", "arguments": {"value": "10G"}}`, `"10G"`},
		{`{"execute": "baloon"}`, `"baloon"`},
		{`transaction( blockdev-snapshot node=a overlay=b frob )`, `frob`},
		{`transaction( block-dirty-bitmap-add node=a nam=b )`, `nam`},
		{`transaction( block-dirty-bitmap-add node=a )`, `block-dirty-bitmap-add`},
		{`transaction( block-dirty-bitmap-add node=a name=b nam=b )`, `nam`},
		{`x-nothing`, `x-nothing`},
		{`send-key keys=`, `keys`},
	} {
		l := Scan(tt.line)
		_, diags := l.Bind(s)
		if !Failed(diags) || l.Text(diags[0].Span) != tt.under {
			t.Errorf("%s\nwant a caret under %q, found\n%s", tt.line, tt.under, show(l, diags))
		}
		if slices.ContainsFunc(diags, func(d Diagnostic) bool { return d.Span.Len() == 0 }) {
			t.Errorf("%s\nnothing is under a caret of\n%s", tt.line, show(l, diags))
		}
	}
}

func TestBindOOB(t *testing.T) {
	b, diags := Scan(`{"exec-oob": "migrate-pause"}`).Bind(schema(t))
	if !b.OOB || b.Name != "migrate-pause" || Failed(diags) {
		t.Errorf("bound %+v, %v", b, diags)
	}
}

func TestAskForSecret(t *testing.T) {
	s := schema(t)
	l := Scan(`set_password protocol=vnc password=? connected=keep`)
	b, diags := l.Bind(s)
	if Failed(diags) || len(b.Asks) != 1 || b.Asks[0].Member != "password" || l.Text(b.Asks[0].Span) != "?" {
		t.Fatalf("bound %+v, %s", b, show(l, diags))
	}
	b.Answer(0, `p"w`)
	b.Answer(0, `a\b`)
	if want := `{"protocol":"vnc","password":"a\\b","connected":"keep"}`; string(b.Arguments) != want {
		t.Errorf("bound %s, want %s", b.Arguments, want)
	}
	if b, _ := Scan(`qom-list path=?`).Bind(s); len(b.Asks) > 0 || string(b.Arguments) != `{"path":"?"}` {
		t.Errorf("a path is no secret: %+v %s", b.Asks, b.Arguments)
	}
	b, diags = Scan(`object-add qom-type=secret id=s data=?`).Bind(s)
	if len(b.Asks) != 1 || Failed(diags) {
		t.Errorf("object-add asks for %+v, %v", b.Asks, diags)
	}
}

// Bind never panics without a schema, or when the schema is empty.
func TestBindWithOddSchemas(t *testing.T) {
	for _, tt := range bindGuided {
		Scan(tt.line).Bind(nil)
		Scan(tt.line).Bind(&qapi.Schema{})
	}
}
