package syntax

import (
	"slices"
	"strings"
)

// A Tree is a member of the arguments, gathered from every word that speaks of it; the arguments as a whole are one
// too. It has whole values, or children, or, when it is just implied, neither.
type Tree struct {
	name     string
	key      Span     // where it is named first
	values   []*Value // given as a whole, more than once for a list
	children []*Tree
}

// Tree gathers the arguments of a command. The actions of a batch are in it as transaction takes them:
// actions.0.type, actions.0.data.
func (c *Command) Tree() *Tree {
	root, _ := plant(c)
	return root
}

// Tree gathers the members or elements of a literal.
func (v *Value) Tree() *Tree { return grow(v) }

// Child returns a member by its name, or an element of a list by its index in decimal; nil when it was not given, and
// for a nil Tree.
func (n *Tree) Child(name string) *Tree {
	if n == nil {
		return nil
	}
	if c := n.child(name); c != nil {
		return c
	}
	if i := Index(name); i >= 0 && i < len(n.values) && (len(n.values) > 1 || n.values[0].Kind != List) {
		return &Tree{name: name, key: n.key, values: n.values[i : i+1]}
	}
	if len(n.values) == 1 {
		return grow(n.values[0]).child(name)
	}
	return nil
}

// Whole reports whether it was given as a whole, and not by its members.
func (n *Tree) Whole() bool { return n != nil && len(n.values) > 0 }

// Literal reports whether it was given as one list in brackets.
func (n *Tree) Literal() bool { return n.Whole() && n.values[0].Kind == List }

// Names lists what was given, in order.
func (n *Tree) Names() []string {
	if n == nil {
		return nil
	}
	children := n.children
	if len(children) == 0 && len(n.values) == 1 {
		children = grow(n.values[0]).children
	}
	names := make([]string, len(children))
	for i, c := range children {
		names[i] = c.name
	}
	return names
}

// Text is the value of what was given once, as a word or a string. It is how a union's tag is read.
func (n *Tree) Text() (string, bool) {
	if n == nil {
		return "", false
	}
	return n.text()
}

// Tag looks up the tags of the unions that the members of n belong to.
func (n *Tree) Tag(name string) (string, bool) { return n.Child(name).Text() }

// child returns the child of that name, or nil.
func (n *Tree) child(name string) *Tree {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// ensure returns the child of that name, which is made when it is missing.
func (n *Tree) ensure(name string, key Span) *Tree {
	c := n.child(name)
	if c == nil {
		c = &Tree{name: name, key: key}
		n.children = append(n.children, c)
	}
	return c
}

// text is the value of a node that was given once as a word or a string; it is how a union's tag is read.
func (n *Tree) text() (string, bool) {
	if n == nil || len(n.values) != 1 || n.values[0].Kind != Bare && n.values[0].Kind != Quoted {
		return "", false
	}
	return n.values[0].Text, true
}

// indexed reports whether the children are the elements of a list.
func (n *Tree) indexed() bool {
	for _, c := range n.children {
		if Index(c.name) < 0 {
			return false
		}
	}
	return len(n.children) > 0
}

// plant builds the tree of a command's arguments. A batch becomes the list of actions that transaction takes.
func plant(cmd *Command) (root *Tree, conflicts []Diagnostic) {
	p := &planter{}
	root = &Tree{key: cmd.NameSpan}
	p.add(root, cmd.Args, len(cmd.Actions) == 0)
	if len(cmd.Actions) > 0 {
		actions := root.ensure("actions", cmd.NameSpan)
		if len(actions.values)+len(actions.children) > 0 {
			p.conflict(actions.key, "the actions of a batch are given one by one, not by actions=")
			return root, p.diags
		}
		for i, action := range cmd.Actions {
			item := actions.ensure(itoa(i), action.NameSpan)
			tag := item.ensure("type", action.NameSpan)
			tag.values = []*Value{{Kind: Quoted, Text: action.Name, Span: action.NameSpan, Closed: true}}
			p.add(item.ensure("data", action.NameSpan), action.Args, true)
		}
	}
	return root, p.diags
}

type planter struct{ diags []Diagnostic }

// add gathers the words of one command or action below n. An object that stands alone is n itself, unless n gets other
// members later.
func (p *planter) add(n *Tree, args []*Arg, whole bool) {
	for _, a := range args {
		switch {
		case a.Value == nil:
		case a.Key != nil:
			p.member(n, a)
		case a.Value.Kind != Object:
		case whole && len(args) == 1:
			n.values = []*Value{a.Value}
		default:
			p.spread(n, a.Value)
		}
	}
}

// spread adds the members of an object that stands among other arguments.
func (p *planter) spread(n *Tree, object *Value) {
	for _, problem := range object.problems {
		p.conflict(problem.Span, problem.Message)
	}
	for _, m := range object.Members {
		if before := n.child(m.Key.Text); before != nil {
			if before.key.Start < object.Span.Start { // else it is one of the object's own problems
				p.conflict(m.Key.Span, m.Key.Text+" is given twice")
			}
			continue
		}
		n.ensure(m.Key.Text, m.Key.Span).values = []*Value{m.Value}
	}
}

// member adds key=value.
func (p *planter) member(n *Tree, a *Arg) {
	for i, segment := range a.Key {
		n = n.ensure(segment.Text, segment.Span)
		if i < len(a.Key)-1 && len(n.values) > 0 {
			p.conflict(a.KeySpan, joinKey(a.Key[:i+1])+" has a value already: it cannot have members too")
			return
		}
	}
	if len(n.children) > 0 {
		p.conflict(a.KeySpan, joinKey(a.Key)+" has members already: it cannot have a value too")
		return
	}
	n.values = append(n.values, a.Value)
	if len(n.values) == 2 {
		n.key = Span{a.KeySpan.Start, a.KeySpan.End} // where a repetition is wrong, the second is to blame
	}
}

func (p *planter) conflict(span Span, message string) {
	p.diags = append(p.diags, Diagnostic{Span: span, Message: message})
}

// joinKey writes a key as it is typed.
func joinKey(key []Segment) string { return strings.Join(path(key), ".") }

// path is the names that a dotted key consists of.
func path(key []Segment) []string {
	names := make([]string, len(key))
	for i, segment := range key {
		names[i] = segment.Text
	}
	return names
}

// locate returns the spans of the name and of the value that a path leads to, as far as it leads: rest is what is
// missing.
func (n *Tree) locate(path []string) (key, value Span, rest []string) {
	key, value = n.key, n.span()
	for len(path) > 0 {
		next := n.child(path[0])
		if next == nil {
			break
		}
		n, path = next, path[1:]
		key, value = n.key, n.span()
	}
	if len(path) == 0 || len(n.values) == 0 {
		return key, value, path
	}
	v := n.values[0]
	if i := Index(path[0]); i >= 0 && i < len(n.values) && (len(n.values) > 1 || v.Kind != List) {
		v, path = n.values[i], path[1:]
		value = v.Span
	}
	return v.locate(path, key, value)
}

// locate goes on inside a literal.
func (v *Value) locate(path []string, key, value Span) (Span, Span, []string) {
	for len(path) > 0 {
		i := slices.IndexFunc(v.Members, func(m *Pair) bool { return m.Key.Text == path[0] })
		if i >= 0 {
			key, v = v.Members[i].Key.Span, v.Members[i].Value
		} else if i = Index(path[0]); i >= 0 && i < len(v.Items) {
			v = v.Items[i]
			key = v.Span
		} else {
			break
		}
		path = path[1:]
		value = v.Span
	}
	return key, value, path
}

// span is where the value stands, or the name of what has none of its own.
func (n *Tree) span() Span {
	if len(n.values) == 0 || n.values[0].Span.Len() == 0 {
		return n.key
	}
	return n.values[0].Span
}
