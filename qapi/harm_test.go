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
	check := func(name string) {
		known := strings.HasPrefix(name, "guest-")
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
	for _, c := range []struct{ command, arguments, names string }{
		{"quit", ``, "quit"},
		{"blockdev-create", `{"job-id":"j"}`, "blockdev-create"},
		{"stop", ``, ""},
		{"device_del", `{"id":"d"}`, ""},
		{"netdev_del", `{"id":"n"}`, ""},
		{"block-job-cancel", `{"device":"d"}`, ""},
		{"block-dirty-bitmap-remove", `{"node":"n","name":"b"}`, ""},
		{"migrate_cancel", ``, ""},
		{"eject", `{"id":"cd0"}`, ""},
		{"query-status", ``, ""},
		{"human-monitor-command", `{"command-line":"  q  "}`, "q"},
		{"human-monitor-command", `{"command-line":"delvm one"}`, "delvm"},
		{"human-monitor-command", `{"command-line":"device_del d"}`, ""},
		{"human-monitor-command", `{"command-line":"info block"}`, ""},
		{"human-monitor-command", `{"command-line":7}`, ""},
		{"human-monitor-command", ``, ""},
		{"qom-list-properties", `{"typename":"colo-compare"}`, "qom-list-properties"},
		{"qom-list-properties", `{"typename":"x-remote-object"}`, "qom-list-properties"},
		{"qom-list-properties", `{"typename":"secret"}`, ""},
		{"qom-list-properties", ``, ""},
	} {
		harm, ok := HarmOf(c.command, json.RawMessage(c.arguments))
		if harm.Command != c.names || ok != (c.names != "") {
			t.Errorf("%s %s: %+v %v", c.command, c.arguments, harm, ok)
		}
	}
}
