package qmpconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// patience is how long anything may take on a busy machine.
const patience = time.Minute

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// dialScript connects to a scripted server on a unix socket.
func dialScript(t *testing.T, script qmptest.Script, opts Options) (*Conn, *qmptest.Server) {
	t.Helper()
	server := qmptest.Serve(t, script)
	if opts.NegotiationTimeout == 0 {
		opts.NegotiationTimeout = patience
	}
	c, err := Dial(testContext(t), Address{"unix", server.Socket()}, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, server
}

// answer is a handler that returns the same value to everything.
func answer(value string) qmptest.Handler {
	return func(r qmptest.Request) []string { return []string{r.Return(value)} }
}

// execute runs a command that must succeed.
func execute(t *testing.T, c *Conn, name string) string {
	t.Helper()
	value, err := c.Execute(testContext(t), Command{Name: name})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(value)
}

// wait waits for a channel to be closed.
func wait(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
	}
}

// opFailure checks that err is an OpError with this cause.
func opFailure(t *testing.T, err, cause error, unknown bool) {
	t.Helper()
	op := new(OpError)
	if !errors.As(err, &op) || !errors.Is(err, cause) || op.Unknown != unknown {
		t.Errorf("got %T %v, want an OpError of %v, outcome unknown %v", err, err, cause, unknown)
	}
}

func TestExecuteReturnsTheServersText(t *testing.T) {
	const value = `{"big": 18446744073709551615, "z": 1.10, "a": [ ], "s": "\u00e9"}`
	c, server := dialScript(t, qmptest.Today(answer(value)), Options{})
	got, err := c.Execute(testContext(t), Command{Name: "query-x", Arguments: []byte(`{"n":1.50,"s":"é😀"}`)})
	if err != nil || string(got) != value {
		t.Fatalf("got %s, %v; want %s", got, err, value)
	}
	if g := c.Greeting(); g.Version != (Version{7, 2, 22}) || !strings.HasPrefix(g.Package, "Debian") || !c.OutOfBand() {
		t.Errorf("greeting %+v, out-of-band %v", g, c.OutOfBand())
	}
	requests := server.Requests()
	if want := `{"n":1.50,"s":"\u00e9\ud83d\ude00"}`; string(requests[1].Arguments) != want {
		t.Errorf("sent %s, want %s", requests[1].Arguments, want)
	}
	if want := `{"enable":["oob"]}`; string(requests[0].Arguments) != want {
		t.Errorf("negotiated with %s, want %s", requests[0].Arguments, want)
	}
}

func TestRefusalHasClassAndDesc(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		return []string{r.Error("DeviceNotFound", "Device 'x' not found")}
	}), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "eject"})
	refusal := new(Error)
	if !errors.As(err, &refusal) || refusal.QMPClass() != "DeviceNotFound" || refusal.Desc != "Device 'x' not found" {
		t.Errorf("got %T %v", err, err)
	}
}

func TestEventInTheNegotiationsPacket(t *testing.T) {
	script := qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
		return []string{qmptest.Event("RESUME", "") + r.Return("{}") + qmptest.Event("STOP", `{"a":1}`)}
	}}
	c, _ := dialScript(t, script, Options{})
	events := c.Subscribe(8)
	for _, want := range []string{"RESUME", "STOP"} {
		select {
		case e := <-events.C():
			if e.Name != want || !e.Time.Equal(time.Unix(1700000000, 5e8)) {
				t.Errorf("got %+v, want %s", e, want)
			}
		case <-time.After(patience):
			t.Fatalf("no event %s", want)
		}
	}
}

// TestEventBeforeTheGreeting is what QEMU 7.2 sends to a client that connects in the moment in which its guest starts.
func TestEventBeforeTheGreeting(t *testing.T) {
	script := qmptest.Today(answer("1"))
	script.Greeting = qmptest.Event("RESUME", "") + script.Greeting
	c, _ := dialScript(t, script, Options{})
	if e := <-c.Subscribe(1).C(); e.Name != "RESUME" {
		t.Errorf("got %+v", e)
	}
	if got := execute(t, c, "query"); got != "1" {
		t.Errorf("got %s", got)
	}
}

// TestGreetingTwice is QEMU 7.2 again in that moment: it forgets what it was sent between its two greetings.
func TestGreetingTwice(t *testing.T) {
	negotiations := 0
	c, server := dialScript(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
		if r.Command != "qmp_capabilities" {
			return []string{r.Return("1")}
		}
		if negotiations++; negotiations == 1 {
			return []string{qmptest.GreetingToday}
		}
		return []string{r.Return("{}")}
	}}, Options{})
	if got := execute(t, c, "query"); got != "1" || len(server.Requests()) != 3 {
		t.Errorf("got %s after %d requests", got, len(server.Requests()))
	}
}

func TestReplyOf5MB(t *testing.T) {
	value := `"` + strings.Repeat("0123456789", 500_000) + `"`
	c, _ := dialScript(t, qmptest.Today(answer(value)), Options{})
	if got := execute(t, c, "memsave"); got != value {
		t.Errorf("got %d bytes, want %d", len(got), len(value))
	}
}

func TestPrettyPrintedMessages(t *testing.T) {
	pretty := strings.NewReplacer(", ", ",\r\n    ", "{", "{\r\n    ", "}", "\r\n}")
	script := qmptest.Today(func(r qmptest.Request) []string {
		return []string{pretty.Replace(qmptest.Event("STOP", `{"a": 1}`)), pretty.Replace(r.Return(`{"running": true}`))}
	})
	script.Greeting = pretty.Replace(script.Greeting)
	c, _ := dialScript(t, script, Options{})
	events := c.Subscribe(1)
	if got := execute(t, c, "query-status"); strings.Join(strings.Fields(got), "") != `{"running":true}` {
		t.Errorf("got %q", got)
	}
	if e := <-events.C(); e.Name != "STOP" {
		t.Errorf("got %+v", e)
	}
}

// splitConn reads up to a point of the stream, and from that point on, but never across it.
type splitConn struct {
	net.Conn
	left int // bytes before the point
	step int // the most bytes in one read after it; 0 for any number
}

func (s *splitConn) Read(p []byte) (int, error) {
	switch {
	case s.left > 0:
		p = p[:min(len(p), s.left)]
	case s.step > 0:
		p = p[:min(len(p), s.step)]
	}
	n, err := s.Conn.Read(p)
	s.left -= n
	return n, err
}

func TestMessageSplitAtEveryByte(t *testing.T) {
	reply := func(r qmptest.Request) []string {
		return []string{qmptest.Event("STOP", `{"s": "}\"{"}`) + r.Return(`[{"a": "\\"}, "é"]`)}
	}
	length := len(qmptest.GreetingToday) + 250
	for at := range length {
		script := qmptest.Today(reply)
		step := 0
		if at == 0 {
			step = 1 // every byte by itself
		}
		c, err := NewConn(testContext(t), &splitConn{qmptest.Pipe(t, script), at, step}, Options{NegotiationTimeout: patience})
		if err != nil {
			t.Fatalf("split at %d: %v", at, err)
		}
		events := c.Subscribe(1)
		if got := execute(t, c, "query"); got != `[{"a": "\\"}, "é"]` {
			t.Errorf("split at %d: got %s", at, got)
		}
		if e := <-events.C(); string(e.Data) != `{"s": "}\"{"}` {
			t.Errorf("split at %d: got %+v", at, e)
		}
		c.Close()
	}
}

func TestGarbageBytes(t *testing.T) {
	for _, c := range []struct{ name, greeting, reply, want string }{
		{"a human monitor", "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ", "", "QEMU 7.2.22 monitor"},
		{"a reply first", `{"return": {}}`, "", "no greeting"},
		{"an array", `[1]`, "", "must be an object"},
		{"a malformed greeting", `{"QMP": 7}`, "", "greeting is malformed"},
		{"garbage after the negotiation", qmptest.GreetingToday, "\x00\x01\x02", "not JSON"},
		{"an object of no kind", qmptest.GreetingToday, `{"hello": 1}`, "must be a greeting"},
		{"another greeting", qmptest.GreetingToday, qmptest.GreetingToday, "second greeting"},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := qmptest.Today(func(qmptest.Request) []string { return []string{c.reply} })
			script.Greeting = c.greeting
			conn, err := NewConn(testContext(t), qmptest.Pipe(t, script), Options{NegotiationTimeout: patience})
			if err == nil {
				_, err = conn.Execute(testContext(t), Command{Name: "query"})
				opFailure(t, err, conn.Err(), true)
				if n := strings.Count(err.Error(), conn.addr); n != 1 {
					t.Errorf("the address stands %d times in %q", n, err)
				}
				err = conn.Err()
			}
			if protocol := new(ProtocolError); !errors.As(err, &protocol) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %T %v; want a ProtocolError with %q", err, err, c.want)
			}
		})
	}
}

func TestServerDiesInTheMiddleOfAMessage(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		return []string{r.Return("{}")[:9], qmptest.Hangup}
	}), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "query"})
	opFailure(t, err, errPeerDied, true)
	wait(t, "the connection's end", c.Done())
	opFailure(t, c.Err(), ErrPeerClosed, false)
}

func TestErrorWithoutIDEndsTheOldestCall(t *testing.T) {
	c, server := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		if r.Command == "first" {
			return nil
		}
		return []string{qmptest.Request{}.Error("GenericError", "cannot read that"), r.Return(`2`)}
	}), Options{})
	one, err := c.Send(testContext(t), Command{Name: "first"})
	if err != nil {
		t.Fatal(err)
	}
	if got := execute(t, c, "second"); got != "2" {
		t.Errorf("second: got %s", got)
	}
	_, err = one.Wait(testContext(t))
	if refusal := new(Error); !errors.As(err, &refusal) || refusal.Desc != "cannot read that" {
		t.Errorf("first: %T %v", err, err)
	}
	if requests := server.Requests(); requests[1].ID != nil || requests[2].ID == nil {
		t.Errorf("sent %s and %s: a call needs an id where it is not alone", requests[1].Raw, requests[2].Raw)
	}
}

// A call without an id takes the next reply without, and none that has one.
func TestCallThatIsAlone(t *testing.T) {
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		return []string{`{"return": "stray", "id": 1}`, `{"return": "stray", "id": 2}`, r.Return(`"` + r.Command + `"`)}
	}), Options{})
	for _, name := range []string{"one", "two", "three"} {
		if got := execute(t, c, name); got != `"`+name+`"` {
			t.Errorf("%s returned %s", name, got)
		}
	}
}

// A server that greets twice may answer both negotiations after all.
func TestSecondNegotiationHasAnID(t *testing.T) {
	negotiations := 0
	c, server := dialScript(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(r qmptest.Request) []string {
		switch {
		case r.Command != "qmp_capabilities":
			return []string{r.Return(`"` + r.Command + `"`)}
		case negotiations == 0:
			negotiations++
			return []string{qmptest.GreetingToday}
		default:
			return []string{qmptest.Request{}.Return("{}"), r.Return("{}")}
		}
	}}, Options{})
	if got := execute(t, c, "query-name"); got != `"query-name"` {
		t.Errorf("query-name returned %s", got)
	}
	if last := server.Requests()[2]; last.ID == nil {
		t.Errorf("sent %s", last.Raw)
	}
}

// QEMU 2.12 refuses a command without an id once out-of-band commands are agreed.
func TestOutOfBandOfOldWantsIDs(t *testing.T) {
	greeting := strings.Replace(qmptest.GreetingToday, `"minor": 2, "major": 7`, `"minor": 12, "major": 2`, 1)
	c, server := dialScript(t, qmptest.Script{Greeting: greeting, Handler: answer("{}")}, Options{})
	execute(t, c, "query-name")
	if last := server.Requests()[1]; !c.OutOfBand() || c.Greeting().Version.AtLeast(3, 0) || last.ID == nil {
		t.Errorf("greeted by %v, sent %s", c.Greeting().Version, last.Raw)
	}
}

func TestReplyToNobodyIsDropped(t *testing.T) {
	c, server := dialScript(t, qmptest.Today(answer("1")), Options{})
	events := c.Subscribe(1)
	execute(t, c, "query")
	for _, stray := range []string{`{"return": 2, "id": 1}`, `{"return": 3, "id": 99}`, `{"return": 4, "id": "x"}`, `{"error": {"class": "A", "desc": "b"}}`} {
		server.Send(stray)
	}
	server.Send(qmptest.Event("STOP", ""))
	<-events.C()
	if got := execute(t, c, "query"); got != "1" {
		t.Errorf("got %s", got)
	}
}

func TestSubscriberThatNeverReads(t *testing.T) {
	const events, buffer = 100_000, 16
	burst := strings.Repeat(qmptest.Event("RTC_CHANGE", `{"offset": 0}`), 1000)
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		var all []string
		for range events / 1000 {
			all = append(all, burst)
		}
		return append(all, r.Return(`"through"`))
	}), Options{})
	lazy := c.Subscribe(buffer)
	if got := execute(t, c, "query"); got != `"through"` {
		t.Errorf("got %s", got)
	}
	if dropped := lazy.Dropped(); dropped != events-buffer {
		t.Errorf("dropped %d, want %d", dropped, events-buffer)
	}
	c.Close()
	kept := 0
	for range lazy.C() {
		kept++
	}
	if kept != buffer {
		t.Errorf("kept %d, want %d", kept, buffer)
	}
}

func TestSubscriptionCloses(t *testing.T) {
	c, server := dialScript(t, qmptest.Today(nil), Options{})
	one, two := c.Subscribe(4), c.Subscribe(4)
	one.Close()
	one.Close()
	if _, open := <-one.C(); open {
		t.Error("a closed subscription received an event")
	}
	server.Send(qmptest.Event("STOP", ""))
	if e := <-two.C(); e.Name != "STOP" || e.Data != nil {
		t.Errorf("got %+v", e)
	}
	c.Close()
	two.Close()
	if _, open := <-c.Subscribe(1).C(); open {
		t.Error("a subscription to a closed connection is open")
	}
}

func TestTraceSeesEveryMessage(t *testing.T) {
	var mu sync.Mutex // guards log
	var log []string
	trace := func(d Direction, b []byte) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, fmt.Sprintf("%v %s", d, b))
	}
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string {
		return []string{qmptest.Event("STOP", ""), r.Return("{}")}
	}), Options{Trace: trace})
	execute(t, c, "stop")
	c.Close()
	want := []string{
		"received " + strings.TrimSpace(qmptest.GreetingToday),
		`sent {"execute":"qmp_capabilities","arguments":{"enable":["oob"]}}`,
		`received {"return": {}}`,
		`sent {"execute":"stop"}`,
		"received " + strings.TrimSpace(qmptest.Event("STOP", "")),
		`received {"return": {}}`,
	}
	if got := strings.Join(log, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
