package render

import (
	"encoding/json"
	"strings"
	"time"
)

// Event is an event on one readable line: when it happened, its name, and what matters of its data. A zero time is
// unknown.
func (p Printer) Event(name string, data json.RawMessage, at time.Time) string {
	clock := "--:--:--"
	if !at.IsZero() {
		clock = at.Format(time.TimeOnly)
	}
	words := []string{p.Theme.Paint(RoleEvent, Clean(name))}
	if v, err := Parse(data); err == nil && len(v.Members) > 0 {
		words = append(words, summary(v, summaryDepth))
	}
	return Truncate(p.Theme.Paint(RoleTime, clock)+" "+strings.Join(words, "  "), p.width())
}
