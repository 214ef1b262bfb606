package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// linesHelp and keysHelp are what can be typed, each with what it does.
func linesHelp() [][2]string {
	return [][2]string{
		{"block-commit device=drive0", "a command and its arguments"},
		{"file.driver=file file={…}", "members of an object, or all of it as JSON"},
		{`{"execute": "query-status"}`, "a raw message; JSON may go over several rows"},
		{"transaction( A … B … )", "several actions: all of them or none"},
		{"query-block | .[].device", "a jq filter; |! a shell command, > a file"},
		{"_ | length", "the last return"},
		{"set_password … password=?", "asks, and shows nothing"},
	}
}

func keysHelp() [][2]string {
	return [][2]string{
		{"Tab", "completes; arrows and Tab choose, Enter takes, Esc leaves"},
		{"Right", "takes the grey suggestion"},
		{"Up, Ctrl-R", "go back in the history, search it"},
		{"Alt-Enter", "starts another row; Enter does where something is open"},
		{"F1", "describes the command being typed"},
		{"Ctrl-X", "edits the line with $EDITOR"},
		{"Ctrl-O", "opens the dashboard"},
		{"Ctrl-C", "drops the line, or stops waiting for a reply"},
		{"Ctrl-D", "leaves; the machine goes on"},
	}
}

// help describes a name, or says what can be typed.
func (s *shell) help(ctx context.Context, rest string) error {
	words := strings.Fields(rest)
	if len(words) == 0 {
		return s.helpAll(ctx)
	}
	name := words[0]
	for _, d := range directives() {
		if "."+d.Name == name {
			s.ed.Print(strings.TrimRight("."+d.Name+" "+d.usage, " ") + "\n  " + d.Help)
			return nil
		}
	}
	choices := make(map[string]string)
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		choices[key] = value
	}
	return s.describe(ctx, name, choices)
}

func (s *shell) helpAll(ctx context.Context) error {
	var own [][2]string
	for _, d := range directives() {
		own = append(own, [2]string{"." + d.Name + " " + d.usage, d.Help})
	}
	var b strings.Builder
	for _, part := range []struct {
		title string
		rows  [][2]string
	}{{"Lines", linesHelp()}, {"Directives", own}, {"Keys", keysHelp()}} {
		b.WriteString(s.theme().Paint(render.RoleHeader, part.title) + "\n")
		for _, row := range part.rows {
			s.explained(&b, row[0], row[1])
		}
		b.WriteString("\n")
	}
	b.WriteString(s.wrapped(".help NAME says what a command or an event does; .schema lists them.") + "\n")
	s.page(ctx, b.String())
	return nil
}

// explained writes what can be typed with what it does beside it, or below it in a narrow window.
func (s *shell) explained(b *strings.Builder, typed, does string) {
	const beside = 28
	width, _ := s.ed.Size()
	first, indent := render.Pad(typed, beside), beside
	if width < 2*beside {
		first, indent = typed+"\n    ", 4
	}
	for i, line := range render.Wrap(does, width-1-indent) {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		b.WriteString(first + line + "\n")
	}
}

// describe prints what is known of a command or an event.
func (s *shell) describe(ctx context.Context, name string, choices map[string]string) error {
	k, err := s.knowledge(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	p := s.printer()
	switch command, event := k.schema.Command(name), k.schema.Event(name); {
	case command != nil:
		err = p.DescribeCommand(&b, command, k.docs, choices)
	case event != nil:
		err = p.DescribeEvent(&b, event, k.docs)
	default:
		return unknownName(k.schema, name)
	}
	if err != nil {
		return err
	}
	s.page(ctx, b.String())
	return nil
}

func unknownName(schema *qapi.Schema, name string) error {
	var names []string
	for _, c := range schema.Commands() {
		names = append(names, c.Name)
	}
	for _, e := range schema.Events() {
		names = append(names, e.Name)
	}
	text := fmt.Sprintf("this QEMU has no command or event %q", name)
	if near := qapi.Nearest(name, names); len(near) > 0 {
		text += "; did you mean: " + strings.Join(near, ", ")
	}
	return errors.New(text)
}

// describeSchema lists what the server can do, or describes one name of it.
func (s *shell) describeSchema(ctx context.Context, rest string) error {
	if rest != "" {
		return s.help(ctx, rest)
	}
	k, err := s.knowledge(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.printer().Listing(&b, k.schema.Commands(), k.schema.Events(), k.docs); err != nil {
		return err
	}
	fmt.Fprintf(&b, "%d commands, %d events, from %s\n", len(k.schema.Commands()), len(k.schema.Events()), k.origin)
	s.page(ctx, b.String())
	return nil
}

// skeleton completes a command that was typed in part.
func (s *shell) skeleton(ctx context.Context, rest string, full bool) (name string, arguments json.RawMessage, err error) {
	line := syntax.Scan(rest)
	if line.Command == nil {
		return "", nil, errors.New("a command is missing: .template blockdev-add")
	}
	k, err := s.knowledge(ctx)
	if err != nil {
		return "", nil, err
	}
	if k.schema.Command(line.Command.Name) == nil {
		return "", nil, unknownName(k.schema, line.Command.Name)
	}
	bound, _ := line.Bind(nil)
	arguments, err = k.schema.Example(bound.Name, bound.Arguments, full)
	return bound.Name, arguments, err
}

func (s *shell) template(ctx context.Context, rest string) error {
	rest, full := strings.CutSuffix(rest, " full")
	name, arguments, err := s.skeleton(ctx, rest, full)
	if err != nil {
		return err
	}
	s.ed.Print(render.CleanText(syntax.Print(name, arguments)))
	return nil
}

// edit lets the user fill a command in with an editor, and sends what comes back.
func (s *shell) edit(ctx context.Context, rest string) error {
	name, arguments, err := s.skeleton(ctx, rest, false)
	if err != nil {
		return err
	}
	if len(arguments) == 0 {
		arguments = json.RawMessage("{}")
	}
	var before bytes.Buffer
	message := fmt.Sprintf(`{"execute": %q, "arguments": %s}`, name, arguments)
	if err := json.Indent(&before, []byte(message), "", "  "); err != nil {
		return err
	}
	after, err := s.inEditor(ctx, before.String()+"\n", "*.json")
	if err != nil {
		return err
	}
	if strings.TrimSpace(after) == "" || after == before.String()+"\n" && len(arguments) > 2 {
		s.ed.Print("unchanged: nothing was sent")
		return nil
	}
	line := syntax.Scan(strings.TrimSpace(after))
	bound, out, err := s.prepare(ctx, line)
	if err != nil {
		return err
	}
	if err := s.history.Add(syntax.Print(bound.Name, bound.Arguments)); err != nil {
		s.ed.Print(err.Error())
	}
	return s.send(ctx, bound, out)
}

// inEditor returns text as the user has changed it with $VISUAL, $EDITOR or vi.
func (s *shell) inEditor(ctx context.Context, text, pattern string) (string, error) {
	f, err := os.CreateTemp("", "qmpsh"+pattern)
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	program := "vi"
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if value := s.cfg.Getenv(name); value != "" {
			program = value
			break
		}
	}
	if err := s.child(ctx, program+" "+f.Name(), s.cfg.In); err != nil {
		return "", fmt.Errorf("%s: %w; nothing was sent", program, err)
	}
	after, err := os.ReadFile(f.Name())
	return string(after), err
}

// keys are what some keys do while a line is typed. They run while the editor waits for them.
func (s *shell) keys() map[string]func(string, int) string {
	return map[string]func(string, int) string{
		"F1": func(text string, _ int) string {
			if line := syntax.Scan(text); line.Command != nil && line.Command.Name != "" && s.current().schema() != nil {
				if err := s.describe(context.Background(), line.Command.Name, nil); err != nil {
					s.report(err)
				}
			}
			return text
		},
		"C-x": func(text string, _ int) string {
			after, err := s.inEditor(context.Background(), text, "")
			if err != nil {
				s.report(err)
				return text
			}
			return strings.TrimRight(after, "\n")
		},
		"C-o": func(text string, _ int) string {
			if err := s.dash(context.Background(), ""); err != nil {
				s.report(err)
			}
			return text
		},
	}
}
