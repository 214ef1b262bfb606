package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// A statusPane shows what the machine is and how it is.
type statusPane struct{ noFilter }

func (*statusPane) title(facts) string { return paneNames[paneStatus] }
func (*statusPane) move(facts, int)    {}
func (*statusPane) choose(facts, int)  {}

func (p *statusPane) view(f facts, w, h int, _ bool) []string {
	lines := p.rows(f, w, false)
	lines = lines[:min(len(lines), h)]
	for i := range lines {
		lines[i] = render.Truncate(lines[i], w)
	}
	return lines
}

const statusLabel = 10

// rows are the lines of the pane, trouble first: a small pane shows the first few. What is longer than w cells goes on
// below where it is about trouble or wrapped is set, and is cut otherwise.
func (*statusPane) rows(f facts, w int, wrapped bool) []string {
	s := f.snapshot
	r := rows{f: f, label: statusLabel, w: w}
	if err := f.link.Err; err != nil && lost(f.link) {
		r.say(render.RoleBad, "link", render.Clean(err.Error()))
	}
	if why := s.Run.Reason.Text; why != "" {
		r.say(stateRole(s.Run), "because", render.Clean(why))
	}
	if !wrapped {
		r.w = 0
	}
	r.add("since", runningSince(f, s.Run))
	r.add("vCPUs", vcpus(s.CPUs))
	r.add("memory", memory(s.Memory))
	r.add("uuid", uuid(s.Identity.UUID))
	if e := s.LastEvent; e.Name != "" {
		age := "  " + since(f, e.At)
		if statusLabel+2+render.Width(render.Clean(e.Name)+age+" ago") <= w {
			age += " ago"
		}
		r.add("last event", render.Truncate(render.Clean(e.Name), max(w-statusLabel-2-render.Width(age), 8))+age)
	}
	r.add("machine", render.Clean(strings.Join(nonEmpty(s.Identity.MachineType, s.Identity.Arch, s.Identity.Accelerator), " · ")))
	r.add("package", render.Clean(s.Identity.Package))
	if !f.link.Since.IsZero() && !lost(f.link) {
		r.add("connected", since(f, f.link.Since))
	}
	return r.lines
}

// runningSince is when the run state began. Where the change was not seen, that is the latest it can have been.
func runningSince(f facts, run machine.Run) string {
	if run.Since.IsZero() {
		return ""
	}
	if !run.Seen {
		return "before " + run.Since.Format(time.TimeOnly)
	}
	return run.Since.Format(time.TimeOnly) + "  (" + since(f, run.Since) + ")"
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
	halted := 0
	for _, cpu := range cpus {
		if cpu.Halted.Or(false) {
			halted++
		}
	}
	text := strconv.Itoa(len(cpus))
	if halted > 0 {
		text += "  " + plural(halted, "halted")
	}
	return text
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
	switch run := f.snapshot.Run; {
	case !f.has("stop") || !f.has("cont"): // a storage daemon or a guest agent
		return nil
	case moved(f.snapshot):
		return []action{act("resume guest", true, request{
			command:  "cont",
			question: "Resume " + f.name() + " here?",
			because:  "It has migrated. Where it runs now, it writes to the same disks: two guests on one disk destroy it.",
			yes:      "resume it",
		}, "p")}
	case run.Running:
		return []action{act("pause guest", true, request{
			command:  "stop",
			question: "Pause " + f.name() + "?",
			because:  "The guest stands still until it is resumed: its clock and its network connections notice.",
			yes:      "pause it",
		}, "p")}
	}
	return []action{act("resume guest", true, request{command: "cont"}, "p")}
}

// moved reports whether the guest has gone to another machine, or is about to.
func moved(s machine.Snapshot) bool {
	return s.Run.State == "postmigrate" || s.Run.State == "finish-migrate" ||
		strings.HasPrefix(s.Migration.Status, "postcopy-") && !s.Migration.Incoming
}

func (p *statusPane) detail(f facts, w int) (string, []string, bool) {
	r := rows{f: f, label: statusLabel, w: w, lines: p.rows(f, w, true)}
	for _, cpu := range f.snapshot.CPUs {
		text := ""
		if cpu.ThreadID != 0 {
			text = "host thread " + strconv.Itoa(cpu.ThreadID)
		}
		if cpu.Halted.Or(false) {
			text += "  halted"
		}
		r.add("vCPU "+strconv.Itoa(cpu.Index), strings.TrimSpace(text+"  "+render.Clean(cpu.QOMPath)))
	}
	return "Status of " + f.name(), r.lines, true
}
