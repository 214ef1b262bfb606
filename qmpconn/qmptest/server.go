// Package qmptest is a scripted QMP server for tests: a function from requests to replies behind a socket or a pipe,
// and the manners of servers of 2012 and of today. It does what a real QEMU will not do on demand; the path that users
// take is tested on a real one. It knows no schema and keeps no machine.
package qmptest

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// A Script says how a server behaves towards each client.
type Script struct {
	// Greeting is written to each client first; "" for a server that does not greet.
	Greeting string
	// Handler returns what answers one request.
	Handler Handler
	// Check looks at a request before the handler does; a non-empty answer replaces the handler's. Scripts use it for
	// the manners of an age.
	Check Handler
}

// A Handler answers one request with texts that are written one after the other, exactly as they are: replies,
// events, or nonsense. It runs in the goroutine of its client.
type Handler func(Request) []string

// Hangup among a handler's texts closes the connection there.
const Hangup = "\x00hangup"

// A Request is one command as it arrived.
type Request struct {
	Raw       json.RawMessage // the whole message
	Command   string
	OOB       bool // it came as exec-oob
	Arguments json.RawMessage
	ID        json.RawMessage
}

// Return is the reply to r with the given JSON text as return value.
func (r Request) Return(value string) string {
	return `{"return": ` + value + r.echo() + "}\r\n"
}

// Error is the reply that refuses r.
func (r Request) Error(class, desc string) string {
	return `{"error": {"class": ` + quote(class) + `, "desc": ` + quote(desc) + `}` + r.echo() + "}\r\n"
}

func (r Request) echo() string {
	if r.ID == nil {
		return ""
	}
	return `, "id": ` + string(r.ID)
}

// Event is an event with a timestamp of 2023-11-14 22:13:20.5 UTC; data is JSON text, "" for none.
func Event(name, data string) string {
	if data != "" {
		data = `, "data": ` + data
	}
	return `{"timestamp": {"seconds": 1700000000, "microseconds": 500000}, "event": ` + quote(name) + data + "}\r\n"
}

func quote(s string) string {
	text, _ := json.Marshal(s) // a string always has a JSON form
	return string(text)
}

// A Server runs a script on a unix socket, for one client after the other, as QEMU does: the next client is greeted
// when the one before it has left.
type Server struct {
	script   Script
	listener net.Listener

	mu       sync.Mutex // guards everything below
	client   *client
	requests []Request
	clients  int
	closed   bool
}

// Serve starts a server that ends with the test.
func Serve(t testing.TB, script Script) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "q") // a unix socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{script: script, listener: listener}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.accept()
	}()
	t.Cleanup(func() {
		s.Stop()
		<-done
		os.RemoveAll(dir)
	})
	return s
}

// Socket is the path that the server listens on.
func (s *Server) Socket() string { return s.listener.Addr().String() }

// Requests returns every request so far, the negotiation included.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Clients returns how many clients have been served, the present one included.
func (s *Server) Clients() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clients
}

// Send writes text to the present client, unasked, between two of the handler's texts; false when there is none.
func (s *Server) Send(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client == nil {
		return false
	}
	s.client.out <- text
	return true
}

// Drop closes the connection to the present client. The server goes on.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		s.client.conn.Close()
	}
}

// Stop closes the socket and the present connection.
func (s *Server) Stop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.listener.Close()
	s.Drop()
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		c := newClient(conn)
		s.mu.Lock()
		s.client = c
		s.clients++
		if s.closed {
			conn.Close()
		}
		s.mu.Unlock()
		c.serve(s.script, s.record)
		s.mu.Lock()
		s.client = nil // nobody sends to it any more
		s.mu.Unlock()
		c.close()
	}
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
}

// Pipe runs a script at the other end of a connection in memory, which suits testing/synctest. The server's end
// closes with the test, or when ours does.
func Pipe(t testing.TB, script Script) net.Conn {
	ours, theirs := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c := newClient(theirs)
		c.serve(script, func(Request) {})
		c.close()
	}()
	t.Cleanup(func() {
		ours.Close()
		<-done
	})
	return ours
}

// A client is one connection to a server. Texts go out through a goroutine of their own, so that a server which
// writes does not keep itself from reading.
type client struct {
	conn    net.Conn
	out     chan string
	written chan struct{} // closed when the writer has ended
}

func newClient(conn net.Conn) *client {
	c := &client{conn, make(chan string, 4096), make(chan struct{})}
	go c.write()
	return c
}

// write sends what is queued, in order. After a hang-up or an error the rest is dropped.
func (c *client) write() {
	defer close(c.written)
	for text := range c.out {
		if text == Hangup {
			c.conn.Close()
		} else if _, err := io.WriteString(c.conn, text); err != nil {
			c.conn.Close()
		}
	}
}

// close ends the writer, behind the last text.
func (c *client) close() {
	close(c.out)
	<-c.written
	c.conn.Close()
}

// serve runs a script until either side hangs up or the client sends what is no JSON.
func (c *client) serve(script Script, record func(Request)) {
	c.out <- script.Greeting
	in := json.NewDecoder(unmarked{c.conn})
	for {
		var raw json.RawMessage
		if in.Decode(&raw) != nil {
			return
		}
		r := parse(raw)
		record(r)
		for _, text := range script.answer(r) {
			c.out <- text
		}
	}
}

// unmarked drops the bytes 0xFF that clients of a guest agent send to resynchronise; JSON never holds one.
type unmarked struct{ in io.Reader }

func (u unmarked) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	kept := slices.DeleteFunc(p[:n], func(b byte) bool { return b == 0xFF })
	return len(kept), err
}

func (s Script) answer(r Request) []string {
	if s.Check != nil {
		if answer := s.Check(r); len(answer) > 0 {
			return answer
		}
	}
	if s.Handler == nil {
		return []string{r.Return("{}")}
	}
	return s.Handler(r)
}

func parse(raw json.RawMessage) Request {
	var body struct {
		Execute   string          `json:"execute"`
		OOB       string          `json:"exec-oob"`
		Arguments json.RawMessage `json:"arguments"`
		ID        json.RawMessage `json:"id"`
	}
	r := Request{Raw: raw}
	if json.Unmarshal(raw, &body) != nil {
		return r
	}
	r.Command, r.OOB, r.Arguments, r.ID = body.Execute, body.OOB != "", body.Arguments, body.ID
	if r.OOB {
		r.Command = body.OOB
	}
	return r
}
