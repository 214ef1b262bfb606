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

// row is a label and what it says, the label in a column of its own.
func row(f facts, label string, labelWidth int, value string) string {
	return " " + f.theme.Paint(render.RoleDim, render.Fit(label, labelWidth)) + " " + value
}

// hushed is a line about nothing: why a pane is empty, and what would fill it.
func hushed(f facts, w int, words string) []string {
	lines := render.Wrap(words, max(w-2, 1))
	for i := range lines {
		lines[i] = " " + f.theme.Paint(render.RoleDim, lines[i])
	}
	return lines
}
