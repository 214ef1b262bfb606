package tui

import (
	"math"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/render"
)

// A chart draws two series over the same times, with axes in units and marks on the axis of time.
type chart struct {
	times         []time.Time
	first, second series
	marks         []time.Time
}

// A series is one line of a chart, in bytes a second.
type series struct {
	name   string
	role   render.Role
	values []float64
}

// axisWidth is the column of the figures on the left.
const axisWidth = 12

// view draws the chart into w by h cells: h-2 rows of plot, the axis of time, and the legend.
func (c chart) view(f facts, w, h int) []string {
	plotW, plotH := w-axisWidth-2, h-2
	if plotW < 8 || plotH < 2 || len(c.times) < 2 {
		return nil
	}
	top := niceTop(max(highest(c.first.values), highest(c.second.values)))
	one, two := newDots(plotW, plotH), newDots(plotW, plotH)
	c.plot(one, c.first.values, top, 1)
	c.plot(two, c.second.values, top, 2)
	out := make([]string, 0, h)
	for y := range plotH {
		out = append(out, " "+f.theme.Paint(render.RoleDim, axisLabel(y, plotH, top))+
			f.theme.Paint(render.RoleGuide, "┤")+blend(f, one, two, c.first.role, c.second.role, y))
	}
	return append(out, c.timeAxis(f, plotW), c.legend(f, w))
}

// axisLabel is the figure beside a row: at the top, in the middle, and at the bottom.
func axisLabel(y, h int, top float64) string {
	switch y {
	case 0:
		return render.PadLeft(render.Rate(top), axisWidth)
	case h - 1:
		return render.PadLeft("0", axisWidth)
	case h / 2:
		if h >= 5 {
			return render.PadLeft(render.Rate(top*(1-(float64(y)+0.5)/float64(h))), axisWidth)
		}
	}
	return strings.Repeat(" ", axisWidth)
}

// plot puts a series into dots. With a stride of one its points are joined; a stride of two leaves every second column
// out, so that two series are told apart without colours.
func (c chart) plot(d *dots, values []float64, top float64, stride int) {
	begin, end := c.times[0], c.times[len(c.times)-1]
	span := end.Sub(begin).Seconds()
	if span <= 0 || top <= 0 {
		return
	}
	i, before := 0, -1
	for x := 0; x < d.w*2; x += stride {
		at := begin.Add(time.Duration(span * float64(x) / float64(d.w*2-1) * float64(time.Second)))
		for i+1 < len(c.times) && !c.times[i+1].After(at) {
			i++
		}
		if i >= len(values) || math.IsNaN(values[i]) {
			before = -1
			continue
		}
		y := int(math.Round((1 - min(max(values[i]/top, 0), 1)) * float64(d.h*4-1)))
		d.set(x, y)
		if stride == 1 && before >= 0 {
			for between := min(before, y) + 1; between < max(before, y); between++ {
				d.set(x, between)
			}
		}
		before = y
	}
}

// timeAxis is a rule with a mark where a pass ended, and how long ago it begins.
func (c chart) timeAxis(f facts, w int) string {
	begin, end := c.times[0], c.times[len(c.times)-1]
	cells := []rune(strings.Repeat("─", w))
	for _, mark := range c.marks {
		if x := int(float64(w) * mark.Sub(begin).Seconds() / end.Sub(begin).Seconds()); x >= 0 && x < w {
			cells[x] = '┴'
		}
	}
	label := render.Age(end.Sub(begin)) + " ago"
	return " " + f.theme.Paint(render.RoleDim, render.PadLeft(label, axisWidth)) + f.theme.Paint(render.RoleGuide, "└"+string(cells))
}

// legend names the series, and the marks where there is room to.
func (c chart) legend(f facts, w int) string {
	text := strings.Repeat(" ", axisWidth+2) + f.theme.Paint(c.first.role, "⠤⠤ "+c.first.name) + "   " +
		f.theme.Paint(c.second.role, "⠄⠄ "+c.second.name)
	if pass := "   ┴ a pass ended"; len(c.marks) > 0 && render.Width(text+pass) <= w {
		text += f.theme.Paint(render.RoleDim, pass)
	}
	return text
}

func highest(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		if v > top && !math.IsInf(v, 1) {
			top = v
		}
	}
	return top
}

// niceTop is a round figure in binary units at or above a value, so that the axis does not change with every point.
func niceTop(v float64) float64 {
	if v <= 0 {
		return 1
	}
	unit := math.Pow(1024, math.Floor(math.Log(v)/math.Log(1024)))
	for _, step := range []float64{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		if v <= step*unit {
			return step * unit
		}
	}
	return 1024 * unit
}

// dots is a canvas of braille cells: two dots wide and four high each.
type dots struct {
	w, h  int
	cells []uint8
}

func newDots(w, h int) *dots { return &dots{w, h, make([]uint8, w*h)} }

// brailleBlank is the cell without dots. Those with dots follow it.
const brailleBlank = '\u2800'

// brailleBits are the dots of a cell, by column and row.
var brailleBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

func (d *dots) set(x, y int) {
	if x < 0 || x >= d.w*2 || y < 0 || y >= d.h*4 {
		return
	}
	d.cells[y/4*d.w+x/2] |= brailleBits[x%2][y%4]
}

// blend is one row of two canvases: the first has its colour where it has a dot, the second elsewhere.
func blend(f facts, one, two *dots, first, second render.Role, y int) string {
	var b strings.Builder
	for x := range one.w {
		a, c := one.cells[y*one.w+x], two.cells[y*two.w+x]
		cell := string(brailleBlank + rune(a|c))
		switch {
		case a|c == 0:
			b.WriteByte(' ')
		case a != 0:
			b.WriteString(f.theme.Paint(first, cell))
		default:
			b.WriteString(f.theme.Paint(second, cell))
		}
	}
	return b.String()
}
