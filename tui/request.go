package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// A request is one command that a person asked for.
type request struct {
	command   string
	arguments json.RawMessage // nil for none
	question  string          // asked before it is sent; "" sends at once
	because   string          // what it does, under the question
	yes       string          // the word on the button, such as "cancel it"
}

// line is the request as it is typed at the prompt, so that people learn it.
func (r request) line() string { return syntax.Print(r.command, r.arguments) }

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
	if ok && harm.Grave {
		r.question = "Send " + harm.Command + " to " + machineName + "?"
		r.because = harm.Command + " " + harm.Sentence
		r.yes = "send it"
	}
	return r
}

// answerWithin is how long the dashboard waits for an answer before it says that there is none yet.
const answerWithin = 30 * time.Second

// An outcome is what became of a request. Its number tells it from the outcomes of earlier ones.
type outcome struct {
	number   int
	request  request
	returned json.RawMessage
	err      error
	took     time.Duration
}

// send runs a request off the program's loop. The command is sent once, whatever happens.
func (m *model) send(r request) tea.Cmd {
	if m.config.ReadOnly {
		if reason, ok := qapi.ReadOnly(r.command); !ok {
			m.say(noticeBad, "not sent, read-only: "+r.command+" "+reason)
			return nil
		}
	}
	m.sent++
	number := m.sent
	m.say(noticeSent, "sent: "+shownLine(r))
	return func() tea.Msg {
		began := time.Now()
		ctx, cancel := context.WithTimeout(m.ctx, answerWithin)
		defer cancel()
		returned, err := m.config.Session.Call(ctx, r.command, r.arguments)
		return outcome{number, r, returned, err, time.Since(began)}
	}
}

// shownLine is a request on one line, its secrets masked.
func shownLine(r request) string { return syntax.Mask(r.line(), nil) }
