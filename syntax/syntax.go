// Package syntax is what the user typed: one line language for the command line, piped lines, the prompt and the
// dashboard. Scan turns text into tokens and a tree with a byte span for everything and never fails, so that
// highlighting, completion and error carets come from the same parse. Bind turns the tree into a command's arguments
// under the guidance of a schema. The package refuses to talk to a server, to print, and to run anything.
//
// The language is a superset of what users of the Python qmp-shell type:
//
//	block-commit device=drive0 speed=10M            a command, its arguments as key=value
//	blockdev-add driver=qcow2 file.driver=file      dotted keys nest; list.0=, list.1= are the elements of a list
//	query-cpu-model-expansion model={"name": "max"} JSON and Python literals, over several rows if need be
//	set_password protocol=vnc password=?            a secret to be asked for
//	{"execute": "query-status"}                     a raw message; "exec-oob" runs out-of-band
//	transaction( blockdev-backup device=a job-id=b  a batch: one action after another, on one row or several
//	             block-dirty-bitmap-clear node=a name=b )
//	query-block | .[].device                        tails: a jq filter, |! a shell command, > a file, >> appended
//	_ | length                                      the last return
//	.help stop                                      a directive, the shell's own word
//	# comment
package syntax

// A Span is a range of bytes of Line.Source: Start is the first, End the one behind the last.
type Span struct{ Start, End int }

// Contains reports whether a cursor before byte offset touches the span: inside it or at one of its ends.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset <= s.End }

// Len is the number of bytes.
func (s Span) Len() int { return s.End - s.Start }

// A Kind says what a line is.
type Kind int

// The kinds of lines.
const (
	Blank   Kind = iota // nothing but blanks
	Comment             // nothing but comments
	QMP                 // a command with key=value arguments
	Raw                 // a raw JSON message
	Batch               // transaction( … )
	Dot                 // a directive: .name rest
	Last                // "_", the last return
)

// A Line is one entry, which may reach over several rows of text.
type Line struct {
	Source    string // what the spans count in; Words composes one
	Kind      Kind
	Tokens    []Token    // in order, without overlaps; blanks between them have none
	Command   *Command   // for QMP, Raw and Batch, else nil
	Message   *Value     // for Raw: the object as it was typed
	Directive *Directive // for Dot, else nil
	Tail      *Tail      // nil when there is none
	Problems  []Problem  // what makes the line wrong whatever the schema says, in order

	open bool
}

// Open reports whether something is still open at the end of the text: a JSON value, a batch, or a row that ends in a
// lone backslash. The entry goes on on the next row.
func (l *Line) Open() bool { return l.open }

// Text is the part of the source that a span covers.
func (l *Line) Text(s Span) string { return l.Source[s.Start:s.End] }

// A Command is a QMP command as it was typed, or one action of a batch.
type Command struct {
	Name     string
	NameSpan Span // where the name stands; empty in a raw message that has none
	Args     []*Arg
	Actions  []*Command // of a batch: its actions; Args are then members of transaction itself
	OOB      bool       // a raw message with "exec-oob"
	Closed   bool       // of a batch: the closing parenthesis is there
	Span     Span       // from the name to the end of the last argument
}

// An Arg is one word behind a command's name. Without a Key its Value is an object whose members are arguments.
// Without a Value it is a key whose "=" has not been typed.
type Arg struct {
	Span    Span
	Key     []Segment
	KeySpan Span
	Value   *Value
}

// A Segment is one name of a dotted key. A segment in double quotes may hold dots: props."sse4.1"=on.
type Segment struct {
	Text string
	Span Span
}

// A ValueKind says how a value was written.
type ValueKind int

// The kinds of values.
const (
	Empty  ValueKind = iota // nothing: "key=", or a member of an unfinished literal
	Bare                    // a word without quotes; its type is the schema's choice
	Quoted                  // a string in single or double quotes
	Object                  // { … }
	List                    // [ … ]
)

// A Value is what stands behind "=", or a part of a literal.
type Value struct {
	Kind    ValueKind
	Span    Span
	Text    string   // Bare: as typed; Quoted: decoded; Object and List: the source text
	Members []*Pair  // of an Object
	Items   []*Value // of a List
	Closed  bool     // Quoted, Object, List: the closing quote or bracket is there

	problems []Problem // of a literal; none of them matters where a string is wanted
}

// A Pair is a member of an Object literal.
type Pair struct {
	Key   *Value
	Colon int // its offset, -1 while it is missing
	Value *Value
}

// A Directive is a line of the shell's own: a name and whatever follows it.
type Directive struct {
	Name     string // without the dot
	NameSpan Span   // with the dot
	Rest     string // without blanks around it
	RestSpan Span
}

// A TailKind says what happens to a command's return.
type TailKind int

// The kinds of tails.
const (
	JQ     TailKind = iota // COMMAND | jq expression
	Shell                  // COMMAND |! shell command
	File                   // COMMAND > file
	Append                 // COMMAND >> file
)

// A Tail is what follows a command up to the end of its row.
type Tail struct {
	Kind   TailKind
	OpSpan Span   // the operator
	Text   string // without blanks around it
	Span   Span   // of Text
}

// A Problem is a mistake that no schema can heal.
type Problem struct {
	Span    Span
	Message string
}

// Shorthand returns the directive that a line of "help", "exit" or "?" stands for, or nil. These words are directives
// as long as the server has no command of that name.
func (l *Line) Shorthand() *Directive {
	if l.Kind != QMP || l.Tail != nil {
		return nil
	}
	name := l.Command.Name
	switch name {
	case "help", "exit":
	case "?":
		name = "help"
	default:
		return nil
	}
	rest := Span{l.Command.Span.End, l.Command.Span.End}
	if args := l.Command.Args; len(args) > 0 {
		rest.Start = args[0].Span.Start
	}
	return &Directive{Name: name, NameSpan: l.Command.NameSpan, Rest: l.Text(rest), RestSpan: rest}
}
