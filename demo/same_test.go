package demo_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

// story is everything that a machine says in a long conversation.
func story(t *testing.T, o demo.Options) string {
	m, clock := newMachine(o)
	k := dial(t, m, clock)
	k.want(`{"execute":"qmp_capabilities"}`, `{"return": {}}`)
	for i := range 60 {
		k.clock.Advance(time.Duration(i*37) * time.Millisecond)
		for _, command := range []string{
			"query-block", "query-blockstats", "query-block-jobs", "query-chardev", "query-vnc", "query-uuid", "query-cpus", "query-migrate",
		} {
			k.ask(fmt.Sprintf(`{"execute":%q}`, command))
		}
		switch i {
		case 5:
			k.ask(`{"execute":"migrate","arguments":{"uri":"tcp:backup:4444"}}`)
		case 9:
			k.ask(`{"execute":"balloon","arguments":{"value":536870912}}`)
		case 13:
			k.ask(`{"execute":"chardev-add","arguments":{"id":"x","backend":{"type":"pty","data":{}}}}`)
		case 20:
			k.ask(`{"execute":"block_stream","arguments":{"device":"drive1"}}`)
		}
	}
	return k.said.String()
}

func TestTheSameSeedAndClockGiveTheSameBytes(t *testing.T) {
	for _, o := range []demo.Options{{Seed: 7}, {Seed: 7, Speed: 3.5}, {Seed: 7, Compat: demo.Compat11}} {
		first, second := story(t, o), story(t, o)
		if first != second {
			t.Errorf("%+v: two stories of one machine", o)
		}
		o.Seed++
		if story(t, o) == first {
			t.Errorf("%+v: another seed tells the same story", o)
		}
	}
}

// Looking does not change what happens: the machine lives in steps of its own.
func TestAMachineThatIsWatchedDoesTheSame(t *testing.T) {
	watched, alone := begin(t, demo.Options{}), begin(t, demo.Options{})
	for range 300 {
		watched.pass(100 * time.Millisecond)
		watched.jobs()
		watched.ask(`{"execute":"query-cpus"}`)
	}
	alone.pass(30 * time.Second)
	for _, command := range []string{"query-block-jobs", "query-blockstats", "query-chardev"} {
		message := fmt.Sprintf(`{"execute":%q}`, command)
		if a, b := watched.ask(message), alone.ask(message); a != b {
			t.Errorf("%s\nwatched: %s\n  alone: %s", command, a, b)
		}
	}
}

func TestSpeed(t *testing.T) {
	slow, fast := begin(t, demo.Options{}), begin(t, demo.Options{Speed: 20})
	slow.pass(20 * time.Second)
	fast.pass(time.Second)
	if a, b := slow.job("drive0"), fast.job("drive0"); a != b {
		t.Errorf("20 s at speed 1: %+v, 1 s at speed 20: %+v", a, b)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []demo.Options{{}, {Compat: demo.Compat11}, {Speed: 0.5}, {Seed: -1}} {
		if err := o.Validate(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, o := range []demo.Options{{Compat: "2.0"}, {Speed: -1}, {Speed: 1e9}} {
		if err := o.Validate(); err == nil {
			t.Errorf("%+v passes", o)
		}
	}
}
