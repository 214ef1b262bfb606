package tui

// A rect is a part of the screen in cells.
type rect struct{ x, y, w, h int }

// contains reports whether a cell lies in the rectangle.
func (r rect) contains(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// The sizes from which on more is shown at a time.
const (
	leastWidth, leastHeight = 50, 15
	fourWidth, fourHeight   = 80, 24
	allWidth, allHeight     = 120, 40
)

// A layout says where everything is. It is the only place that computes rectangles.
type layout struct {
	size   rect
	small  bool // nothing fits
	tabs   bool // one pane at a time, with a row of tabs
	header rect
	tabRow rect
	notice rect // what was sent last, and errors
	footer rect
	panes  [paneCount]rect // zero: not shown
}

// arrange lays out a screen of w by h cells with the pane in focus, zoomed or not.
func arrange(w, h int, focus paneID, zoomed bool) layout {
	l := layout{size: rect{0, 0, w, h}}
	if w < leastWidth || h < leastHeight {
		l.small = true
		return l
	}
	l.header = rect{0, 0, w, 1}
	l.notice = rect{0, h - 2, w, 1}
	l.footer = rect{0, h - 1, w, 1}
	body := rect{0, 1, w, h - 3}
	four := w >= fourWidth && h >= fourHeight
	all := w >= allWidth && h >= allHeight
	switch {
	case !four:
		l.tabs = true
		l.tabRow = rect{0, 1, w, 1}
		l.panes[focus] = rect{0, 2, w, h - 4}
	case zoomed || !all && focus >= firstHidden:
		l.panes[focus] = body
	case all:
		left, right := body, body
		left.w = w / 2
		right.x, right.w = left.w, w-left.w
		l.stack(left, []paneID{paneStatus, paneMigration, paneEvents}, []int{10, 21, 11})
		l.stack(right, []paneID{paneJobs, paneChardevs, paneBlock}, []int{14, 11, 17})
	default:
		upper := body.h * 3 / 7
		l.row(rect{0, body.y, w, upper}, paneStatus, paneJobs)
		l.row(rect{0, body.y + upper, w, body.h - upper}, paneMigration, paneChardevs)
	}
	return l
}

// row puts two panes side by side.
func (l *layout) row(area rect, left, right paneID) {
	middle := area.w / 2
	l.panes[left] = rect{area.x, area.y, middle, area.h}
	l.panes[right] = rect{area.x + middle, area.y, area.w - middle, area.h}
}

// stack puts panes below one another, with the given relative heights.
func (l *layout) stack(area rect, panes []paneID, weights []int) {
	total, seen, y := 0, 0, area.y
	for _, weight := range weights {
		total += weight
	}
	for i, id := range panes {
		seen += weights[i]
		end := area.y + area.h*seen/total
		l.panes[id] = rect{area.x, y, area.w, end - y}
		y = end
	}
}

// at is the pane under a cell of the screen.
func (l layout) at(x, y int) (paneID, bool) {
	for id, r := range l.panes {
		if r.contains(x, y) {
			return paneID(id), true
		}
	}
	return 0, false
}
