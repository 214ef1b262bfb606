package machine

import "time"

// Run is the run state of a machine.
type Run struct {
	State   string    // the server's word: "running", "paused", "io-error", …; "" when not known
	Running bool      // the vCPUs run
	Since   time.Time // when the state began, or when it was first seen
	Seen    bool      // the change itself was seen, so Since is exact; otherwise it is the latest it can have been
	Reason  Reason    // why, where an event told; its Event is "" otherwise
}

// A Reason is why a machine is in the state it is in, from an event.
type Reason struct {
	Event  string    // "SHUTDOWN", "WATCHDOG", "GUEST_PANICKED", "BLOCK_IO_ERROR", …
	Text   string    // in a few words: "guest shut down", "write error on drive0: No space left on device"
	Device string    // the block device or node concerned, or ""
	At     time.Time // when it came
}
