package shell

import (
	"fmt"
	"strings"

	"github.com/qmpsh/qmpsh/render"
)

// settings are what .set changes. They are a value: a change makes another one.
type settings struct {
	confirm bool // ask before what ends or resets a guest
	pager   bool // long returns go to the pager
	time    bool // say how long each command took
	format  render.Format
}

func newSettings(cfg Config) settings {
	return settings{confirm: true, pager: true, format: cfg.Printer.Format}
}

// set returns the settings with one of them changed.
func (o settings) set(name, value string) (settings, error) {
	if name == "format" {
		format, err := render.ParseFormat(value)
		if err != nil {
			return o, err
		}
		o.format = format
		return o, nil
	}
	var which *bool
	switch name {
	case "confirm":
		which = &o.confirm
	case "pager":
		which = &o.pager
	case "time":
		which = &o.time
	default:
		return o, fmt.Errorf("there is no setting %q: confirm, format, pager and time are all", name)
	}
	on, err := onOff(value)
	if err == nil {
		*which = on
	}
	return o, err
}

func onOff(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "on", "yes", "true", "1":
		return true, nil
	case "off", "no", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither on nor off", value)
}

func word(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// list says what is set, each with what it does in at most width cells, broken between words.
func (o settings) list(width int) string {
	var b strings.Builder
	for _, setting := range [][3]string{
		{"confirm", word(o.confirm), "ask before what ends or resets the guest or destroys data"},
		{"format", o.format.String(), "how returns look: " + strings.Join(render.Formats(), ", ")},
		{"pager", word(o.pager), "long returns go to $PAGER"},
		{"time", word(o.time), "say how long each command took"},
	} {
		lead := render.Pad(setting[0], 9) + render.Pad(setting[1], 7)
		for _, line := range render.Wrap(setting[2], max(20, width-1-len(lead))) {
			b.WriteString(lead + line + "\n")
			lead = strings.Repeat(" ", len(lead))
		}
	}
	return b.String()
}

// options is what is set now. It may be asked by anyone.
func (s *shell) options() settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

func (s *shell) change(name, value string) error {
	next, err := s.options().set(name, value)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = next
	return nil
}
