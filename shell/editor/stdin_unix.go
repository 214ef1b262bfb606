//go:build unix

package editor

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// stdin is what readline reads: it waits for the terminal, decodes keys and hands over one per call. A key that
// readline is not to see is a BEL, and waits in a queue for whoever sees that BEL.
//
// It reads from the terminal only between open and shut, and not while it is paused, so that a program that has the
// terminal in between gets every key.
type stdin struct {
	fd         int
	wakeRead   int
	wakeWrite  int
	beforeWait func() // called when all keys so far have been handed over

	mu      sync.Mutex // guards what follows, and every read from fd
	changed *sync.Cond // open, paused or closed has changed
	open    bool
	paused  int
	closed  bool
	over    bool // readline has seen the end of the input, and reads no more
	broken  bool // the line that is being read is to end
	decoder decoder
	posted  []key // not from the terminal, to be handed over next
	queue   []key // handed over as a BEL
}

func newStdin(f *os.File) (*stdin, error) {
	var p [2]int
	if err := unix.Pipe(p[:]); err != nil {
		return nil, err
	}
	for _, fd := range p {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return nil, err
		}
	}
	in := &stdin{fd: int(f.Fd()), wakeRead: p[0], wakeWrite: p[1]}
	in.changed = sync.NewCond(&in.mu)
	return in, nil
}

// set changes the state under the lock and wakes the reader.
func (in *stdin) set(change func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	change()
	in.wake()
}

func (in *stdin) wake() {
	in.changed.Broadcast()
	if in.wakeWrite >= 0 {
		unix.Write(in.wakeWrite, []byte{0}) // when the pipe is full it wakes anyway
	}
}

func (in *stdin) begin()  { in.set(func() { in.open, in.broken = true, false }) }
func (in *stdin) end()    { in.set(func() { in.open, in.posted = false, nil }) }
func (in *stdin) pause()  { in.set(func() { in.paused++ }) }
func (in *stdin) resume() { in.set(func() { in.paused-- }) }

// interrupt makes the line that is being read end as if by Ctrl-C; interrupted tells the difference.
func (in *stdin) interrupt() { in.set(func() { in.broken = true }) }

func (in *stdin) interrupted() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.broken
}

// post hands over a key that nobody pressed. One that is waiting already is not doubled.
func (in *stdin) post(k key) {
	in.set(func() {
		if !slices.Contains(in.posted, k) {
			in.posted = append(in.posted, k)
		}
	})
}

// Close makes the reader see the end of the input. Readline closes the reader that it was given only in name, so
// this has to come first.
func (in *stdin) Close() error {
	in.set(func() { in.closed = true })
	return nil
}

// release frees the pipe, once nobody reads any more.
func (in *stdin) release() {
	in.mu.Lock()
	defer in.mu.Unlock()
	unix.Close(in.wakeRead)
	unix.Close(in.wakeWrite)
	in.wakeWrite = -1
}

// busy reports whether keys are waiting to be read.
func (in *stdin) busy() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.open && in.decoder.pending()
}

// pop takes the key that belongs to the BEL just read.
func (in *stdin) pop() key {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.queue) == 0 {
		return key{}
	}
	k := in.queue[0]
	in.queue = in.queue[1:]
	return k
}

// Read returns the bytes of one key.
func (in *stdin) Read(p []byte) (int, error) {
	force := false
	for {
		b, wait, err := in.take(force)
		if err != nil {
			return 0, in.finish(err)
		}
		if b != nil {
			return copy(p, b), nil
		}
		if in.beforeWait != nil {
			in.beforeWait()
		}
		force, err = in.wait(wait)
		if err != nil {
			return 0, in.finish(err)
		}
	}
}

// finish notes that the input has ended.
func (in *stdin) finish(err error) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.over = true
	return err
}

// ended reports whether readline's loop has ended with the input: waiting for a line from it would never end.
func (in *stdin) ended() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.over
}

// take returns the next key that is there, or else how long to wait for more, in milliseconds, -1 for ever.
func (in *stdin) take(force bool) (b []byte, wait int, err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for (in.paused > 0 || !in.open) && !in.closed {
		in.changed.Wait()
	}
	switch {
	case in.closed:
		return nil, 0, io.EOF
	case in.broken:
		return []byte{ctrlC}, 0, nil
	}
	var k key
	if len(in.posted) > 0 {
		k, in.posted = in.posted[0], in.posted[1:]
	} else {
		k = in.decoder.next(force)
	}
	if k.code == keyRune {
		return []byte(k.text), 0, nil
	} else if k.code != keyNone {
		in.queue = append(in.queue, k)
		return []byte{bell}, 0, nil
	}
	return nil, in.decoder.patience(), nil
}

// wait waits for the terminal or for a change of state, and takes in what the terminal has. It reports whether the
// time has run out.
func (in *stdin) wait(timeout int) (late bool, err error) {
	fds := []unix.PollFd{{Fd: int32(in.fd), Events: unix.POLLIN}, {Fd: int32(in.wakeRead), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, timeout)
	if errors.Is(err, unix.EINTR) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	buf := make([]byte, 4096)
	if fds[1].Revents != 0 {
		unix.Read(in.wakeRead, buf)
	}
	if fds[0].Revents == 0 {
		return n == 0, nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.paused > 0 || !in.open || in.closed {
		return false, nil
	}
	k, err := unix.Read(in.fd, buf)
	switch {
	case k > 0:
		in.decoder.feed(buf[:k])
		return false, nil
	case k == 0:
		return false, io.EOF
	case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		return false, nil
	}
	return false, err
}
