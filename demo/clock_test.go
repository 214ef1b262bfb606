package demo

import (
	"slices"
	"sync"
	"time"
)

// A ManualClock stands still until Advance moves it, so that a test decides when time passes.
type ManualClock struct {
	mu     sync.Mutex // guards the fields below
	now    time.Time
	alarms []alarm
}

type alarm struct {
	due  time.Time
	ring chan time.Time
}

// NewManualClock returns a clock that stands at start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now implements Clock.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After implements Clock.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ring := make(chan time.Time, 1)
	if d <= 0 {
		ring <- c.now
		return ring
	}
	c.alarms = append(c.alarms, alarm{c.now.Add(d), ring})
	return ring
}

// Advance moves the clock forward and wakes whoever waited for the time in between. What the machine does then is seen
// by every command that it reads afterwards.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.alarms = slices.DeleteFunc(c.alarms, func(a alarm) bool {
		if a.due.After(c.now) {
			return false
		}
		a.ring <- c.now
		return true
	})
}

// Done is closed when the machine has quit.
func (m *Machine) Done() <-chan struct{} { return m.done }
