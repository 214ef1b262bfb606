package demo_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

// The replies in this table are those of QEMU 7.2 to the same bytes.
func TestMessagesThatAreNoCommands(t *testing.T) {
	k := begin(t, demo.Options{})
	const status = `{"return": {"status": "running", "singlestep": false, "running": true}`
	for _, c := range []struct{ message, reply string }{
		{`[]`, generic("QMP input must be a JSON object")},
		{`42`, generic("QMP input must be a JSON object")},
		{`"x"`, generic("QMP input must be a JSON object")},
		{`null`, generic("QMP input must be a JSON object")},
		{`}`, generic("JSON parse error, expecting value")},
		{`]`, generic("JSON parse error, expecting value")},
		{`{"execute" "query-status"}`, generic("JSON parse error, missing : in object pair")},
		{`{"execute":"query-status",}`, generic("JSON parse error, expecting value")},
		{`{"execute":"query-status"]`, generic("JSON parse error, expected separator in dict")},
		{`nulls`, generic("JSON parse error, invalid keyword 'nulls'")},
		{`{"execute":"query-status" garbage}`, generic("JSON parse error, expected separator in dict")},
		{`{"execute":"a\qb"}`, generic("JSON parse error, invalid escape sequence in string")},
		{"{\"execute\":\"a\x80b\"}", generic("JSON parse error, invalid UTF-8 sequence in string")},
		{`{"execute":"query-status","execute":"query-name"}`, generic("JSON parse error, duplicate key")},
		{`{"id":7}`, `{"id": 7, "error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}}`},
		{`{"execute":7}`, generic("QMP input member 'execute' must be a string")},
		{`{"execute":"query-status","arguments":[]}`, generic("QMP input member 'arguments' must be an object")},
		{`{"execute":"query-status","arguments":null}`, generic("QMP input member 'arguments' must be an object")},
		{`{"execute":"query-status","foo":1}`, generic("QMP input member 'foo' is unexpected")},
		{`{"exec-oob":"query-status"}`, generic("QMP input member 'exec-oob' is unexpected")},
		{`{"execute":"query-status","arguments":{"x":1}}`, generic("Parameter 'x' is unexpected")},
		{`{"execute":"qmp_capabilities"}`, `{"error": {"class": "CommandNotFound", "desc": ` +
			`"Capabilities negotiation is already complete, command ignored"}}`},
		{`{"execute":"nope","id":null}`, `{"id": null, "error": {"class": "CommandNotFound", "desc": ` +
			`"The command nope has not been found"}}`},
		{`{"execute":"nope","id":18446744073709551615}`, `{"id": 18446744073709551615, "error": ` +
			`{"class": "CommandNotFound", "desc": "The command nope has not been found"}}`},
		{`{"execute":"nope","id":12345678901234567890123}`, `{"id": 1.2345678901234568e+22, "error": ` +
			`{"class": "CommandNotFound", "desc": "The command nope has not been found"}}`},
		{`{'execute':'query-status','id':'it\'s é €'}`, status + `, "id": "it's \u00E9 \u20AC"}`},
		{`{"execute":"query-status","id":{"a":[1,2.50,null,1e3,"\ud83d\ude00"]}}`,
			status + `, "id": {"a": [1, 2.5, null, 1000, "\uD83D\uDE00"]}}`},
	} {
		k.want(c.message, c.reply)
	}
}

func generic(desc string) string {
	return `{"error": {"class": "GenericError", "desc": "` + desc + `"}}`
}

func TestBytesThatAreNoJSON(t *testing.T) {
	k := begin(t, demo.Options{})
	for _, c := range []struct {
		bytes   string
		replies []string // descs, "" for a success
	}{
		{"garbage here\n", []string{"JSON parse error, invalid keyword 'garbage'", "JSON parse error, invalid keyword 'here'"}},
		{"\xff{\"execute\":\"query-status\"}", []string{"JSON parse error, stray '�'", ""}},
		{"{\"execute\":\"a\nb\"}", []string{"JSON parse error, stray '\"a\n'", "JSON parse error, expecting value"}},
		{`{"execute":"query-status"}{"execute":"query-status"}`, []string{"", ""}},
		{"\r\n\t {\"execute\":\n\n\"query-status\"}", []string{""}},
		{"\x00", []string{"JSON parse error, stray '\x00'"}},
		{strings.Repeat("[", 1025), []string{"JSON parse error, nesting depth limit exceeded"}},
		{"}]\n", []string{"JSON parse error, expecting value", "JSON parse error, expecting value"}},
	} {
		go func() { _, _ = io.WriteString(k.nc, c.bytes) }() // the replies come while this is read
		for _, want := range c.replies {
			line := k.line()
			quoted := strings.NewReplacer("�", `\uFFFD`, "\x00", `\u0000`, "\n", `\n`, `"`, `\"`).Replace(want)
			if want == "" && !strings.HasPrefix(line, `{"return": `) || want != "" && line != generic(quoted) {
				t.Errorf("%q\n got %s\nwant %q", c.bytes, line, want)
			}
		}
	}
}

func TestNegotiation(t *testing.T) {
	m, clock := newMachine(demo.Options{})
	k := dial(t, m, clock)
	k.refused(`{"execute":"query-status"}`, "CommandNotFound", "Expecting capabilities negotiation with 'qmp_capabilities'")
	k.refused(`{"execute":"qmp_capabilities","arguments":{"enable":["foo"]}}`, "GenericError",
		"Parameter '0' does not accept value 'foo'")
	k.want(`{"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}`, `{"return": {}}`)
	k.refused(`{"exec-oob":"query-status"}`, "GenericError", "The command query-status does not support OOB")
	k.refused(`{"execute":"query-status","exec-oob":"query-status"}`, "GenericError",
		"QMP input member 'execute' clashes with 'exec-oob'")
}

func TestEventsComeBeforeTheReply(t *testing.T) {
	k := begin(t, demo.Options{})
	other := dial(t, k.machine, k.clock)
	k.clock.Advance(1500 * time.Millisecond)
	k.send(`{"execute":"stop"}`)
	const stop = `{"timestamp": {"seconds": 1700000001, "microseconds": 500000}, "event": "STOP"}`
	if got := k.line(); got != stop {
		t.Errorf("got %s", got)
	}
	if got := k.line(); got != `{"return": {}}` {
		t.Errorf("got %s", got)
	}
	// A client that has not negotiated sees no events, but the same machine.
	other.want(`{"execute":"qmp_capabilities"}`, `{"return": {}}`)
	other.want(`{"execute":"query-status"}`, `{"return": {"status": "paused", "singlestep": false, "running": false}}`)
}

func TestQuitEndsTheMachineForEveryone(t *testing.T) {
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	ln, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	m := demo.New(demo.Options{})
	served := make(chan error, 1)
	go func() { served <- m.Serve(context.Background(), ln) }()
	first, second := connect(t, ln), bufio.NewReader(connect(t, ln))
	if _, err := second.ReadString('\n'); err != nil { // a client that waits in the queue would be reset
		t.Fatal(err)
	}
	if _, err := io.WriteString(first, `{"execute":"qmp_capabilities"}{"execute":"quit"}{"execute":"query-status"}`); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(first)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\r\n")
	if len(lines) != 4 || eventName(lines[2]) != "SHUTDOWN" || lines[3] != `{"return": {}}` {
		t.Errorf("the client that quit read %q", lines)
	}
	if _, err := io.ReadAll(second); err != nil {
		t.Errorf("the other client: %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	select {
	case <-m.Done():
	default:
		t.Error("the machine is not done")
	}
}

func connect(t *testing.T, ln net.Listener) net.Conn {
	t.Helper()
	nc, err := net.Dial(ln.Addr().Network(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return nc
}
