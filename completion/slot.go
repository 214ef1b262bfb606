package completion

import (
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// A slotKind says what belongs at the cursor.
type slotKind int

const (
	noSlot slotKind = iota
	commandSlot
	actionSlot    // an action of a batch, or a member of the one before
	directiveSlot // a directive's name
	argumentSlot  // an argument of a directive
	memberSlot    // the name of a member
	valueSlot     // a member's value
	messageSlot   // a key of a raw message
	fileSlot      // a file on this host, behind >
)

// A slot is what belongs at the cursor, and all that is needed to list it.
type slot struct {
	kind slotKind
	span syntax.Span // what a choice replaces
	word string      // what stands before the cursor of it
	self string      // the whole word
	next byte        // what stands right behind span, 0 at the end
	json bool        // inside a literal: names and strings need quotes
	open byte        // the quote that the user has typed, else 0

	command  string       // the command or action, for documentation and meaning
	place    spot         // memberSlot: the object; valueSlot: the member
	root     *syntax.Tree // every argument of the command or action
	inBatch  bool
	name     string // of the directive
	argument int    // its argument, from 0
}

// A spot is somewhere in the arguments: the type that belongs there, and what was typed of it.
type spot struct {
	t      qapi.Type
	member *qapi.Member // the member that leads here, if the schema knows it
	owner  *qapi.Object // the object that the member is of
	tree   *syntax.Tree
	up     *syntax.Tree // the members beside it
	path   []string
}

// step goes to a member of an object, or to an element of a list.
func (p spot) step(name string) spot {
	next := spot{tree: p.tree.Child(name), up: p.tree, path: append(p.path[:len(p.path):len(p.path)], name)}
	if list := syntax.ListOf(p.t); list != nil && syntax.Index(name) >= 0 {
		next.t, next.member, next.owner, next.up = list.Elem, p.member, p.owner, p.up
		return next
	}
	next.owner = p.object()
	if m := syntax.MemberOf(next.owner, p.tree.Tag, name); m != nil {
		next.t, next.member = m.Type, m
	}
	return next
}

// object is the object that belongs at the spot; for a list that of its elements, because a list of one needs no
// brackets.
func (p spot) object() *qapi.Object {
	if o := syntax.ObjectOf(p.t); o != nil {
		return o
	}
	if list := syntax.ListOf(p.t); list != nil {
		return syntax.ObjectOf(list.Elem)
	}
	return nil
}

// A finder finds the slot at the cursor of one line.
type finder struct {
	line   *syntax.Line
	cursor int
	schema *qapi.Schema
}

// slot is the first stage: nothing in it asks for live values or for documentation.
func (e *Engine) slot(line *syntax.Line, cursor int) slot {
	f := finder{line: line, cursor: cursor, schema: e.schema}
	s := f.find(e.options.Directives)
	if s.kind == noSlot {
		s.span = syntax.Span{Start: cursor, End: cursor}
	}
	if s.span.End < len(line.Source) {
		s.next = line.Source[s.span.End]
	}
	return s
}

func (f *finder) find(directives []Directive) slot {
	if f.inComment() {
		return slot{}
	}
	if t := f.line.Tail; t != nil && f.cursor >= t.OpSpan.Start {
		return f.tail(t)
	}
	if d := f.line.Shorthand(); d != nil && f.schema.Command(f.line.Command.Name) == nil && f.cursor > d.NameSpan.End {
		return f.directive(d, directives)
	}
	switch f.line.Kind {
	case syntax.Blank:
		return slot{kind: commandSlot, span: syntax.Span{Start: f.cursor, End: f.cursor}}
	case syntax.Dot:
		return f.directive(f.line.Directive, directives)
	case syntax.Raw:
		return f.message()
	case syntax.QMP, syntax.Batch:
		return f.command(f.line.Command)
	}
	return slot{}
}

func (f *finder) inComment() bool {
	for _, t := range f.line.Tokens {
		if t.Kind == syntax.TokenComment && t.Span.Start < f.cursor && f.cursor <= t.Span.End {
			return true
		}
	}
	return false
}

// tail offers files behind > and >>.
func (f *finder) tail(t *syntax.Tail) slot {
	if f.cursor < t.OpSpan.End || t.Kind != syntax.File && t.Kind != syntax.Append {
		return slot{}
	}
	span := t.Span
	if f.cursor < span.Start {
		span = syntax.Span{Start: f.cursor, End: f.cursor}
	}
	return f.plain(fileSlot, span)
}

// plain makes a slot of a word that is written as it is.
func (f *finder) plain(kind slotKind, span syntax.Span) slot {
	span.End = max(span.End, f.cursor)
	return slot{kind: kind, span: span, word: f.line.Source[span.Start:f.cursor], self: f.line.Text(span)}
}

// command finds the slot in a command line or a batch.
func (f *finder) command(cmd *syntax.Command) slot {
	if f.cursor <= cmd.NameSpan.End {
		if f.cursor < cmd.NameSpan.Start {
			return slot{}
		}
		return f.plain(commandSlot, cmd.NameSpan)
	}
	if f.line.Kind == syntax.QMP {
		return f.arguments(cmd, f.root(cmd))
	}
	if cmd.Closed && f.cursor >= cmd.Span.End || !f.behindParenthesis(cmd) {
		return slot{}
	}
	root := f.root(cmd)
	active := -1
	for i, action := range cmd.Actions {
		if action.NameSpan.Start <= f.cursor {
			active = i
		}
	}
	return f.batch(cmd, root, active)
}

// behindParenthesis reports whether the cursor is inside the batch.
func (f *finder) behindParenthesis(cmd *syntax.Command) bool {
	return strings.Contains(f.line.Source[cmd.NameSpan.End:f.cursor], "(")
}

// root is the spot of a command's arguments.
func (f *finder) root(cmd *syntax.Command) spot {
	p := spot{tree: cmd.Tree()}
	if c := f.schema.Command(cmd.Name); c != nil {
		p.t = c.Args
	}
	return p
}

// batch finds the slot in a batch, where the cursor is in the action of that index, or before the first. A word that
// is not key=value names an action, unless it is going to be a member of the action before.
func (f *finder) batch(cmd *syntax.Command, root spot, active int) slot {
	inside := func(i int) (*syntax.Command, spot) {
		if i < 0 {
			return cmd, root
		}
		p := root.step("actions").step(index(i)).step("data")
		p.path = nil
		return cmd.Actions[i], p
	}
	action, p := inside(active)
	if active >= 0 && f.cursor <= action.NameSpan.End {
		before, p := inside(active - 1)
		s := f.newMember(before, p, f.plain(actionSlot, action.NameSpan))
		s.inBatch = true
		return s
	}
	s := f.arguments(action, p)
	s.inBatch = true
	if s.kind == memberSlot && s.span.Len() == 0 && len(s.place.path) == 0 && !s.json {
		s.kind = actionSlot
	}
	return s
}

// newMember makes a slot for another member of a command or action.
func (f *finder) newMember(cmd *syntax.Command, p spot, s slot) slot {
	s.command, s.place, s.root = cmd.Name, p, p.tree
	return s
}

// arguments finds the slot behind a command's name.
func (f *finder) arguments(cmd *syntax.Command, p spot) slot {
	for _, a := range cmd.Args {
		if !a.Span.Contains(f.cursor) {
			continue
		}
		s := f.argument(a, p)
		s.command, s.root = cmd.Name, p.tree
		return s
	}
	empty := syntax.Span{Start: f.cursor, End: f.cursor}
	return f.newMember(cmd, p, slot{kind: memberSlot, span: empty})
}

// argument finds the slot in one key=value.
func (f *finder) argument(a *syntax.Arg, p spot) slot {
	if a.Key == nil {
		return f.literal(a.Value, p)
	}
	for _, segment := range a.Key {
		if f.cursor <= segment.Span.End {
			s := f.plain(memberSlot, segment.Span)
			s.place = p
			return s
		}
		p = p.step(segment.Text)
	}
	return f.value(a.Value, p)
}

// value finds the slot in what stands behind "=".
func (f *finder) value(v *syntax.Value, p spot) slot {
	switch v.Kind {
	case syntax.Object, syntax.List:
		if f.cursor > v.Span.Start {
			return f.literal(v, p)
		}
		return slot{}
	case syntax.Quoted:
		return f.quoted(v, slot{kind: valueSlot, place: p})
	}
	s := f.plain(valueSlot, v.Span)
	s.place = p
	return s
}
