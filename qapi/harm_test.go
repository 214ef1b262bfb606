package qapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

func TestReadOnly(t *testing.T) {
	for _, name := range []string{"query-status", "qom-get", "x-query-roms", "guest-get-osinfo", "guest-ping"} {
		if reason, ok := ReadOnly(name); !ok || reason == "" {
			t.Errorf("%s is not read-only: %q", name, reason)
		}
	}
	for _, name := range []string{"quit", "qom-set", "human-monitor-command", "ringbuf-read", "screendump",
		"guest-exec", "query", "transaction", ""} {
		if reason, ok := ReadOnly(name); ok || reason == "" {
			t.Errorf("%s is read-only: %q", name, reason)
		}
	}
}

// Every name in the tables is a command of a schema we have, of the guest agent, or of 2012.
func TestTablesNameCommandsThatExist(t *testing.T) {
	old, today := saved.Schema(t, "7.2", Parse), saved.Schema(t, "11.1", Parse)
	renamed := []string{"block_job_cancel", "change"}
	check := func(name string) {
		known := strings.HasPrefix(name, "guest-") || slices.Contains(renamed, name)
		if !known && old.Command(name) == nil && today.Command(name) == nil {
			t.Errorf("there is no command %q", name)
		}
	}
	for _, r := range slices.Concat(readOnlyCommands, onlySeemReadOnly) {
		check(r.name)
	}
	for _, h := range harms {
		check(h.Command)
		if _, ok := ReadOnly(h.Command); ok {
			t.Errorf("%s does harm and is read-only", h.Command)
		}
	}
	for _, h := range hmpHarms {
		if _, ok := HarmOf(h.command, nil); !ok {
			t.Errorf("HMP %s does the harm of %s, which does none", h.hmp, h.command)
		}
	}
}

func TestHarmOf(t *testing.T) {
	for _, c := range []struct {
		command, arguments, names string
		grave                     bool
	}{
		{"quit", ``, "quit", true},
		{"stop", ``, "stop", false},
		{"query-status", ``, "", false},
		{"human-monitor-command", `{"command-line":"  q  "}`, "q", true},
		{"human-monitor-command", `{"command-line":"info block"}`, "", false},
		{"human-monitor-command", `{"command-line":7}`, "", false},
		{"human-monitor-command", ``, "", false},
	} {
		harm, ok := HarmOf(c.command, json.RawMessage(c.arguments))
		if harm.Command != c.names || harm.Grave != c.grave || ok != (c.names != "") {
			t.Errorf("%s %s: %+v %v", c.command, c.arguments, harm, ok)
		}
	}
}
