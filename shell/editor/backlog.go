package editor

import (
	"fmt"
	"strings"
)

// A backlog is whole lines that wait to be printed. Of too many the oldest are forgotten, and counted.
type backlog struct {
	text    strings.Builder
	dropped int
}

// backlogSize bounds a backlog, in bytes.
const backlogSize = 1 << 20

func (l *backlog) add(lines string) {
	l.text.WriteString(lines)
	if l.text.Len() <= backlogSize {
		return
	}
	all := l.text.String()
	cut := len(all) - backlogSize/2
	if i := strings.IndexByte(all[cut:], '\n'); i >= 0 {
		cut += i + 1
	}
	l.dropped += strings.Count(all[:cut], "\n")
	l.text.Reset()
	l.text.WriteString(all[cut:])
}

func (l *backlog) empty() bool { return l.text.Len() == 0 }

// take returns the lines and forgets them.
func (l *backlog) take() string {
	text := l.text.String()
	if l.dropped > 0 {
		text = fmt.Sprintf("… %d lines left out …\n", l.dropped) + text
	}
	l.text.Reset()
	l.dropped = 0
	return text
}
