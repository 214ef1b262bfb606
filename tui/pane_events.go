package tui

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// keptEvents is how many events can be looked back at.
const keptEvents = 1000

// An eventPane shows the events as they came.
type eventPane struct {
	list    list
	kept    []loggedEvent // oldest first
	count   int           // events seen so far: the key of the next
	dropped uint64
	oldest  bool // the oldest come first
	trouble bool // only what looks like trouble
	keep    string
}

// A loggedEvent is an event with the line that it is shown as.
type loggedEvent struct {
	key  string
	name string
	data json.RawMessage
	at   time.Time
	line string
}

func newEventPane() *eventPane { return &eventPane{} }

// add takes in what came since the last time.
func (p *eventPane) add(f facts, events []qmpconn.Event, dropped uint64) {
	p.dropped = dropped
	printer := render.Printer{Terminal: true, Width: 1 << 10, Theme: f.theme}
	for _, e := range events {
		p.count++
		at := e.Time
		if at.IsZero() {
			at = f.now
		}
		line := printer.Event(e.Name, e.Data, at)
		if e.Name == qmpconn.GapEvent {
			line = at.Format(time.TimeOnly) + f.theme.Paint(render.RoleWarn, " link lost: events in between were missed")
		}
		p.kept = append(p.kept, loggedEvent{plural(p.count, ""), e.Name, e.Data, at, strings.TrimRight(line, "\n")})
	}
	if extra := len(p.kept) - keptEvents; extra > 0 {
		p.kept = append(p.kept[:0:0], p.kept[extra:]...)
	}
}

func (p *eventPane) title(facts) string {
	title := "Events"
	if p.trouble {
		title += " (trouble)"
	}
	if p.dropped > 0 {
		title += " (" + render.Count(float64(p.dropped)) + " lost)"
	}
	return title + filterMark(p.keep)
}

func (p *eventPane) filter(text string) bool { p.keep = text; return true }

// items are the events that pass the filters, in the order of the pane.
func (p *eventPane) items() []item {
	items := make([]item, 0, len(p.kept))
	for _, e := range p.kept {
		if (!p.trouble || troubling(e)) && (p.keep == "" || strings.Contains(strings.ToLower(e.line), strings.ToLower(p.keep))) {
			items = append(items, item{key: e.key, lines: []string{e.line}})
		}
	}
	if !p.oldest {
		for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
			items[i], items[j] = items[j], items[i]
		}
	}
	return items
}

// troubling reports whether an event is about something that went wrong.
func troubling(e loggedEvent) bool {
	for _, sign := range []string{"ERROR", "PANICKED", "WATCHDOG", "CORRUPTED", "CRASHLOADED", "FAILURE", "UNPLUG_GUEST_ERROR", "GUEST_ERROR"} {
		if strings.Contains(e.name, sign) {
			return true
		}
	}
	return e.name == qmpconn.GapEvent || strings.Contains(string(e.data), `"error"`)
}

func (p *eventPane) view(f facts, w, h int, focused bool) []string {
	items := p.items()
	if len(items) == 0 {
		words := "no events yet; they come by themselves when something happens"
		if p.keep != "" || p.trouble {
			words = "no event passes the filter; / changes it, t shows all"
		}
		return hushed(f, w, words)
	}
	if !focused { // an unwatched pane follows what is new
		p.follow(items)
	}
	return p.list.view(f, items, w, h, focused)
}

func (p *eventPane) follow(items []item) {
	p.list.index = 0
	if p.oldest {
		p.list.index = len(items) - 1
	}
	p.list.chosen = items[p.list.index].key
}

func (p *eventPane) move(_ facts, rows int)   { p.list.move(keysOf(p.items()), rows) }
func (p *eventPane) choose(_ facts, line int) { p.list.choose(keysOf(p.items()), line) }

func (p *eventPane) actions(facts) []action {
	order, level := "oldest first", "trouble only"
	if p.oldest {
		order = "newest first"
	}
	if p.trouble {
		level = "all"
	}
	return []action{
		act(order, false, viewMove(func() { p.oldest = !p.oldest }), "o"),
		act(level, false, viewMove(func() { p.trouble = !p.trouble }), "t"),
	}
}

func (p *eventPane) detail(f facts, w int) (string, []string, bool) {
	for _, e := range p.kept {
		if e.key == p.list.chosen {
			var b strings.Builder
			printer := render.Printer{Format: render.Tree, Terminal: true, Width: w, Theme: f.theme}
			lines := []string{e.at.Format("2006-01-02 15:04:05.000"), ""}
			if err := printer.Return(&b, e.data); err == nil && len(e.data) > 0 {
				lines = append(lines, strings.Split(strings.TrimRight(b.String(), "\n"), "\n")...)
			}
			return "Event " + render.Clean(e.name), lines, true
		}
	}
	return "", nil, false
}
