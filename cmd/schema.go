package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/docs"
	"github.com/qmpsh/qmpsh/qapi/manual"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// schemaOptions are the flags of `qmpsh schema`.
type schemaOptions struct {
	search string
	dump   bool
}

func (a *app) schemaCommand() *cobra.Command {
	var o schemaOptions
	c := &cobra.Command{
		Use:   "schema [NAME [TAG=VALUE ...]]",
		Short: "List what the server can do, or describe one command or event",
		Long: `Lists the commands and events of the server with one line each. With a NAME it
describes that one; TAG=VALUE shows the branch of a union for that value, as in
  qmpsh schema blockdev-add driver=qcow2
It works without a server with --schema FILE, or from what an earlier use kept.`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, words []string) error {
			if err := o.check(words); err != nil {
				return err
			}
			return a.showSchema(c.Context(), o, words)
		},
	}
	c.Flags().StringVar(&o.search, "search", "", "list what has this `word` in its name or its line")
	c.Flags().BoolVar(&o.dump, "dump", false, "print the schema in the form of query-qmp-schema")
	return c
}

// check finds flags and words that ask for different things.
func (o schemaOptions) check(words []string) error {
	var asked []string
	if o.dump {
		asked = append(asked, "--dump")
	}
	if o.search != "" {
		asked = append(asked, "--search")
	}
	if len(words) > 0 {
		asked = append(asked, "a NAME")
	}
	if len(asked) > 1 {
		return &usageError{fmt.Errorf("%s ask for different things: give one of them", strings.Join(asked, " and "))}
	}
	return nil
}

// helpCommand describes a sub-command, or a QMP command as `qmpsh schema` does.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help on qmpsh, or on a QMP command",
		RunE: func(c *cobra.Command, words []string) error {
			sub, _, err := root.Find(words)
			if len(words) == 0 || err == nil && sub != root {
				return sub.Help()
			}
			return a.showSchema(c.Context(), schemaOptions{}, words)
		},
	}
	for _, sub := range root.Commands() {
		c.ValidArgs = append(c.ValidArgs, cobra.CompletionWithDesc(sub.Name(), sub.Short))
	}
	return c
}

// A knownSchema is a schema to look things up in.
type knownSchema struct {
	schema *qapi.Schema
	docs   *docs.Docs
	whose  string // where it came from, when that is worth saying
}

func (a *app) showSchema(ctx context.Context, o schemaOptions, words []string) error {
	out, err := a.output()
	if err != nil {
		return err
	}
	ctx, stop := a.bounded(ctx)
	defer stop()
	known, err := a.knownSchema(ctx)
	if err != nil {
		return err
	}
	if known.whose != "" && isTerminal(a.stderr) {
		fmt.Fprintln(a.stderr, known.whose)
	}
	if o.dump {
		return out.atOnce(func(out *output) error {
			return out.print(ctx, "query-qmp-schema", known.schema.Introspection())
		})
	}
	return out.filtered(ctx, func(out *output) error {
		if len(words) > 0 {
			return a.describe(ctx, out, known, words)
		}
		return list(out, known, o.search)
	})
}

// list prints a line for each command and event that has the word in its name or its line.
func list(out *output, known knownSchema, word string) error {
	commands, events := matching(known, word)
	if len(commands)+len(events) == 0 {
		return fmt.Errorf("nothing in this schema has %q in its name or its line", word)
	}
	return out.printer.Listing(out.w, commands, events, known.docs)
}

// knownSchema takes the schema from where the user says, from the server, or, when there is neither, from the cache. A
// server that the environment names and that does not answer is none.
func (a *app) knownSchema(ctx context.Context) (knownSchema, error) {
	if path := a.schemaPath(); path != "" {
		named, err := a.namedSchema(path)
		if err != nil {
			return knownSchema{}, err
		}
		return knownSchema{named.schema, a.documentation(ctx, named.schema, "", named.docs), ""}, nil
	}
	c, err := a.dial(ctx, qmpconn.Options{Single: true})
	if errors.Is(err, errNoTarget) {
		return a.recentSchema(ctx)
	}
	if err != nil {
		return a.instead(ctx, err)
	}
	schema, err := c.loadSchema(ctx)
	if err != nil {
		return knownSchema{}, c.close(ended(ctx, &schemaError{err}))
	}
	version := versionOf(c.conn.Greeting())
	return knownSchema{schema, a.documentation(ctx, schema, version, nil), ""}, c.close(nil)
}

// instead looks things up in the kept schema where no server answers at an address that the environment has: it was not
// typed for this run, and need not mean that server. One that was typed does.
func (a *app) instead(ctx context.Context, err error) (knownSchema, error) {
	unreachable := new(qmpconn.UnreachableError)
	if ctx.Err() != nil || a.target != "" || a.opts.connect != "" || !errors.As(err, &unreachable) {
		return knownSchema{}, err
	}
	known, none := a.recentSchema(ctx)
	if none != nil {
		return knownSchema{}, err
	}
	fmt.Fprintf(a.stderr, "note: %v; this is %s\n", unreachable, known.whose)
	known.whose = ""
	return known, nil
}

func (a *app) recentSchema(ctx context.Context) (knownSchema, error) {
	schema, whose, err := a.loader(ctx).Recent()
	if err != nil {
		err = fmt.Errorf("no machine to ask, and %w", err)
		return knownSchema{}, &usageError{&hintError{err: err, try: "qmpsh ./qmp.sock schema, or --schema FILE"}}
	}
	return knownSchema{schema, a.documentation(ctx, schema, "", nil), "the schema kept from " + whose}, nil
}

// describe writes about one command or event. Further words choose branches of unions.
func (a *app) describe(ctx context.Context, out *output, known knownSchema, words []string) error {
	choices := make(map[string]string, len(words)-1)
	for _, word := range words[1:] {
		tag, value, ok := strings.Cut(word, "=")
		if !ok || tag == "" {
			return &usageError{fmt.Errorf("%q is no TAG=VALUE: to search, use --search", word)}
		}
		choices[tag] = value
	}
	name := words[0]
	if err := known.docs.ManualError(); ctx.Err() != nil {
		return ended(ctx, err)
	} else if err != nil && !errors.Is(err, manual.ErrNotInstalled) {
		fmt.Fprintln(a.stderr, "note:", err)
	}
	if command := known.schema.Command(name); command != nil {
		err := out.printer.DescribeCommand(out.w, command, known.docs, choices)
		if wrong := new(render.ChoiceError); errors.As(err, &wrong) {
			return wrongChoice(words, wrong)
		}
		return err
	}
	if event := known.schema.Event(name); event != nil {
		if len(choices) > 0 {
			return &usageError{fmt.Errorf("%s is an event: it has no branches to choose", name)}
		}
		return out.printer.DescribeEvent(out.w, event, known.docs)
	}
	return mistake(name, syntax.Span{End: len(name)}, fmt.Sprintf("this QEMU has no command or event %q", name), nearest(known.schema, name))
}

// wrongChoice shows a choice that the command does not have in the line that the words make.
func wrongChoice(words []string, wrong *render.ChoiceError) error {
	line := strings.Join(words, " ")
	span, at := syntax.Span{End: len(line)}, 0
	for _, word := range words {
		tag, value, _ := strings.Cut(word, "=")
		switch {
		case tag != wrong.Tag:
		case wrong.AtValue:
			span = syntax.Span{Start: at + len(word) - len(value), End: at + len(word)}
		default:
			span = syntax.Span{Start: at, End: at + len(tag)}
		}
		at += len(word) + 1
	}
	return mistake(line, span, wrong.Message, wrong.Near)
}

// mistake is one mistake in a line, which need not be one that can be sent.
func mistake(line string, span syntax.Span, message string, near []string) error {
	return &usageError{&lineError{&syntax.Line{Source: line}, []syntax.Diagnostic{{Span: span, Message: message, Near: near}}}}
}

// nearest are the commands and events that may have been meant.
func nearest(schema *qapi.Schema, name string) []string {
	var names []string
	for _, c := range schema.Commands() {
		names = append(names, c.Name)
	}
	for _, e := range schema.Events() {
		names = append(names, e.Name)
	}
	return qapi.Nearest(name, names)
}

// matching are the commands and events with the word in their name or their line; all without a word.
func matching(known knownSchema, word string) ([]*qapi.Command, []*qapi.Event) {
	word = strings.ToLower(word)
	lacks := func(name string) bool {
		return !strings.Contains(strings.ToLower(name+" "+known.docs.Summary(name)), word)
	}
	commands := slices.DeleteFunc(slices.Clone(known.schema.Commands()), func(c *qapi.Command) bool { return lacks(c.Name) })
	events := slices.DeleteFunc(slices.Clone(known.schema.Events()), func(e *qapi.Event) bool { return lacks(e.Name) })
	return commands, events
}
