package shell

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/shell/editor"
	"github.com/qmpsh/qmpsh/syntax"
)

// hmpMode is a prompt for lines of the human monitor.
type hmpMode struct {
	commands []editor.Candidate // out of the monitor's own help; nil when it did not tell
	info     []editor.Candidate // what its command info can tell, likewise
}

// runHMP runs a line of the human monitor, or without one opens the mode for many.
func (s *shell) runHMP(ctx context.Context, rest string) error {
	if !s.current().has("human-monitor-command") {
		return errors.New("this QEMU has no human monitor behind this one")
	}
	if rest != "" {
		return s.sendHMP(ctx, rest)
	}
	mode := &hmpMode{commands: parseHMPHelp(s.hmpHelp(ctx, "help"), ""), info: parseHMPHelp(s.hmpHelp(ctx, "help info"), "info ")}
	s.mu.Lock()
	s.hmp = mode
	s.mu.Unlock()
	s.tell(render.RoleDim, "lines go to the human monitor as they are; Ctrl-D or .exit comes back")
	return nil
}

func (s *shell) leaveHMP() {
	s.mu.Lock()
	s.hmp = nil
	s.mu.Unlock()
	s.showPrompt()
}

// hmpLine carries out a line in HMP mode: directives work there too.
func (s *shell) hmpLine(ctx context.Context, text string) error {
	text = strings.TrimSpace(text)
	switch line := syntax.Scan(text); {
	case text == "":
		return nil
	case text == ".exit", text == "exit", text == ".hmp":
		s.leaveHMP()
		return nil
	case line.Directive != nil:
		return s.runDirective(ctx, line, line.Directive)
	}
	return s.sendHMP(ctx, text)
}

func hmpBound(text string) syntax.Bound {
	arguments, _ := json.Marshal(map[string]string{"command-line": text})
	return syntax.Bound{Name: "human-monitor-command", Arguments: arguments}
}

func (s *shell) sendHMP(ctx context.Context, text string) error {
	bound := hmpBound(text)
	if err := s.permit(bound.Name); err != nil {
		return err
	}
	if err := s.confirm(ctx, bound); err != nil {
		return err
	}
	p := s.current()
	done := p.execute(bound)
	r, waited := s.await(ctx, text, done)
	if !waited {
		p.calls.running.Go(func() { s.announce(bound, <-done) })
		return nil
	}
	if r.err != nil {
		return s.explain(bound, r.err)
	}
	s.last = r.returned
	var answer string
	if err := json.Unmarshal(r.returned, &answer); err != nil {
		return err
	}
	s.page(ctx, render.CleanText(answer))
	return nil
}

// hmpHelp asks the monitor for help, once for each time the mode is entered.
func (s *shell) hmpHelp(ctx context.Context, line string) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	returned, err := s.current().target.Session.Call(ctx, "human-monitor-command", hmpBound(line).Arguments)
	var text string
	if err != nil || json.Unmarshal(returned, &text) != nil {
		return ""
	}
	return text
}

// parseHMPHelp reads lines of the form "name[|alias] [arguments] -- help", each behind a prefix.
func parseHMPHelp(text, prefix string) []editor.Candidate {
	var out []editor.Candidate
	for line := range strings.Lines(text) {
		form, help, ok := strings.Cut(strings.TrimSpace(line), " -- ")
		form, prefixed := strings.CutPrefix(form, prefix)
		if !ok || !prefixed {
			continue
		}
		names, arguments, _ := strings.Cut(form, " ")
		for _, name := range strings.Split(names, "|") {
			out = append(out, editor.Candidate{Text: name, Insert: name + " ", Columns: []string{strings.TrimSpace(arguments), help}})
		}
	}
	return out
}

// hmpComplete completes the first word of a line, and what stands behind info.
func (s *shell) hmpComplete(text string, cursor int) editor.Completion {
	s.mu.Lock()
	mode := s.hmp
	s.mu.Unlock()
	if mode == nil || strings.HasPrefix(text, ".") {
		return editor.Completion{}
	}
	c, candidates := editor.Completion{End: len(text), Title: "command of the human monitor"}, mode.commands
	if strings.HasPrefix(text[:cursor], "info ") {
		c.Start, c.Title, candidates = len("info "), "what info can tell", mode.info
	}
	word := strings.ToLower(text[c.Start:cursor])
	if strings.ContainsAny(word, " \t\n") {
		return editor.Completion{}
	}
	if i := strings.IndexAny(text[cursor:], " \t\n"); i >= 0 {
		c.End = cursor + i
	}
	for _, cand := range candidates {
		if strings.HasPrefix(strings.ToLower(cand.Text), word) {
			c.Candidates = append(c.Candidates, cand)
		}
	}
	return c
}

// secretHMP reports whether a line of the human monitor may hold a secret.
func secretHMP(text string) bool {
	text = strings.ToLower(text)
	for _, word := range []string{"password", "passwd", "secret", "change vnc", "block_passwd"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
