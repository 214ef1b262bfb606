package qmpconn

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
)

// defaultMaxMessage is far above anything a server sends today (introspection is 250 kB).
const defaultMaxMessage = 256 << 20

// A receiver cuts a stream into messages. One JSON value is one message, whatever the line breaks: a server with
// pretty=on spreads a message over many lines.
type receiver struct {
	dec   *json.Decoder
	in    io.Reader
	addr  string
	max   int64 // bytes in one message
	read  int64 // bytes that the decoder has taken so far
	agent bool  // drop the 0xFF bytes by which a guest agent marks a synchronisation point
	trace func(Direction, []byte)
}

func newReceiver(in io.Reader, addr string, opts Options) *receiver {
	r := &receiver{in: in, addr: addr, max: opts.MaxMessage, agent: opts.GuestAgent, trace: opts.Trace}
	if r.max <= 0 {
		r.max = defaultMaxMessage
	}
	r.dec = json.NewDecoder(r)
	return r
}

// errTooLong is a message that is longer than Options.MaxMessage.
var errTooLong = errors.New("the message is longer than the limit")

// Read feeds the decoder.
func (r *receiver) Read(p []byte) (int, error) {
	if r.read-r.dec.InputOffset() > r.max {
		return 0, errTooLong
	}
	n, err := r.in.Read(p)
	if r.agent {
		n = len(withoutMarks(p[:n]))
	}
	r.read += int64(n)
	return n, err
}

// withoutMarks removes 0xFF bytes in place: they mark a point in the stream and are no part of UTF-8.
func withoutMarks(p []byte) []byte {
	if bytes.IndexByte(p, 0xFF) < 0 {
		return p
	}
	kept := p[:0]
	for _, b := range p {
		if b != 0xFF {
			kept = append(kept, b)
		}
	}
	return kept
}

// next returns the next message. The message is the caller's to keep. The error is a *ProtocolError, ErrPeerClosed
// at the end of the stream, or the transport's.
func (r *receiver) next() (message, error) {
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		return message{}, r.explain(err)
	}
	if r.trace != nil {
		r.trace(Received, raw)
	}
	m, reason := parseMessage(raw)
	if reason != "" {
		return message{}, &ProtocolError{Addr: r.addr, Reason: reason, Text: excerpt(raw)}
	}
	return m, nil
}

// explain turns a failed read into one of the package's causes.
func (r *receiver) explain(err error) error {
	syntax := new(json.SyntaxError)
	switch {
	case errors.Is(err, errTooLong):
		return &ProtocolError{Addr: r.addr, Reason: errTooLong.Error(), Text: r.pending()}
	case errors.As(err, &syntax):
		return &ProtocolError{Addr: r.addr, Reason: "what it sends is not JSON", Text: r.pending()}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errPeerDied
	case errors.Is(err, io.EOF), isReset(err):
		return ErrPeerClosed
	}
	return err
}

// errPeerDied is a connection that ended inside a message.
var errPeerDied = closedError("closed by the server in the middle of a message")

// A closedError is a way in which a server closes a connection.
type closedError string

func (e closedError) Error() string        { return string(e) }
func (e closedError) Is(target error) bool { return target == ErrPeerClosed }

// isReset reports whether err is how a server's end looks when bytes of ours were unread: usual with QEMU 1.1
// after quit, and with every TCP peer that dies.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, errConnAborted)
}

// pending returns the beginning of what could not be read as JSON.
func (r *receiver) pending() string {
	head, _ := io.ReadAll(io.LimitReader(r.dec.Buffered(), 2*excerptLength))
	return excerpt(head)
}

// excerptLength is how many bytes of a peer's nonsense an error shows.
const excerptLength = 120

func excerpt(b []byte) string {
	b = bytes.TrimSpace(b)
	if line, _, more := bytes.Cut(b, []byte("\n")); more {
		b = bytes.TrimRight(line, "\r")
	}
	if len(b) > excerptLength {
		b = b[:excerptLength]
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}
