package qmpconn

import (
	"bufio"
	"context"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// The wire's benchmarks compare with the least that a program could do, in the same run: the metric "x-bare" is the
// time of one operation over the bare program's.

// replying is a server that answers every line with the same text behind the line's id, and does nothing else.
func replying(b *testing.B, text string) string {
	b.Helper()
	listener, err := net.Listen("unix", filepath.Join(qemutest.Dir(b), "s"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	go func() {
		for {
			nc, err := listener.Accept()
			if err != nil {
				return
			}
			go replyTo(nc, text)
		}
	}()
	return listener.Addr().String()
}

func replyTo(nc net.Conn, text string) {
	defer nc.Close()
	in := bufio.NewReader(nc)
	_, _ = io.WriteString(nc, qmptest.GreetingToday)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		_, id, _ := strings.Cut(line, `"id":`)
		if _, err := io.WriteString(nc, `{"return": `+text+`, "id": `+strings.TrimSpace(strings.TrimRight(id, "}\n"))+"}\r\n"); err != nil {
			return
		}
	}
}

// bare is a line-by-line client that trusts its server.
type bare struct {
	nc net.Conn
	in *bufio.Reader
}

func dialBare(b *testing.B, socket string, buffer int) *bare {
	nc, err := net.Dial("unix", socket)
	if err != nil {
		b.Fatal(err)
	}
	c := &bare{nc, bufio.NewReaderSize(nc, buffer)}
	if _, err := c.in.ReadSlice('\n'); err != nil {
		b.Fatal(err)
	}
	c.execute(b, `{"execute":"qmp_capabilities","id":0}`)
	return c
}

func (c *bare) execute(b *testing.B, message string) {
	c.send(b, message)
	c.receive(b)
}

func (c *bare) send(b *testing.B, message string) {
	if _, err := io.WriteString(c.nc, message+"\n"); err != nil {
		b.Fatal(err)
	}
}

func (c *bare) receive(b *testing.B) {
	if _, err := c.in.ReadSlice('\n'); err != nil {
		b.Fatal(err)
	}
}

// compare times ours and the bare way in turns and reports their ratio.
func compare(b *testing.B, ours, bareWay func()) {
	var oursTime, bareTime time.Duration
	for b.Loop() {
		start := time.Now()
		ours()
		middle := time.Now()
		bareWay()
		oursTime += middle.Sub(start)
		bareTime += time.Since(middle)
	}
	b.ReportMetric(float64(oursTime)/float64(bareTime), "x-bare")
}

func dialBench(b *testing.B, socket string) *Conn {
	c, err := Dial(context.Background(), Address{"unix", socket}, Options{NegotiationTimeout: patience})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkDial(b *testing.B) {
	socket := replying(b, "{}")
	compare(b, func() { dialBench(b, socket).Close() }, func() { dialBare(b, socket, 4096).nc.Close() })
}

func BenchmarkExecute(b *testing.B) {
	for _, size := range []int{64, 250_000} {
		b.Run(strconv.Itoa(size)+"B", func(b *testing.B) {
			socket := replying(b, `{"text": [`+strings.Repeat(`"0123456789", `, size/14)+`1]}`)
			c, plain := dialBench(b, socket), dialBare(b, socket, 1<<20)
			defer c.Close()
			defer plain.nc.Close()
			compare(b, func() { executeBench(b, c) }, func() { plain.execute(b, `{"execute":"query-status","id":7}`) })
		})
	}
}

func executeBench(b *testing.B, c *Conn) {
	if _, err := c.Execute(context.Background(), Command{Name: "query-status"}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkExecuteEight keeps eight commands in flight.
func BenchmarkExecuteEight(b *testing.B) {
	socket := replying(b, `{"status": "running"}`)
	c, plain := dialBench(b, socket), dialBare(b, socket, 1<<20)
	defer c.Close()
	defer plain.nc.Close()
	compare(b, func() { eightCalls(b, c) }, func() {
		for range inFlight {
			plain.send(b, `{"execute":"query-status","id":7}`)
		}
		for range inFlight {
			plain.receive(b)
		}
	})
}

func eightCalls(b *testing.B, c *Conn) {
	var calls [inFlight]*Call
	var err error
	for i := range calls {
		if calls[i], err = c.Send(context.Background(), Command{Name: "query-status"}); err != nil {
			b.Fatal(err)
		}
	}
	for _, call := range calls {
		if _, err := call.Wait(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQEMU is the same against a real server, whose own time outweighs ours.
func BenchmarkQEMU(b *testing.B) {
	ours, theirs := qemutest.Start(b), qemutest.Start(b)
	c, plain := dialBench(b, ours.Socket), dialBare(b, theirs.Socket, 4096)
	defer c.Close()
	defer plain.nc.Close()
	compare(b, func() { executeBench(b, c) }, func() { plain.execute(b, `{"execute":"query-status","id":7}`) })
}

// BenchmarkEvent is one event from its text to one subscriber.
func BenchmarkEvent(b *testing.B) {
	event := []byte(strings.TrimSpace(qmptest.Event("MIGRATION_PASS", `{"pass": 2}`)))
	c := &Conn{}
	events := c.Subscribe(1)
	for b.Loop() {
		m, reason := parseMessage(event)
		if reason != "" {
			b.Fatal(reason)
		}
		if err := c.dispatch(m); err != nil {
			b.Fatal(err)
		}
		<-events.C()
	}
}
