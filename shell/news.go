package shell

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// news is what is told above the prompt: events as they come, a line each, and of too many at a time their number.
type news struct {
	say  func(line string)
	tell func(at time.Time, role render.Role, text string) // prints what is no event

	mu      sync.Mutex // guards what follows
	off     bool
	only    []string       // patterns of names; empty shows every event
	shown   int            // in the present window
	counted map[string]int // events of the window that were not shown, by name
	lost    uint64         // events that nobody here saw
	timer   *time.Timer    // ends the window; nil when none is open
	stopped bool
}

const (
	// newsWindow and newsLines: so many events within such a time get a line of their own.
	newsWindow = time.Second
	newsLines  = 8
)

func newNews(say func(string), tell func(time.Time, render.Role, string)) *news {
	return &news{say: say, tell: tell, counted: make(map[string]int)}
}

// filter sets which events are shown: none, or those whose names match one of the patterns, or all.
func (n *news) filter(off bool, only []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.off, n.only = off, only
}

// describe says which events are shown.
func (n *news) describe() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.off:
		return "events are not shown"
	case len(n.only) > 0:
		return "events shown: " + strings.Join(n.only, " ")
	}
	return "all events are shown"
}

func (n *news) wanted(name string) bool {
	if n.off || n.stopped {
		return false
	}
	for _, pattern := range n.only {
		if ok, err := path.Match(strings.ToUpper(pattern), strings.ToUpper(name)); ok && err == nil {
			return true
		}
	}
	return len(n.only) == 0
}

// event tells of an event.
func (n *news) event(p render.Printer, e qmpconn.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.wanted(e.Name) {
		return
	}
	n.open()
	if n.shown < newsLines {
		n.shown++
		n.say(p.Event(e.Name, e.Data, e.Time))
		return
	}
	n.counted[e.Name]++
}

// missed counts events that came faster than they could be taken.
func (n *news) missed(count uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lost += count
}

// open begins a window, unless one is open. The caller holds the lock.
func (n *news) open() {
	if n.timer == nil {
		n.timer = time.AfterFunc(newsWindow, n.close)
	}
}

// close ends a window and tells how many events of it were not shown. A window in which there were too many is
// followed by the next, which begins with none shown.
func (n *news) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.timer, n.shown = nil, 0
	if !n.stopped {
		n.summarise()
	}
}

func (n *news) summarise() {
	total := 0
	names := make([]string, 0, len(n.counted))
	for name, count := range n.counted {
		total += count
		names = append(names, name)
	}
	if total == 0 && n.lost == 0 {
		return
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		return n.counted[a] > n.counted[b] || n.counted[a] == n.counted[b] && a < b
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s ×%d", render.Clean(name), n.counted[name]))
	}
	noun := "events"
	if total == 1 {
		noun = "event"
	}
	text := fmt.Sprintf("%d more %s: %s", total, noun, strings.Join(parts, ", "))
	if n.lost > 0 {
		text += fmt.Sprintf(" (and %d that came too fast)", n.lost)
	}
	n.tell(time.Now(), render.RoleDim, text)
	clear(n.counted)
	n.lost = 0
}

func (n *news) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stopped = true
	if n.timer != nil {
		n.timer.Stop()
	}
}
