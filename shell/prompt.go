package shell

import (
	"time"

	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
)

// showPrompt brings the prompt up to date. It may be called by anyone at any time.
func (s *shell) showPrompt() {
	p := s.current()
	if p == nil {
		return
	}
	s.ed.SetPrompt(s.prompt(p))
}

// prompt is the machine's name, its run state in colour, and the link's state unless it is ready.
func (s *shell) prompt(p *peer) string {
	theme := s.theme()
	text := theme.Paint(render.RoleTitle, p.name())
	if state, role := p.state(time.Now()); state != "" {
		text += " " + theme.Paint(role, state)
	}
	if s.hmpActive() {
		text += " " + theme.Paint(render.RoleAccent, "hmp")
	}
	return text + "> "
}

// state is the run state, or why it is not known.
func (p *peer) state(now time.Time) (string, render.Role) {
	switch link := p.target.Session.Link(); link.State {
	case qmpconn.Ready:
		state := render.Clean(p.watcher.Snapshot().Run.State)
		return state, render.StatusRole(state)
	case qmpconn.Closed:
		return "(closed)", render.RoleBad
	case qmpconn.Lost, qmpconn.Connecting, qmpconn.Negotiating:
		since := link.Down
		if since.IsZero() {
			return "(" + link.State.String() + ")", render.RoleWarn
		}
		return "(lost " + render.Age(now.Sub(since)) + ")", render.RoleBad
	}
	return "", render.RolePlain
}
