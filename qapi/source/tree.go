package source

// A File is the parse tree of one source file.
type File struct {
	Name     string // as it was opened
	Items    []Item // in the order of the file
	Warnings []Warning
}

// An Item is one of *Include, *Pragma, *Text, *Enum, *Struct, *Union, *Alternate, *Command and *Event.
type Item interface{ isItem() }

// A Definition is an Item that defines a name: one of *Enum, *Struct, *Union, *Alternate, *Command and *Event.
type Definition interface {
	Item
	head() *Head
}

// An Include is a directive to read another file.
type Include struct {
	Pos  Pos
	File string // relative to the directory of the including file
}

// A Pragma is a directive to QEMU's own generator. It means nothing to a schema's user; what its settings excuse is not warned of.
type Pragma struct {
	Pos      Pos
	Settings []Setting
}

// A Setting is one part of a Pragma: a boolean, or a list of names when List is not nil.
type Setting struct {
	Name string
	On   bool
	List []string
}

// A Text is a comment that documents no definition, such as a heading.
type Text struct {
	Comment *Comment
}

// A Head is what all definitions have.
type Head struct {
	Pos      Pos
	Name     string
	Doc      *Comment // nil when there is none
	If       *Cond    // nil when it is always there
	Features []Feature
}

func (h *Head) head() *Head { return h }

// An Enum is a set of strings.
type Enum struct {
	Head
	Prefix string
	Values []Value
}

// A Value is one string of an Enum.
type Value struct {
	Pos      Pos
	Name     string
	If       *Cond
	Features []Feature
}

// A Struct is an object type. The dialect of 2012 calls it a type.
type Struct struct {
	Head
	Base    string // the struct whose members come first, "" for none
	Members []Member
}

// A Union is an object type whose members depend on the value of one of them.
type Union struct {
	Head
	Base          *Ref   // the common members, named or inline; nil for none
	Discriminator string // "" for a union of before 2021 that has a member "type" and puts the branch into "data"
	Branches      []Member
}

// An Alternate is a choice between types that JSON tells apart.
type Alternate struct {
	Head
	Choices []Member
}

// A Command is something that a server executes.
type Command struct {
	Head
	Data              *Ref // the arguments, nil for none
	Returns           *Ref // nil for nothing
	Boxed             bool
	NoGen             bool // 'gen': false; arguments may be other than Data says
	NoSuccessResponse bool // 'success-response': false; on success there is no reply
	AllowOOB          bool
	AllowPreconfig    bool
	Coroutine         bool
}

// An Event is something that a server says unasked.
type Event struct {
	Head
	Data  *Ref // nil for none
	Boxed bool
}

// A Ref names a type, a list of it, or has members of its own.
type Ref struct {
	Pos     Pos
	Name    string   // "" when inline
	List    bool     // a list of the type of that name
	Members []Member // when inline
}

// String writes the reference as the source does.
func (r Ref) String() string {
	switch {
	case r.List:
		return "['" + r.Name + "']"
	case r.Name != "":
		return "'" + r.Name + "'"
	}
	return "{…}"
}

// A Member is a member of an object, a branch of a union, or a choice of an alternate.
type Member struct {
	Pos      Pos
	Name     string
	Optional bool
	Type     Ref
	If       *Cond
	Features []Feature
}

// A Feature is a word attached to something.
type Feature struct {
	Name string
	If   *Cond
}

// A Cond is a condition on how a QEMU was built. Op is "" for a Word, or "all", "any" or "not" over a List.
type Cond struct {
	Op   string
	Word string
	List []Cond
}

func (*Include) isItem()   {}
func (*Pragma) isItem()    {}
func (*Text) isItem()      {}
func (*Enum) isItem()      {}
func (*Struct) isItem()    {}
func (*Union) isItem()     {}
func (*Alternate) isItem() {}
func (*Command) isItem()   {}
func (*Event) isItem()     {}
