package syntax

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

const (
	notKeyed   = "expected key=value"
	nextsBegin = "another command begins here: one at a time"
)

// meant says more of words that are not key=value, as far as the schema knows what was meant: a value without its key,
// one without its quotes, the next command. Where the command itself is unknown, only that is said.
func (l *Line) meant(s *qapi.Schema, root *Tree, diags []Diagnostic) []Diagnostic {
	if s == nil || l.Kind != QMP || !slices.ContainsFunc(diags, isNotKeyed) {
		return diags
	}
	command := s.Command(l.Command.Name)
	if command == nil {
		return append(slices.DeleteFunc(diags, isNotKeyed), l.check(s, Bound{Name: l.Command.Name}, root, nil)...)
	}
	for i := 0; i < len(diags); i++ {
		if !isNotKeyed(diags[i]) {
			continue
		}
		at := slices.IndexFunc(l.Command.Args, func(a *Arg) bool { return a.Span == diags[i].Span && a.Value == nil })
		if at < 0 || strings.ContainsAny(l.Text(diags[i].Span)[:1], "|>") {
			continue
		}
		if l.beginsRow(diags[i].Span.Start) && s.Command(l.Text(diags[i].Span)) != nil {
			diags[i].Message = nextsBegin
			return diags[:i+1] // what follows belongs to that one
		}
		text, end := l.wordsFrom(at)
		diags[i].Near = l.keyed(command, at, text)
		diags[i].Span.End = end
		diags = slices.DeleteFunc(diags, func(d Diagnostic) bool {
			return isNotKeyed(d) && d.Span.Start > diags[i].Span.Start && d.Span.Start < end
		})
	}
	return diags
}

func isNotKeyed(d Diagnostic) bool { return d.Message == notKeyed }

// beginsRow reports whether only blanks stand before an offset in a row behind the first.
func (l *Line) beginsRow(at int) bool {
	before := strings.TrimRight(l.Source[:at], " \t")
	return strings.HasSuffix(before, "\n")
}

// wordsFrom is the text of an argument that is a mere word and of those that follow it in its row, and where that ends.
func (l *Line) wordsFrom(at int) (text string, end int) {
	start := l.Command.Args[at].Span.Start
	for _, a := range l.Command.Args[at:] {
		if a.Value != nil || strings.ContainsAny(l.Source[start:a.Span.End], "\n|") {
			break
		}
		end = a.Span.End
	}
	return l.Source[start:end], end
}

// keyed is what words may have been meant to be: the rest of the value before them, or the one member that is missing.
func (l *Line) keyed(command *qapi.Command, at int, text string) []string {
	args := l.Command.Args
	if at > 0 {
		before := args[at-1]
		if before.Value == nil || before.Value.Kind != Bare || l.beginsRow(args[at].Span.Start) {
			return nil
		}
		return []string{l.Text(before.KeySpan) + "=" + Quote(before.Value.Text+" "+text)}
	}
	var missing []string
	if command.Args != nil {
		for _, m := range command.Args.Members {
			given := slices.ContainsFunc(args, func(a *Arg) bool { return a.Value != nil && len(a.Key) > 0 && a.Key[0].Text == m.Name })
			if !m.Optional && !given {
				missing = append(missing, m.Name)
			}
		}
	}
	if len(missing) != 1 {
		return nil
	}
	if strings.ContainsAny(text, " \t\"'()\\") {
		text = Quote(text)
	}
	return []string{missing[0] + "=" + text}
}
