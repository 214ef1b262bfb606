package completion

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/syntax"
)

// title says what is being completed.
func (e *Engine) title(s slot) string {
	switch s.kind {
	case commandSlot:
		return "commands"
	case actionSlot:
		return "actions"
	case directiveSlot:
		return "directives"
	case argumentSlot:
		return "." + s.name
	case messageSlot:
		return "message"
	case fileSlot:
		return "file"
	case memberSlot:
		return memberTitle(s)
	case valueSlot:
		return valueTitle(s.place)
	}
	return ""
}

// memberTitle names the object whose members are offered.
func memberTitle(s slot) string {
	if len(s.place.path) == 0 {
		return s.command
	}
	title := strings.Join(s.place.path, ".") + "."
	if object := s.place.object(); object != nil && (syntax.ListOf(s.place.t) == nil || s.json) {
		tag, _ := s.place.tree.Tag(object.Tag)
		if branch := object.Variant(tag); branch != nil && branch.Name != "" {
			object = branch
		}
		return title + ": " + object.Describe()
	}
	if s.place.t != nil {
		title += ": " + s.place.t.Describe()
	}
	return title
}

// valueTitle names the member that the value is for: "driver: str, mandatory".
func valueTitle(p spot) string {
	title := strings.Join(p.path, ".")
	if p.t != nil {
		title += ": " + p.t.Describe()
	}
	if p.member != nil && !p.member.Optional {
		title += ", mandatory"
	}
	return title
}

// Hint says in one line what the word under the cursor is: a command, a directive or a member. Between two words it
// says what the command still needs.
func (e *Engine) Hint(source string, cursor int) string {
	cursor = max(0, min(cursor, len(source)))
	s := e.slot(syntax.Scan(source), cursor)
	switch s.kind {
	case commandSlot, actionSlot:
		if name := strings.Trim(s.self, `"'`); e.schema.Command(name) != nil || s.kind == actionSlot && e.summary(name) != "" {
			return join(name, e.summary(name))
		}
		if s.kind == actionSlot {
			return e.needs(s)
		}
	case directiveSlot:
		for _, d := range e.options.Directives {
			if "."+d.Name == s.self {
				return join(s.self, d.Help)
			}
		}
	case memberSlot:
		if s.self == "" {
			return e.needs(s)
		}
		p := s.place.step(s.self)
		if p.member == nil {
			return e.propertyHint(s, s.self)
		}
		return e.memberHint(s.command, p)
	case valueSlot:
		if s.place.member == nil && len(s.place.path) > 0 {
			return e.propertyHint(s, s.place.path[len(s.place.path)-1])
		}
		return e.memberHint(s.command, s.place)
	}
	return ""
}

func join(name, help string) string {
	if help == "" {
		return name
	}
	return name + ": " + help
}

// memberHint is a member's name, type, whether it is mandatory, and what it is.
func (e *Engine) memberHint(command string, p spot) string {
	hint := valueTitle(p)
	if p.member == nil {
		return hint
	}
	if p.member.Optional {
		hint += ", optional"
	}
	for _, f := range p.member.Features {
		hint += ", " + string(f)
	}
	above := p
	above.path = withoutLast(p.path)
	if help := e.memberHelp(command, above, p.owner, p.member.Name); help != "" {
		hint += " · " + help
	}
	return hint
}

// withoutLast is the path of the object that a member is of; the indices of lists do not count.
func withoutLast(path []string) []string {
	for len(path) > 0 && syntax.Index(path[len(path)-1]) >= 0 {
		path = path[:len(path)-1]
	}
	if len(path) == 0 {
		return nil
	}
	return path[:len(path)-1]
}

// propertyHint is what is known of a property that is not in the schema.
func (e *Engine) propertyHint(s slot, name string) string {
	l := lister{engine: e, slot: s}
	kind, scope := l.typeProperties()
	if kind == Free {
		return ""
	}
	for _, v := range l.values(kind, scope) {
		if v.Text == name {
			hint := name + ": " + v.Type
			if v.Help != "" {
				hint += " · " + v.Help
			}
			return hint
		}
	}
	return ""
}

// needs lists the mandatory members that have not been given.
func (e *Engine) needs(s slot) string {
	var names []string
	if s.inBatch && s.command == "transaction" {
		return ""
	}
	for _, o := range ownedMembers(s.place.object(), s.place.tree.Tag) {
		if !o.member.Optional && !slices.Contains(s.place.tree.Names(), o.member.Name) {
			names = append(names, o.member.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "needs " + strings.Join(names, ", ")
}

// Ghost is what may be shown in grey behind a line whose cursor is at its end: the rest of the newest line of the
// history (oldest first) that begins like it, or else the rest of the only candidate that goes on like the word.
func (e *Engine) Ghost(source string, history []string) string {
	if strings.TrimSpace(source) == "" {
		return ""
	}
	for _, line := range slices.Backward(history) {
		if rest, ok := strings.CutPrefix(line, source); ok && rest != "" {
			return rest
		}
	}
	r := e.Complete(source, len(source))
	if r.Prefixed != 1 || r.Span.End != len(source) || r.Span.Len() == 0 {
		return ""
	}
	for _, c := range r.Candidates {
		if rest, ok := strings.CutPrefix(c.Insert, source[r.Span.Start:]); ok {
			return rest
		}
	}
	return ""
}
