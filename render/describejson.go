package render

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// The form of a description for programs. A type that lies in itself is told by its kind alone.
type (
	entityJSON struct {
		Name      string      `json:"name"`
		Kind      string      `json:"kind"`
		Summary   string      `json:"summary,omitempty"`
		Text      string      `json:"text,omitempty"`
		Examples  string      `json:"examples,omitempty"`
		Since     string      `json:"since,omitempty"`
		Source    string      `json:"source,omitempty"`
		Note      string      `json:"note,omitempty"`
		Features  []string    `json:"features,omitempty"`
		AllowOOB  bool        `json:"allow-oob,omitempty"`
		Open      bool        `json:"open,omitempty"`
		AsOf      string      `json:"as-of,omitempty"`
		Arguments *objectJSON `json:"arguments,omitempty"`
		Data      *objectJSON `json:"data,omitempty"`
		Returns   *typeJSON   `json:"returns,omitempty"`

		ReturnsText string `json:"returns-text,omitempty"`
		Errors      string `json:"errors,omitempty"`
	}
	objectJSON struct {
		Members  []memberJSON  `json:"members"`
		Tag      string        `json:"tag,omitempty"`
		Variants []variantJSON `json:"variants,omitempty"`
	}
	variantJSON struct {
		Case   string      `json:"case"`
		Object *objectJSON `json:"object"`
	}
	memberJSON struct {
		Name      string   `json:"name"`
		Mandatory bool     `json:"mandatory"`
		Text      string   `json:"text,omitempty"`
		Features  []string `json:"features,omitempty"`
		Type      typeJSON `json:"type"`
	}
	typeJSON struct {
		Kind        string      `json:"kind"`
		Description string      `json:"description"`
		Name        string      `json:"name,omitempty"`
		JSON        string      `json:"json,omitempty"`
		Values      []valueJSON `json:"values,omitempty"`
		Element     *typeJSON   `json:"element,omitempty"`
		Object      *objectJSON `json:"object,omitempty"`
		Choices     []typeJSON  `json:"choices,omitempty"`
		Recursive   bool        `json:"recursive,omitempty"`
	}
	valueJSON struct {
		Name     string   `json:"name"`
		Text     string   `json:"text,omitempty"`
		Features []string `json:"features,omitempty"`
	}
)

// describeJSON is the description of a command or an event.
func describeJSON(command *qapi.Command, event *qapi.Event, docs qapi.Docs) json.RawMessage {
	var e entityJSON
	x := expansion{docs: docs}
	if command != nil {
		doc := x.doc(&e, command.Name)
		e.Kind, e.Features, e.AllowOOB, e.Open = "command", words(command.Features), command.AllowOOB, command.Open
		e.AsOf = command.AsOf
		e.Arguments = x.object(command.Args, doc, nil)
		returns := x.typ(command.Returns, doc.ReturnType, qapi.Doc{}, nil)
		e.Returns = &returns
	} else {
		doc := x.doc(&e, event.Name)
		e.Kind, e.Features = "event", words(event.Features)
		e.Data = x.object(event.Data, doc, nil)
	}
	text, err := json.Marshal(e)
	if err != nil {
		return json.RawMessage("null") // strings and booleans always marshal
	}
	return text
}

// expansion writes out types.
type expansion struct{ docs qapi.Docs }

func (x expansion) doc(e *entityJSON, name string) qapi.Doc {
	e.Name = name
	if x.docs == nil {
		return qapi.Doc{}
	}
	doc, _ := x.docs.Doc(name)
	e.Summary, e.Text, e.Since, e.Source, e.Note = doc.Summary, doc.Text, doc.Since, doc.Source, doc.Note
	e.Examples, e.ReturnsText, e.Errors = doc.Examples, doc.Returns, doc.Errors
	return doc
}

func (x expansion) typeDoc(name string) qapi.Doc {
	d := description{docs: x.docs}
	return d.typeDoc(name)
}

func (x expansion) object(t *qapi.Object, doc qapi.Doc, ancestors []qapi.Type) *objectJSON {
	ancestors = append(slices.Clip(ancestors), t)
	o := &objectJSON{Members: make([]memberJSON, 0, len(t.Members)), Tag: t.Tag}
	for _, m := range t.Members {
		o.Members = append(o.Members, memberJSON{
			Name: m.Name, Mandatory: !m.Optional, Text: doc.Members[m.Name], Features: words(m.Features),
			Type: x.typ(m.Type, doc.Types[m.Name], doc.Within(m.Name), ancestors),
		})
	}
	for _, v := range t.Variants {
		if slices.Contains(ancestors, qapi.Type(v.Object)) {
			continue
		}
		o.Variants = append(o.Variants, variantJSON{Case: v.Case, Object: x.object(v.Object, x.typeDoc(doc.Branches[v.Case]), ancestors)})
	}
	return o
}

// typ writes out a type. The name is the one that the documentation gives it, for the texts of its members; within has
// those of a type without a name.
func (x expansion) typ(t qapi.Type, name string, within qapi.Doc, ancestors []qapi.Type) typeJSON {
	if name == "" {
		name = t.TypeName()
	}
	out := typeJSON{Description: t.Describe(), Name: name}
	switch t := t.(type) {
	case *qapi.Builtin:
		out.Kind, out.JSON = "builtin", t.JSON
	case *qapi.Enum:
		out.Kind = "enum"
		doc := x.typeDoc(name)
		for _, v := range t.Values {
			out.Values = append(out.Values, valueJSON{Name: v.Name, Text: doc.Members[v.Name], Features: words(v.Features)})
		}
	case *qapi.Array:
		out.Kind = "array"
		element := x.typ(t.Elem, strings.Trim(name, "[]"), within, ancestors)
		out.Element = &element
	case *qapi.Alternate:
		out.Kind = "alternate"
		for _, choice := range t.Choices {
			out.Choices = append(out.Choices, x.typ(choice, "", within, ancestors))
		}
	case *qapi.Object:
		out.Kind = "object"
		if out.Recursive = slices.Contains(ancestors, qapi.Type(t)); !out.Recursive {
			if name != "" {
				within = x.typeDoc(name)
			}
			out.Object = x.object(t, within, ancestors)
		}
	}
	return out
}

func words(features qapi.Features) []string {
	var list []string
	for _, f := range features {
		list = append(list, string(f))
	}
	return list
}
