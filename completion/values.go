package completion

import (
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// value lists values for a type, and those that the server has for what the member means.
func (l *lister) value(t qapi.Type) {
	kind, scope := l.meaning()
	l.live(kind, scope, t)
	l.typed(t, kind, scope)
	if l.slot.open == 0 && !l.slot.json && l.isSecret() {
		l.add(Candidate{Text: "?", Insert: "?", Blank: !l.followed(), Help: "asked for, and not shown"})
	}
}

func (l *lister) isSecret() bool {
	return l.slot.root != nil && syntax.HoldsSecret(l.slot.command, l.slot.root, l.slot.place.path, l.slot.place.t)
}

// typed lists what the type itself allows.
func (l *lister) typed(t qapi.Type, kind Kind, scope string) {
	switch t := t.(type) {
	case *qapi.Enum:
		l.enum(t, kind, scope)
	case *qapi.Builtin:
		switch {
		case t.JSON == "boolean":
			l.truth()
		case t.JSON == "null" && l.slot.open == 0:
			l.literal("null", "no value")
		case t.JSON == "value":
			l.property()
		}
	case *qapi.Array:
		if l.slot.json && l.slot.word == "" && l.slot.open == 0 {
			l.add(Candidate{Text: "[", Insert: "[", Help: t.Describe()})
		}
		if !l.slot.json {
			l.typed(t.Elem, kind, scope)
		}
	case *qapi.Object:
		if l.slot.word == "" && l.slot.open == 0 {
			l.add(Candidate{Text: "{", Insert: "{", Help: t.Describe()})
		}
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			l.typed(choice, kind, scope)
		}
	case nil:
		l.property()
	}
}

// enum lists an enum's values, with what the server says of each.
func (l *lister) enum(t *qapi.Enum, kind Kind, scope string) {
	var present []Value
	if kind == Capability || kind == Parameter {
		present = l.values(kind, scope)
	}
	for _, v := range t.Values {
		c := Candidate{
			Text: v.Name, Insert: l.word(v.Name, t), Blank: l.blank(), Help: l.enumHelp(t, v.Name),
			Deprecated: v.Features.Has(qapi.Deprecated), Unstable: v.Features.Has(qapi.Unstable),
		}
		if i := slices.IndexFunc(present, func(p Value) bool { return p.Text == v.Name }); i >= 0 {
			c.Help = strings.TrimRight(present[i].Help+"  "+c.Help, " ")
		}
		l.add(c)
	}
}

func (l *lister) enumHelp(t *qapi.Enum, value string) string {
	if t.Name == "" || l.engine.docs == nil {
		return ""
	}
	doc, _ := l.engine.docs.TypeDoc(t.Name)
	return firstLine(doc.Members[value])
}

// truth lists on and off; the other spellings once they have been begun.
func (l *lister) truth() {
	if l.slot.open != 0 {
		return
	}
	spellings := []string{"true", "false"}
	if !l.slot.json {
		spellings = []string{"on", "off"}
		for _, other := range []string{"yes", "no", "true", "false"} {
			if l.slot.word != "" && strings.HasPrefix(other, strings.ToLower(l.slot.word)) {
				spellings = append(spellings, other)
			}
		}
	}
	for _, text := range spellings {
		l.literal(text, "")
	}
}

// literal adds a word that is no string.
func (l *lister) literal(text, help string) {
	l.add(Candidate{Text: text, Insert: text, Blank: l.blank(), Help: help})
}

// blank reports whether a blank may follow a whole value.
func (l *lister) blank() bool { return !l.slot.json && !l.followed() }

// live lists what the server has.
func (l *lister) live(kind Kind, scope string, t qapi.Type) {
	switch kind {
	case Free, Capability:
		return
	case File:
		l.files(false)
		return
	case QOM:
		l.qomPath(t)
		return
	}
	if _, listed := t.(*qapi.Enum); listed && kind == Parameter {
		return // among the enum's own values
	}
	if l.slot.open == 0 && kind != Parameter && kind != FDSet && !syntax.TakesString(t) {
		return
	}
	for _, v := range l.values(kind, scope) {
		c := Candidate{Text: v.Text, Type: v.Type, Help: v.Help, Unstable: v.unstable(), tier: v.tier()}
		c.Deprecated, c.Blank, c.Insert = v.Deprecated, !v.Partial && l.blank(), v.Text
		if syntax.TakesString(t) {
			c.Insert = write(l.slot, v.Text, t, !v.Partial)
		}
		l.add(c)
	}
}

// qomPath lists the objects below the path that has been typed so far.
func (l *lister) qomPath(t qapi.Type) {
	slash := strings.LastIndexByte(l.slot.word, '/')
	parent := l.slot.word[:slash+1]
	if parent == "" {
		parent = "/"
	}
	scope := strings.TrimRight(parent, "/")
	if scope == "" {
		scope = "/"
	}
	for _, v := range l.values(QOM, scope) {
		text := parent + v.Text
		whole := !strings.HasPrefix(v.Type, "child<")
		if !whole {
			text += "/"
		}
		l.add(Candidate{Text: text, Insert: write(l.slot, text, t, whole), Blank: whole && l.blank(), Type: v.Type, Help: v.Help})
	}
}

// property lists values for a property that only the device type, the object type or the object itself knows.
func (l *lister) property() {
	kind, scope := l.typeProperties()
	if len(l.slot.place.path) != 1 || l.slot.open != 0 {
		return
	}
	name := l.slot.place.path[0]
	if l.slot.command == "qom-set" && name == "value" {
		kind = Property
		scope, _ = l.slot.root.Tag("path")
		name, _ = l.slot.root.Tag("property")
	}
	if kind == Free {
		return
	}
	for _, v := range l.values(kind, scope) {
		if v.Text != name {
			continue
		}
		switch v.Type {
		case "bool":
			if l.slot.command == "qom-set" { // its value is no option but JSON
				l.literal("true", "")
				l.literal("false", "")
				return
			}
			l.truth()
		case "OnOffAuto", "on/off/auto":
			for _, text := range []string{"on", "off", "auto"} {
				l.literal(text, "")
			}
		}
	}
}
