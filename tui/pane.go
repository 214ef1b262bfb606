package tui

import (
	"time"

	"charm.land/bubbles/v2/key"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// A paneID names a pane. Its number on the screen is one higher.
type paneID int

// The panes, in the order of their hot keys.
const (
	paneStatus paneID = iota
	paneJobs
	paneMigration
	paneChardevs
	paneBlock
	paneEvents
	paneCount

	firstHidden = paneBlock // panes from here on have no place of their own on a screen of 80x24
)

// paneNames are the panes' titles, without what is counted in them.
var paneNames = [paneCount]string{"Status", "Jobs", "Migration", "Chardevs", "Block", "Events"}

// facts are what panes are drawn from. They are read only.
type facts struct {
	now      time.Time
	snapshot machine.Snapshot
	link     qmpconn.Link
	target   string
	readOnly bool
	theme    render.Theme
	has      func(command string) bool
}

// name is what to call the machine.
func (f facts) name() string {
	if name := f.snapshot.Identity.Name; name != "" {
		return render.Clean(name)
	}
	return render.Clean(f.target)
}

// agent reports whether this is a guest agent: no other peer has its commands and does not negotiate.
func (f facts) agent() bool { return f.has("guest-info") && !f.has("qmp_capabilities") }

// A pane shows one side of the machine. It keeps what a person chose in it (a row, a filter), never facts.
type pane interface {
	title(f facts) string
	// view draws the pane into w by h cells: at most h lines, none wider than w.
	view(f facts, w, h int, focused bool) []string
	// move shifts the chosen row by so many rows.
	move(f facts, rows int)
	// choose takes the row at a line of the last view.
	choose(f facts, line int)
	// actions are what a person can do here, now.
	actions(f facts) []action
	// detail is a text about the chosen row, with a title; ok is false where there is nothing to tell.
	detail(f facts, w int) (title string, lines []string, ok bool)
	// filter keeps the rows that hold the text, or keeps the filter that there is when text is nil, and returns the
	// filter; ok is false where a pane has no rows.
	filter(text *string) (now string, ok bool)
}

// An action is a key and what it asks for.
type action struct {
	key.Binding
	changes bool   // it changes something: a read-only dashboard does not have it
	intent  intent // what it leads to
}

// act makes an action for one key or more; the first is the one that is shown.
func act(help string, changes bool, to intent, keys ...string) action {
	return action{Binding: key.NewBinding(key.WithKeys(keys...), key.WithHelp(keys[0], help)), changes: changes, intent: to}
}

// An intent is what a key leads to: a request to send, a form to fill in, or a change of the view.
type intent interface{ isIntent() }

func (request) isIntent()  {}
func (form) isIntent()     {}
func (viewMove) isIntent() {}

// A viewMove changes what a pane shows and sends nothing.
type viewMove func()
