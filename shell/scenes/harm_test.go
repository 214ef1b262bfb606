package scenes

import (
	"testing"
)

// harmful are lines that end or reset a guest, with what the prompt says of them.
var harmful = []struct{ line, says string }{
	{"quit", "quit ends the QEMU process"},
	{"system_reset", "system_reset resets the guest"},
	{"system_powerdown", "presses the guest's power button"},
	{`{"execute": "quit"}`, "quit ends the QEMU process"},
	{".hmp q", "ends the QEMU process"},
	{".hmp system_reset", "resets the guest"},
	{"human-monitor-command command-line=quit", "ends the QEMU process"},
}

func TestHarmIsAskedFor(t *testing.T) {
	var scenes []scene
	for _, h := range harmful {
		scenes = append(scenes, scene{h.line + " asks first, and a no sends nothing", func(p *prompt) {
			p.submit(h.line)
			p.sees(h.says, "[y/N]")
			p.Type("n\n")
			p.ready()
			p.lacks(p.sees("nothing was sent"), "ok", "RESET")
			p.machineRuns()
		}})
	}
	stage{}.play(t, append(scenes, []scene{
		{"quit says how to leave the prompt instead", func(p *prompt) {
			p.submit("quit")
			p.sees("the guest loses power", "To leave this prompt: .exit or Ctrl-D", "End web01? [y/N]")
			p.Press("C-c")
			p.ready()
			p.sees("nothing was sent")
		}},
		{"Enter, a shrug, Ctrl-C and Ctrl-D are no yes", func(p *prompt) {
			for _, answer := range []string{"Enter", "C-c", "C-d"} {
				p.submit("quit")
				p.WaitFor("[y/N]")
				p.Press(answer)
				p.ready()
				p.sees("nothing was sent")
				p.fresh()
			}
			for _, answer := range []string{"yeah no", "1", "quit", "Y N"} {
				p.submit("quit")
				p.WaitFor("[y/N]")
				p.Type(answer + "\n")
				p.ready()
				p.sees("nothing was sent")
				p.fresh()
			}
			p.machineRuns()
		}},
		{"what was typed ahead of the question is no answer of it when pasted", func(p *prompt) {
			p.Paste("quit\ny\n")
			p.sees("y")
			p.Press("C-c")
			p.ready()
			p.machineRuns()
		}},
		{"a clear yes resets the guest, and the event tells of it", func(p *prompt) {
			p.submit("system_reset")
			p.WaitFor("[y/N]")
			p.Type("y\n")
			p.ready()
			p.sees("ok", "RESET")
		}},
		{"a guest that is asked for nothing is reset at once", func(p *prompt) {
			p.run(".set confirm off")
			p.sees("confirm off")
			p.lacks(p.run("system_reset"), "[y/N]")
			p.sees("RESET")
			p.run(".set confirm on")
		}},
		{"what an operator does all day is not asked", func(p *prompt) {
			for _, line := range []string{"netdev_add type=user id=all-day", "netdev_del id=all-day",
				"block-dirty-bitmap-add node=disk0 name=all-day", "block-dirty-bitmap-remove node=disk0 name=all-day"} {
				p.run(line)
				p.sees("ok")
				p.fresh()
			}
			for _, line := range []string{"device_del id=none", "block-job-cancel device=none"} {
				p.run(line)
				p.sees("QEMU refused")
				p.fresh()
			}
		}},
		{".quit says what to type", func(p *prompt) {
			p.run(".quit")
			p.sees("to leave this prompt: .exit or Ctrl-D")
			p.machineRuns()
		}},
	}...))
}

func TestYesToQuitEndsTheMachineAndTheLinkIsToldLost(t *testing.T) {
	for _, answer := range []string{"y", "YES"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			p := open(t, stage{})
			p.submit("quit")
			p.WaitFor("[y/N]")
			p.Type(answer + "\n")
			if code := p.qemu.Wait(); code != 0 {
				t.Errorf("QEMU's exit code is %d", code)
			}
			p.sees("link lost", "redialling")
			p.WaitMatch(`(?m)^web01 \(lost [0-9]+ m?s\)>$`)
			p.Press("C-d")
			if code := p.WaitExit(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

func TestReadOnlyPromptSendsNothingThatChanges(t *testing.T) {
	t.Parallel()
	p := open(t, stage{flags: []string{"--read-only"}})
	p.run("stop")
	p.sees("stop is not run in a read-only prompt: it is not known to leave everything as it is")
	p.run("screendump filename=x")
	p.sees("screendump is not run in a read-only prompt: it writes a file on the host")
	p.run("query-name")
	p.sees("name web01")
	p.lacks(p.History(), "STOP")
}
