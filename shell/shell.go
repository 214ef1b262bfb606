// Package shell is the prompt: it reads lines, runs them on a machine, prints what comes of them, and goes on until
// the end. Around the line it tells of events and of the link as they come.
//
// It answers for what a person at a prompt sees and is asked. It refuses to know the command line (package cmd fills in
// Config), how keys become lines (package editor does), and what a value looks like (package render does). A line with
// a mistake in it is sent nowhere, and nothing is ever sent twice.
package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/shell/editor"
	"github.com/qmpsh/qmpsh/syntax"
)

// A Target is a machine to talk to, and how to find out about it.
type Target struct {
	Address string // as the user has it
	Label   string // what the prompt calls the machine until it has told its name
	Local   bool   // it shares this host's files
	Session *qmpconn.Session
	// Schema loads what the server can do; origin says where that came from. It is called in the background, again
	// when another server answers.
	Schema func(ctx context.Context) (schema *qapi.Schema, origin string, err error)
	// Docs finds what is written about a schema. It may return nil.
	Docs func(schema *qapi.Schema) qapi.Docs
}

// Config says what the prompt works with.
type Config struct {
	In, Out *os.File
	Getenv  func(name string) string
	Version string         // of this program
	Target  *Target        // Run closes its session
	Printer render.Printer // the format, the colours and whether there is a terminal; the width is the terminal's
	History string         // the file of the history, "" for none
	// Open makes a target of an address, for .target. nil where only one machine can be talked to.
	Open func(address string) (*Target, error)
	// Dash shows the dashboard of a target and returns when it is left. nil where there is none.
	Dash func(ctx context.Context, target *Target) error
	// Log appends the messages of the wire to a file from now on, with secrets masked; "" ends that. May be nil.
	Log func(path string) error

	ReadOnly bool // only commands that cannot change anything are sent
	NoCheck  bool // arguments are sent without checking them against the schema
}

// errExit is what a directive returns to leave the prompt.
var errExit = errors.New("exit")

// firstLook bounds how long the first prompt waits for what it shows: the schema from the cache, the machine's name.
const firstLook = 5 * time.Millisecond

// shell is one run of the prompt.
type shell struct {
	cfg      Config
	ed       editor.Editor
	history  *editor.History
	settings settings
	events   *news
	last     json.RawMessage // the last return, for _
	hmp      *hmpMode        // nil outside of HMP mode

	mu   sync.Mutex // guards what other goroutines look at: peer, settings and hmp
	peer *peer
}

// Run shows the prompt until the user leaves it, the input ends, or ctx does. When the machine cannot be reached at
// the start, it returns why; a link that is lost later is dialled again. SIGTERM and SIGHUP end it with ErrSignal.
func Run(ctx context.Context, cfg Config) (err error) {
	ctx, ended := untilSignal(ctx)
	defer func() {
		if ended() {
			err = ErrSignal
		}
	}()
	if err := cfg.Target.Session.Ready(ctx); err != nil {
		return errors.Join(err, cfg.Target.Session.Close())
	}
	s := &shell{cfg: cfg, settings: newSettings(cfg)}
	if err := s.start(ctx); err != nil {
		return errors.Join(err, cfg.Target.Session.Close())
	}
	defer s.stop()
	return s.loop(ctx)
}

func (s *shell) start(ctx context.Context) error {
	s.history = editor.NewHistory(s.cfg.History, 0, s.keepable)
	ed, err := editor.New(s.editorConfig())
	if err != nil {
		return err
	}
	s.ed = ed
	s.events = newNews(s.say, s.tellAt)
	s.connect(ctx, s.cfg.Target)
	return nil
}

func (s *shell) stop() {
	s.current().stop()
	s.events.stop()
	s.ed.Close()
}

// connect makes a target the one that is talked to.
func (s *shell) connect(ctx context.Context, target *Target) {
	p := newPeer(ctx, s, target)
	s.mu.Lock()
	s.peer = p
	s.mu.Unlock()
	p.start()
	p.settle(firstLook)
	s.welcome(p)
	s.showPrompt()
}

func (s *shell) current() *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peer
}

// welcome says whom one is talking to.
func (s *shell) welcome(p *peer) {
	if !s.ed.Interactive() {
		return
	}
	commands := ""
	if schema := p.schema(); schema != nil {
		commands = fmt.Sprintf("%d commands", len(schema.Commands()))
	}
	program := strings.TrimSpace("qmpsh " + s.cfg.Version)
	text := ""
	for _, parts := range [][]string{
		{program, p.ownName(), p.server(), commands, ".help for help, Ctrl-D leaves"},
		{program, p.ownName(), p.server(), ".help for help, Ctrl-D leaves"},
		{p.ownName(), p.server(), ".help for help, Ctrl-D leaves"},
		{p.ownName(), p.server(), ".help for help"},
	} {
		parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
		text = render.Clean(strings.Join(parts, " · "))
		if width, _ := s.ed.Size(); render.Width(text) < width {
			break
		}
	}
	s.ed.Print(s.theme().Paint(render.RoleDim, text))
}

// loop reads and runs lines.
func (s *shell) loop(ctx context.Context) error {
	for {
		line, err := s.ed.ReadLine(ctx)
		switch {
		case errors.Is(err, editor.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF) && s.hmp != nil:
			s.leaveHMP()
			continue
		case errors.Is(err, io.EOF), ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if err := s.run(ctx, line); errors.Is(err, errExit) {
			return nil
		} else if err != nil {
			s.report(err)
		}
		s.showPrompt()
	}
}

// run carries out one line.
func (s *shell) run(ctx context.Context, text string) error {
	if s.hmp != nil {
		return s.hmpLine(ctx, text)
	}
	line := syntax.Scan(text)
	if d := s.directiveOf(line); d != nil {
		return s.runDirective(ctx, line, d)
	}
	switch line.Kind {
	case syntax.Blank, syntax.Comment:
		return nil
	case syntax.Last:
		return s.again(ctx, line)
	}
	return s.runCommand(ctx, line, false)
}

// directiveOf is the directive that a line is, also one without its dot where the server has no such command.
func (s *shell) directiveOf(line *syntax.Line) *syntax.Directive {
	if line.Directive != nil {
		return line.Directive
	}
	d := line.Shorthand()
	if d == nil {
		return nil
	}
	if schema := s.current().schema(); schema != nil && schema.Command(d.Name) != nil {
		return nil
	}
	return d
}

// say prints a line of the shell's own above the prompt.
func (s *shell) say(text string) { s.ed.Print(text) }

// tell prints a sentence of the shell's own in a role's colour, broken between words where it is too long.
func (s *shell) tell(role render.Role, text string) {
	for _, line := range s.wrap(text, 0) {
		s.ed.Print(s.theme().Paint(role, line))
	}
}

// tellAt prints news that came at a time.
func (s *shell) tellAt(at time.Time, role render.Role, text string) {
	const indent = len(time.TimeOnly) + 1
	lead := s.theme().Paint(render.RoleTime, at.Format(time.TimeOnly)) + " "
	for _, line := range s.wrap(text, indent) {
		s.ed.Print(lead + s.theme().Paint(role, line))
		lead = strings.Repeat(" ", indent)
	}
}

// wrap breaks a plain text into lines that fit behind an indent.
func (s *shell) wrap(text string, indent int) []string {
	width, _ := s.ed.Size()
	return render.Wrap(text, max(20, width-indent))
}

func (s *shell) theme() render.Theme { return s.cfg.Printer.Theme }

// printer is how things look just now.
func (s *shell) printer() render.Printer {
	p := s.cfg.Printer
	p.Format = s.options().format
	if p.Terminal {
		p.Width, _ = s.ed.Size()
	}
	return p
}
