package cmd

import (
	"encoding/json"
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

// newWire returns nil when there is nothing to show or record. An existing log is appended to; what is not a regular
// file is refused and left as it is.
func (a *app) newWire() (*wire, error) {
	if !a.opts.verbose && a.opts.logFile == "" {
		return nil, nil
	}
	w := &wire{}
	if a.opts.verbose {
		w.shown, w.clean = a.stderr, isTerminal(a.stderr)
	}
	if path := a.opts.logFile; path != "" {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return nil, &usageError{fmt.Errorf("--log %s is not a regular file: it was left alone", path)}
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, &usageError{fmt.Errorf("--log: %w", err)}
		}
		w.log = file
	}
	return w, nil
}

// trace is what qmpconn calls with every message; it is nil for a nil wire.
func (w *wire) trace() func(qmpconn.Direction, []byte) {
	if w == nil {
		return nil
	}
	return w.message
}

func (w *wire) message(direction qmpconn.Direction, raw []byte) {
	masked := syntax.MaskJSON(raw)
	w.mu.Lock()
	defer w.mu.Unlock()
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
	if w == nil || w.log == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.log.Close()
	if w.err != nil {
		err = w.err
	}
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
