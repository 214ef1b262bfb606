package source

import (
	"fmt"
	"strings"
)

// What is parsed prints itself, so that a test can see whether the parser lost something.

// String returns the whole file in today's language. What it means is kept, how it was laid out is not, and neither
// are comments that document nothing.
func (f *File) String() string {
	var b strings.Builder
	for i, item := range f.Items {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(item.(fmt.Stringer).String())
	}
	return b.String()
}

// fields collects what an object holds and prints it.
type fields []string

func (f *fields) add(key, value string) { *f = append(*f, quote(key)+": "+value) }

// addIf adds the key when the condition holds.
func (f *fields) addIf(holds bool, key, value string) {
	if holds {
		f.add(key, value)
	}
}

func (f fields) String() string { return "{ " + strings.Join(f, ", ") + " }" }

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return bracket(quoted)
}

func bracket(list []string) string { return "[" + strings.Join(list, ", ") + "]" }

func word(truth bool) string {
	if truth {
		return "true"
	}
	return "false"
}

func (i *Include) String() string { return "{ 'include': " + quote(i.File) + " }\n" }

func (p *Pragma) String() string {
	var settings fields
	for _, s := range p.Settings {
		if s.List != nil {
			settings.add(s.Name, quoteList(s.List))
		} else {
			settings.add(s.Name, word(s.On))
		}
	}
	return "{ 'pragma': " + settings.String() + " }\n"
}

func (t *Text) String() string { return t.Comment.String() }

// print prints a definition: its comment, its own keys, and the keys that all definitions have.
func (h *Head) print(kind string, own fields) string {
	all := fields{quote(kind) + ": " + quote(h.Name)}
	all = append(all, own...)
	all.conditions(h.If, h.Features)
	text := all.String() + "\n"
	if h.Doc != nil {
		text = h.Doc.String() + text
	}
	return text
}

func (f *fields) conditions(cond *Cond, features []Feature) {
	if cond != nil {
		f.add("if", cond.String())
	}
	if len(features) > 0 {
		list := make([]string, len(features))
		for i, feature := range features {
			list[i] = named(feature.Name, feature.If, nil)
		}
		f.add("features", bracket(list))
	}
}

// named prints a name that may have a condition and features: the short form when it has neither.
func named(name string, cond *Cond, features []Feature) string {
	if cond == nil && len(features) == 0 {
		return quote(name)
	}
	f := fields{"'name': " + quote(name)}
	f.conditions(cond, features)
	return f.String()
}

func (e *Enum) String() string {
	list := make([]string, len(e.Values))
	for i, v := range e.Values {
		list[i] = named(v.Name, v.If, v.Features)
	}
	own := fields{"'data': " + bracket(list)}
	own.addIf(e.Prefix != "", "prefix", quote(e.Prefix))
	return e.print("enum", own)
}

func (s *Struct) String() string {
	var own fields
	own.addIf(s.Base != "", "base", quote(s.Base))
	own.add("data", printMembers(s.Members))
	return s.print("struct", own)
}

func (u *Union) String() string {
	var own fields
	if u.Base != nil {
		own.add("base", printRef(*u.Base))
	}
	own.addIf(u.Discriminator != "", "discriminator", quote(u.Discriminator))
	own.add("data", printMembers(u.Branches))
	return u.print("union", own)
}

func (a *Alternate) String() string {
	return a.print("alternate", fields{"'data': " + printMembers(a.Choices)})
}

func (c *Command) String() string {
	var own fields
	if c.Data != nil {
		own.add("data", printRef(*c.Data))
	}
	if c.Returns != nil {
		own.add("returns", printRef(*c.Returns))
	}
	own.addIf(c.Boxed, "boxed", "true")
	own.addIf(c.NoGen, "gen", "false")
	own.addIf(c.NoSuccessResponse, "success-response", "false")
	own.addIf(c.AllowOOB, "allow-oob", "true")
	own.addIf(c.AllowPreconfig, "allow-preconfig", "true")
	own.addIf(c.Coroutine, "coroutine", "true")
	return c.print("command", own)
}

func (e *Event) String() string {
	var own fields
	if e.Data != nil {
		own.add("data", printRef(*e.Data))
	}
	own.addIf(e.Boxed, "boxed", "true")
	return e.print("event", own)
}

func printRef(r Ref) string {
	if r.List || r.Name != "" {
		return r.String()
	}
	return printMembers(r.Members)
}

func printMembers(members []Member) string {
	var list fields
	for _, m := range members {
		name, held := m.Name, printRef(m.Type)
		if m.Optional {
			name = "*" + name
		}
		if m.If != nil || len(m.Features) > 0 || m.ambiguous() {
			long := fields{"'type': " + held}
			long.conditions(m.If, m.Features)
			held = long.String()
		}
		list.add(name, held)
	}
	return list.String()
}

// ambiguous reports whether the inline members alone would be read as the long form of a member.
func (m Member) ambiguous() bool {
	hasType := false
	for _, inner := range m.Type.Members {
		switch {
		case inner.Optional || inner.Name != "type" && inner.Name != "if" && inner.Name != "features":
			return false
		case inner.Name == "type":
			hasType = true
		}
	}
	return hasType
}

// String returns the comment in today's form, between lines of "##".
func (c *Comment) String() string {
	var b strings.Builder
	b.WriteString("##\n")
	if c.Symbol != "" {
		b.WriteString("# @" + c.Symbol + ":\n")
		if len(c.Lines) > 0 {
			b.WriteString("#\n")
		}
	}
	for _, line := range c.Lines {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	b.WriteString("##\n")
	return b.String()
}

// String returns the condition in the language.
func (c Cond) String() string {
	if c.Op == "" {
		return quote(c.Word)
	}
	list := make([]string, len(c.List))
	for i, one := range c.List {
		list[i] = one.String()
	}
	if c.Op == "not" {
		return "{ 'not': " + strings.Join(list, ", ") + " }"
	}
	return "{ " + quote(c.Op) + ": " + bracket(list) + " }"
}
