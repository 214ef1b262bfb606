package syntax

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A binder writes the JSON of a tree of arguments. A nil type means that the schema has nothing to say.
type binder struct {
	command    string
	root       *Tree
	properties Properties // of what the schema leaves open; nil where they are not known
	path       []string   // of the member at hand
	out        []byte
	diags      []Diagnostic
	broken     bool // the JSON is not what was meant: there is no use in checking it
	asks       []Ask
}

func (b *binder) fail(span Span, format string, args ...any) {
	b.diags = append(b.diags, Diagnostic{Span: span, Message: fmt.Sprintf(format, args...)})
}

// name is the dotted name of the member at hand, for messages.
func (b *binder) name() string {
	path := b.path
	if b.command == "transaction" && len(path) > 3 && path[0] == "actions" && path[2] == "data" {
		path = path[3:]
	}
	return strings.Join(path, ".")
}

// arguments writes the whole: an object, even if its members have numbers for names.
func (b *binder) arguments(root *Tree, t qapi.Type) {
	if len(root.values) > 0 {
		b.node(root, t)
		return
	}
	b.members(root, ObjectOf(t))
}

// node writes one member's value.
func (b *binder) node(n *Tree, t qapi.Type) {
	if len(n.values) == 0 {
		b.branch(n, t)
		return
	}
	list := ListOf(t)
	if list == nil || len(n.values) == 1 && (n.values[0].Kind == List || !isArray(t) && n.values[0].Kind != List) {
		b.value(n.values[0], t, n.key)
		if len(n.values) > 1 {
			b.broken = true
			b.fail(n.key, "%s is given twice", b.name())
		}
		return
	}
	b.out = append(b.out, '[')
	for i, v := range n.values {
		if i > 0 {
			b.out = append(b.out, ',')
		}
		b.value(v, list.Elem, n.key)
	}
	b.out = append(b.out, ']')
}

// branch writes what is given by its parts: an object, or a list by its indices.
func (b *binder) branch(n *Tree, t qapi.Type) {
	array, object := ListOf(t), ObjectOf(t)
	switch {
	case n.indexed() && (array != nil || object == nil):
		b.elements(n, array)
	case array != nil && object == nil && len(n.children) > 0:
		b.broken = true
		b.fail(n.children[0].key, "%s is a list: write %s.0.%s=, or %s=[…]", b.name(), b.name(), n.children[0].name, b.name())
		b.members(n, nil)
	default:
		b.members(n, object)
	}
}

// elements writes a list that was given as key.0=, key.1=, in any order.
func (b *binder) elements(n *Tree, array *qapi.Array) {
	var elem qapi.Type
	if array != nil {
		elem = array.Elem
	}
	sorted := slices.SortedStableFunc(slices.Values(n.children), func(x, y *Tree) int {
		return cmp.Compare(Index(x.name), Index(y.name))
	})
	b.out = append(b.out, '[')
	for i, c := range sorted {
		if Index(c.name) != i {
			b.broken = true
			b.fail(c.key, "element %d of %s is missing", i, b.name())
			break
		}
		if i > 0 {
			b.out = append(b.out, ',')
		}
		b.enter(c, elem)
	}
	b.out = append(b.out, ']')
}

// members writes an object in the order in which its members were typed.
func (b *binder) members(n *Tree, object *qapi.Object) {
	tag := func(name string) (string, bool) { return n.child(name).text() }
	b.out = append(b.out, '{')
	for i, c := range n.children {
		if i > 0 {
			b.out = append(b.out, ',')
		}
		b.out = append(appendString(b.out, c.name), ':')
		var t qapi.Type
		if m := MemberOf(object, tag, c.name); m != nil {
			t = m.Type
		}
		if known := b.property(n, c, t); known != nil {
			t = known
		}
		b.enter(c, t)
	}
	b.out = append(b.out, '}')
}

// enter writes a child with its name on the path.
func (b *binder) enter(c *Tree, t qapi.Type) {
	b.path = append(b.path, c.name)
	b.node(c, t)
	b.path = b.path[:len(b.path)-1]
}

// value writes one whole value.
func (b *binder) value(v *Value, t qapi.Type, key Span) {
	if v.Kind == Bare && v.Text == "?" && HoldsSecret(b.command, b.root, b.path, t) {
		b.asks = append(b.asks, Ask{Member: b.name(), Span: v.Span, at: len(b.out)})
		b.out = append(b.out, `""`...)
		return
	}
	switch {
	case v.Kind == Quoted:
		b.out = appendString(b.out, v.Text)
	case v.Kind == Empty:
		if _, fits := convert("", t); !fits {
			b.fail(key, "%s has no value", b.name())
		}
		b.out = append(b.out, `""`...)
	case v.Kind == Bare:
		b.bare(v, t)
	case isString(t):
		b.out = appendString(b.out, v.Text)
	default:
		for _, p := range v.problems {
			b.broken = true
			b.fail(p.Span, "%s", p.Message)
		}
		b.out = appendLiteral(b.out, v)
	}
}

// bare writes a word as the type wants it. One that does not fit is written as a string: it is never sent.
func (b *binder) bare(v *Value, t qapi.Type) {
	text, ok := convert(v.Text, t)
	if !ok {
		b.fail(v.Span, "%s: %q is not %s", b.name(), v.Text, wanted(t))
	}
	b.out = append(b.out, text...)
}

// appendLiteral writes a literal as JSON: nothing in it is open to interpretation.
func appendLiteral(out []byte, v *Value) []byte {
	switch v.Kind {
	case Object:
		out = append(out, '{')
		for i, m := range v.Members {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendString(out, m.Key.Text), ':')
			out = appendLiteral(out, m.Value)
		}
		return append(out, '}')
	case List:
		out = append(out, '[')
		for i, item := range v.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendLiteral(out, item)
		}
		return append(out, ']')
	case Bare:
		if text, ok := scalar(v.Text); ok {
			return append(out, text...)
		}
	}
	return appendString(out, v.Text)
}
