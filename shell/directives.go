package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A directive is one of the shell's own words.
type directive struct {
	completion.Directive
	usage string // what follows the name
	run   func(s *shell, ctx context.Context, rest string) error
}

// directives lists the shell's own words in the order in which .help shows them.
func directives() []directive {
	d := func(name, usage, help string, run func(*shell, context.Context, string) error, args ...string) directive {
		return directive{completion.Directive{Name: name, Args: args, Help: help}, usage, run}
	}
	return []directive{
		d("help", "[NAME]", "what a command, an event or a directive does", (*shell).help, "entity"),
		d("exit", "", "leave the prompt; the machine goes on", func(*shell, context.Context, string) error { return errExit }),
		d("dash", "", "the dashboard; q comes back here", (*shell).dash),
		d("watch", "[[SECONDS] LINE]", "follow jobs and the migration, or run LINE again and again", (*shell).watch, "line"),
		d("events", "[on|off|NAME…]", "which events are shown; names may have * in them", (*shell).chooseEvents, "on|off|event…"),
		d("hmp", "[LINE]", "a line of the human monitor, or a prompt for many", (*shell).runHMP, string(completion.HMP)),
		d("edit", "COMMAND", "fill a command in with $EDITOR and send it", (*shell).edit, "line"),
		d("template", "COMMAND [full]", "a command with everything that it needs, to copy; full: all it takes", (*shell).template, "command", "full"),
		d("schema", "[NAME]", "what this server can do; with NAME as .help does", (*shell).describeSchema, "entity"),
		d("oob", "COMMAND", "run a command out-of-band, ahead of the queue", (*shell).outOfBand, "line"),
		d("jq", "EXPRESSION", "filter the last return", (*shell).jq),
		d("history", "[TEXT]", "the lines entered, or those with TEXT", (*shell).showHistory),
		d("set", "[NAME VALUE]", "settings: confirm, format, pager, time", (*shell).setOption,
			"confirm|format|pager|time", "on|off|"+strings.Join(render.Formats(), "|")),
		d("time", "[on|off]", "say how long each command took", (*shell).setTime, "on|off"),
		d("log", "[FILE|off]", "append the wire's messages to a file, secrets masked", (*shell).log, "file"),
		d("target", "[ADDRESS]", "the machine talked to, or talk to another one", (*shell).retarget, "file"),
		d("reconnect", "", "try a lost link again now", (*shell).reconnect),
	}
}

// offered is what completion knows of the directives.
func offered(cfg Config) []completion.Directive {
	var out []completion.Directive
	for _, d := range directives() {
		if d.Name == "dash" && cfg.Dash == nil || d.Name == "log" && cfg.Log == nil {
			continue
		}
		out = append(out, d.Directive)
	}
	return out
}

func (s *shell) runDirective(ctx context.Context, line *syntax.Line, typed *syntax.Directive) error {
	name := typed.Name
	if name == "?" {
		name = "help"
	}
	if name == "quit" { // people try it
		return errors.New("to leave this prompt: .exit or Ctrl-D; to end the machine: quit")
	}
	var names []string
	for _, d := range directives() {
		if d.Name == name {
			return d.run(s, ctx, typed.Rest)
		}
		names = append(names, d.Name)
	}
	near := qapi.Nearest(name, names)
	for i := range near {
		near[i] = "." + near[i]
	}
	return &lineError{line.Source, []syntax.Diagnostic{{
		Span: typed.NameSpan, Message: "there is no directive ." + name, Near: near,
	}}}
}

func (s *shell) dash(ctx context.Context, _ string) error {
	if s.cfg.Dash == nil {
		return errors.New("there is no dashboard here")
	}
	s.ed.Suspend()
	defer s.ed.Resume()
	shown, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	err := s.cfg.Dash(shown, s.current().target)
	switch {
	case ctx.Err() != nil:
		return errExit
	case shown.Err() != nil: // as Ctrl-C ends whatever runs here
		return nil
	}
	return err
}

func (s *shell) chooseEvents(_ context.Context, rest string) error {
	switch words := strings.Fields(rest); {
	case len(words) == 0:
	case len(words) == 1 && strings.EqualFold(words[0], "on"):
		s.events.filter(false, nil)
	case len(words) == 1 && strings.EqualFold(words[0], "off"):
		s.events.filter(true, nil)
	default:
		s.events.filter(false, words)
	}
	s.tell(render.RolePlain, s.events.describe())
	return nil
}

func (s *shell) jq(ctx context.Context, expression string) error {
	if expression == "" {
		return errors.New("an expression is missing: .jq .[].device")
	}
	return s.again(ctx, syntax.Scan("_ | "+expression))
}

func (s *shell) outOfBand(ctx context.Context, rest string) error {
	line := syntax.Scan(rest)
	if line.Command == nil {
		return errors.New("a command is missing: .oob migrate-pause")
	}
	if schema := s.current().schema(); schema != nil && !s.cfg.NoCheck {
		if c := schema.Command(line.Command.Name); c != nil && !c.AllowOOB {
			return fmt.Errorf("this QEMU does not run %s out-of-band; nothing was sent", c.Name)
		}
	}
	return s.runCommand(ctx, line, true)
}

func (s *shell) showHistory(ctx context.Context, text string) error {
	var b strings.Builder
	for i, line := range s.history.Entries() {
		if strings.Contains(strings.ToLower(line), strings.ToLower(text)) {
			fmt.Fprintf(&b, "%5d  %s\n", i+1, strings.ReplaceAll(render.CleanText(line), "\n", "\n       "))
		}
	}
	s.page(ctx, b.String())
	return nil
}

func (s *shell) setOption(_ context.Context, rest string) error {
	words := strings.Fields(rest)
	if len(words) > 0 && len(words) != 2 {
		return errors.New("a setting is a name and a value: .set confirm off")
	}
	if len(words) == 2 {
		if err := s.change(words[0], words[1]); err != nil {
			return err
		}
	}
	width, _ := s.ed.Size()
	s.ed.Print(s.options().list(width))
	return nil
}

func (s *shell) setTime(_ context.Context, rest string) error {
	if rest != "" {
		if err := s.change("time", rest); err != nil {
			return err
		}
	}
	s.ed.Print("time " + word(s.options().time))
	return nil
}

func (s *shell) log(_ context.Context, rest string) error {
	switch {
	case s.cfg.Log == nil:
		return errors.New("the wire cannot be logged here")
	case rest == "":
		return errors.New("a file is missing: .log wire.jsonl, or .log off")
	case rest == "off":
		rest = ""
	}
	path := expandHome(rest, s.cfg.Getenv)
	if err := s.cfg.Log(path); err != nil {
		return err
	}
	if rest == "" {
		s.ed.Print("the wire is not logged any more")
	} else {
		s.tell(render.RolePlain, "the wire is logged to "+render.Clean(path)+", secrets masked")
	}
	return nil
}
