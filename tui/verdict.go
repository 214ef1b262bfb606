package tui

import (
	"fmt"
	"strings"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// verdictLines say what will become of a migration, wrapped to w cells, with a sign before the first.
func verdictLines(f facts, m machine.Migration, w int) []string {
	sign, role, words := verdict(m)
	if words == "" {
		return nil
	}
	lines := render.Wrap(words, max(w-4, 8))
	for i := range lines {
		lead := "   "
		if i == 0 {
			lead = " " + sign + " "
		}
		lines[i] = f.theme.Paint(role, lead+lines[i])
	}
	return lines
}

// verdict is the verdict in words, with a sign and a colour that agree with them.
func verdict(m machine.Migration) (sign string, role render.Role, words string) {
	v := m.Verdict
	switch v.Outlook {
	case machine.OutlookEarly:
		return "…", render.RoleDim, "too early to say: a verdict needs two whole passes"
	case machine.OutlookConverging:
		return "✓", render.RoleGood, "converging" + left(v)
	case machine.OutlookSlow:
		return "✓", render.RoleWarn, "converging slowly" + left(v) + "." + remedies(m)
	case machine.OutlookStalled:
		return "✗", render.RoleBad, stalled(m)
	case machine.OutlookFinishing:
		return "✓", render.RoleGood, "finishing: what is left fits into the downtime limit"
	case machine.OutlookStuck:
		return "✗", render.RoleBad, "stuck: nothing has been sent for a while. Look at the network and at the other side"
	case machine.OutlookPostcopy:
		return "✓", render.RoleGood, "the guest runs over there; its memory follows" + left(v)
	case machine.OutlookWaiting:
		return "!", render.RoleWarn, waiting(m)
	case machine.OutlookIncoming:
		return "…", render.RoleDim, "incoming: the source knows how far it is"
	}
	return "", render.RolePlain, ""
}

func left(v machine.Verdict) string {
	if !v.Left.Known {
		return ""
	}
	return ": about " + render.Duration(v.Left.Value) + " to go"
}

// waiting says who has to act.
func waiting(m machine.Migration) string {
	switch m.Status {
	case "pre-switchover":
		return "waiting for migrate-continue before the guest moves"
	case "postcopy-paused":
		return "postcopy lost its connection: recover it with migrate-recover over there and migrate resume=true here"
	case "wait-unplug":
		return "waiting for the guest to let go of a device"
	}
	return "waiting"
}

// stalled says why it will not end, and what would end it.
func stalled(m machine.Migration) string {
	v := m.Verdict
	passes := fmt.Sprintf("passes %d to %d each", v.First, v.Last)
	if v.First == v.Last {
		passes = fmt.Sprintf("pass %d", v.Last)
	}
	amount := render.Bytes(float64(v.MostLeft))
	if v.LeastLeft != v.MostLeft {
		amount = fmt.Sprintf("%s to %s", render.Bytes(float64(v.LeastLeft)), amount)
	}
	return "stalled: " + passes + " left " + amount + "." + remedies(m)
}

// remedies say what would let it finish now.
func remedies(m machine.Migration) string {
	v := m.Verdict
	var ways []string
	if v.NeedDowntime.Known {
		ways = append(ways, "let downtime rise to "+render.Duration(v.NeedDowntime.Value)+" (now "+durationOr(m.Limits.Downtime)+")")
	}
	if v.NeedBandwidth.Known {
		way := "bandwidth to " + render.Rate(v.NeedBandwidth.Value) + " (now " + limitOr(m.Limits.Bandwidth) + ")"
		if len(ways) == 0 {
			way = "let " + way
		}
		ways = append(ways, way)
	}
	words := ""
	if len(ways) > 0 {
		words = " To finish now: " + strings.Join(ways, ", or ") + "."
	}
	return words + postcopyWords(v) + autoConvergeWords(v)
}

func postcopyWords(v machine.Verdict) string {
	switch v.Postcopy {
	case machine.RemedyReady:
		return " Postcopy (o) would move it now."
	case machine.RemedyRestart:
		return " Postcopy needs a new start with postcopy-ram on."
	}
	return ""
}

func autoConvergeWords(v machine.Verdict) string {
	switch v.AutoConverge {
	case machine.RemedyRestart:
		return " auto-converge, on at a new start, would slow the guest until it fits."
	case machine.RemedyReady:
		return " auto-converge is at work."
	case machine.RemedyExhausted:
		return " auto-converge throttles as far as it may."
	}
	return ""
}
