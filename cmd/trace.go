package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A wire shows or records the messages of a connection, with secrets masked. The mutex guards both writers: a
// message is sent on one goroutine and received on another.
type wire struct {
	mu    sync.Mutex
	shown io.Writer // for -v, nil without
	clean bool      // shown is a terminal
	log   *os.File  // for --log, nil without
	err   error     // the first failure to write the log
}

// newWire is the wire as the flags want it shown and recorded.
func (a *app) newWire() (*wire, error) {
	w := &wire{}
	if a.opts.verbose {
		w.shown, w.clean = a.stderr, isTerminal(a.stderr)
	}
	if a.opts.logFile == "" {
		return w, nil
	}
	if err := w.logTo(a.opts.logFile); err != nil {
		return nil, &usageError{fmt.Errorf("--log: %w", err)}
	}
	return w, nil
}

// logTo records the messages from now on in a file, or nowhere for "". An existing log is appended to; what is not a
// regular file is refused and left as it is.
func (w *wire) logTo(path string) error {
	if path == "" {
		return w.close()
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: it was left alone", path)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = w.close()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = file
	return err
}

// trace is what qmpconn calls with every message; it is nil when there is nothing to show or record.
func (w *wire) trace() func(qmpconn.Direction, []byte) {
	if w.shown == nil && w.log == nil {
		return nil
	}
	return w.message
}

func (w *wire) message(direction qmpconn.Direction, raw []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shown == nil && w.log == nil {
		return
	}
	masked := syntax.MaskJSON(raw)
	if w.shown != nil {
		text := string(masked)
		if w.clean {
			text = render.Clean(text)
		}
		fmt.Fprintf(w.shown, "%s %s\n", arrow(direction), text)
	}
	if w.log != nil {
		w.record(direction, masked)
	}
}

func (w *wire) record(direction qmpconn.Direction, masked []byte) {
	entry := struct {
		Time      string          `json:"time"`
		Direction string          `json:"direction"`
		Message   json.RawMessage `json:"message,omitempty"`
		Text      string          `json:"text,omitempty"` // of a message that is not JSON
	}{Time: time.Now().UTC().Format(time.RFC3339Nano), Direction: "received"}
	if direction == qmpconn.Sent {
		entry.Direction = "sent"
	}
	if json.Valid(masked) {
		entry.Message = masked
	} else {
		entry.Text = string(masked)
	}
	line, err := json.Marshal(entry)
	if err == nil {
		_, err = w.log.Write(append(line, '\n'))
	}
	if w.err == nil {
		w.err = err
	}
}

// close ends the log and says when it is not whole.
func (w *wire) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.log == nil {
		return nil
	}
	err := errors.Join(w.err, w.log.Close())
	w.log, w.err = nil, nil
	if err != nil {
		return fmt.Errorf("the log is not complete: %w", err)
	}
	return nil
}

func arrow(direction qmpconn.Direction) string {
	if direction == qmpconn.Sent {
		return "->"
	}
	return "<-"
}
