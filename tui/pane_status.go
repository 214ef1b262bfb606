package tui

import (
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A statusPane shows what the machine is and how it is.
type statusPane struct{}

func (*statusPane) title(facts) string { return "Status" }
func (*statusPane) move(facts, int)    {}
func (*statusPane) choose(facts, int)  {}
func (*statusPane) filter(string) bool { return false }
func (p *statusPane) view(f facts, w, h int, _ bool) []string {
	lines := p.rows(f)
	if len(lines) > h {
		lines = lines[:h]
	}
	for i := range lines {
		lines[i] = render.Truncate(lines[i], w)
	}
	return lines
}

const statusLabel = 10

// rows are the lines of the pane, what matters most first: a small pane shows the first few.
func (*statusPane) rows(f facts) []string {
	s := f.snapshot
	add := func(lines []string, label, value string) []string {
		if value == "" {
			return lines
		}
		return append(lines, row(f, label, statusLabel, value))
	}
	var lines []string
	if why := s.Run.Reason.Text; why != "" {
		lines = add(lines, "because", f.theme.Paint(stateRole(s.Run), render.Clean(why)))
	}
	if !s.Run.Since.IsZero() {
		lines = add(lines, "since", s.Run.Since.Format(time.TimeOnly)+"  ("+since(f, s.Run.Since)+")")
	}
	lines = add(lines, "vCPUs", vcpus(s.CPUs))
	lines = add(lines, "memory", memory(s.Memory))
	lines = add(lines, "uuid", uuid(s.Identity.UUID))
	if e := s.LastEvent; e.Name != "" {
		lines = add(lines, "last event", render.Clean(e.Name)+"  "+since(f, e.At)+" ago")
	}
	lines = add(lines, "machine", render.Clean(strings.Join(nonEmpty(s.Identity.MachineType, s.Identity.Arch, s.Identity.Accelerator), " · ")))
	lines = add(lines, "package", render.Clean(s.Identity.Package))
	if !f.link.Since.IsZero() && !lost(f.link) {
		lines = add(lines, "connected", since(f, f.link.Since))
	}
	if err := f.link.Err; err != nil && lost(f.link) {
		lines = add(lines, "link", f.theme.Paint(render.RoleBad, render.Clean(err.Error())))
	}
	return lines
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, word := range words {
		if word != "" {
			out = append(out, word)
		}
	}
	return out
}

// uuid hides the one that says that none was given.
func uuid(text string) string {
	if strings.Trim(text, "0-") == "" {
		return ""
	}
	return render.Clean(text)
}

func vcpus(cpus []machine.CPU) string {
	if len(cpus) == 0 {
		return ""
	}
	halted, known := 0, false
	for _, cpu := range cpus {
		known = known || cpu.Halted.Known
		if cpu.Halted.Or(false) {
			halted++
		}
	}
	text := plural(len(cpus), "")
	if known && halted > 0 {
		text += " " + plural(halted, "halted")
	}
	return strings.TrimSpace(text)
}

func memory(m machine.Memory) string {
	if !m.Base.Known {
		return ""
	}
	text := bytesOr(m.Base)
	if m.Plugged.Or(0) > 0 {
		text += " + " + bytesOr(m.Plugged) + " plugged"
	}
	if m.Balloon.Known {
		text += "  balloon " + bytesOr(m.Balloon)
	}
	return text
}

func (*statusPane) actions(f facts) []action {
	if f.snapshot.Run.Running {
		return []action{act("pause guest", true, request{
			command:  "stop",
			question: "Pause " + f.name() + "?",
			because:  "The guest stands still until it is resumed: its clock and its network connections notice.",
			yes:      "pause it",
		}, "p")}
	}
	return []action{act("resume guest", true, request{command: "cont"}, "p")}
}

func (p *statusPane) detail(f facts, w int) (string, []string, bool) {
	lines := p.rows(f)
	for _, cpu := range f.snapshot.CPUs {
		text := plural(cpu.ThreadID, "")
		if cpu.QOMPath != "" {
			text += " " + render.Clean(cpu.QOMPath)
		}
		lines = append(lines, row(f, "thread", statusLabel, text))
	}
	for i := range lines {
		lines[i] = render.Truncate(lines[i], w)
	}
	return "Status of " + f.name(), lines, true
}
