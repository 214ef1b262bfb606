package tui

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// TestPicturesFit draws random machines on screens of random sizes, some thousand pictures, with random keys pressed: each picture
// has exactly the rows and the columns of its screen, and no control characters.
func TestPicturesFit(t *testing.T) {
	keys := []string{
		"1", "2", "3", "4", "5", "6", "z", "enter", "?", ":", "x", "p", "b", "d", "s", "o", "t", "/", "down", "up", "tab", "esc", "end",
		"query-", "block-stream device=", "幅の広い", "y", "pgdown", "left", "home", "backspace", "ctrl+k",
	}
	for seed := range uint64(600) {
		r := randomness{rand.New(rand.NewPCG(seed, 7))}
		d := newDriver(t, r.size(220), r.size(70), func(c *Config) {
			c.ReadOnly = r.IntN(8) == 0
			c.Target = r.text()
			if r.IntN(4) == 0 {
				c.Theme = render.NewTheme(render.TrueColor, true)
			}
		})
		d.tell(func(n *news) { n.snapshot, n.link, n.events = r.machine(), r.link(), r.events() })
		for range r.IntN(8) {
			d.press(keys[r.IntN(len(keys))])
			d.fits()
			if len(d.sent) > 0 && d.m.waiting != nil && r.IntN(2) == 0 {
				d.answer(`{"text":"`+"\u001b[31m"+`幅"}`, nil)
			}
		}
		d.update(tea.WindowSizeMsg{Width: r.size(220), Height: r.size(70)})
		d.fits()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// A randomness makes machines that no sane server would describe.
type randomness struct{ *rand.Rand }

// size is from 1 to most, the sizes around which layouts change more often than others.
func (r randomness) size(most int) int {
	around := []int{15, 24, 40, 50, 80, 120}
	if n := around[r.IntN(len(around))] + r.IntN(3) - 1; r.IntN(3) == 0 && n <= most {
		return n
	}
	return 1 + r.IntN(most)
}

func (r randomness) text() string {
	pieces := []string{
		"", "drive0", "running", "幅の広い文字", "e\u0301", "👩‍👩‍👧‍👦", "\x1b[31mred", "\x1b]0;title\x07", "\u202ertl", "a\tb\nc", "\x00\x7f\u009b", "\xff\xfe",
		"a-very-long-name-that-goes-on-and-on-and-on-and-on-and-on", " ", "…", "/srv/images/web01.qcow2",
	}
	text := ""
	for range 1 + r.IntN(4) {
		text += pieces[r.IntN(len(pieces))]
	}
	return text
}

func (r randomness) integer() int64 {
	return []int64{0, 1, -1, 1023, 1024, 20 << 20, 1 << 40, math.MaxInt64, math.MinInt64, r.Int64()}[r.IntN(10)]
}

func (r randomness) figure() float64 {
	return []float64{0, 1, -3, 31.4 * mib, math.Inf(1), math.NaN(), 1e300, r.Float64() * 1e9}[r.IntN(8)]
}

func (r randomness) time() time.Time {
	return []time.Time{{}, noon, ago(time.Hour), noon.Add(time.Hour), ago(time.Duration(r.Int64N(1 << 40)))}[r.IntN(5)]
}

func (r randomness) bytes() machine.Maybe[int64] {
	return machine.Maybe[int64]{Value: r.integer(), Known: r.IntN(3) > 0}
}

func (r randomness) rate() machine.Maybe[float64] {
	return machine.Maybe[float64]{Value: r.figure(), Known: r.IntN(3) > 0}
}

func (r randomness) duration() machine.Maybe[time.Duration] {
	return machine.Maybe[time.Duration]{Value: time.Duration(r.integer()), Known: r.IntN(3) > 0}
}

func (r randomness) flag() machine.Maybe[bool] {
	return machine.Maybe[bool]{Value: r.IntN(2) == 0, Known: r.IntN(2) == 0}
}

func (r randomness) link() qmpconn.Link {
	link := qmpconn.Link{State: qmpconn.LinkState(r.IntN(5)), Since: r.time(), Retry: r.time(), Attempt: r.IntN(1000)}
	if link.State != qmpconn.Ready {
		link.Down, link.Err = r.time(), &qmpconn.ProtocolError{Addr: r.text(), Reason: r.text(), Text: r.text()}
	}
	return link
}

func (r randomness) events() []qmpconn.Event {
	events := make([]qmpconn.Event, r.IntN(30))
	for i := range events {
		events[i] = qmpconn.Event{Name: r.text(), Data: []byte(`{"a":"` + "幅" + `","b":[1,2,{"c":null}]}`), Time: r.time()}
	}
	return events
}

func (r randomness) machine() machine.Snapshot {
	s := machine.Snapshot{
		At: noon, Silent: r.time(),
		Identity: machine.Identity{
			Name: r.text(), UUID: r.text(), Package: r.text(), Accelerator: r.text(), MachineType: r.text(), Arch: r.text(),
			Version: machine.Version{Major: r.IntN(20), Minor: r.IntN(100)},
		},
		Run:       machine.Run{State: r.text(), Running: r.IntN(2) == 0, Since: r.time(), Seen: r.IntN(2) == 0, Reason: machine.Reason{Text: r.text()}},
		CPUs:      make([]machine.CPU, r.IntN(300)),
		Memory:    machine.Memory{Base: r.bytes(), Plugged: r.bytes(), Balloon: r.bytes()},
		LastEvent: machine.EventMark{Name: r.text(), At: r.time()},
		Migration: r.migration(),
	}
	for range r.IntN(12) {
		s.Jobs = append(s.Jobs, r.job())
		s.Disks = append(s.Disks, r.disk())
		s.Chardevs = append(s.Chardevs, machine.Chardev{
			Label: r.text(), Filename: r.text(), Kind: r.text(), Address: r.text(), Peer: r.text(), Frontend: r.flag(), Connected: r.flag(),
		})
	}
	return s
}

func (r randomness) job() machine.Job {
	statuses := []string{"running", "paused", "ready", "standby", "pending", "concluded", "null", r.text()}
	return machine.Job{
		ID: r.text(), Type: r.text(), Status: statuses[r.IntN(len(statuses))], Current: r.integer(), Total: r.integer(), Block: r.IntN(3) > 0,
		SpeedLimit: r.bytes(), Rate: r.rate(), Left: r.duration(), Paused: r.IntN(4) == 0, Ready: r.IntN(4) == 0, IOStatus: r.text(), Error: r.text(),
		FirstSeen: r.time(), End: machine.JobEnd(r.IntN(5)), Ended: r.time(), Listed: r.IntN(2) == 0,
		History: []machine.Point{{At: r.time(), Value: r.figure()}, {At: r.time(), Value: r.figure()}},
	}
}

func (r randomness) disk() machine.Disk {
	return machine.Disk{
		Device: r.text(), QDev: r.text(), Node: r.text(), Inserted: r.IntN(4) > 0, File: r.text(), Driver: r.text(), ReadOnly: r.IntN(2) == 0,
		VirtualSize: r.bytes(), ActualSize: r.bytes(), BackingFile: r.text(), BackingDepth: r.IntN(40), IOStatus: r.text(), TrayOpen: r.flag(),
		IO: machine.IO{
			At: r.time(), ReadRate: r.rate(), WriteRate: r.rate(), ReadOps: r.rate(), WriteOps: r.rate(), ReadTime: r.duration(), Idle: r.duration(),
			HighestOffset: r.bytes(), History: []machine.IOPoint{{ReadRate: r.figure(), WriteRate: r.figure()}, {ReadRate: r.figure()}},
		},
	}
}

func (r randomness) migration() machine.Migration {
	statuses := []string{"", "none", "setup", "active", "postcopy-active", "postcopy-paused", "pre-switchover", "completed", "failed", "cancelled", r.text()}
	m := machine.Migration{
		Status: statuses[r.IntN(len(statuses))], Incoming: r.IntN(6) == 0, Started: r.time(), Ended: r.time(), Passes: r.IntN(1 << 20),
		RAM:        machine.Transfer{Transferred: r.integer(), Remaining: r.integer(), Total: r.integer()},
		Throughput: r.rate(), DirtyRate: r.rate(), ExpectedDowntime: r.duration(), Downtime: r.duration(), TotalTime: r.duration(),
		Limits: machine.Limits{Bandwidth: r.bytes(), Downtime: r.duration()}, Capabilities: []string{r.text(), r.text()},
		Error: r.text(), Blocked: []string{r.text()}, PostcopyRequests: r.integer(), MultifdBytes: r.integer(),
	}
	if r.IntN(3) == 0 {
		m.XBZRLE = machine.Known(machine.XBZRLE{
			CacheSize: r.integer(), Bytes: r.integer(), Pages: r.integer(), CacheMissRate: r.figure(), EncodingRate: r.figure(), Overflow: r.integer(),
		})
		m.Compression = machine.Known(machine.Compression{Pages: r.integer(), Busy: r.integer(), CompressedSize: r.integer(), Rate: r.figure()})
		m.PostcopyBlock, m.PageRate, m.RAM.Normal, m.RAM.Duplicate = r.duration(), r.rate(), r.integer(), r.integer()
	}
	m.Verdict = machine.Verdict{
		Outlook: machine.Outlook(r.IntN(13)), Status: m.Status, Error: m.Error, Left: r.duration(), First: r.IntN(9), Last: r.IntN(9),
		LeastLeft: r.integer(), MostLeft: r.integer(), Sending: r.figure(), Limits: m.Limits, Fits: r.bytes(), NeedDowntime: r.duration(),
		NeedBandwidth: r.rate(), BandwidthIsLimit: r.IntN(2) == 0, Postcopy: machine.Remedy(r.IntN(5)), AutoConverge: machine.Remedy(r.IntN(5)),
	}
	at := r.time()
	for range r.IntN(200) {
		at = at.Add(time.Duration(r.IntN(2000)) * time.Millisecond)
		m.History = append(m.History, machine.MigrationPoint{At: at, Throughput: r.figure(), DirtyRate: r.figure()})
		if r.IntN(9) == 0 {
			m.Ends = append(m.Ends, machine.Pass{Number: len(m.Ends) + 1, Began: r.time(), Ended: at, Left: r.integer(), Sent: r.figure(), Dirtied: r.figure()})
		}
	}
	return m
}
