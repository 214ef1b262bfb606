package render

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// proseWidth is the width beyond which prose is tiring to read.
const proseWidth = 100

// DescribeCommand describes a command of a schema: what is written about it, its arguments as a tree, what it returns. The
// choices say which branch of a union is shown, by the dotted name of its tag: "driver" is "qcow2", "file.driver" is
// "file". A choice that the command does not have is a *ChoiceError. docs may be nil. In the formats JSON, JSONL and YAML the
// description is an object for programs, in full and without regard to the choices.
func (p Printer) DescribeCommand(w io.Writer, command *qapi.Command, docs qapi.Docs, choices map[string]string) error {
	if p.forPrograms() {
		return p.Return(w, describeJSON(command, nil, docs))
	}
	d := p.description(docs, choices)
	doc := d.docOf(command.Name)
	d.heading(command.Name, "command", doc, command.Features)
	d.section("Arguments")
	switch {
	case len(command.Args.Members)+len(command.Args.Variants) > 0:
		d.object(command.Args, doc, nil, "", nil)
	case command.Open:
		d.prose("", "Not in the schema: what is given is sent as it is.")
		d.written(doc)
	default:
		d.c.line("none")
	}
	if command.Open && len(command.Args.Members) > 0 {
		d.prose("", "Further arguments are accepted: their names are not in the schema.")
	}
	if command.AsOf != "" {
		d.c.line("")
		d.prose("", "This is what "+command.AsOf+" has; the server is later and cannot say what has changed. Arguments that "+
			"do not fit are warned of, and sent.")
	}
	if err := d.wrongChoice(); err != nil {
		return err
	}
	d.memberFeatures(command.Features, doc)
	d.returns(command, doc)
	d.errors(doc)
	d.examples(doc)
	if command.AllowOOB {
		d.c.line("")
		d.prose("", "May be run out-of-band.")
	}
	d.source(doc)
	_, err := io.WriteString(w, d.c.b.String())
	return err
}

// written lists the arguments that only the documentation knows, as of a guest agent, which cannot describe its commands.
func (d *description) written(doc qapi.Doc) {
	known := &qapi.Object{}
	for _, name := range slices.Sorted(maps.Keys(doc.Members)) {
		kind := cmp.Or(doc.Types[name], "any")
		known.Members = append(known.Members, &qapi.Member{Name: name, Type: &qapi.Builtin{Name: kind, JSON: "value"}, Optional: true})
	}
	if len(known.Members) > 0 {
		d.prose("", "These are written about:")
		d.object(known, doc, nil, "", nil)
	}
}

// DescribeEvent describes an event of a schema, as DescribeCommand does a command.
func (p Printer) DescribeEvent(w io.Writer, event *qapi.Event, docs qapi.Docs) error {
	if p.forPrograms() {
		return p.Return(w, describeJSON(nil, event, docs))
	}
	d := p.description(docs, nil)
	doc := d.docOf(event.Name)
	d.heading(event.Name, "event", doc, event.Features)
	d.section("Data")
	d.sent = true
	if len(event.Data.Members)+len(event.Data.Variants) > 0 {
		d.object(event.Data, doc, nil, "", nil)
	} else {
		d.c.line("none")
	}
	d.memberFeatures(event.Features, doc)
	d.examples(doc)
	d.source(doc)
	_, err := io.WriteString(w, d.c.b.String())
	return err
}

func (p Printer) forPrograms() bool { return p.Format == JSON || p.Format == JSONL || p.Format == YAML }

// description is a text about one entity of a schema under way.
type description struct {
	c       *canvas
	docs    qapi.Docs
	choices map[string]string // the value of a union's tag, by the tag's dotted name
	tags    []string          // the tags that were met
	bad     *ChoiceError      // a choice that the schema does not have, nil for none

	sent     bool           // the members are sent by a server, not by us
	features []qapi.Feature // that members have
}

func (p Printer) description(docs qapi.Docs, choices map[string]string) *description {
	width := p.width()
	if !p.Terminal || width > proseWidth {
		width = proseWidth
	}
	return &description{c: &canvas{p: p, width: width}, docs: docs, choices: withoutIndices(choices)}
}

// withoutIndices takes the indices of lists out of dotted names: "actions.0.type" chooses for every action.
func withoutIndices(choices map[string]string) map[string]string {
	plain := make(map[string]string, len(choices))
	for name, value := range choices {
		parts := slices.DeleteFunc(strings.Split(name, "."), func(part string) bool {
			return part != "" && strings.Trim(part, "0123456789") == ""
		})
		plain[strings.Join(parts, ".")] = value
	}
	return plain
}

func (d *description) docOf(name string) qapi.Doc {
	if d.docs == nil {
		return qapi.Doc{}
	}
	doc, _ := d.docs.Doc(name)
	return doc
}

func (d *description) typeDoc(name string) qapi.Doc {
	name = strings.Trim(name, "[]")
	if d.docs == nil || name == "" {
		return qapi.Doc{}
	}
	doc, _ := d.docs.TypeDoc(name)
	return doc
}

// heading is the name and what is written about the whole.
func (d *description) heading(name, kind string, doc qapi.Doc, features qapi.Features) {
	text := d.c.p.Theme.Paint(RoleTitle, Clean(name)) + "  " + d.c.p.Theme.Paint(RoleDim, kind)
	if doc.Since != "" {
		text += d.c.p.Theme.Paint(RoleDim, ", since QEMU "+Clean(doc.Since))
	}
	d.c.line(text)
	if doc.Summary != "" && !strings.HasPrefix(doc.Text, doc.Summary) {
		d.prose("", doc.Summary)
	}
	if doc.Text != "" {
		d.c.line("")
		d.prose("", doc.Text)
	}
	if len(features) > 0 {
		d.c.line("")
	}
	for _, feature := range features {
		d.feature("", feature, doc)
	}
}

// feature says a feature in words, with the reason where it is written down.
func (d *description) feature(margin string, feature qapi.Feature, doc qapi.Doc) {
	role, label := RoleWarn, Clean(string(feature))
	if feature != qapi.Deprecated && feature != qapi.Unstable {
		role, label = RoleDim, "feature "+label
	}
	why := doc.Features[string(feature)]
	switch {
	case why != "":
		label += ": " + why
	case feature == qapi.Deprecated:
		label += ": it may go away in a later QEMU"
	case feature == qapi.Unstable:
		label += ": it may change in a later QEMU"
	}
	for _, line := range Wrap(CleanText(label), max(d.c.width-Width(margin), 1)) {
		d.c.line(margin + d.c.p.Theme.Paint(role, line))
	}
}

// memberFeatures gives the reasons for features that members have and the whole has not.
func (d *description) memberFeatures(own qapi.Features, doc qapi.Doc) {
	for _, feature := range d.features {
		if why := doc.Features[string(feature)]; why != "" && !own.Has(feature) {
			d.c.line("")
			d.feature("", feature, doc)
		}
	}
}

func (d *description) section(title string) {
	d.c.line("")
	d.c.line(d.c.p.Theme.Paint(RoleTitle, title))
}

// returns says what a command returns, one level deep.
func (d *description) returns(command *qapi.Command, doc qapi.Doc) {
	d.section("Returns")
	object, _ := inside[*qapi.Object](command.Returns)
	if t, ok := command.Returns.(*qapi.Object); ok && len(t.Members)+len(t.Variants) == 0 {
		object = nil
		if doc.Returns == "" {
			d.c.line("nothing")
		}
	} else {
		d.c.line(command.Returns.Describe())
	}
	if doc.Returns != "" {
		d.prose("", doc.Returns)
	}
	if e, ok := inside[*qapi.Enum](command.Returns); ok {
		d.prose("", enumValues(e))
	}
	if object == nil {
		return
	}
	name := command.Returns.TypeName()
	if name == "" {
		name = doc.ReturnType
	}
	sub := description{c: d.c, docs: d.docs, sent: true}
	sub.object(object, d.typeDoc(name), nil, "", make([]qapi.Type, deepest-1))
}

func (d *description) errors(doc qapi.Doc) {
	if doc.Errors != "" {
		d.section("Errors")
		d.prose("", doc.Errors)
	}
}

func (d *description) examples(doc qapi.Doc) {
	if doc.Examples != "" {
		d.section("Examples")
		d.prose("", doc.Examples)
	}
}

// source says where the text came from.
func (d *description) source(doc qapi.Doc) {
	if doc.Source == "" && doc.Note == "" {
		return
	}
	d.c.line("")
	for _, text := range []string{doc.Note, doc.Source} {
		if text == "" {
			continue
		}
		if text == doc.Source {
			text = "text: " + text
		}
		for _, line := range Wrap(CleanText(text), d.c.width) {
			d.c.line(d.c.p.Theme.Paint(RoleDim, line))
		}
	}
}

// prose writes documentation behind a margin: paragraphs are wrapped, list items hang, and lines that begin with four
// blanks are cut where they are too long.
func (d *description) prose(margin, text string) {
	room := max(d.c.width-Width(margin), 12)
	for line := range strings.SplitSeq(strings.Trim(CleanText(text), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "    "):
			d.c.line(margin + line)
		case strings.HasPrefix(line, "- "):
			for i, part := range Wrap(line[2:], room-2) {
				d.c.line(margin + []string{"- ", "  "}[min(i, 1)] + part)
			}
		default:
			for _, part := range Wrap(line, room) {
				d.c.line(margin + part)
			}
		}
	}
}
