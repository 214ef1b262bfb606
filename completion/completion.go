// Package completion says what could come next at the cursor. It works in two stages. The first is pure: out of the
// line's parse and the schema it finds the slot at the cursor, that is what belongs there and which bytes a choice
// replaces. The second lists words for the slot, with a description each, and ranks them. Values that only the server
// knows come through the Live interface out of a cache: the engine never waits and sends nothing. The package draws
// nothing, and does not decide when a menu opens.
package completion

import (
	"strings"
	"sync"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// Options are what a front end adds to the server's words.
type Options struct {
	Directives []Directive
	Local      bool // the server shares this host's files: members that are paths complete as such
}

// A Directive is a word of the shell's own, for completion.
type Directive struct {
	Name string // without the dot
	// Args say what each argument is: "command", "event", "entity" (either), "line" (a whole command line to the end),
	// "file", alternatives as "on|off|filter", or a Kind of live values. The last one goes on for all further arguments
	// when it ends in "…".
	Args []string
	Help string // one line
}

// A Result is what belongs at the cursor.
type Result struct {
	Span       syntax.Span // the bytes of the line that a candidate's Insert replaces
	Candidates []Candidate // best first
	Prefixed   int         // how many of the candidates go on as the word begins, in whatever case
	Title      string      // what is being completed: "driver: str, mandatory"
	Pending    bool        // live values are on their way: it is worth asking again after the cache has changed
}

// A Candidate is one choice.
type Candidate struct {
	Text       string // what the menu shows
	Insert     string // what replaces Result.Span
	Blank      bool   // the word is complete: whoever accepts it may add a blank
	Type       string // of a member: its type in a few words
	Help       string // one line
	Mandatory  bool
	Deprecated bool
	Unstable   bool

	tier int
}

// Note is the help, behind what to mind of the candidate.
func (c Candidate) Note() string {
	note := c.Help
	if c.Unstable {
		note = strings.TrimSuffix("unstable: "+note, ": ")
	}
	if c.Deprecated {
		note = strings.TrimSuffix("deprecated: "+note, ": ")
	}
	return note
}

// An Engine completes lines for one server. It does not change, so that it can be built in the background and swapped
// in; any number of goroutines may use it.
type Engine struct {
	schema  *qapi.Schema
	docs    qapi.Docs
	live    Live
	options Options

	commands func() []Candidate // made once, when first needed
}

// New returns an engine. The schema may be nil as long as it is not known, docs and live for none.
func New(schema *qapi.Schema, docs qapi.Docs, live Live, options Options) *Engine {
	if schema == nil {
		schema = &qapi.Schema{}
	}
	if live == nil {
		live = nothing{}
	}
	e := &Engine{schema: schema, docs: docs, live: live, options: options}
	e.commands = sync.OnceValue(func() []Candidate { return commandsOf(e) })
	return e
}

// Complete lists what could stand at the cursor, a byte offset of the line.
func (e *Engine) Complete(source string, cursor int) Result {
	cursor = max(0, min(cursor, len(source)))
	s := e.slot(syntax.Scan(source), cursor)
	l := lister{engine: e, slot: s}
	l.list()
	r := Result{Span: s.span, Title: e.title(s), Pending: l.pending}
	r.Candidates, r.Prefixed = rank(s.word, l.found)
	return r
}
