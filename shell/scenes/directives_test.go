package scenes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDirectives(t *testing.T) {
	stage{}.play(t, []scene{
		{"help lists what can be typed", func(p *prompt) {
			p.run(".help")
			p.sees("Lines", "Directives", ".watch [[SECONDS] LINE]", "Keys", "Ctrl-D", ".help NAME says")
		}},
		{"help and a question mark work without a dot", func(p *prompt) {
			p.run("help")
			p.sees(".help NAME says")
			p.fresh()
			p.run("?")
			p.sees(".help NAME says")
		}},
		{"help describes a command, an event and a directive", func(p *prompt) {
			p.run(".help block-commit")
			p.sees("device str, mandatory")
			p.fresh()
			p.run("help BLOCK_JOB_READY")
			p.sees("BLOCK_JOB_READY event")
			p.fresh()
			p.run(".help .watch")
			p.sees(".watch [[SECONDS] LINE]")
		}},
		{"help for a name that is none offers the nearest", func(p *prompt) {
			p.run(".help block-comit")
			p.sees("no command or event", "did you mean", "block-commit")
		}},
		{"a directive that is none gets a caret", func(p *prompt) {
			p.run(".hepl")
			p.sees("there is no directive .hepl", "^~~~", "did you mean: .help")
		}},
		{"the schema of a name is described as help does", func(p *prompt) {
			p.run(".schema block-job-set-speed")
			p.sees("device str, mandatory")
			p.fresh()
			p.run(".schema")
			p.sees("commands,", "events, from")
		}},
		{"a template has what a command needs", func(p *prompt) {
			p.run(".template block-dirty-bitmap-add")
			p.sees(`block-dirty-bitmap-add node="" name=""`)
		}},
		{"the target says whom one talks to", func(p *prompt) {
			p.run(".target")
			p.sees("machine web01", "link ready", "qemu-system-x86_64")
		}},
		{"another target that does not answer leaves everything as it is", func(p *prompt) {
			p.run(".target none.sock")
			p.sees("error: no connection to", "none.sock", "still talking to web01", "there is no such socket")
			p.run("query-name")
			p.sees("name web01")
		}},
		{"reconnect says that there is no need", func(p *prompt) {
			p.run(".reconnect")
			p.sees("the link is ready")
		}},
		{"time says how long a command took", func(p *prompt) {
			p.run(".time on")
			p.run("query-name")
			p.WaitMatch(`(?m)^ +<?[0-9.]+ m?s$`)
			p.run(".time off")
			p.sees("time off")
		}},
		{"history shows the lines that were entered", func(p *prompt) {
			p.run("query-uuid")
			p.run(".history query-u")
			p.WaitMatch(`(?m)^ +[0-9]+  query-uuid$`)
		}},
		{"the log has the wire's messages", func(p *prompt) {
			p.run(".log wire.jsonl")
			p.sees("the wire is logged to wire.jsonl")
			p.run("query-name")
			p.run(".log off")
			text, err := os.ReadFile(filepath.Join(p.home, "wire.jsonl"))
			if err != nil || !strings.Contains(string(text), `{"execute":"query-name"`) {
				p.t.Fatalf("the log holds %q (%v)", text, err)
			}
		}},
		{"a command that QEMU does not run out-of-band is not sent so", func(p *prompt) {
			p.run(".oob query-status")
			p.sees("does not run query-status out-of-band", "nothing was sent")
			p.run(".oob query-yank")
			p.lacks(p.Screen(), "error: QEMU")
		}},
		{"edit fills a command in with an editor and sends it", func(p *prompt) {
			p.run(".edit object-add qom-type=iothread")
			p.sees("ok")
			p.run("query-iothreads | [.[].id] | sort | join(\"+\")")
			p.sees("filled+io0")
			p.run("object-del id=filled")
		}},
		{"an editor that gives up sends nothing", func(p *prompt) {
			p.run(".edit block-commit")
			p.sees("nothing was sent")
		}},
		{"Ctrl-X edits the line that is being typed", func(p *prompt) {
			p.begin(`object-add qom-type=iothread id=""`)
			p.Press("C-x")
			p.sees(`id="filled"`)
			p.Press("C-c")
			p.ready()
		}},
		{"F1 describes the command being typed and keeps the line", func(p *prompt) {
			p.begin("block-job-pause dev")
			p.Press("F1")
			p.sees("pause a block job")
			p.Type("ice=d")
			p.sees("> block-job-pause device=d")
		}},
		{"the dashboard opens on the machine and comes back to the line", func(p *prompt) {
			p.run("# before")
			p.submit(".dash")
			p.sees("PRELAUNCH", "Status")
			p.Press("q")
			p.ready()
			p.run("query-name")
			p.sees("name web01")
		}},
		{"Ctrl-O shows the dashboard and keeps the half-typed line", func(p *prompt) {
			p.begin("query-na")
			p.Press("C-o")
			p.sees("PRELAUNCH", "Status")
			p.Press("q")
			p.sees("> query-na")
			p.Type("me\n")
			p.sees("name web01")
			p.ready()
		}},
		{"a watched line is shown again when it changes", func(p *prompt) {
			p.submit(".watch 0.1 query-name")
			p.sees("every 100 ms", "Ctrl-C ends it", "name web01")
			p.Press("C-c")
			p.ready()
		}},
		{"nothing that changes the machine is repeated", func(p *prompt) {
			p.run(".watch 1 stop")
			p.sees("stop is not repeated")
		}},
		{"watching says when nothing runs", func(p *prompt) {
			p.run(".watch")
			p.sees("nothing runs")
		}},
	}, "EDITOR="+editor(t))
}

// editor is a program that fills in an empty id, and fails where there is none.
func editor(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fill")
	const script = "#!/bin/sh\ngrep -q 'id\": *\"\"\\|id=\"\"' \"$1\" && exec sed -i 's/\\(id\\(\": *\\|=\\)\\)\"\"/\\1\"filled\"/' \"$1\"\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExitLeavesTheMachineRunning(t *testing.T) {
	for _, line := range []string{".exit", "exit"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			p := open(t, stage{machine: []string{"-name", "web01"}})
			p.submit(line)
			if code := p.WaitExit(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			p.machineRuns()
		})
	}
}
