// Package tui is the dashboard: live panes over one snapshot of the machine. It draws what machine.Watcher publishes,
// sends what a person asks for and nothing else, and asks before it sends what can do harm. It refuses to compute figures
// (machine does), to decide how values look (render does), and to own the session: it leaves that as it found it.
package tui

import (
	"context"
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// A Config is what the dashboard runs on.
type Config struct {
	Session *qmpconn.Session
	Target  string // what to call the machine while its name is not known
	// Schema fetches what the server can do. It is called after each new link, and may wait.
	Schema func(ctx context.Context) (*qapi.Schema, error)
	// Docs returns what is written about a schema. It may be nil, and may return nil.
	Docs func(*qapi.Schema) qapi.Docs

	ReadOnly        bool // nothing that changes anything is offered or sent
	MigrationEvents bool // the migration capability "events" may be switched on

	Theme   render.Theme
	Environ []string  // of the process, as os.Environ has it
	Input   io.Reader // the keyboard
	Output  io.Writer // the screen
}

// framesPerSecond is how often at most the screen is drawn anew.
const framesPerSecond = 10

// Run shows the dashboard until the person leaves it or ctx is done, and returns why it was ended from outside. It may
// be called again on the same session, which stays open. The terminal is as it was, however Run ends.
func Run(ctx context.Context, config Config) error {
	if err := Usable(config.Environ); err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	config.Theme = visible(config.Theme)
	known := newKnowledge(config)
	watcher := machine.NewWatcher(config.Session, machine.Options{
		Has:             known.has,
		MigrationEvents: config.MigrationEvents,
		ReadOnly:        config.ReadOnly,
	})
	feed := newFeed(ctx, end, config, watcher, known)
	back := newBackground(config, func(msg tea.Msg) { feed.program.Send(msg) })
	defer back.close()
	m := newModel(config, hands{
		perform: feed.perform, refresh: watcher.Refresh, redial: config.Session.Redial, known: known, background: back,
	})
	m.facts.link, m.facts.snapshot = config.Session.Link(), watcher.Snapshot()
	feed.program = tea.NewProgram(m, programOptions(config, back, end)...)
	feed.start()
	// Not by a context of the program's own: killed by that, it leaves a reader behind which takes the next key from
	// whoever has the terminal then.
	stop := context.AfterFunc(ctx, func() { back.settle(); feed.program.Quit() })
	_, err := feed.program.Run()
	stop()
	cause := context.Cause(ctx)
	end(nil)
	feed.wait()
	return ending(err, cause)
}

// ending is what Run returns. A panic of a goroutine of the dashboard goes on here, where the terminal is as it was.
func ending(err, cause error) error {
	var crash *panicError
	if errors.As(cause, &crash) {
		panic(crash)
	}
	if cause != nil {
		return cause
	}
	return err
}
