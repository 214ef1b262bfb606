package scenes

import "testing"

func TestHumanMonitor(t *testing.T) {
	stage{}.play(t, []scene{
		{"a line of the human monitor shows its text", func(p *prompt) {
			p.run(".hmp info status")
			p.sees("VM status: paused (prelaunch)")
		}},
		{"the mode has a prompt of its own and is left by Ctrl-D", func(p *prompt) {
			p.run(".hmp")
			p.WaitMatch(`(?m)^web01 prelaunch hmp>$`)
			p.run("info name")
			p.sees("web01")
			p.Press("C-d")
			p.WaitMatch(`web01 prelaunch>$`)
		}},
		{"the mode is left by .exit, and the prompt is not", func(p *prompt) {
			p.run(".hmp")
			p.WaitMatch(`hmp>$`)
			p.run(".exit")
			p.WaitMatch(`web01 prelaunch>$`)
			p.run("query-name")
			p.sees("name web01")
		}},
		{"the mode completes from the monitor's own help", func(p *prompt) {
			p.run(".hmp")
			p.complete("system_")
			p.sees("system_powerdown", "system_reset", "system_wakeup")
			p.Press("Tab", "Tab", "Enter")
			p.sees("> system_reset")
			p.Press("C-c", "C-d")
			p.WaitMatch(`web01 prelaunch>$`)
		}},
		{"the mode completes what info can tell", func(p *prompt) {
			p.run(".hmp")
			p.complete("info chard")
			p.sees("> info chardev")
			p.Press("Enter")
			p.ready()
			p.sees("serial0", "ring0")
			p.Press("C-d")
			p.WaitMatch(`web01 prelaunch>$`)
		}},
		{"directives work in the mode", func(p *prompt) {
			p.run(".hmp")
			p.run(".target")
			p.sees("machine web01")
			p.Press("C-d")
			p.WaitMatch(`web01 prelaunch>$`)
		}},
		{"a mistake is the monitor's own to tell", func(p *prompt) {
			p.run(".hmp nonsense")
			p.sees("unknown command: 'nonsense'")
		}},
	})
}
