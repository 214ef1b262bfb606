package source

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// A Pos is a place in a source file. Line and Column count from 1; Column counts characters, a tab being one.
type Pos struct {
	File         string
	Line, Column int
}

// String returns the position as compilers print it: FILE:LINE:COLUMN.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// An Error is a fault of the source that keeps it from being read.
type Error struct {
	Pos     Pos
	Message string // what is wrong there: lower case, no full stop
	Line    string // the source line the fault is in, "" when there is none
}

// Error returns the position and the message, on one line. Excerpt shows the place.
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Message }

// excerptWidth is how many characters of a source line an excerpt shows.
const excerptWidth = 76

// Excerpt returns the source line and below it a caret under the fault, each ended by a newline. Of a long line it
// shows the part around the fault; characters that a terminal would act on are replaced.
func (e *Error) Excerpt() string {
	if e.Line == "" {
		return ""
	}
	line := []rune(strings.Map(harmless, e.Line))
	at := min(max(e.Pos.Column-1, 0), len(line))
	from := 0
	if at >= excerptWidth {
		from = at - excerptWidth/2
	}
	to := min(len(line), from+excerptWidth)
	return string(line[from:to]) + "\n" + strings.Repeat(" ", at-from) + "^\n"
}

// harmless makes a tab a blank, so that the caret stands right, and anything that does not print a question mark.
func harmless(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case !unicode.IsPrint(r):
		return '?'
	}
	return r
}

// Excerpts returns the excerpt of every *Error that err holds, each below its message, for a person to read. An error
// that holds none is returned as its message alone.
func Excerpts(err error) string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var b strings.Builder
		for _, one := range many.Unwrap() {
			b.WriteString(Excerpts(one))
		}
		return b.String()
	}
	text := err.Error() + "\n"
	if e := (*Error)(nil); errors.As(err, &e) {
		text += e.Excerpt()
	}
	return text
}

// A Warning is a quirk of the source that did not keep it from being read.
type Warning struct {
	Pos     Pos
	Message string
}

// String returns the position and the message.
func (w Warning) String() string { return w.Pos.String() + ": " + w.Message }
