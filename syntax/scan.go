package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A scanner reads one entry. In a batch a parenthesis that a word did not open closes the batch.
type scanner struct {
	src   string // ends where the scanner must stop
	pos   int
	line  *Line
	tails bool // a word that begins with | or > is a tail, and # begins a comment
	batch bool
	sunk  bool // the literal at hand is nested too deep, and was not read to its end
}

// Scan reads one entry, of one row or several.
func Scan(source string) *Line {
	s := &scanner{src: source, tails: true, line: &Line{Source: source}}
	s.entry()
	return s.line
}

// entry reads the whole line.
func (s *scanner) entry() {
	s.skip()
	if s.pos >= len(s.src) {
		if len(s.line.Tokens) > 0 {
			s.line.Kind = Comment
		}
		return
	}
	switch c := s.src[s.pos]; {
	case c == '{':
		s.raw()
	case c == '.':
		s.directive()
	case c == '_' && s.boundary(s.pos+1):
		s.line.Kind = Last
		s.token(TokenDirective, Span{s.pos, s.pos + 1})
		s.pos++
		s.end("the last return")
	case s.tails && (c == '|' || c == '>'):
		s.problem(Span{s.pos, s.pos + 1}, "expected a command before this")
		s.tail()
	default:
		s.command()
	}
}

// command reads a command with its arguments, or a batch.
func (s *scanner) command() {
	start := s.pos
	for !s.boundary(s.pos) && s.src[s.pos] != '(' && (!s.tails || s.src[s.pos] != '|' && s.src[s.pos] != '>') {
		s.pos++
	}
	cmd := &Command{Name: s.src[start:s.pos], NameSpan: Span{start, s.pos}, Span: Span{start, s.pos}}
	s.line.Kind, s.line.Command = QMP, cmd
	s.name(cmd)
	switch {
	case cmd.Name == "":
		s.problem(Span{start, start + 1}, "expected a command before this")
	case strings.ContainsAny(cmd.Name, `="[]{}`):
		s.problem(cmd.NameSpan, "a command's name comes first")
	}
	s.token(TokenCommand, cmd.NameSpan)
	s.skip()
	if s.pos < len(s.src) && s.src[s.pos] == '(' && cmd.Name == "transaction" {
		s.transaction(cmd)
		return
	}
	for ; s.pos < len(s.src); s.skip() {
		if s.tail() {
			return
		}
		s.arg(cmd)
	}
}

// name says what no command's name can have: QEMU refuses it in words that end in its middle.
func (s *scanner) name(cmd *Command) {
	if strings.ContainsFunc(cmd.Name, unicode.IsControl) {
		s.problem(cmd.NameSpan, "a command's name holds no control characters")
	}
}

// arg reads one argument of a command.
func (s *scanner) arg(cmd *Command) {
	a := s.word()
	cmd.Args = append(cmd.Args, a)
	cmd.Span.End = a.Span.End
	if a.Value == nil {
		s.problem(a.Span, notKeyed)
	}
}

// transaction reads a batch from its opening parenthesis on.
func (s *scanner) transaction(cmd *Command) {
	s.line.Kind, s.batch = Batch, true
	open := Span{s.pos, s.pos + 1}
	s.punct()
	into := cmd
	for s.skip(); s.pos < len(s.src); s.skip() {
		if s.src[s.pos] == ')' {
			s.punct()
			cmd.Closed = true
			break
		}
		if strings.IndexByte("(|", s.src[s.pos]) >= 0 {
			s.problem(Span{s.pos, s.pos + 1}, "unexpected "+s.src[s.pos:s.pos+1])
			s.punct()
			continue
		}
		a := s.word()
		if a.Value == nil && len(a.Key) == 1 {
			into = s.action(cmd, a)
			continue
		}
		into.Args = append(into.Args, a)
		into.Span.End = a.Span.End
		if a.Value == nil {
			s.problem(a.Span, notKeyed)
		}
	}
	s.batch = false
	cmd.Span.End = s.pos
	switch {
	case !cmd.Closed:
		s.line.open = s.tails
		s.problem(open, "this ( is not closed")
	case len(cmd.Actions) == 0:
		s.problem(cmd.Span, "the batch holds no action")
	}
	s.end("the batch")
}

// action begins an action of a batch with the word that names it.
func (s *scanner) action(cmd *Command, name *Arg) *Command {
	action := &Command{Name: s.src[name.Span.Start:name.Span.End], NameSpan: name.Span, Span: name.Span}
	cmd.Actions = append(cmd.Actions, action)
	s.line.Tokens[len(s.line.Tokens)-1].Kind = TokenCommand
	return action
}

// raw reads a JSON message.
func (s *scanner) raw() {
	s.line.Kind = Raw
	mark := len(s.line.Problems)
	v := s.literal(0)
	s.line.open = s.tails && !v.Closed
	s.line.Message = v
	cmd := &Command{Span: v.Span, NameSpan: Span{v.Span.Start, v.Span.Start}}
	s.line.Command = cmd
	for _, m := range v.Members {
		switch {
		case m.Key.Text == "execute" || m.Key.Text == "exec-oob":
			oob := m.Key.Text == "exec-oob"
			if cmd.OOB != oob && cmd.NameSpan.Len() > 0 {
				s.problem(m.Key.Span, "a message has execute or exec-oob, not both")
			}
			cmd.OOB = oob
			cmd.Name, cmd.NameSpan = m.Value.Text, m.Value.Span
			if m.Value.Kind != Quoted {
				s.problem(m.Key.Span, "expected a command's name in quotes")
			}
			s.name(cmd)
		case m.Key.Text == "arguments":
			cmd.Args = []*Arg{{Span: m.Value.Span, Value: m.Value}}
			if m.Value.Kind != Object {
				s.problem(m.Key.Span, "arguments is an object")
			}
		case m.Key.Text != "id" && m.Colon >= 0:
			s.problem(m.Key.Span, "a message has execute or exec-oob, arguments and id")
		}
	}
	if cmd.Name == "" && mark == len(s.line.Problems) {
		s.problem(v.Span, "the message has no execute")
	}
	s.end("the message")
}

// directive reads a line of the shell's own.
func (s *scanner) directive() {
	s.line.Kind = Dot
	start := s.pos
	for s.pos < len(s.src) && !s.boundary(s.pos) {
		s.pos++
	}
	d := &Directive{Name: s.src[start+1 : s.pos], NameSpan: Span{start, s.pos}}
	s.line.Directive = d
	s.token(TokenDirective, d.NameSpan)
	d.Rest, d.RestSpan = s.rest()
	s.token(TokenRest, d.RestSpan)
}

// rest takes everything up to the end, without the blanks around it.
func (s *scanner) rest() (string, Span) {
	s.blanks()
	text := strings.TrimRight(s.src[s.pos:], " \t\r\n")
	span := Span{s.pos, s.pos + len(text)}
	s.pos = len(s.src)
	return text, span
}

// end wants a tail, or nothing more.
func (s *scanner) end(behind string) {
	s.skip()
	if s.pos >= len(s.src) || s.tail() {
		return
	}
	span := Span{s.pos, len(s.src)}
	s.token(TokenWord, span)
	s.problem(span, "unexpected text behind "+behind)
	s.pos = len(s.src)
}

// tail reads | jq, |! shell, > file and >> file, if one begins here.
func (s *scanner) tail() bool {
	rest := s.src[s.pos:]
	if !s.tails || rest == "" || rest[0] != '|' && rest[0] != '>' {
		return false
	}
	kind, size := JQ, 1
	switch {
	case strings.HasPrefix(rest, "|!"):
		kind, size = Shell, 2
	case strings.HasPrefix(rest, ">>"):
		kind, size = Append, 2
	case rest[0] == '>':
		kind = File
	}
	t := &Tail{Kind: kind, OpSpan: Span{s.pos, s.pos + size}}
	s.line.Tail = t
	s.token(TokenOperator, t.OpSpan)
	s.pos += size
	t.Text, t.Span = s.rest()
	s.token(TokenRest, t.Span)
	if t.Text == "" {
		s.problem(t.OpSpan, "expected "+[...]string{"a jq expression", "a shell command", "a file name", "a file name"}[kind])
	}
	return true
}

// skip passes blanks, comments, and backslashes that end a row.
func (s *scanner) skip() {
	for s.blanks(); s.tails && s.pos < len(s.src); s.blanks() {
		switch rest := s.src[s.pos:]; {
		case rest[0] == '#':
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			s.token(TokenComment, Span{s.pos, s.pos + end})
			s.pos += end
		case strings.TrimRight(rest, "\r") == "\\":
			s.line.open = true
			s.pos = len(s.src)
		case strings.HasPrefix(rest, "\\\n") || strings.HasPrefix(rest, "\\\r\n"):
			s.pos++
		default:
			return
		}
	}
}

// blanks passes blanks and the ends of rows.
func (s *scanner) blanks() {
	for s.pos < len(s.src) && blank(s.src[s.pos]) {
		s.pos++
	}
}

// boundary reports whether a word ends at an offset.
func (s *scanner) boundary(at int) bool { return at >= len(s.src) || blank(s.src[at]) }

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// punct takes one byte of punctuation.
func (s *scanner) punct() {
	s.token(TokenPunct, Span{s.pos, s.pos + 1})
	s.pos++
}

func (s *scanner) token(kind TokenKind, span Span) {
	if span.Len() > 0 {
		s.line.Tokens = append(s.line.Tokens, Token{kind, span})
	}
}

// rune is the span of the character at hand.
func (s *scanner) rune() Span {
	_, n := utf8.DecodeRuneInString(s.src[s.pos:])
	return Span{s.pos, s.pos + n}
}

func (s *scanner) problem(span Span, message string) {
	s.line.Problems = append(s.line.Problems, Problem{span, message})
}
