package qmpconn

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// These are the manners of QEMU 1.1, measured on builds of its time; each test is named after one.

func Test2012NoCapabilitiesAndNoArgumentsToNegotiate(t *testing.T) {
	c, server := dialScript(t, qmptest.In2012(nil), Options{})
	if g := c.Greeting(); len(g.Capabilities) != 0 || c.OutOfBand() || g.Version.AtLeast(1, 1) {
		t.Errorf("greeting %+v, out-of-band %v", g, c.OutOfBand())
	}
	if got := string(server.Requests()[0].Raw); strings.Contains(got, "arguments") {
		t.Errorf("negotiated with %s", got)
	}
}

func Test2012ErrorsCarryData(t *testing.T) {
	c, _ := dialScript(t, qmptest.In2012(func(r qmptest.Request) []string {
		return []string{qmptest.Error2012(r, "DeviceNotFound", "Device 'ide9' not found", `{"device": "ide9"}`)}
	}), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "eject"})
	refusal := new(Error)
	if !errors.As(err, &refusal) || refusal.Class != "DeviceNotFound" || string(refusal.Data) != `{"device": "ide9"}` {
		t.Errorf("got %T %v", err, err)
	}
}

func Test2012NullIsAnsweredWithoutID(t *testing.T) {
	c, _ := dialScript(t, qmptest.In2012(nil), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "set", Arguments: []byte(`{"a": [null]}`)})
	if refusal := new(Error); !errors.As(err, &refusal) || refusal.Class != "JSONParsing" {
		t.Errorf("got %T %v", err, err)
	}
	execute(t, c, "query-status")
}

func Test2012NothingOfOursHoldsANullOrALargeID(t *testing.T) {
	c, server := dialScript(t, qmptest.In2012(nil), Options{})
	var calls []*Call
	for range inFlight {
		call, err := c.Send(testContext(t), Command{Name: "query-status"})
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, call)
	}
	for _, call := range calls {
		if _, err := call.Wait(testContext(t)); err != nil {
			t.Error(err)
		}
	}
	for _, r := range server.Requests() {
		if strings.Contains(string(r.Raw), "null") || len(r.ID) > 9 {
			t.Errorf("sent %s", r.Raw)
		}
	}
}

func Test2012ManglesFourByteUTF8(t *testing.T) {
	c, server := dialScript(t, qmptest.In2012(nil), Options{})
	if _, err := c.Execute(testContext(t), Command{Name: "hmp😀", Arguments: []byte(`{"s": "😀é"}`)}); err != nil {
		t.Fatal(err)
	}
	for _, r := range server.Requests() {
		for _, b := range r.Raw {
			if b >= 0x80 {
				t.Fatalf("sent %q", r.Raw)
			}
		}
	}
}

func Test2012OutOfBandIsRefusedBeforeItIsSent(t *testing.T) {
	c, server := dialScript(t, qmptest.In2012(nil), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "query-yank", OOB: true})
	opFailure(t, err, errNoOOB, false)
	if n := len(server.Requests()); n != 1 {
		t.Errorf("the server saw %d messages, want the negotiation only", n)
	}
}

func Test2012UnknownCommandEndsItsCall(t *testing.T) {
	c, _ := dialScript(t, qmptest.In2012(func(r qmptest.Request) []string {
		return []string{qmptest.Error2012(r, "CommandNotFound", "The command query-qmp-schema has not been found", `{"name": "query-qmp-schema"}`)}
	}), Options{})
	_, err := c.Execute(testContext(t), Command{Name: "query-qmp-schema"})
	if refusal := new(Error); !errors.As(err, &refusal) || refusal.Class != "CommandNotFound" {
		t.Errorf("got %T %v", err, err)
	}
}

// Test2012EndsWithAResetAfterQuit makes a real socket reset: its server closes with bytes of ours unread.
func Test2012EndsWithAResetAfterQuit(t *testing.T) {
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	served := make(chan struct{})
	go func() {
		defer close(served)
		nc, err := listener.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		defer nc.Close()
		buf := make([]byte, 1)
		_, _ = nc.Write([]byte(qmptest.Greeting2012 + `{"return": {}}`))
		for range strings.Count(`{"execute":"qmp_capabilities"}`, "") + len(`{"execute":"quit"`) {
			if _, err := nc.Read(buf); err != nil {
				t.Error(err)
			}
		}
	}()
	c, err := Dial(testContext(t), Address{"unix", listener.Addr().String()}, Options{NegotiationTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Execute(testContext(t), Command{Name: "quit"})
	opFailure(t, err, ErrPeerClosed, true)
	wait(t, "the connection's end", c.Done())
	opFailure(t, c.Err(), ErrPeerClosed, false)
	<-served
}

func Test2012EventBeforeTheReply(t *testing.T) {
	c, _ := dialScript(t, qmptest.In2012(func(r qmptest.Request) []string {
		return []string{qmptest.Event("RESUME", ""), r.Return("{}")}
	}), Options{})
	events := c.Subscribe(1)
	execute(t, c, "cont")
	select {
	case e := <-events.C():
		if e.Name != "RESUME" {
			t.Errorf("got %+v", e)
		}
	default:
		t.Error("the event that came before the reply was not there behind it")
	}
}
