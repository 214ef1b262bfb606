package syntax

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A Diagnostic is something wrong, or worth a warning, at a place of the line.
type Diagnostic struct {
	Kind    qapi.ProblemKind // what the schema found; 0 for a mistake in the writing
	Span    Span
	Message string
	Near    []string // names that may have been meant, best first
	Valid   []string // what would be right, where there is a list; for missing members, their names
	Where   []string // dotted paths where an unknown member's name would be right
	Warning bool     // the command would be accepted nevertheless
}

// Suggestions are what may have been meant, best first: the names that are near, and the places where the name is right.
func (d Diagnostic) Suggestions() []string { return slices.Concat(d.Near, d.Where) }

// weight orders diagnostics: what is missing comes behind what is wrong, which may be the reason.
func (d Diagnostic) weight() int {
	switch {
	case d.Warning:
		return 2
	case d.Kind == qapi.MissingMember:
		return 1
	}
	return 0
}

// Failed reports whether any of the diagnostics is more than a warning.
func Failed(diags []Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d Diagnostic) bool { return !d.Warning })
}

// A Bound command is ready to be sent.
type Bound struct {
	Name      string
	Arguments json.RawMessage // an object; nil when there are none
	OOB       bool
	Asks      []Ask // secrets that Answer fills in
}

// An Ask is a secret that was typed as "?", to be asked for without echo.
type Ask struct {
	Member string // its dotted path from the arguments
	Span   Span   // where the "?" stands
	at     int    // where its value begins in Arguments
}

// Answer puts a secret in the place of the i-th ask.
func (b *Bound) Answer(i int, secret string) {
	at := b.Asks[i].at
	value := appendString(nil, secret)
	end := at + stringEnd(b.Arguments[at:])
	for j := range b.Asks {
		if b.Asks[j].at > at {
			b.Asks[j].at += len(value) - (end - at)
		}
	}
	b.Arguments = slices.Concat(b.Arguments[:at], value, b.Arguments[end:])
}

// stringEnd returns the length of the JSON string that text begins with.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// Bind turns a command line, a raw message or a batch into a command. The schema says what type each value has, and
// what is wrong with them; without one, words that look like JSON are JSON and all others strings. The command may be
// sent when no diagnostic but warnings came back.
func (l *Line) Bind(s *qapi.Schema) (Bound, []Diagnostic) { return l.BindWith(s, nil) }

// BindWith is Bind with what the server answered to the line's Question.
func (l *Line) BindWith(s *qapi.Schema, properties Properties) (Bound, []Diagnostic) {
	if l.Command == nil {
		return Bound{}, []Diagnostic{{Span: Span{0, len(l.Source)}, Message: "this is no command"}}
	}
	cmd := l.Command
	out := Bound{Name: cmd.Name, OOB: cmd.OOB}
	diags := make([]Diagnostic, 0, 4)
	for _, p := range l.Problems {
		diags = append(diags, Diagnostic{Span: p.Span, Message: p.Message})
	}
	root, conflicts := plant(cmd)
	diags = append(diags, conflicts...)
	b := &binder{command: cmd.Name, root: root, properties: properties}
	b.arguments(root, arguments(s, cmd.Name))
	diags = append(diags, b.diags...)
	if len(cmd.Args) > 0 || len(cmd.Actions) > 0 {
		out.Arguments = b.out
	}
	out.Asks = b.asks
	if s != nil && !b.broken && len(l.Problems)+len(conflicts) == 0 {
		diags = append(diags, l.check(s, out, root, diags)...)
	}
	diags = l.meant(s, root, diags)
	slices.SortStableFunc(diags, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.weight(), b.weight()), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return out, diags
}

// arguments returns the type of a command's arguments, nil when it is unknown.
func arguments(s *qapi.Schema, name string) qapi.Type {
	if s == nil {
		return nil
	}
	if cmd := s.Command(name); cmd != nil {
		return cmd.Args
	}
	return nil
}

// check puts the findings of the schema at their places in the line. Where binding has found something already, that
// is enough.
func (l *Line) check(s *qapi.Schema, b Bound, root *Tree, have []Diagnostic) []Diagnostic {
	var diags []Diagnostic
	for _, p := range s.Check(b.Name, b.Arguments) {
		key, value, rest := root.locate(p.Path)
		span := key
		if p.AtValue && len(rest) == 0 && value.Len() > 0 {
			span = value
		}
		if span.Len() == 0 && l.Kind == Raw {
			span = l.Command.Span
		}
		if slices.ContainsFunc(have, func(d Diagnostic) bool { return d.Span == span && !d.Warning }) {
			continue
		}
		message := l.message(p)
		if p.AtValue && HoldsSecret(b.Name, root, p.Path, nil) {
			message, _, _ = strings.Cut(message, ", but ") // what it is instead is the secret
		}
		diags = append(diags, Diagnostic{Kind: p.Kind, Span: span, Message: message, Near: p.Near, Valid: p.Valid, Where: p.Where, Warning: p.Warning})
	}
	return diags
}

// message speaks of the actions of a batch by their names, as they were typed.
func (l *Line) message(p qapi.Problem) string {
	if l.Kind != Batch || len(p.Path) < 3 || p.Path[0] != "actions" {
		return p.Message
	}
	i := Index(p.Path[1])
	if i < 0 || i >= len(l.Command.Actions) {
		return p.Message
	}
	at := "actions." + p.Path[1]
	return strings.NewReplacer(at+".type: ", "", at+".data.", "", at+".data", l.Command.Actions[i].Name).Replace(p.Message)
}

func itoa(i int) string { return strconv.Itoa(i) }
