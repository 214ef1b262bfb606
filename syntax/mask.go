package syntax

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// Secrets returns the spans that hold secrets, in order. A "?" that asks for one is none. In a line with mistakes in it
// everything from the first secret on counts, because its end is not certain. The schema may be nil.
func (l *Line) Secrets(s *qapi.Schema) []Span {
	if l.Kind == Dot {
		return l.directiveSecrets(s)
	}
	if l.Command == nil {
		return nil
	}
	root, conflicts := plant(l.Command)
	h := hunter{line: l, command: l.Command.Name, root: root}
	h.node(root, arguments(s, l.Command.Name))
	if h.torn = h.torn || len(l.Problems)+len(conflicts) > 0; h.torn {
		h.wrong()
	}
	slices.SortFunc(h.found, func(a, b Span) int { return a.Start - b.Start })
	if l.Kind == Raw {
		h.torn = !json.Valid([]byte(l.Source))
	}
	if h.torn && len(h.found) > 0 {
		return []Span{{h.found[0].Start, len(l.Source)}}
	}
	return slices.Compact(h.found)
}

// directiveSecrets finds secrets in what follows a directive: a line of HMP, or a command.
func (l *Line) directiveSecrets(s *qapi.Schema) []Span {
	d := l.Directive
	var found []Span
	if d.Name == "hmp" {
		found = secretText(d.Rest, true)
	} else if !strings.HasPrefix(d.Rest, ".") {
		found = Scan(d.Rest).Secrets(s)
	}
	for i := range found {
		found[i].Start += d.RestSpan.Start
		found[i].End += d.RestSpan.Start
	}
	return found
}

// masked is the source with *** in the place of every secret, for histories, logs and traces.
func (l *Line) masked(s *qapi.Schema) string {
	var out strings.Builder
	at := 0
	for _, span := range l.Secrets(s) {
		if span.Start < at {
			continue
		}
		out.WriteString(l.Source[at:span.Start])
		veiled := veil(l.Text(span))
		if l.Kind == Raw && veiled == masked && span.End < len(l.Source) {
			veiled = Quote(masked) // a number or a list, in what is JSON else
		}
		out.WriteString(veiled)
		at = span.End
	}
	out.WriteString(l.Source[at:])
	return out.String()
}

// Covered is the source with every byte of a secret covered, so that the spans still stand: for what shows a mistake in
// its line.
func (l *Line) Covered(s *qapi.Schema) string {
	covered := []byte(l.Source)
	for _, span := range l.Secrets(s) {
		copy(covered[span.Start:span.End], strings.Repeat("*", span.Len()))
	}
	return string(covered)
}

// veil hides a text, and keeps the quotes around it.
func veil(text string) string {
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return text[:1] + masked + text[:1]
	}
	return masked
}

// Mask hides the secrets of one entry. The schema may be nil.
func Mask(source string, s *qapi.Schema) string { return Scan(source).masked(s) }

// MaskJSON hides the secrets of a message that goes to a server. Other messages come back as they are.
func MaskJSON(message []byte) []byte {
	l := Scan(string(message))
	if l.Kind != Raw || l.Command.Name == "" && len(l.Command.Args) == 0 || len(l.Secrets(nil)) == 0 {
		return message
	}
	return []byte(l.masked(nil))
}

// A hunter walks the arguments of a command in search of secrets.
type hunter struct {
	line    *Line
	command string
	root    *Tree
	path    []string
	found   []Span
	torn    bool // a literal with mistakes was passed
}

// wrong looks at a line with mistakes in it, whose tree does not hold all that was typed: at every argument by itself, at
// words that nothing names, and at a raw message as a whole.
func (h *hunter) wrong() {
	root := h.root
	if m := h.line.Message; m != nil {
		h.value(m, nil)
	} else if name, _, keyed := strings.Cut(h.command, "="); keyed && (secretName(name) || strings.Contains(name, "passw")) {
		span := h.line.Command.NameSpan // a key, or what lacks one
		h.found = append(h.found, Span{span.Start + len(name) + 1, span.End})
	}
	for _, cmd := range append([]*Command{h.line.Command}, h.line.Command.Actions...) {
		for _, a := range cmd.Args {
			alone := &Tree{}
			(&planter{}).add(alone, []*Arg{a}, true)
			h.node(alone, nil)
		}
		h.root = root
		h.unfinished(cmd)
	}
}

// node looks at one member and at all below it. A secret is one in whatever form it was written.
func (h *hunter) node(n *Tree, t qapi.Type) {
	if HoldsSecret(h.command, h.root, h.path, t) {
		h.secret(n)
		return
	}
	for _, v := range n.values {
		h.value(v, t)
	}
	object := ObjectOf(t)
	tag := func(name string) (string, bool) { return n.child(name).text() }
	for _, c := range n.children {
		var ct qapi.Type
		if m := MemberOf(object, tag, c.name); m != nil {
			ct = m.Type
		} else if array := ListOf(t); array != nil {
			ct = array.Elem
		}
		h.path = append(h.path, c.name)
		h.node(c, ct)
		h.path = h.path[:len(h.path)-1]
	}
}

// secret takes all that was given of a member.
func (h *hunter) secret(n *Tree) {
	for _, v := range n.values {
		if v.Kind != Empty && (v.Kind != Bare || v.Text != "?") {
			h.found = append(h.found, v.Span)
		}
	}
	for _, c := range n.children {
		h.secret(c)
	}
}

// value looks at a whole value; a literal becomes a tree first.
func (h *hunter) value(v *Value, t qapi.Type) {
	switch v.Kind {
	case Object, List:
		h.torn = h.torn || len(v.problems) > 0
		for _, m := range v.Members {
			if m.Value.Kind == Empty && secretName(m.Key.Text) { // a colon or a quote is wrong: it comes somewhere behind
				h.found = append(h.found, m.Value.Span)
			}
		}
		n := grow(v)
		if len(h.path) == 0 {
			h.root = n
		}
		h.node(n, t)
	case Bare, Quoted:
		h.text(v)
	}
}

// text looks for secrets inside a string.
func (h *hunter) text(v *Value) {
	hmp := h.command == "human-monitor-command" && len(h.path) == 1
	base := v.Span.Start
	if v.Kind == Quoted {
		base++
	}
	for _, span := range secretText(v.Text, hmp) {
		span = Span{base + span.Start, base + span.End}
		if !strings.HasPrefix(h.line.Source[base:], v.Text) { // escapes: the places differ
			span = v.Span
		}
		h.found = append(h.found, span)
	}
}

// unfinished looks for a secret that a blank has cut off from its name: password = abc, password= abc. A word without any
// name may be one too, where the command takes a secret, or have one in it.
func (h *hunter) unfinished(cmd *Command) {
	for i, a := range cmd.Args {
		named := HoldsSecret(cmd.Name, h.root, path(a.Key), nil)
		switch {
		case !named && a.unnamed() && h.takesSecret(cmd.Name):
			h.found = append(h.found, a.Span)
		case !named && a.unnamed():
			h.words(cmd.Name, cmd.Args[max(0, i-1)], a)
		case !named || i == len(cmd.Args)-1:
		case a.Value == nil || a.Value.Kind == Empty && cmd.Args[i+1].Value == nil:
			h.found = append(h.found, cmd.Args[i+1].Span)
		}
	}
}

// unnamed reports whether an argument is a mere word, or a literal that is no object.
func (a *Arg) unnamed() bool {
	return a.Value == nil || len(a.Key) == 0 && (a.Value.Kind != Object || len(a.Value.problems) > 0)
}

// takesSecret reports whether a secret may be meant by what has no name: as the command is called, or by what stands
// beside it.
func (h *hunter) takesSecret(command string) bool {
	return strings.Contains(command, "passw") || slices.ContainsFunc([]string{"data", "value", "arg"}, func(name string) bool {
		return HoldsSecret(command, h.root, []string{name}, nil)
	})
}

// words looks inside of a text that lacks its quotes: it begins with a word, or with the value before that.
func (h *hunter) words(command string, before, word *Arg) {
	at := word.Span.Start
	if before.Value != nil {
		at = before.Value.Span.Start
	}
	text := strings.TrimLeft(h.line.Source[at:], `"'`)
	at = len(h.line.Source) - len(text)
	for _, span := range secretText(text, command == "human-monitor-command") {
		h.found = append(h.found, Span{at + span.Start, at + span.End})
	}
}

// grow makes a tree of a literal.
func grow(v *Value) *Tree {
	n := &Tree{}
	for _, m := range v.Members {
		n.children = append(n.children, &Tree{name: m.Key.Text, key: m.Key.Span, values: []*Value{m.Value}})
	}
	for i, item := range v.Items {
		n.children = append(n.children, &Tree{name: itoa(i), key: item.Span, values: []*Value{item}})
	}
	return n
}

// secretText finds secrets inside a text: the password in an address, the members of QEMU's "json:{…}", and in a line of
// HMP what its commands take.
func secretText(text string, hmp bool) []Span {
	var found []Span
	if rest, ok := strings.CutPrefix(text, "json:{"); ok {
		const command = "x {"
		for _, span := range Scan(command + rest).Secrets(nil) {
			shift := len("json:{") - len(command)
			found = append(found, Span{span.Start + shift, span.End + shift})
		}
	}
	if scheme := strings.Index(text, "://"); scheme >= 0 {
		start := scheme + 3
		host := text[start:]
		if end := strings.IndexAny(host, "/?# \t"); end >= 0 {
			host = host[:end]
		}
		at, colon := strings.LastIndexByte(host, '@'), strings.IndexByte(host, ':')
		if colon >= 0 && colon < at {
			found = append(found, Span{start + colon + 1, start + at})
		}
	}
	if hmp {
		found = append(found, secretHMP(text)...)
	}
	return found
}

// secretHMP finds the secret of a line of the human monitor.
func secretHMP(text string) []Span {
	words := strings.Fields(text)
	nth := func(i int) []Span {
		if i >= len(words) {
			return nil
		}
		at := 0
		for _, word := range words[:i] {
			at += strings.Index(text[at:], word) + len(word)
		}
		start := at + strings.Index(text[at:], words[i])
		return []Span{{start, len(strings.TrimRight(text, " \t\r\n"))}}
	}
	switch {
	case len(words) == 0:
	case words[0] == "set_password" || words[0] == "block_passwd":
		return nth(2)
	case words[0] == "change" && len(words) > 2 && words[1] == "vnc":
		return nth(3)
	case words[0] == "object_add" && strings.Contains(text, "secret"):
		if i := strings.Index(text, "data="); i >= 0 {
			i += len("data=")
			end := strings.IndexAny(text[i:]+",", ", \t")
			return []Span{{i, i + end}}
		}
	}
	return nil
}
