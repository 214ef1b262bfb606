package tui

import (
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
)

// verdictLines say what will become of a migration: a sign, and sentence by sentence, wrapped to w cells. The first
// matters most. Each paragraph is one sentence's lines.
func verdictLines(f facts, v machine.Verdict, w int) (paragraphs [][]string) {
	sign, role := verdictSign(v.Outlook)
	if sign == "" {
		return nil
	}
	units := machine.Units{Bytes: render.Bytes, Rate: render.Rate, Duration: render.Duration}
	for i, sentence := range v.Sentences(units) {
		lines := render.Wrap(render.Clean(sentence), max(w-4, 8))
		for j := range lines {
			lead := "   "
			if j == 0 {
				lead = " " + sign + " "
			}
			lines[j] = f.theme.Paint(role, lead+lines[j])
		}
		paragraphs = append(paragraphs, lines)
		if i == 0 {
			sign, role = "·", render.RolePlain
		}
	}
	return paragraphs
}

// verdictSign is a sign and a colour that agree with the words. What the head of the pane says already has none.
func verdictSign(o machine.Outlook) (sign string, role render.Role) {
	switch o {
	case machine.OutlookEarly, machine.OutlookIncoming:
		return "…", render.RoleDim
	case machine.OutlookConverging, machine.OutlookFinishing, machine.OutlookPostcopy:
		return "✓", render.RoleGood
	case machine.OutlookSlow, machine.OutlookWaiting:
		return "!", render.RoleWarn
	case machine.OutlookStalled, machine.OutlookStuck:
		return "✗", render.RoleBad
	}
	return "", render.RolePlain
}
