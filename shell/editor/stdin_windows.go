package editor

import (
	"io"
	"os"
	"sync"

	"github.com/chzyer/readline"
)

// stdin is readline's own console reader here: it translates the console's keys into control characters, which the
// filter understands as well. A line that is being read ends only with a key.
type stdin struct {
	reader     io.ReadCloser
	beforeWait func()

	mu     sync.Mutex // guards what follows
	broken bool
	over   bool
}

func newStdin(*os.File) (*stdin, error) {
	return &stdin{reader: readline.NewCancelableStdin(readline.Stdin)}, nil
}

func (in *stdin) Read(p []byte) (int, error) {
	in.beforeWait()
	n, err := in.reader.Read(p)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.over = in.over || err != nil
	return n, err
}

func (in *stdin) ended() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.over
}

func (in *stdin) Close() error { return in.reader.Close() }
func (in *stdin) begin()       { in.set(false) }
func (in *stdin) interrupt()   { in.set(true) }
func (in *stdin) end()         {}
func (in *stdin) pause()       {}
func (in *stdin) resume()      {}
func (in *stdin) release()     {}
func (in *stdin) post(key)     {}
func (in *stdin) busy() bool   { return false }
func (in *stdin) pop() key     { return control(bell) }

func (in *stdin) set(broken bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.broken = broken
}

func (in *stdin) interrupted() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.broken
}
