package render

import (
	"strings"
	"testing"
)

func TestColorProfile(t *testing.T) {
	cases := []struct {
		name     string
		mode     ColorMode
		terminal bool
		env      map[string]string
		want     Profile
	}{
		{"plain xterm", ColorAuto, true, map[string]string{"TERM": "xterm"}, ANSI16},
		{"256", ColorAuto, true, map[string]string{"TERM": "tmux-256color"}, ANSI256},
		{"true colour", ColorAuto, true, map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TrueColor},
		{"direct", ColorAuto, true, map[string]string{"TERM": "xterm-direct"}, TrueColor},
		{"pipe", ColorAuto, false, map[string]string{"TERM": "xterm"}, NoStyle},
		{"NO_COLOR", ColorAuto, true, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, NoStyle},
		{"empty NO_COLOR says nothing", ColorAuto, true, map[string]string{"TERM": "xterm", "NO_COLOR": ""}, ANSI16},
		{"dumb", ColorAuto, true, map[string]string{"TERM": "dumb"}, NoStyle},
		{"no TERM at all", ColorAuto, true, nil, ANSI16},
		{"never", ColorNever, true, map[string]string{"TERM": "xterm"}, NoStyle},
		{"always beats a pipe and NO_COLOR", ColorAlways, false, map[string]string{"NO_COLOR": "1", "TERM": "xterm-256color"}, ANSI256},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := ColorProfile(c.mode, c.terminal, func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestLightBackground(t *testing.T) {
	for value, want := range map[string]bool{"": false, "15;0": false, "0;15": true, "0;default;7": true, "12": false} {
		if got := LightBackground(func(string) string { return value }); got != want {
			t.Errorf("COLORFGBG=%q: %v", value, got)
		}
	}
}

func TestThemeSpeaksWhatTheTerminalKnows(t *testing.T) {
	cases := []struct {
		profile Profile
		light   bool
		role    Role
		want    string
	}{
		{NoStyle, false, RoleBad, "x"},
		{Mono, false, RoleBad, "\x1b[1mx\x1b[m"},
		{Mono, false, RoleDim, "\x1b[2mx\x1b[m"},
		{Mono, false, RoleSelected, "\x1b[7mx\x1b[m"},
		{ANSI16, false, RoleBad, "\x1b[1;31mx\x1b[m"},
		{ANSI16, true, RoleDim, "\x1b[90mx\x1b[m"},
		{ANSI256, false, RoleKey, "\x1b[38;5;75mx\x1b[m"},
		{ANSI256, true, RoleKey, "\x1b[38;5;25mx\x1b[m"},
		{TrueColor, false, RoleKey, "\x1b[38;2;108;182;255mx\x1b[m"},
		{TrueColor, true, RoleKey, "\x1b[38;2;5;80;174mx\x1b[m"},
		{TrueColor, false, RolePlain, "x"},
		{TrueColor, false, Role(999), "x"},
	}
	for _, c := range cases {
		if got := NewTheme(c.profile, c.light).Paint(c.role, "x"); got != c.want {
			t.Errorf("profile %d, light %v, role %d: %q, want %q", c.profile, c.light, c.role, got, c.want)
		}
	}
}

func TestColoursChangeNoText(t *testing.T) {
	for command, reply := range replies(t) {
		var plain, painted strings.Builder
		p := Printer{Terminal: true, Width: 80, Command: command}
		if err := p.Return(&plain, reply); err != nil {
			t.Fatal(err)
		}
		p.Theme = NewTheme(TrueColor, false)
		if err := p.Return(&painted, reply); err != nil {
			t.Fatal(err)
		}
		if got := stripped(painted.String()); got != plain.String() {
			t.Errorf("%s: with colours:\n%s\nwithout:\n%s", command, got, plain.String())
		}
	}
}

// stripped is a text without the sequences of a theme.
func stripped(s string) string {
	for {
		before, rest, found := strings.Cut(s, "\x1b[")
		if !found {
			return s
		}
		_, after, _ := strings.Cut(rest, "m")
		s = before + after
	}
}
