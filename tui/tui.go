// Package tui is the dashboard: live panes over one snapshot of the machine. It draws what machine.Watcher publishes,
// sends what a person asks for and nothing else, and asks before it sends what can do harm. It refuses to compute figures
// (machine does), to decide how values look (render does), and to own the session: it leaves that as it found it.
package tui

import (
	"context"
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/qmpsh/qmpsh/completion"
	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// A Config is what the dashboard runs on.
type Config struct {
	Session *qmpconn.Session
	Target  string // what to call the machine while its name is not known
	// Schema fetches what the server can do. It may be called more than once, and may wait.
	Schema func(ctx context.Context) (*qapi.Schema, error)
	Docs   qapi.Docs       // may be nil
	Live   completion.Live // values for the command line's completion; may be nil

	ReadOnly        bool // nothing that changes anything is offered or sent
	MigrationEvents bool // the migration capability "events" may be switched on

	Theme   render.Theme
	Environ []string // of the process, as os.Environ has it
	Input   io.Reader
	Output  io.Writer
}

// framesPerSecond is how often at most the screen is drawn anew.
const framesPerSecond = 10

// Run shows the dashboard until the person leaves it or ctx is done. The session stays open, and the terminal is as it
// was, however Run ends.
func Run(ctx context.Context, config Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	schema := newSchemaBox()
	watcher := machine.NewWatcher(config.Session, machine.Options{
		Has:             schema.has,
		MigrationEvents: config.MigrationEvents,
		ReadOnly:        config.ReadOnly,
	})
	m := newModel(ctx, config, watcher, schema)
	program := tea.NewProgram(m, options(ctx, config)...)
	feed := startFeed(ctx, config, watcher, schema, program)
	_, err := program.Run()
	cancel()
	feed.wait()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

func options(ctx context.Context, config Config) []tea.ProgramOption {
	options := []tea.ProgramOption{
		tea.WithContext(ctx),
		tea.WithFPS(framesPerSecond),
		tea.WithColorProfile(profile(config.Theme)),
	}
	if config.Environ != nil {
		options = append(options, tea.WithEnvironment(config.Environ))
	}
	if config.Input != nil {
		options = append(options, tea.WithInput(config.Input))
	}
	if config.Output != nil {
		options = append(options, tea.WithOutput(config.Output))
	}
	return options
}

// profile hands on what the theme decided, so that the terminal is asked nothing and nothing is decided twice.
func profile(theme render.Theme) colorprofile.Profile {
	switch theme.Profile() {
	case render.TrueColor:
		return colorprofile.TrueColor
	case render.ANSI256:
		return colorprofile.ANSI256
	case render.ANSI16:
		return colorprofile.ANSI
	default:
		return colorprofile.ASCII
	}
}
