package source

import (
	"errors"
	"fmt"
)

// Parse reads one source file into its parse tree. Includes are not followed. The name is for positions. Where the file
// cannot be read, the error is an *Error, or joins several of them.
func Parse(name string, text []byte) (*File, error) {
	r, fault := newReader(name, string(text))
	if fault != nil {
		return nil, fault
	}
	p := &parser{reader: r, file: &File{Name: name}}
	for p.token.kind != endToken {
		comments := p.comments
		if p.token.kind != '{' {
			return nil, p.fault(p.token.pos, fmt.Sprintf("expected '{', found %s", p.token))
		}
		v, fault := p.value(0)
		if fault != nil {
			return nil, fault
		}
		p.item(v, p.documents(comments))
	}
	p.texts(p.documents(p.comments))
	return p.file, errors.Join(p.faults...)
}

// A parser makes items of values. A fault of syntax ends it at once; others are collected, so that all are told.
type parser struct {
	*reader
	file   *File
	faults []error
}

func (p *parser) fail(pos Pos, format string, args ...any) {
	p.faults = append(p.faults, p.fault(pos, fmt.Sprintf(format, args...)))
}

func (p *parser) warn(pos Pos, format string, args ...any) {
	p.file.Warnings = append(p.file.Warnings, Warning{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

// item adds a directive or a definition with the comments before it, the last of which documents a definition.
func (p *parser) item(v *value, comments []*Comment) {
	o := &object{p: p, value: v}
	switch {
	case o.has("include"):
		p.texts(comments)
		p.add(&Include{Pos: v.pos, File: o.text("include")})
	case o.has("pragma"):
		p.texts(comments)
		p.add(&Pragma{Pos: v.pos, Settings: p.settings(o.take("pragma"))})
	default:
		p.definition(o, comments)
	}
	o.rest()
}

func (p *parser) add(item Item) { p.file.Items = append(p.file.Items, item) }

// texts adds comments that document no definition. A comment that says it does is a quirk.
func (p *parser) texts(comments []*Comment) {
	for _, c := range comments {
		if c.Symbol != "" {
			p.warn(c.Pos, "the comment documents %s, but no definition follows it", c.Symbol)
		}
		p.add(&Text{Comment: c})
	}
}

// document gives the definition the last of the comments before it, if it is meant for one.
func (p *parser) document(h *Head, comments []*Comment) {
	last := len(comments) - 1
	if last >= 0 && comments[last].Symbol != "" {
		h.Doc = comments[last]
		comments = comments[:last]
		if h.Doc.Symbol != h.Name {
			p.warn(h.Doc.Pos, "the comment says %s, but documents %s", h.Doc.Symbol, h.Name)
		}
	}
	p.texts(comments)
}

func (p *parser) definition(o *object, comments []*Comment) {
	var d Definition
	switch {
	case o.has("enum"):
		e := &Enum{Head: p.head(o, "enum")}
		e.Prefix, e.Values = o.text("prefix"), p.values(o.must("data"))
		d = e
	case o.has("struct"):
		d = p.structure(o, "struct")
	case o.has("union"):
		d = p.union(o)
	case o.has("alternate"):
		d = &Alternate{Head: p.head(o, "alternate"), Choices: p.members(o.must("data"))}
	case o.has("command"):
		d = p.command(o)
	case o.has("event"):
		e := &Event{Head: p.head(o, "event"), Data: p.ref(o.take("data"))}
		e.Boxed = o.flag("boxed", false)
		d = e
	case o.has("type"): // 2012 to 2015
		d = p.structure(o, "type")
	default:
		p.fail(o.pos, "none of include, pragma, enum, struct, union, alternate, command and event is among the keys")
		p.texts(comments)
		o.skip()
		return
	}
	p.document(d.head(), comments)
	p.add(d)
}

func (p *parser) head(o *object, key string) Head {
	h := Head{Pos: o.pos, Name: o.text(key), If: p.cond(o.take("if")), Features: p.features(o.take("features"))}
	if h.Name == "" {
		p.fail(o.pos, "the %s has no name", key)
	}
	return h
}

func (p *parser) structure(o *object, key string) *Struct {
	return &Struct{Head: p.head(o, key), Base: o.text("base"), Members: p.members(o.must("data"))}
}

// union reads a union, or what was called an anonymous union before it was called an alternate.
func (p *parser) union(o *object) Definition {
	head := p.head(o, "union")
	if tag := o.find("discriminator"); tag != nil && tag.kind == objectValue {
		o.take("discriminator")
		return &Alternate{Head: head, Choices: p.members(o.must("data"))}
	}
	return &Union{Head: head, Base: p.ref(o.take("base")), Discriminator: o.text("discriminator"),
		Branches: p.members(o.must("data"))}
}

func (p *parser) command(o *object) *Command {
	return &Command{
		Head: p.head(o, "command"), Data: p.ref(o.take("data")), Returns: p.ref(o.take("returns")),
		Boxed: o.flag("boxed", false), NoGen: !o.flag("gen", true), NoSuccessResponse: !o.flag("success-response", true),
		AllowOOB: o.flag("allow-oob", false), AllowPreconfig: o.flag("allow-preconfig", false),
		Coroutine: o.flag("coroutine", false),
	}
}
