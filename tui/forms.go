package tui

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qmpsh/qmpsh/machine"
	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// bytesField reads a number of bytes with a unit, as the prompt does.
func bytesField(text string) (json.Number, error) {
	plain := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(text, "/s"), "B"), "i")
	digits, ok := syntax.Integer(strings.ReplaceAll(plain, " ", ""))
	if !ok || strings.HasPrefix(digits, "-") {
		return "", fmt.Errorf("%q is no number of bytes: 100M, 1.5G, 0", text)
	}
	return json.Number(digits), nil
}

// speedForm asks for a job's speed limit.
func speedForm(job machine.Job, a machine.Action) form {
	return form{
		title:  func(facts) string { return "Speed limit of " + render.Clean(job.ID) },
		fields: []field{{label: "bytes/s", value: compactLimit(job.SpeedLimit), hint: "20M, 1.5G; 0 for none"}},
		finish: func(_ facts, values []string) (request, error) {
			speed, err := bytesField(values[0])
			return request{command: a.Command, arguments: arguments(a.Member, job.ID, a.Value, speed)}, err
		},
	}
}

// A limit is a setting of migrations.
type limit struct {
	title, label, hint string
	parameter          string // of migrate-set-parameters
	old                string // the command of servers before it, with one member: value
	read               func(text string) (now, old any, err error)
	value              func(l machine.Limits) string
}

var (
	errDowntime = errors.New("a time is wanted: 300ms, 1.5s")

	limitBandwidth = limit{
		title: "Bandwidth of the migration", label: "bytes/s", hint: "100M, 1G; the guest moves sooner with more",
		parameter: "max-bandwidth", old: "migrate_set_speed",
		read: func(text string) (any, any, error) {
			n, err := bytesField(text)
			return n, n, err
		},
		value: func(l machine.Limits) string { return compactLimit(l.Bandwidth) },
	}
	limitDowntime = limit{
		title: "Downtime of the migration", label: "at most", hint: "how long the guest may stand still: 300ms, 1.5s",
		parameter: "downtime-limit", old: "migrate_set_downtime",
		read: func(text string) (any, any, error) {
			d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
			if err != nil || d < 0 {
				return nil, nil, errDowntime
			}
			return d.Milliseconds(), d.Seconds(), nil
		},
		value: func(l machine.Limits) string {
			if !l.Downtime.Known {
				return ""
			}
			return l.Downtime.Value.String()
		},
	}
)

// compactLimit is a limit as it is typed: in the largest unit that it is a whole number of.
func compactLimit(m machine.Maybe[int64]) string {
	n, unit := m.Or(0), 0
	if n <= 0 {
		return ""
	}
	for unit < 4 && n%1024 == 0 {
		n, unit = n/1024, unit+1
	}
	return strconv.FormatInt(n, 10) + []string{"", "K", "M", "G", "T"}[unit]
}

// limitForm asks for a limit of migrations, with the command that this server has for it.
func limitForm(f facts, l limit) form {
	return form{
		title:  func(facts) string { return l.title },
		fields: []field{{label: l.label, value: l.value(f.snapshot.Migration.Limits), hint: l.hint}},
		finish: func(f facts, values []string) (request, error) {
			now, old, err := l.read(values[0])
			if !f.has("migrate-set-parameters") && f.has(l.old) {
				return request{command: l.old, arguments: arguments("value", old)}, err
			}
			return request{command: "migrate-set-parameters", arguments: arguments(l.parameter, now)}, err
		},
	}
}

// migrateForm asks where the machine is to go.
func migrateForm() form {
	return form{
		title:  func(f facts) string { return "Migrate " + f.name() },
		fields: []field{{label: "to", value: "tcp:", hint: "tcp:HOST:PORT or unix:PATH of a QEMU with -incoming"}},
		finish: func(f facts, values []string) (request, error) {
			if len(values[0]) < 6 || !strings.Contains(values[0], ":") {
				return request{}, errors.New("an address is wanted: tcp:HOST:PORT or unix:PATH")
			}
			return request{
				command: "migrate", arguments: arguments("uri", values[0]),
				question: "Migrate " + f.name() + "?", because: "The guest moves to " + values[0] + " and stops here.", yes: "migrate it",
			}, nil
		},
	}
}
