package demo

import (
	"fmt"
	"strings"
)

func hmpCommands() map[string]handler {
	return map[string]handler{"human-monitor-command": command((*Machine).humanMonitorCommand)}
}

// An hmp is a command of the human monitor.
type hmp struct {
	name, args, help string
	run              func(m *Machine, words []string) string
}

func (m *Machine) humanMonitorCommand(a struct {
	CommandLine string `json:"command-line"`
	CPUIndex    int64  `json:"cpu-index"`
}) (any, error) {
	if a.CPUIndex < 0 || a.CPUIndex >= cpuCount {
		return nil, errValue("cpu-index", "a CPU number")
	}
	return strings.ReplaceAll(m.human(a.CommandLine), "\n", "\r\n"), nil
}

// human runs a line of the human monitor. What is wrong with it is text as well.
func (m *Machine) human(line string) string {
	words := strings.Fields(line)
	if len(words) == 0 {
		return ""
	}
	for _, table := range [...][]hmp{humanCommands(), infoCommands()} {
		for _, c := range table {
			name := strings.Fields(c.name)
			if len(words) >= len(name) && strings.Join(words[:len(name)], " ") == c.name {
				return c.run(m, words[len(name):])
			}
		}
	}
	if words[0] == "info" && len(words) == 1 {
		return helpOf(infoCommands())
	}
	return fmt.Sprintf("unknown command: '%s'\n", line)
}

func helpOf(table []hmp) string {
	var b strings.Builder
	for _, c := range table {
		fmt.Fprintf(&b, "%s %s -- %s\n", c.name, c.args, c.help)
	}
	return b.String()
}

// humanCommands are those that do something.
func humanCommands() []hmp {
	do := func(act func(*Machine) error) func(*Machine, []string) string {
		return func(m *Machine, _ []string) string { return failure(act(m)) }
	}
	return []hmp{
		{"help", "[cmd]", "list the commands, or describe one", humanHelp},
		{"stop", "", "stop the guest", do((*Machine).stop)},
		{"cont", "", "let the guest go on", do((*Machine).cont)},
		{"c", "", "let the guest go on", do((*Machine).cont)},
		{"system_reset", "", "reset the guest", do((*Machine).systemReset)},
		{"system_powerdown", "", "press the guest's power button", do((*Machine).systemPowerdown)},
		{"eject", "[-f] device", "take the medium out of a drive", humanEject},
		{"migrate", "uri", "migrate to another host", func(m *Machine, words []string) string {
			if len(words) == 0 {
				return "migrate: string expected\n"
			}
			return failure(m.startMigration(words[len(words)-1], false))
		}},
		{"migrate_cancel", "", "cancel the migration", do((*Machine).migrateCancel)},
		{"quit", "", "end the machine", do((*Machine).quit)},
	}
}

func failure(err error) string {
	if err == nil {
		return ""
	}
	if r, ok := err.(*refusal); ok {
		return "Error: " + r.desc + "\n"
	}
	return "Error: " + err.Error() + "\n"
}

func humanHelp(_ *Machine, words []string) string {
	if len(words) == 0 {
		return helpOf(humanCommands()) + "info [subcommand] -- show something about the machine\n"
	}
	want := strings.Join(words, " ")
	for _, table := range [...][]hmp{humanCommands(), infoCommands()} {
		for _, c := range table {
			if c.name == want {
				return helpOf([]hmp{c})
			}
		}
	}
	if want == "info" {
		return helpOf(infoCommands())
	}
	return ""
}

func humanEject(m *Machine, words []string) string {
	a := drive{}
	for _, word := range words {
		if word == "-f" {
			a.Force = true
		} else {
			a.Device = word
		}
	}
	_, err := m.eject(a)
	return failure(err)
}
