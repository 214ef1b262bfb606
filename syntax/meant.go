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
		if diags = slices.DeleteFunc(diags, isNotKeyed); len(diags) > 0 {
			return diags
		}
		return l.check(s, Bound{Name: l.Command.Name}, root, nil)
	}
	secrets := l.Secrets(s)
	for i := 0; i < len(diags); i++ {
		if !isNotKeyed(diags[i]) {
			continue
		}
		at := slices.IndexFunc(l.Command.Args, func(a *Arg) bool { return a.Span == diags[i].Span && a.Value == nil })
		if at < 0 || strings.ContainsAny(l.Text(diags[i].Span), "|>") {
			continue
		}
		if l.beginsRow(diags[i].Span.Start) && s.Command(l.Text(diags[i].Span)) != nil {
			diags[i].Message = nextsBegin
			return diags[:i+1] // what follows belongs to that one
		}
		text, end := l.wordsFrom(at)
		diags[i].Near = l.keyed(command, root, at, text)
		if len(secrets) > 0 && secrets[0].Start < end { // what is covered there is not repeated
			diags[i].Near = slices.DeleteFunc(diags[i].Near, func(near string) bool { return !strings.HasSuffix(near, "=?") })
		}
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
	var words []string
	for _, a := range l.Command.Args[at:] {
		if a.Value != nil || strings.ContainsAny(l.Source[start:a.Span.End], "\n|") {
			break
		}
		word := l.Text(a.Span)
		if len(a.Key) == 1 {
			word = a.Key[0].Text // without its quotes
		}
		words, end = append(words, word), a.Span.End
	}
	return strings.Join(words, " "), end
}

// keyed is what words may have been meant to be: the one member that is missing, or the rest of the value before them. A
// secret is not repeated: "?" asks for it.
func (l *Line) keyed(command *qapi.Command, root *Tree, at int, text string) []string {
	var near []string
	if name := missing(command, root); name != "" && text != name {
		if HoldsSecret(command.Name, root, []string{name}, nil) {
			return []string{name + "=?"}
		}
		near = append(near, name+"="+bareOrQuoted(strings.TrimPrefix(text, name+" ")))
	}
	if at == 0 || l.beginsRow(l.Command.Args[at].Span.Start) {
		return near
	}
	before := l.Command.Args[at-1]
	if before.Value == nil || before.Value.Kind != Bare && before.Value.Kind != Empty {
		return near
	}
	key := l.Text(before.KeySpan)
	if HoldsSecret(command.Name, root, path(before.Key), nil) {
		return append(near, key+"=?")
	}
	return append(near, key+"="+bareOrQuoted(strings.TrimSpace(before.Value.Text+" "+text)))
}

// missing is the one mandatory member of a command that was not given, if a word can be its value.
func missing(command *qapi.Command, root *Tree) string {
	if command.Args == nil {
		return ""
	}
	name := ""
	for _, m := range command.Args.Members {
		switch {
		case m.Optional || root.child(m.Name) != nil:
		case name != "" || ObjectOf(m.Type) != nil || ListOf(m.Type) != nil:
			return ""
		default:
			name = m.Name
		}
	}
	return name
}

// bareOrQuoted writes a value that was typed as a word.
func bareOrQuoted(text string) string {
	if strings.ContainsAny(text, " \t\"'()\\") {
		return Quote(text)
	}
	return text
}

// Unkeyed reports whether words without a key are all that makes a command wrong whatever the schema says. What they were
// meant for, Bind says with a schema.
func (l *Line) Unkeyed() bool {
	return l.Kind == QMP && len(l.Problems) > 0 && !slices.ContainsFunc(l.Problems, func(p Problem) bool { return p.Message != notKeyed })
}
