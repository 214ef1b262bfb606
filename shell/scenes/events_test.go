package scenes

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/qmptalk"
)

// second is a machine with another monitor, on which a test can do things behind the prompt's back.
func second(t testing.TB, home string) []string {
	return append(web01(t, home), "-qmp", "unix:"+filepath.Join(home, "other.sock")+",server=on,wait=off")
}

func TestEvents(t *testing.T) {
	for _, size := range usual {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			home := qemutest.Dir(t)
			q := qemutest.StartIn(t, home, second(t, home)...)
			p := stage{}.start(t, q, home, size)
			p.known()
			other := qmptalk.Dial(t, filepath.Join(home, "other.sock"))
			call := func(name string) {
				t.Helper()
				if _, err := other.Call(t.Context(), name, nil); err != nil {
					t.Fatal(err)
				}
			}
			play := func(name string, f func(p *prompt)) {
				t.Run(name, func(t *testing.T) {
					mine := &prompt{p.For(t), t, q, home}
					mine.fresh()
					f(mine)
				})
			}
			play("an event appears above a half-typed line that stays as it is", func(p *prompt) {
				p.begin("query-na")
				call("cont")
				p.sees("RESUME")
				p.WaitMatch(`(?m)RESUME$(\n.*)*> query-na`)
				p.Type("me\n")
				p.sees("name web01")
				call("stop")
				p.sees("STOP")
			})
			play("an event appears above an open menu that stays open", func(p *prompt) {
				p.complete("query-b")
				p.menu("query-balloon")
				call("cont")
				p.sees("RESUME")
				p.menu("query-balloon")
				call("stop")
				p.WaitMatch(`web01 paused> query-b`)
			})
			play("events are shown that one asks for", func(p *prompt) {
				p.run(".events RES*")
				p.sees("events shown: RES*")
				p.fresh()
				call("cont")
				p.sees("RESUME")
				call("stop")
				p.WaitMatch(`web01 paused>$`)
				call("cont")
				p.WaitMatch(`web01 running>$`)
				p.lacks(p.History(), "STOP")
				call("stop")
				p.run(".events off")
				p.fresh()
				call("cont")
				p.WaitMatch(`web01 running>$`)
				p.lacks(p.History(), "RESUME")
				call("stop")
				p.run(".events on")
				p.sees("all events are shown")
			})
			play("a flood of events is counted, and the half-typed line survives it", func(p *prompt) {
				p.begin("query-na")
				for range 600 {
					call("cont")
					call("stop")
				}
				p.sees("more events:", "STOP ×", "RESUME ×")
				p.WaitMatch(`(?m)> query-na`)
				p.Type("me")
				p.Press("Enter")
				p.sees("name web01")
				if rows := strings.Count(p.History().String(), "\n"); rows > 400 {
					p.t.Errorf("1,200 events took %d rows", rows)
				}
			})
		})
	}
}

func TestAnUnplugIsAskedOfTheGuest(t *testing.T) {
	t.Parallel()
	p := open(t, stage{})
	p.run("device_add driver=virtio-rng-pci id=rng0 bus=port1")
	p.run("device_del id=rng0")
	p.sees("the guest is asked to let go of rng0", "DEVICE_DELETED tells when it has")
}
