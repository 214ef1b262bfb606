package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// header is the first row: machine, run state, version, link state, clock. What matters least goes first where there is
// no room.
func header(f facts, w int) string {
	clock := ""
	if !f.now.IsZero() {
		clock = " " + f.now.Format(time.TimeOnly)
	}
	right := linkText(f) + clock + " "
	if f.readOnly {
		right = f.theme.Paint(render.RoleWarn, "READ-ONLY") + "  " + right
	}
	state := state(f)
	name := render.TruncateMiddle(f.name(), max(w-render.Width(state)-render.Width(right)-5, 8))
	left := " " + f.theme.Paint(render.RoleTitle, name) + "  " + state
	gap := "  "
	for _, part := range about(f) {
		if render.Width(left)+2+render.Width(part)+render.Width(right)+2 > w {
			break
		}
		left += gap + part
		gap = " "
	}
	room := w - render.Width(left) - render.Width(right)
	if room < 1 {
		left, room = render.Truncate(left, max(w-render.Width(right)-1, 0)), 1
	}
	return render.Fit(left+strings.Repeat(" ", room)+right, w)
}

// state is the run state in words and colour, or that there is nobody to ask.
func state(f facts) string {
	switch s := f.snapshot; {
	case lost(f.link):
		return f.theme.Paint(render.RoleBad, "○ LINK LOST "+since(f, f.link.Down))
	case f.agent():
		return f.theme.Paint(render.RoleDim, "○ guest agent")
	case s.Run.State == "" && !f.has("query-status"):
		return f.theme.Paint(render.RoleDim, "○ no run state")
	case s.Run.State == "":
		return f.theme.Paint(render.RoleDim, "○ not known yet")
	default:
		return f.theme.Paint(stateRole(s.Run), "● "+strings.ToUpper(render.Clean(s.Run.State)))
	}
}

func stateRole(run machine.Run) render.Role {
	switch run.State {
	case "running":
		return render.RoleGood
	case "io-error", "internal-error", "guest-panicked", "watchdog", "shutdown":
		return render.RoleBad
	}
	return render.RoleWarn
}

// about is the version and what the machine is, in parts; of a machine that is out of reach, its last state first.
func about(f facts) []string {
	id := f.snapshot.Identity
	var parts []string
	if last := f.snapshot.Run.State; lost(f.link) && last != "" {
		parts = append(parts, f.theme.Paint(render.RoleDim, "last known: "+render.Clean(last))+" ")
	}
	if v := id.Version; !v.IsZero() {
		parts = append(parts, fmt.Sprintf("QEMU %d.%d.%d", v.Major, v.Minor, v.Micro))
	}
	for _, part := range []string{id.MachineType, id.Accelerator} {
		if part != "" {
			parts = append(parts, "· "+render.Clean(part))
		}
	}
	return parts
}

// linkText is the state of the link, and what becomes of it.
func linkText(f facts) string {
	switch link := f.link; {
	case link.State == qmpconn.Ready && !f.snapshot.Answering():
		return f.theme.Paint(render.RoleBad, "not answering for "+since(f, f.snapshot.Silent))
	case link.State == qmpconn.Ready:
		return f.theme.Paint(render.RoleGood, "link ready")
	case link.State == qmpconn.Lost && !link.Retry.IsZero():
		return f.theme.Paint(render.RoleWarn, fmt.Sprintf("redial %d in %s", link.Attempt+1,
			render.Age(max(link.Retry.Sub(f.now), 0).Round(time.Second))))
	case link.State == qmpconn.Closed:
		return f.theme.Paint(render.RoleBad, "link closed")
	default:
		return f.theme.Paint(render.RoleWarn, linkWord(link.State))
	}
}

func linkWord(s qmpconn.LinkState) string {
	return machineLink(qmpconn.Link{State: s}).State.String()
}

// lost reports whether the picture is one of the past.
func lost(link qmpconn.Link) bool { return link.State != qmpconn.Ready && !link.Down.IsZero() }

// since is how long ago a moment was.
func since(f facts, at time.Time) string {
	if at.IsZero() || f.now.IsZero() {
		return "?"
	}
	return render.Age(max(f.now.Sub(at), 0))
}

// tooSmall is the whole picture where nothing fits.
func tooSmall(w, h int) []string {
	lines := make([]string, h)
	words := []string{fmt.Sprintf("%dx%d is too small", w, h), fmt.Sprintf("make it %dx%d", leastWidth, leastHeight), "q leaves"}
	for i := range lines {
		if i < len(words) {
			lines[i] = render.Fit(words[i], w)
		} else {
			lines[i] = strings.Repeat(" ", w)
		}
	}
	return lines
}
