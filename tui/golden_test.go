package tui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/qmpconn"
)

// The sizes at which the layout changes, and one above.
var sizes = [][2]int{{50, 15}, {80, 24}, {120, 40}, {160, 45}}

// TestPictures compares whole pictures at every size. The files in testdata are to be read, not only to be compared.
func TestPictures(t *testing.T) {
	scenes := []struct {
		name string
		play func(d *driver)
	}{
		{"idle", func(d *driver) { d.show(quietMachine()) }},
		{"busy", func(d *driver) {
			d.show(busyMachine()).tell(func(n *news) { n.events = someEvents() }).press("3")
		}},
		{"moved", func(d *driver) { d.show(movedMachine()).press("3") }},
		{"lost", func(d *driver) {
			d.show(busyMachine()).tell(func(n *news) {
				n.link = qmpconn.Link{
					State: qmpconn.Lost, Since: ago(12 * time.Second), Down: ago(12 * time.Second), Attempt: 2, Retry: noon.Add(4 * time.Second),
					Err: errors.New("unix:/run/q.sock: closed by the server"),
				}
			})
		}},
		{"question", func(d *driver) { d.show(busyMachine()).press("3", "x") }},
		{"command", func(d *driver) { d.show(quietMachine()).press(":", "block_", "tab", "down") }},
		{"help", func(d *driver) { d.show(busyMachine()).press("2", "?") }},
	}
	for _, scene := range scenes {
		for _, size := range sizes {
			name := scene.name + "-" + sizeName(size)
			t.Run(name, func(t *testing.T) {
				d := newDriver(t, size[0], size[1])
				scene.play(d)
				d.golden(name)
			})
		}
	}
}

// TestDetails compares what enter shows, and the panes that have no place of their own on a small screen.
func TestDetails(t *testing.T) {
	scenes := []struct {
		name string
		keys []string
	}{
		{"status-detail", []string{"1", "enter"}},
		{"job-detail", []string{"2", "down", "enter"}},
		{"migration-detail", []string{"3", "enter"}},
		{"chardev-detail", []string{"4", "down", "enter"}},
		{"block", []string{"5"}},
		{"block-detail", []string{"5", "down", "enter"}},
		{"events", []string{"6"}},
		{"events-oldest-trouble", []string{"6", "o", "t"}},
		{"event-detail", []string{"6", "down", "enter"}},
		{"form", []string{"2", "down", "b"}},
		{"filter", []string{"4", "/", "pty"}},
		{"mistake", []string{":", "block_comit device=drive0", "enter"}},
	}
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			d := newDriver(t, 80, 24).show(busyMachine())
			d.tell(func(n *news) { n.events = someEvents() })
			d.press(scene.keys...).golden(scene.name)
		})
	}
}

func sizeName(size [2]int) string { return fmt.Sprintf("%dx%d", size[0], size[1]) }
