package tui

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A request is one command that a person asked for.
type request struct {
	command   string
	arguments json.RawMessage // nil for none
	oob       bool            // out-of-band: it overtakes what the server is busy with
	typed     *syntax.Line    // what was typed, where properties decide what its words mean; else nil
	question  string          // asked before it is sent; "" sends at once
	because   string          // what it does, under the question
	yes       string          // the word on the button, such as "cancel it"
}

// line is the request as it is typed at the prompt, so that people learn it, its secrets masked.
func (r request) line() string {
	return render.Clean(syntax.Mask(syntax.Print(r.command, r.arguments), nil))
}

// arguments makes a JSON object of pairs, in their order.
func arguments(pairs ...any) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range pairs[i : i+2] {
			if j == 1 {
				b.WriteByte(':')
			}
			text, err := json.Marshal(part)
			if err != nil {
				return nil
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// grave completes a request with the question that belongs before it, where the command can do harm.
func (r request) grave(machineName string) request {
	if r.question != "" {
		return r
	}
	harm, ok := qapi.HarmOf(r.command, r.arguments)
	if ok {
		r.question = "Send " + render.Clean(harm.Command) + " to " + machineName + "?"
		r.because = render.Clean(harm.Command + " " + harm.Sentence)
		r.yes = "send it"
	}
	return r
}

// An outcome is what became of a request.
type outcome struct {
	number   int
	request  request
	returned json.RawMessage
	err      error
	took     time.Duration
}

// A pending request is one that was sent and has no answer yet.
type pending struct {
	number  int
	request request
	began   time.Time
}

// send carries a request out. While another is without an answer it is refused: nothing piles up on a server that hangs.
// What goes out-of-band is for just that case.
func (m *model) send(r request) {
	if m.facts.readOnly {
		if reason, ok := qapi.ReadOnly(r.command); !ok {
			m.say(noticeBad, "not sent, read-only: "+r.command+" "+reason)
			return
		}
	}
	if m.waiting != nil && !r.oob {
		m.say(noticeBad, "not sent: "+m.waiting.request.command+" has no answer yet")
		return
	}
	m.sent++
	m.waiting = &pending{m.sent, r, m.facts.now}
	m.say(noticeSent, "sent: "+r.line())
	m.hands.perform(m.sent, r)
}

// settle takes in what became of a request. What a person sees is about the request sent last.
func (m *model) settle(o outcome) {
	if m.waiting != nil && m.waiting.number == o.number {
		m.waiting = nil
	}
	m.hands.refresh(staleBy(o.request.command))
	if o.number == m.sent {
		m.tellOutcome(o)
	}
	if c, ok := m.overlay.(*commandLine); ok {
		c.reply(o)
	} else if o.err == nil && len(strings.Trim(string(o.returned), "{} \n")) > 0 && m.overlay == nil {
		m.overlay = newReader(o.request.command, func(f facts, w int) []string { return replyLines(f, o, w) })
	}
}

func (m *model) tellOutcome(o outcome) {
	if o.err == nil {
		m.notice = notice{noticeSent, "sent: " + o.request.line(), "ok  " + render.Duration(o.took)}
		return
	}
	m.say(noticeBad, failure(o))
}

// failure says whether a request that failed was sent at all.
func failure(o outcome) string {
	var broken *qmpconn.OpError
	if errors.As(o.err, &broken) && !broken.Unknown {
		return "not sent: " + o.request.command + ": " + broken.Err.Error()
	}
	return o.request.command + ": " + o.err.Error()
}

// staleBy is what a command of the person's own may have changed, where no event tells.
func staleBy(command string) machine.Stale {
	switch {
	case command == "stop" || command == "cont":
		return machine.StaleOf(machine.QueryStatus)
	case strings.HasPrefix(command, "job-") || strings.HasPrefix(command, "block-job-"):
		return machine.StaleOf(machine.QueryBlockJobs, machine.QueryJobs)
	case strings.HasPrefix(command, "migrate"):
		return machine.StaleOf(machine.QueryMigrate, machine.QueryMigrateParameters, machine.QueryMigrateCapabilities, machine.QueryStatus)
	case strings.HasPrefix(command, "chardev-"):
		return machine.StaleOf(machine.QueryChardev)
	}
	if _, harmless := qapi.ReadOnly(command); harmless {
		return 0
	}
	return machine.StaleAll
}
