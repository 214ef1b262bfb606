package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// unknown stands for a figure that is not known.
const unknown = "–"

// plural is a number and what is counted.
func plural(n int, what string) string { return strings.TrimSpace(strconv.Itoa(n) + " " + what) }

func bytesOr(m machine.Maybe[int64]) string {
	if !m.Known {
		return unknown
	}
	return render.Size(float64(m.Value))
}

func rateOr(m machine.Maybe[float64]) string {
	if !m.Known {
		return unknown
	}
	return render.Rate(m.Value)
}

func limitOr(m machine.Maybe[int64]) string {
	switch {
	case !m.Known:
		return unknown
	case m.Value == 0:
		return "none"
	}
	return render.Limit(float64(m.Value))
}

func durationOr(m machine.Maybe[time.Duration]) string {
	if !m.Known {
		return unknown
	}
	return render.Duration(m.Value)
}

// column is how wide a column of names is: as wide as the longest, within bounds.
func column(names []string, least, most int) int {
	for _, name := range names {
		least = max(least, render.Width(render.Clean(name)))
	}
	return min(least, most)
}

// named is a name in exactly w cells.
func named(name string, w int) string {
	return render.Pad(render.TruncateMiddle(render.Clean(name), w), w)
}

// row is a label and what it says, the label in a column of its own.
func row(f facts, label string, labelWidth int, value string) string {
	return " " + f.theme.Paint(render.RoleDim, render.Fit(label, labelWidth)) + " " + value
}

// rows are several of those. What says nothing is left out, what is longer than w cells goes on below.
type rows struct {
	f     facts
	label int // width of the labels
	w     int // of the whole; 0: lines are not broken
	lines []string
}

func (r *rows) add(label, value string) { r.say(render.RolePlain, label, value) }

// say adds a value in the style of a role.
func (r *rows) say(role render.Role, label, value string) {
	if value == "" || value == unknown {
		return
	}
	lines := []string{value}
	if room := r.w - r.label - 2; r.w > 0 && render.Width(value) > room {
		lines = render.Wrap(value, max(room, 8))
	}
	for _, line := range lines {
		r.lines = append(r.lines, row(r.f, label, r.label, r.f.theme.Paint(role, line)))
		label = ""
	}
}

func paintAll(f facts, role render.Role, lines []string) []string {
	for i := range lines {
		lines[i] = f.theme.Paint(role, lines[i])
	}
	return lines
}

// hushed is a line about nothing: why a pane is empty, and what would fill it.
func hushed(f facts, w int, words string) []string {
	lines := render.Wrap(words, max(w-2, 1))
	for i := range lines {
		lines[i] = " " + f.theme.Paint(render.RoleDim, lines[i])
	}
	return lines
}

// agentLines are what a pane says of a guest agent.
func agentLines(f facts, id paneID, w int) []string {
	if id == paneStatus {
		return hushed(f, w, "there is nothing to watch: a guest agent answers what it is asked, and : asks it. Machines are watched on QEMU's own monitor.")
	}
	return hushed(f, w, "a guest agent has none")
}
