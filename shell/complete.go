package shell

import (
	"strings"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/shell/editor"
	"github.com/qmpsh/qmpsh/syntax"
)

// editorConfig is what the editor is told of this program's language.
func (s *shell) editorConfig() editor.Config {
	var glyph func(rune) rune
	if s.cfg.Getenv("TERM") == "linux" {
		glyph = render.ConsoleRune
	}
	return editor.Config{
		In: s.cfg.In, Out: s.cfg.Out, Terminal: s.cfg.Getenv("TERM"), Glyph: glyph,
		Prompt: s.cfg.Target.Label + "> ", Continuation: "  ",
		Theme:    editorTheme(s.theme()),
		History:  s.history,
		Complete: s.complete, Hint: s.hint, Ghost: s.ghost, Highlight: s.highlight, Open: s.open,
		Remember: s.remember,
		Keys:     s.keys(),
	}
}

// editorTheme gives the editor's parts the colours of the roles that they play. Without colours it keeps to faint and
// reverse: a suggestion must not look like what was typed.
func editorTheme(theme render.Theme) editor.Theme {
	if theme.Profile() <= render.Mono {
		return editor.DefaultTheme(false)
	}
	t := editor.DefaultTheme(true)
	t.Ghost, t.Hint, t.Title = parameters(theme, render.RoleGhost), parameters(theme, render.RoleDim), parameters(theme, render.RoleDim)
	t.Column, t.Selected = parameters(theme, render.RoleDim), parameters(theme, render.RoleSelected)
	return t
}

// parameters is what stands between ESC [ and m in the style of a role.
func parameters(theme render.Theme, role render.Role) string {
	return strings.TrimSuffix(strings.TrimPrefix(theme.SGR(role), "\x1b["), "m")
}

func (s *shell) hmpActive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hmp != nil
}

// open reports whether Enter goes to the next row.
func (s *shell) open(text string) bool { return !s.hmpActive() && syntax.Scan(text).Open() }

func (s *shell) complete(text string, cursor int) editor.Completion {
	if s.hmpActive() {
		return s.hmpComplete(text, cursor)
	}
	k := s.current().known.Load()
	r := k.engine.Complete(text, cursor)
	unknown := k.schema == nil && k.err == nil // the server is being asked what it can do
	c := editor.Completion{Start: r.Span.Start, End: r.Span.End, Title: r.Title, Prefixed: r.Prefixed,
		Waiting: r.Pending || unknown}
	for _, cand := range r.Candidates {
		out := editor.Candidate{Text: cand.Text, Insert: cand.Insert, Faint: cand.Deprecated}
		if cand.Blank && cursor == len(text) {
			out.Insert += " "
		}
		out.Columns = columns(cand)
		c.Candidates = append(c.Candidates, out)
	}
	return c
}

// columns is what stands beside a candidate: its type, whether it has to be given, and its help with what to mind.
func columns(cand completion.Candidate) []string {
	need := ""
	if cand.Mandatory {
		need = "mandatory"
	}
	return []string{cand.Type, need, cand.Note()}
}

func (s *shell) hint(text string, cursor int) string {
	if s.hmpActive() {
		return ""
	}
	return s.current().known.Load().engine.Hint(text, cursor)
}

func (s *shell) ghost(text string) string {
	if s.hmpActive() {
		return strings.TrimPrefix(s.history.Suggest(".hmp "+text), ".hmp ")
	}
	if rest := s.history.Suggest(text); rest != "" {
		return rest
	}
	return s.current().known.Load().engine.Ghost(text, nil)
}

// highlight gives tokens the style of their roles, and marks what the schema is sure to refuse. The word at the cursor
// is not judged: it is still being typed.
func (s *shell) highlight(text string, cursor int) []editor.Span {
	if s.hmpActive() || s.theme().Profile() == render.NoStyle {
		return nil
	}
	line, schema := syntax.Scan(text), s.current().schema()
	var spans []editor.Span
	for _, t := range line.Tokens {
		role := tokenRole(t.Kind)
		if t.Kind == syntax.TokenCommand && schema != nil && schema.Command(line.Text(t.Span)) == nil && line.Kind == syntax.QMP &&
			line.Shorthand() == nil && !t.Span.Contains(cursor) {
			role = render.RoleUnknown
		}
		spans = append(spans, editor.Span{Start: t.Span.Start, End: t.Span.End, Style: parameters(s.theme(), role)})
	}
	return merge(spans, s.mistakes(line, schema, cursor))
}

// mistakes underlines what would be refused.
func (s *shell) mistakes(line *syntax.Line, schema *qapi.Schema, cursor int) []editor.Span {
	if schema == nil || line.Command == nil || s.cfg.NoCheck {
		return nil
	}
	var spans []editor.Span
	_, diagnostics := line.Bind(schema)
	for _, d := range diagnostics {
		switch d.Kind {
		case qapi.UnknownMember, qapi.DuplicateMember, qapi.WrongType, qapi.UnknownValue, qapi.WrongBranch:
			if !d.Warning && d.Span.Len() > 0 && !d.Span.Contains(cursor) {
				spans = append(spans, editor.Span{Start: d.Span.Start, End: d.Span.End, Style: "4;31"})
			}
		}
	}
	return spans
}

// merge joins two lists of spans in the order of their starts.
func merge(a, b []editor.Span) []editor.Span {
	var out []editor.Span
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].Start <= b[0].Start {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return out
}

func tokenRole(kind syntax.TokenKind) render.Role {
	switch kind {
	case syntax.TokenCommand:
		return render.RoleCommand
	case syntax.TokenKey:
		return render.RoleKey
	case syntax.TokenString:
		return render.RoleString
	case syntax.TokenNumber:
		return render.RoleNumber
	case syntax.TokenConstant:
		return render.RoleBool
	case syntax.TokenPunct, syntax.TokenOperator:
		return render.RoleGuide
	case syntax.TokenDirective:
		return render.RoleTitle
	case syntax.TokenComment:
		return render.RoleDim
	case syntax.TokenWord, syntax.TokenRest:
		return render.RolePlain
	}
	return render.RolePlain
}

// keepable reports whether the history may have a line: none with a secret in it.
func (s *shell) keepable(text string) bool {
	p := s.current()
	if p == nil {
		return false
	}
	if rest, ok := strings.CutPrefix(text, ".hmp "); ok && secretHMP(rest) {
		return false
	}
	for _, word := range []string{".oob ", ".watch "} {
		text = strings.TrimPrefix(text, word)
	}
	return len(syntax.Scan(text).Secrets(p.schema())) == 0
}

// remember is what the history keeps of a line: in HMP mode, one that means the same outside of it.
func (s *shell) remember(text string) string {
	if s.hmpActive() && !strings.HasPrefix(text, ".") && strings.TrimSpace(text) != "" {
		return ".hmp " + text
	}
	return text
}
