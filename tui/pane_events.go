package tui

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
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
	rowFilter
	shown []item // what passes the filters, in the order of the pane; nil: to be found anew
}

// A loggedEvent is an event with the item that it is shown as.
type loggedEvent struct {
	item
	name    string
	data    json.RawMessage
	at      time.Time
	first   time.Time // of those that the row stands for
	times   int       // how many these are
	trouble bool
}

// add takes in what came since the last time.
func (p *eventPane) add(f facts, events []qmpconn.Event, dropped uint64) {
	p.dropped = dropped
	if len(events) == 0 {
		return
	}
	p.shown = nil
	for _, e := range events[max(len(events)-keptEvents, 0):] {
		at := e.Time
		if at.IsZero() {
			at = f.now
		}
		p.log(f, loggedEvent{name: e.Name, data: e.Data, at: at, first: at, times: 1, trouble: troubling(e)})
	}
	p.kept = p.kept[max(len(p.kept)-keptEvents, 0):]
}

// log adds a row for an event. Passes in a row share one, which says the latest: in postcopy some servers end ten a second,
// and nothing else would be left to see.
func (p *eventPane) log(f facts, e loggedEvent) {
	if n := len(p.kept); n > 0 && e.name == "MIGRATION_PASS" && p.kept[n-1].name == e.name {
		e.key, e.first, e.times = p.kept[n-1].key, p.kept[n-1].first, p.kept[n-1].times+1
		p.kept = p.kept[:n-1]
	} else {
		p.count++
		e.key = strconv.Itoa(p.count)
	}
	e.lines = []string{e.line(f.theme)}
	p.kept = append(p.kept, e)
}

// line is the event in words, without an end: a row is cut where its pane ends.
func (e loggedEvent) line(theme render.Theme) string {
	if e.name == qmpconn.GapEvent {
		return e.at.Format(time.TimeOnly) + theme.Paint(render.RoleWarn, " link lost: events in between were missed")
	}
	printer := render.Printer{Terminal: true, Width: 1 << 10, Theme: theme}
	line := strings.TrimRight(printer.Event(e.name, e.data, e.at), "\n")
	if e.times > 1 {
		line += "  " + theme.Paint(render.RoleDim, fmt.Sprintf("%d events since %s", e.times, e.first.Format(time.TimeOnly)))
	}
	return line
}

func (p *eventPane) title(facts) string {
	title := paneNames[paneEvents]
	if p.trouble {
		title += " (trouble)"
	}
	if p.dropped > 0 {
		title += " (" + render.Count(float64(p.dropped)) + " lost)"
	}
	return title + p.list.above() + p.mark()
}

// filter implements pane.
func (p *eventPane) filter(text *string) (string, bool) {
	p.shown = nil
	return p.rowFilter.filter(text)
}

// items are the events that pass the filters, in the order of the pane.
func (p *eventPane) items() []item {
	if p.shown != nil {
		return p.shown
	}
	p.shown = make([]item, 0, len(p.kept))
	for _, e := range p.kept {
		if (!p.trouble || e.trouble) && keeps(p.keep, e.lines[0]) {
			p.shown = append(p.shown, e.item)
		}
	}
	if !p.oldest {
		slices.Reverse(p.shown)
	}
	return p.shown
}

func (p *eventPane) keys() []string {
	var keys []string
	for _, one := range p.items() {
		keys = append(keys, one.key)
	}
	return keys
}

// troubling reports whether an event is about something that went wrong, or a gap in what was heard.
func troubling(e qmpconn.Event) bool {
	return e.Name == qmpconn.GapEvent || render.EventRole(e.Name, e.Data) == render.RoleBad
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

func (p *eventPane) move(_ facts, rows int)   { p.list.move(p.keys(), rows) }
func (p *eventPane) choose(_ facts, line int) { p.list.choose(p.keys(), line) }

func (p *eventPane) actions(facts) []action {
	order, level := "oldest first", "trouble only"
	if p.oldest {
		order = "newest first"
	}
	if p.trouble {
		level = "all"
	}
	return []action{
		act(order, false, viewMove(func() { p.oldest, p.shown = !p.oldest, nil }), "o"),
		act(level, false, viewMove(func() { p.trouble, p.shown = !p.trouble, nil }), "t"),
	}
}

// moment is how a detail tells time.
const moment = "2006-01-02 15:04:05.000"

func (p *eventPane) detail(f facts, w int) (string, []string, bool) {
	for _, e := range p.kept {
		if e.key == p.list.chosen {
			var b strings.Builder
			printer := render.Printer{Format: render.Tree, Terminal: true, Width: w, Theme: f.theme}
			lines := []string{e.at.Format(moment)}
			if e.times > 1 {
				lines = append(lines, fmt.Sprintf("the last of %d since %s", e.times, e.first.Format(moment)))
			}
			lines = append(lines, "")
			if err := printer.Return(&b, e.data); err == nil && len(e.data) > 0 {
				lines = append(lines, textLines(b.String())...)
			}
			return "Event " + render.Clean(e.name), lines, true
		}
	}
	return "", nil, false
}
