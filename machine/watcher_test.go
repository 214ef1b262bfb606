package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A fakeServer answers as a recorded machine did, after a delay, and keeps what it was sent.
type fakeServer struct {
	mu      sync.Mutex // guards what follows
	machine replies
	delay   time.Duration
	hang    chan struct{} // when not nil, calls wait until it is closed
	broken  error
	calls   []call
	running int
	most    int // how many calls were in flight at once
}

type call struct {
	name, arguments string
	at              time.Time
}

func (f *fakeServer) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	f.mu.Lock()
	f.calls = append(f.calls, call{name, string(arguments), time.Now()})
	f.running++
	f.most = max(f.most, f.running)
	delay, hang, machine, broken := f.delay, f.hang, f.machine, f.broken
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.running--
	}()
	if hang != nil {
		select {
		case <-hang:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if broken != nil {
		return nil, broken
	}
	select {
	case <-time.After(delay):
		f.mu.Lock()
		defer f.mu.Unlock()
		return machine.answer(name)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *fakeServer) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

// sent is what was sent so far, and forgets it.
func (f *fakeServer) sent() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

func countOf(calls []call, name string) int {
	n := 0
	for _, c := range calls {
		if c.name == name {
			n++
		}
	}
	return n
}

// watch runs a test in a bubble, with a watcher over a server that answers as q35 in replies-7.2 did, in 1 ms.
func watch(t *testing.T, options Options, test func(t *testing.T, f *fakeServer, w *Watcher)) {
	machine := recorded(t, "replies-7.2.json.gz")["q35"]
	synctest.Test(t, func(t *testing.T) {
		f := &fakeServer{machine: maps.Clone(machine), delay: time.Millisecond}
		w := NewWatcher(f, options)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.Run(ctx)
		}()
		test(t, f, w)
		cancel()
		<-done
		if f.most > 1 {
			t.Errorf("%d commands were in flight at once", f.most)
		}
	})
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestTheFirstPictureComesAtOnce(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(10 * time.Millisecond)
		s := w.Snapshot()
		if s.Run.State != "running" || s.Identity.Name != "web01" {
			t.Errorf("after 10 ms: %+v %+v", s.Run, s.Identity)
		}
		pass(3 * time.Second)
		s = w.Snapshot()
		want := Identity{
			Name: "web01", UUID: "ed8276dc-9b26-46c5-996b-111122223333", Version: Version{7, 2, 22},
			Package: "Debian 1:7.2+dfsg-7+deb12u18+b3", Accelerator: "tcg", Arch: "x86_64", MachineType: "pc-q35-7.2",
		}
		if s.Identity != want {
			t.Errorf("after 3 s: %+v", s.Identity)
		}
		if len(s.CPUs) != 2 || len(s.Disks) == 0 || len(s.Chardevs) == 0 {
			t.Errorf("%d vCPUs, %d disks, %d chardevs", len(s.CPUs), len(s.Disks), len(s.Chardevs))
		}
		for q := range queryCount {
			fresh := s.Fresh(q)
			switch q {
			case QueryAccelerators, QueryOldCPUs:
				if !fresh.Absent && q == QueryAccelerators {
					t.Errorf("%s is not absent", q.Command())
				}
			default:
				if fresh.At.IsZero() || fresh.Absent || fresh.Err != "" {
					t.Errorf("%s: %+v", q.Command(), fresh)
				}
			}
		}
	})
}

func TestAtMostTwelveCommandsASecond(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		machine := recorded(t, "replies-7.2.json.gz")["mirror-running"]
		machine["query-migrate"] = json.RawMessage(
			`{"status":"active","ram":{"transferred":1,"remaining":2,"total":3,"dirty-sync-count":1}}`)
		f.change(func() { f.machine, f.delay = machine, 0 })
		var calls []call
		for i := range 3000 {
			w.Event(Event{Name: []string{"MIGRATION_PASS", "STOP", "DEVICE_DELETED", "RESUME"}[i%4]})
			pass(10 * time.Millisecond)
		}
		calls = append(calls, f.sent()...)
		for i := MostCommands; i < len(calls); i++ {
			if span := calls[i].at.Sub(calls[i-MostCommands].at); span < time.Second {
				t.Fatalf("%d commands in %v", MostCommands+1, span)
			}
		}
		if len(calls) < 25*MostCommands {
			t.Errorf("only %d commands in 30 s: the test does not reach the limit", len(calls))
		}
		for q := range queryCount { // a flood of events lets no query starve
			if !q.once() && countOf(calls, q.Command()) == 0 {
				t.Errorf("%s was never asked", q.Command())
			}
		}
	})
}

func TestAnIdleMachineIsAskedLittle(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(5 * time.Second)
		f.sent()
		pass(time.Minute)
		if calls := f.sent(); len(calls) > 80 || len(calls) < 30 {
			t.Errorf("%d commands in a minute", len(calls))
		}
	})
}

func TestABusyMachineIsAskedOften(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		machine := recorded(t, "replies-7.2.json.gz")["mirror-running"]
		machine["query-migrate"] = json.RawMessage(
			`{"status":"active","total-time":5000,"ram":{"transferred":1,"remaining":2,"total":3,"dirty-sync-count":1}}`)
		f.change(func() { f.machine = machine })
		pass(5 * time.Second)
		f.sent()
		pass(10 * time.Second)
		calls := f.sent()
		for name, least := range map[string]int{"query-migrate": 36, "query-jobs": 18, "query-block-jobs": 18, "query-status": 4} {
			if n := countOf(calls, name); n < least {
				t.Errorf("%s was asked %d times in 10 s", name, n)
			}
		}
	})
}

func TestASlowServerIsLeftAlone(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		f.change(func() { f.delay = 500 * time.Millisecond })
		pass(time.Minute)
		if n := len(f.sent()); n > 25 { // each half second of work is followed by two of rest
			t.Errorf("%d commands of half a second each in a minute", n)
		}
	})
}

func TestAServerThatHangsIsAskedOnce(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(5 * time.Second)
		hang := make(chan struct{})
		f.change(func() { f.hang, f.calls = hang, nil })
		pass(15 * time.Second)
		for range 100 {
			w.Event(Event{Name: "STOP"})
			w.Refresh(StaleAll)
		}
		pass(time.Minute)
		calls := f.sent()
		s := w.Snapshot()
		if len(calls) != 1 {
			t.Fatalf("%d commands were sent to a server that hangs", len(calls))
		}
		if s.Answering() || !s.Silent.Equal(calls[0].at) {
			t.Errorf("silent since %v, the command was sent at %v", s.Silent, calls[0].at)
		}
		f.change(func() { f.hang = nil })
		close(hang)
		pass(20 * time.Second)
		if s := w.Snapshot(); !s.Answering() || len(f.sent()) == 0 {
			t.Errorf("after it answered again: silent %v", s.Silent)
		}
	})
}

func TestSilenceIsPublished(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(4 * time.Second)
		f.change(func() { f.hang = make(chan struct{}) })
		pass(10 * time.Second)
		reader, end := w.Subscribe()
		defer end()
		if s := <-reader; s.Answering() {
			t.Error("the snapshot says that it is answering")
		}
	})
}

func TestWhatTheServerLacksIsNotSent(t *testing.T) {
	lacks := map[string]bool{"query-jobs": true, "query-cpus-fast": true, "query-balloon": true}
	watch(t, Options{Has: func(c string) bool { return !lacks[c] }}, func(t *testing.T, f *fakeServer, w *Watcher) {
		f.change(func() {
			f.machine["query-cpus"] = json.RawMessage(`[{"CPU":0,"current":true,"halted":false,"thread_id":7}]`)
			delete(f.machine, "query-chardev")
		})
		pass(5 * time.Minute)
		calls := f.sent()
		for name := range lacks {
			if countOf(calls, name) != 0 {
				t.Errorf("%s was sent although the schema lacks it", name)
			}
		}
		if n := countOf(calls, "query-chardev"); n != 1 {
			t.Errorf("query-chardev, which is not found, was sent %d times", n)
		}
		if n := countOf(calls, "query-cpus"); n != 1 {
			t.Errorf("query-cpus, which interrupts the guest, was sent %d times", n)
		}
		s := w.Snapshot()
		if !s.Fresh(QueryChardev).Absent || !s.Fresh(QueryJobs).Absent || len(s.CPUs) != 1 {
			t.Errorf("chardev %+v, jobs %+v, vCPUs %+v", s.Fresh(QueryChardev), s.Fresh(QueryJobs), s.CPUs)
		}
		w.Link(Link{State: LinkLost})
		w.Link(Link{State: LinkReady})
		pass(5 * time.Second)
		if n := countOf(f.sent(), "query-chardev"); n != 1 {
			t.Errorf("after a new link, query-chardev was sent %d times", n)
		}
	})
}

func TestMigrationEventsAreSwitchedOnOnlyWhereAllowed(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		active  bool
		want    int
	}{
		{"allowed", Options{MigrationEvents: true}, false, 1},
		{"not allowed", Options{}, false, 0},
		{"read only", Options{MigrationEvents: true, ReadOnly: true}, false, 0},
		{"cheap", Options{MigrationEvents: true, Mode: Cheap}, false, 0},
		{"while a migration runs", Options{MigrationEvents: true}, true, 0},
		{"command lacking", Options{
			MigrationEvents: true, Has: func(c string) bool { return c != "migrate-set-capabilities" },
		}, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			watch(t, c.options, func(t *testing.T, f *fakeServer, w *Watcher) {
				f.change(func() {
					f.machine["migrate-set-capabilities"] = json.RawMessage(`{}`)
					if c.active {
						f.machine["query-migrate"] = json.RawMessage(`{"status":"active"}`)
					}
				})
				pass(time.Minute)
				calls := f.sent()
				if n := countOf(calls, "migrate-set-capabilities"); n != c.want {
					t.Errorf("sent %d times", n)
				}
				for _, call := range calls {
					if call.name == "migrate-set-capabilities" &&
						call.arguments != `{"capabilities":[{"capability":"events","state":true}]}` {
						t.Errorf("sent with %s", call.arguments)
					}
				}
			})
		})
	}
}

// A watcher sends queries only, and nothing else unless it is allowed to.
func TestOnlyQueriesAreSent(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(10 * time.Minute)
		for _, c := range f.sent() {
			known := false
			for q := range queryCount {
				known = known || q.Command() == c.name
			}
			if !known {
				t.Errorf("sent %s", c.name)
			}
		}
	})
}

func TestTheCheapModeIsCheap(t *testing.T) {
	watch(t, Options{Mode: Cheap}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(time.Minute)
		calls := f.sent()
		if len(calls) > 7 {
			t.Errorf("%d commands in the first minute", len(calls))
		}
		w.Event(Event{Name: "STOP"})
		if s := w.Snapshot(); s.Run.Running || s.Run.State != "paused" || s.Identity.Name != "web01" {
			t.Errorf("after STOP: %+v", s.Run)
		}
		f.sent()
		pass(time.Second)
		if calls := f.sent(); len(calls) != 1 || calls[0].name != "query-status" {
			t.Errorf("after STOP: asked %v", calls)
		}
		w.SetMode(Full)
		pass(3 * time.Second)
		if s := w.Snapshot(); len(s.Chardevs) == 0 {
			t.Error("the full mode fetched no chardevs")
		}
	})
}

func TestALostLinkIsNotAsked(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(5 * time.Second)
		f.change(func() { f.hang = make(chan struct{}) })
		pass(10 * time.Second)
		w.Link(Link{State: LinkLost, Since: time.Now(), Attempt: 1, Err: "closed by QEMU"})
		f.change(func() { f.hang = nil })
		f.sent()
		pass(time.Minute)
		s := w.Snapshot()
		if n := len(f.sent()); n != 0 {
			t.Errorf("%d commands were sent over a lost link", n)
		}
		if s.Link.State != LinkLost || s.Link.Err == "" || !s.Answering() || s.Run.State != "running" || len(s.Disks) == 0 {
			t.Errorf("the last picture is gone: %+v", s.Link)
		}
		seen := s.Run.Since
		f.change(func() {
			f.machine["query-blockstats"] = json.RawMessage(`[{"device":"drive0","qdev":"/machine/peripheral/disk0/virtio-backend",
				"stats":{"rd_bytes":99999999999,"wr_bytes":99999999999,"rd_operations":99999,"wr_operations":99999}}]`)
		})
		w.Link(Link{State: LinkReady})
		pass(4 * time.Second)
		s = w.Snapshot()
		if !s.Run.Since.After(seen) || s.Run.Seen {
			t.Errorf("another machine may be there, but it runs since %v", s.Run.Since)
		}
		for _, d := range s.Disks {
			if d.IO.ReadRate.Or(0) > 0 {
				t.Errorf("%s: a rate was measured across two links: %v", d.Name(), d.IO.ReadRate)
			}
		}
		if countOf(f.sent(), "query-name") != 1 {
			t.Error("the machine was not asked for its name again")
		}
	})
}

func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		reader, end := w.Subscribe()
		other, endOther := w.Subscribe()
		defer endOther()
		pass(5 * time.Second)
		for i := range 1000 {
			w.Event(Event{Name: fmt.Sprint("E", i)})
		}
		if s := <-reader; s.LastEvent.Name != "E999" {
			t.Errorf("the reader got the snapshot of %s", s.LastEvent.Name)
		}
		select {
		case s := <-reader:
			t.Errorf("the reader got %s as well", s.LastEvent.Name)
		default:
		}
		end()
		w.Event(Event{Name: "LAST"})
		if s := <-other; s.LastEvent.Name != "LAST" {
			t.Errorf("the other reader got the snapshot of %s", s.LastEvent.Name)
		}
		select {
		case <-reader:
			t.Error("a reader that has left got a snapshot")
		default:
		}
	})
}

// A reply that was under way when an event came is from before the event.
func TestAnOvertakenReplyIsNotUsed(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(5 * time.Second)
		f.change(func() { f.delay = 100 * time.Millisecond })
		f.sent()
		w.Refresh(StaleOf(QueryStatus))
		pass(50 * time.Millisecond)
		stopped := time.Now()
		w.Event(Event{Name: "STOP"})
		pass(60 * time.Millisecond) // the old reply, "running", has come
		if s := w.Snapshot(); s.Run.Running {
			t.Error("a reply from before STOP was believed")
		}
		f.change(func() { f.machine["query-status"] = json.RawMessage(`{"running":false,"status":"io-error"}`) })
		pass(5 * time.Second)
		if s := w.Snapshot(); s.Run.State != "io-error" || !s.Run.Seen || !s.Run.Since.Equal(stopped) {
			t.Errorf("%+v", s.Run)
		}
	})
}

// TestWhatIsAskedOnceIsAskedUntilItIsKnown: what a server is called is not forgotten when the reply to that was overtaken
// by a gap in the events, or did not come.
func TestWhatIsAskedOnceIsAskedUntilItIsKnown(t *testing.T) {
	t.Run("overtaken", func(t *testing.T) {
		watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
			f.change(func() { f.delay = 50 * time.Millisecond })
			w.Link(Link{State: LinkReady})
			for range 100 { // whatever is in flight is overtaken
				pass(20 * time.Millisecond)
				w.Refresh(StaleAll)
			}
			pass(20 * time.Second)
			if got := w.Snapshot().Identity; got.Name == "" || got.Version.IsZero() || got.MachineType == "" || got.Accelerator == "" {
				t.Errorf("got %+v", got)
			}
		})
	})
	t.Run("unanswered", func(t *testing.T) {
		watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
			f.change(func() { f.broken = errors.New("no connection") })
			w.Link(Link{State: LinkReady})
			pass(5 * time.Second)
			f.change(func() { f.broken = nil })
			pass(20 * time.Second)
			if got := w.Snapshot().Identity; got.Name == "" || got.Version.IsZero() {
				t.Errorf("got %+v", got)
			}
		})
	})
}

// TestABrokenCallerIsNotHammered: nor does what is asked only once, and fails, keep the rest from being asked.
func TestABrokenCallerIsNotHammered(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		pass(1500 * time.Microsecond) // the first reply has come, others have not
		f.change(func() { f.broken = errors.New("broken pipe") })
		pass(time.Minute)
		if n := len(f.sent()); n > 61 {
			t.Errorf("%d commands in a minute", n)
		}
		if s := w.Snapshot(); s.Fresh(QueryStatus).Err != "broken pipe" {
			t.Errorf("%+v", s.Fresh(QueryStatus))
		}
	})
}

func TestAMachineWithoutBalloon(t *testing.T) {
	watch(t, Options{}, func(t *testing.T, f *fakeServer, w *Watcher) {
		f.change(func() { f.machine["query-balloon"] = recorded(t, "replies-7.2.json.gz")["none"]["query-balloon"] })
		pass(10 * time.Minute)
		s := w.Snapshot()
		if n := countOf(f.sent(), "query-balloon"); n > 11 || s.Memory.Balloon.Known || !s.Fresh(QueryBalloon).Absent {
			t.Errorf("asked %d times; %+v %+v", n, s.Memory, s.Fresh(QueryBalloon))
		}
	})
}
