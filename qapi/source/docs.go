package source

import (
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// docs serves the documentation comments of a Source. It reads a comment's markup when it is asked for.
type docs struct {
	source *Source
}

// Docs returns the documentation of the source. Its documents name the file they come from.
func (s *Source) Docs() qapi.Docs { return docs{source: s} }

// Doc implements qapi.Docs. A command whose arguments are a type's members has their prose too, and so has an event.
func (d docs) Doc(name string) (qapi.Doc, bool) {
	switch def := d.source.defs[name].(type) {
	case *Command:
		doc, ok := d.with(def, def.Data)
		if def.Returns != nil {
			doc.ReturnType = typeName(*def.Returns)
			if doc.Returns == def.Returns.Name {
				doc.Returns = "" // it says no more
			}
		}
		return doc, ok
	case *Event:
		return d.with(def, def.Data)
	}
	return qapi.Doc{}, false
}

// TypeDoc implements qapi.Docs.
func (d docs) TypeDoc(name string) (qapi.Doc, bool) {
	def := d.source.defs[name]
	switch def.(type) {
	case nil, *Command, *Event:
		return qapi.Doc{}, false
	}
	return d.with(def, nil)
}

// with returns the document of a definition and of the members that it takes from other types.
func (d docs) with(def Definition, data *Ref) (qapi.Doc, bool) {
	h := def.head()
	doc, ok := document(h.Doc)
	doc.Source = h.Pos.File
	doc.Types = make(map[string]string)
	if data != nil {
		noteTypes(&doc, data.Members)
		d.inherit(&doc, data.Name, 0)
	} else {
		d.inherit(&doc, h.Name, 0)
	}
	if len(doc.Members) == 0 {
		doc.Members = nil
	}
	return doc, ok || len(doc.Members) > 0
}

// inherit adds the members' prose and types of the struct or union of that name and of its bases.
func (d docs) inherit(doc *qapi.Doc, name string, depth int) {
	if depth > maxDepth {
		return // a base of itself: the schema says so
	}
	switch def := d.source.defs[name].(type) {
	case *Struct:
		d.merge(doc, def.Doc)
		noteTypes(doc, def.Members)
		d.inherit(doc, def.Base, depth+1)
	case *Union:
		d.merge(doc, def.Doc)
		for _, branch := range def.Branches {
			if doc.Branches == nil {
				doc.Branches = make(map[string]string)
			}
			doc.Branches[branch.Name] = branch.Type.Name
		}
		if def.Base != nil {
			noteTypes(doc, def.Base.Members)
			d.inherit(doc, def.Base.Name, depth+1)
		}
	}
}

// merge adds the members that doc does not have yet.
func (d docs) merge(doc *qapi.Doc, c *Comment) {
	more, _ := document(c)
	for name, text := range more.Members {
		if _, have := doc.Members[name]; !have {
			if doc.Members == nil {
				doc.Members = make(map[string]string)
			}
			doc.Members[name] = text
		}
	}
}

// noteTypes remembers the names of the members' types.
func noteTypes(doc *qapi.Doc, members []Member) {
	for _, m := range members {
		if name := typeName(m.Type); name != "" {
			doc.Types[m.Name] = name
		}
	}
}

func typeName(r Ref) string {
	if r.List {
		return "[" + r.Name + "]"
	}
	return r.Name
}

// document reads the markup of a comment.
func document(c *Comment) (qapi.Doc, bool) {
	var doc qapi.Doc
	if c == nil {
		return doc, false
	}
	var text, examples []string
	for _, s := range c.sections() {
		words := prose(s.lines, s.kind)
		if words == "" && s.kind != memberSection {
			continue
		}
		switch s.kind {
		case bodySection:
			text = append(text, words)
		case memberSection:
			doc.Members = set(doc.Members, s.name, words)
		case featureSection:
			doc.Features = set(doc.Features, s.name, words)
		case returnsSection:
			doc.Returns = words
		case errorsSection:
			doc.Errors = words
		case sinceSection:
			doc.Since = strings.TrimSuffix(words, ".")
		case noteSection:
			text = append(text, "Note: "+words)
		case exampleSection:
			examples = append(examples, words)
		}
	}
	doc.Text, doc.Examples = strings.Join(text, "\n\n"), strings.Join(examples, "\n\n")
	doc.Summary = firstSentence(doc.Text)
	return doc, true
}

func set(m map[string]string, name, text string) map[string]string {
	if m == nil {
		m = make(map[string]string)
	}
	m[name] = text
	return m
}

// firstSentence returns the first sentence of the first paragraph, without its full stop.
func firstSentence(text string) string {
	if strings.HasPrefix(text, "Note:") {
		return ""
	}
	line, _, _ := strings.Cut(text, "\n")
	for i := 0; i+2 < len(line); i++ {
		if line[i] == '.' && line[i+1] == ' ' && line[i+2] >= 'A' && line[i+2] <= 'Z' {
			return line[:i]
		}
	}
	return strings.TrimSuffix(line, ".")
}
