package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
)

// Options say how the machine behaves. The zero value is a machine of today that lives by the host's clock.
type Options struct {
	// Seed decides what looks accidental: the same seed, clock and commands give the same bytes.
	Seed int64
	// Speed is how many seconds pass in the machine while one passes on the clock; 0 means 1.
	Speed float64
	// Compat is "" for a server of today, or [Compat11] for one of early 2012.
	Compat string
	// Clock is the clock to live by; nil is the host's.
	Clock Clock
	// Incoming starts the machine waiting for a migration that never comes, as QEMU with -incoming.
	Incoming bool
}

// Validate says what is wrong with the options, for whoever takes them from a person. New makes the best of them.
func (o Options) Validate() error {
	switch {
	case o.Compat != "" && o.Compat != Compat11:
		return fmt.Errorf("no compatibility with %q: %s is the only version that can be simulated", o.Compat, Compat11)
	case o.Speed < 0 || o.Speed > maxSpeed:
		return fmt.Errorf("a speed of %v is out of range: 0 to %d", o.Speed, maxSpeed)
	}
	return nil
}

const (
	tick     = 100 * time.Millisecond // the step in which the machine lives
	maxSpeed = 10000
	// minPace keeps a fast machine from waking the host more often than it can be looked at.
	minPace = 20 * time.Millisecond
)

// A Machine is the simulated machine. Its methods may be called from any goroutine.
type Machine struct {
	clock    Clock
	start    time.Time
	speed    float64
	pace     time.Duration // how often clients' goroutines let time pass
	old      bool          // behaves as servers of 2012 did
	schema   *qapi.Schema
	commands map[string]handler
	done     chan struct{} // closed by end

	mu       sync.Mutex // guards everything below, and the state of every client
	clients  []*client
	ticks    int64     // steps lived
	at       time.Time // the moment that is being lived, on the clock
	rng      *rand.Rand
	agenda   []appointment
	quitting bool
	// introspection is the answer to query-qmp-schema, once it was asked for.
	introspection any
	world
}

// An appointment is something that will happen by itself.
type appointment struct {
	due int64 // in ticks
	act func()
}

// New returns a machine that has just come up.
func New(o Options) *Machine {
	if o.Clock == nil {
		o.Clock = wall{}
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	m := &Machine{
		clock: o.Clock, start: o.Clock.Now(), speed: min(o.Speed, maxSpeed), old: o.Compat == Compat11,
		done: make(chan struct{}), commands: handlers(), rng: rand.New(rand.NewPCG(uint64(o.Seed), 0x71656d75)),
	}
	m.pace = max(minPace, time.Duration(float64(tick)/m.speed))
	m.at = m.start
	if m.old {
		m.schema = schema2012(m.commands)
	} else {
		m.schema = buildSchema(m.commands, false)
	}
	m.begin(o)
	return m
}

// advance lives up to the clock's present. The caller holds mu.
func (m *Machine) advance() {
	now := m.clock.Now()
	target := int64(float64(now.Sub(m.start)) * m.speed / float64(tick))
	for m.ticks < target && !m.quitting {
		m.ticks++
		m.at = m.start.Add(time.Duration(float64(m.ticks) * float64(tick) / m.speed))
		m.keepAppointments()
		m.live()
	}
	if now.After(m.at) {
		m.at = now
	}
	if m.quitting {
		m.end()
	}
}

// after lets something happen when that much of the machine's time has passed.
func (m *Machine) after(d time.Duration, act func()) {
	m.agenda = append(m.agenda, appointment{m.ticks + max(1, int64(d/tick)), act})
}

// keepAppointments does what is due, in the order in which it was agreed upon.
func (m *Machine) keepAppointments() {
	for i := 0; i < len(m.agenda); {
		if m.agenda[i].due > m.ticks {
			i++
			continue
		}
		act := m.agenda[i].act
		m.agenda = slices.Delete(m.agenda, i, i+1)
		act()
	}
}

// uptime is the machine's own age.
func (m *Machine) uptime() time.Duration { return time.Duration(m.ticks) * tick }
