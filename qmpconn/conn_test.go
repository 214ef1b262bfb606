package qmpconn

import (
	"context"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testContext ends long before a hanging test is noticed otherwise.
func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// dialScript connects to a scripted server on a unix socket.
func dialScript(t *testing.T, script qmptest.Script, opts Options) (*Conn, *qmptest.Server) {
	t.Helper()
	server := qmptest.Serve(t, script)
	if opts.NegotiationTimeout == 0 {
		opts.NegotiationTimeout = 30 * time.Second // the machine may be busy
	}
	c, err := Dial(testContext(t), Address{"unix", server.Socket()}, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, server
}

func TestExecuteReturnsTheServersText(t *testing.T) {
	const value = `{"big": 18446744073709551615, "z": 1.10, "a": [ ]}`
	c, _ := dialScript(t, qmptest.Today(func(r qmptest.Request) []string { return []string{r.Return(value)} }), Options{})
	got, err := c.Execute(testContext(t), Command{Name: "query-status"})
	if err != nil || string(got) != value {
		t.Fatalf("got %s, %v; want %s", got, err, value)
	}
	if g := c.Greeting(); g.Version != (Version{7, 2, 22}) || !c.OutOfBand() {
		t.Errorf("greeting %+v, out-of-band %v", g, c.OutOfBand())
	}
}
