package completion

import (
	"strings"
	"testing"
)

// FuzzHumanMonitor reads any text as what the human monitor prints: each value is one word of one line.
func FuzzHumanMonitor(f *testing.F) {
	f.Add("info subcommand -- show things\r\nsavevm|sv [tag] -- save\r\n|x -- \n -- y\n")
	f.Add("hub 0\r\n \\ net0: index=0,type=nic,model=e1000\r\n  \\ user0: index=0,type=user,net=10.0.2.0\n: type=\n")
	f.Add("Network devices:\nname \"e1000\", bus PCI, alias \"x\", desc \"Intel\", no-user\nname \"\", bus \nname \"")
	f.Fuzz(func(t *testing.T, text string) {
		values := hmpCommands(text)
		for _, kind := range []Kind{Netdev, NetCard, NetClient} {
			values = append(values, netClients(text, kind)...)
		}
		for name, d := range deviceTypes(text) {
			values = append(values, Value{Text: name, Help: d.help})
		}
		for _, v := range values {
			if v.Text == "" || strings.Contains(v.Text+v.Help, "\n") {
				t.Errorf("%q gives %+v", text, v)
			}
		}
	})
}
