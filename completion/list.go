package completion

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/summary"
	"github.com/qmpsh/qmpsh/syntax"
)

// A lister is the second stage: it lists the words for a slot.
type lister struct {
	engine  *Engine
	slot    slot
	found   []Candidate
	pending bool
}

func (l *lister) add(c Candidate) { l.found = append(l.found, c) }

func (l *lister) list() {
	switch l.slot.kind {
	case commandSlot:
		l.commands()
		l.shorthands()
	case actionSlot:
		l.members()
		l.actions()
	case directiveSlot:
		l.directives()
	case argumentSlot:
		l.arguments()
	case memberSlot:
		l.members()
	case valueSlot:
		l.value(l.slot.place.t)
	case messageSlot:
		l.message()
	case fileSlot:
		l.files(true)
	}
}

// commands lists the server's commands.
func (l *lister) commands() {
	for _, c := range l.engine.commands() {
		if _, fits := matches(l.slot.word, c.Text); !fits {
			continue
		}
		switch {
		case l.slot.json:
			c.Insert, c.Blank = l.word(c.Text, nil), false
		case c.Text == "transaction" && l.slot.next != '(' && l.slot.kind == commandSlot:
			c.Insert, c.Blank = "transaction(", false
		default:
			c.Blank = c.Blank && !l.followed() && l.slot.kind == commandSlot
		}
		l.add(c)
	}
}

// shorthands lists the directives that need no dot, as long as no command has their names.
func (l *lister) shorthands() {
	for _, d := range l.engine.options.Directives {
		if (d.Name == "help" || d.Name == "exit") && !l.slot.json && l.engine.schema.Command(d.Name) == nil {
			l.add(Candidate{Text: d.Name, Insert: d.Name, Blank: len(d.Args) > 0 && !l.followed(), Help: d.Help, tier: 1})
		}
	}
}

// commandsOf makes the candidates that are commands: one that takes arguments is followed by a blank.
func commandsOf(e *Engine) []Candidate {
	all := e.schema.Commands()
	list := make([]Candidate, len(all))
	for i, c := range all {
		list[i] = Candidate{
			Text: c.Name, Insert: c.Name, Blank: len(c.Args.Members) > 0 || c.Open, Help: e.summary(c.Name),
			Deprecated: c.Features.Has(qapi.Deprecated), Unstable: c.Features.Has(qapi.Unstable),
		}
	}
	return list
}

// actions lists what a batch can do, and its end.
func (l *lister) actions() {
	const behindMembers = 3
	transaction := l.engine.schema.Command("transaction")
	if transaction == nil {
		return
	}
	root := spot{t: transaction.Args}
	object := root.step("actions").object()
	if object == nil {
		return
	}
	tag := object.Member(object.Tag)
	if tag == nil {
		return
	}
	enum, ok := tag.Type.(*qapi.Enum)
	if !ok {
		return
	}
	for _, v := range enum.Values {
		l.add(Candidate{
			Text: v.Name, Insert: v.Name, Blank: !l.followed(), Help: l.engine.summary(v.Name), tier: behindMembers,
			Deprecated: v.Features.Has(qapi.Deprecated), Unstable: v.Features.Has(qapi.Unstable),
		})
	}
	if l.slot.word == "" && !l.lacking() && l.slot.command != "transaction" {
		l.add(Candidate{Text: ")", Insert: ")", Help: "end of the batch", tier: behindMembers + 1})
	}
}

// lacking reports whether a mandatory member was listed.
func (l *lister) lacking() bool {
	return slices.ContainsFunc(l.found, func(c Candidate) bool { return c.Mandatory })
}

// message lists the keys of a raw message.
func (l *lister) message() {
	names := l.slot.place.tree.Names()
	for _, key := range []struct{ name, help string }{
		{"execute", "the command to run"},
		{"arguments", "its arguments, an object"},
		{"exec-oob", "the command to run out-of-band"},
		{"id", "any value; the reply carries it again"},
	} {
		taken := slices.Contains(names, key.name)
		if key.name == "execute" || key.name == "exec-oob" {
			taken = slices.Contains(names, "execute") || slices.Contains(names, "exec-oob")
		}
		if taken && key.name != l.slot.self {
			continue
		}
		l.add(Candidate{Text: key.name, Insert: l.key(key.name, ""), Help: key.help, Mandatory: key.name == "execute"})
	}
}

// followed reports whether something stands right behind the word already.
func (l *lister) followed() bool { return l.slot.next != 0 }

// A summariser has one line about a command or an event at hand, where Doc may have to read for it.
type summariser interface{ Summary(name string) string }

// summary is one line about a command or an event.
func (e *Engine) summary(name string) string {
	if s, ok := e.docs.(summariser); ok {
		return s.Summary(name)
	}
	if text := summary.Entry(name); text != "" || e.docs == nil {
		return text
	}
	doc, _ := e.docs.Doc(name)
	return doc.Summary
}

// memberHelp is one line about a member: of a command's own arguments, or of a type further inside.
func (e *Engine) memberHelp(command string, p spot, owner *qapi.Object, name string) string {
	text := ""
	if len(p.path) == 0 {
		text = summary.Member(command, name)
	}
	if text == "" && e.docs != nil {
		text = e.docHelp(command, p, owner, name)
	}
	if text == "" && len(p.path) > 0 {
		text = summary.Member("", name)
	}
	return text
}

// docHelp looks a member up in the documentation.
func (e *Engine) docHelp(command string, p spot, owner *qapi.Object, name string) string {
	if len(p.path) == 0 {
		if doc, ok := e.docs.Doc(command); ok && doc.Members[name] != "" {
			return firstLine(doc.Members[name])
		}
	}
	if owner == nil || owner.Name == "" {
		return ""
	}
	doc, _ := e.docs.TypeDoc(owner.Name)
	return firstLine(doc.Members[name])
}

// firstLine is the first sentence of a text.
func firstLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i]
	}
	return strings.TrimSuffix(text, ".")
}

// word writes a chosen string into the slot.
func (l *lister) word(text string, t qapi.Type) string {
	return write(l.slot, text, t, true)
}

// key writes a member's name into the slot, and what follows it.
func (l *lister) key(name, suffix string) string {
	if !l.slot.json {
		if l.slot.next == '=' || l.slot.next == '.' {
			suffix = ""
		}
		return syntax.PrintKey(name) + suffix
	}
	key := quote(name, l.slot.open)
	if l.slot.next == ':' {
		return key
	}
	return key + ": "
}
