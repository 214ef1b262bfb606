package demo_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/qapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long the machine may take to answer on a busy host.
const patience = 60 * time.Second

// birth is when the machines of tests come up.
var birth = time.Unix(1_700_000_000, 0)

// A talk is a raw conversation with a machine, as socat would have it.
type talk struct {
	t       *testing.T
	machine *demo.Machine
	clock   *demo.ManualClock
	nc      net.Conn
	in      *bufio.Reader
	events  []string // names of the events that came while waiting for replies
	said    strings.Builder
	schema  *qapi.Schema // what is said is checked against, once it is known
}

// newMachine starts a machine on a clock that stands still.
func newMachine(o demo.Options) (*demo.Machine, *demo.ManualClock) {
	clock := demo.NewManualClock(birth)
	o.Clock = clock
	return demo.New(o), clock
}

// dial connects to a machine that is served until the test ends, and reads the greeting.
func dial(t *testing.T, m *demo.Machine, clock *demo.ManualClock) *talk {
	t.Helper()
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = m.ServeConn(ctx, theirs)
	}()
	t.Cleanup(func() {
		cancel()
		_ = ours.Close()
		<-ended
	})
	if err := ours.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, machine: m, clock: clock, nc: ours, in: bufio.NewReader(ours)}
	if greeting := k.line(); !strings.HasPrefix(greeting, `{"QMP": {"version": `) {
		t.Fatalf("greeting is %s", greeting)
	}
	return k
}

// begin is a negotiated conversation with a new machine.
func begin(t *testing.T, o demo.Options) *talk {
	t.Helper()
	m, clock := newMachine(o)
	k := dial(t, m, clock)
	k.want(`{"execute":"qmp_capabilities"}`, `{"return": {}}`)
	if o.Compat == "" {
		k.learn()
	}
	return k
}

// learn asks for the schema. From now on every reply and event is checked against it.
func (k *talk) learn() {
	k.t.Helper()
	var entities json.RawMessage
	k.get("query-qmp-schema", "", &entities)
	schema, err := qapi.Parse(entities)
	if err != nil {
		k.t.Fatal(err)
	}
	k.schema = schema
}

// line reads one message.
func (k *talk) line() string {
	k.t.Helper()
	text, err := k.in.ReadString('\n')
	if err != nil {
		k.t.Fatalf("read: %v after %q", err, text)
	}
	k.said.WriteString(text)
	line, ok := strings.CutSuffix(text, "\r\n")
	if !ok {
		k.t.Fatalf("message %q does not end in CRLF", text)
	}
	return line
}

// send writes bytes. A pipe has no buffer, so the machine has read them all when it returns.
func (k *talk) send(text string) {
	k.t.Helper()
	if _, err := k.nc.Write([]byte(text)); err != nil {
		k.t.Fatalf("write %q: %v", text, err)
	}
}

// ask sends one message and returns the reply; events that come first are noted.
func (k *talk) ask(message string) string {
	k.t.Helper()
	k.send(message + "\n")
	var sent struct{ Execute string }
	_ = json.Unmarshal([]byte(message), &sent) // what is no JSON has no reply to check
	for {
		line := k.line()
		if k.schema != nil {
			if err := judge(k.schema, sent.Execute, line); err != nil {
				k.t.Errorf("%s\n got %s\nbut %v", message, line, err)
			}
		}
		if name := eventName(line); name != "" {
			k.events = append(k.events, name)
			continue
		}
		return line
	}
}

func eventName(line string) string {
	var e struct{ Event string }
	_ = json.Unmarshal([]byte(line), &e)
	return e.Event
}

// want asks and compares the reply to the byte.
func (k *talk) want(message, reply string) {
	k.t.Helper()
	if got := k.ask(message); got != reply {
		k.t.Errorf("%s\n got %s\nwant %s", message, got, reply)
	}
}

// refused asks and wants an error.
func (k *talk) refused(message, class, desc string) {
	k.t.Helper()
	var reply struct {
		Error struct{ Class, Desc string }
	}
	text := k.ask(message)
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		k.t.Fatal(err)
	}
	if reply.Error.Class != class || reply.Error.Desc != desc {
		k.t.Errorf("%s\n got %s\nwant %s: %s", message, text, class, desc)
	}
}

// get asks for a command's return value and decodes it into v.
func (k *talk) get(command, args string, v any) {
	k.t.Helper()
	message := fmt.Sprintf(`{"execute":%q}`, command)
	if args != "" {
		message = fmt.Sprintf(`{"execute":%q,"arguments":%s}`, command, args)
	}
	text := k.ask(message)
	reply := struct{ Return any }{v}
	if err := json.Unmarshal([]byte(text), &reply); err != nil || strings.Contains(text, `"error": {"class"`) {
		k.t.Fatalf("%s: %s (%v)", message, text, err)
	}
}

// do asks for a command that returns nothing.
func (k *talk) do(command, args string) {
	k.t.Helper()
	k.want(fmt.Sprintf(`{"execute":%q,"arguments":%s}`, command, args), `{"return": {}}`)
}

// pass lets time go by and forgets the events of it.
func (k *talk) pass(d time.Duration) {
	k.t.Helper()
	k.clock.Advance(d)
	k.ask(`{"execute":"query-status"}`)
}

// seen returns the events noted since the last call.
func (k *talk) seen() string {
	names := strings.Join(k.events, " ")
	k.events = nil
	return names
}
