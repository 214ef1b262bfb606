package render

import (
	"io"
	"strings"
)

// A Problem is something wrong with a line.
type Problem struct {
	Start, End int      // the bytes of the line at fault; equal where something is missing
	Message    string   // what is wrong
	Near       []string // names that may have been meant, best first
	Warning    bool     // worth telling, but no reason to stop
}

// Caret writes one mistake: the message, the line with marks under what is at fault, the names that may have been
// meant, and a note such as "nothing was sent".
func (p Printer) Caret(w io.Writer, source string, start, end int, message string, near []string, note string) error {
	return p.Problems(w, source, []Problem{{Start: start, End: end, Message: message, Near: near}}, note)
}

// Problems writes every problem of one line, as Caret does, and the note once at the end.
func (p Printer) Problems(w io.Writer, source string, problems []Problem, note string) error {
	c := &canvas{p: p, width: p.width()}
	for i, problem := range problems {
		if i > 0 {
			c.line("")
		}
		c.problem(source, problem)
	}
	if note != "" {
		c.prose("", note)
	}
	_, err := io.WriteString(w, c.b.String())
	return err
}

// Error writes what went wrong, and below it what was not done and what to try.
func (p Printer) Error(w io.Writer, message string, details ...string) error {
	c := &canvas{p: p, width: p.width()}
	c.labelled(RoleBad, "error: ", message)
	for _, detail := range details {
		c.prose("", detail)
	}
	_, err := io.WriteString(w, c.b.String())
	return err
}

func (c *canvas) problem(source string, problem Problem) {
	role, label := RoleBad, "error: "
	if problem.Warning {
		role, label = RoleWarn, "warning: "
	}
	c.labelled(role, label, problem.Message)
	if strings.TrimSpace(source) != "" {
		c.line("")
		c.excerpt(source, problem.Start, problem.End, role)
	}
	if len(problem.Near) > 0 {
		c.prose("did you mean: ", strings.Join(problem.Near, ", "))
	}
}

// labelled writes prose behind a coloured label.
func (c *canvas) labelled(role Role, label, text string) {
	for i, line := range Wrap(label+CleanText(text), c.width) {
		if i == 0 && strings.HasPrefix(line, label) {
			line = c.p.Theme.Paint(role, strings.TrimSpace(label)) + " " + line[len(label):]
		}
		c.line(line)
	}
}

func (c *canvas) prose(label, text string) {
	for _, line := range Wrap(label+CleanText(text), c.width) {
		c.line(line)
	}
}
