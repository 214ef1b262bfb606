package render

import (
	"math"
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
		{ANSI16, true, RoleDim, "\x1b[2mx\x1b[m"},   // Solarized has no bright black that can be seen
		{ANSI16, false, RoleKey, "\x1b[94mx\x1b[m"}, // the console's blue cannot be read on its black
		{ANSI16, true, RoleKey, "\x1b[34mx\x1b[m"},
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

// TestColoursCanBeRead: each fixed colour stands out from its background at least 4.5 to 1, as the accessibility
// guidelines of the web ask of text.
func TestColoursCanBeRead(t *testing.T) {
	luminance := func(rgb uint32) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			c := float64(rgb>>(16-8*i)&0xff) / 255
			if c <= 0.04045 {
				sum += weight * c / 12.92
			} else {
				sum += weight * math.Pow((c+0.055)/1.055, 2.4)
			}
		}
		return sum
	}
	indexed := func(n uint8) uint32 {
		level := func(v uint8) uint32 { return max(uint32(v)*40+55, 55) * min(uint32(v), 1) }
		if n >= 232 {
			return (8 + 10*uint32(n-232)) * 0x010101
		}
		n -= 16
		return level(n/36)<<16 | level(n/6%6)<<8 | level(n%6)
	}
	for role := range roleCount {
		c := styleOf(role).color
		if !c.set {
			continue
		}
		for name, contrast := range map[string]float64{
			"true colour on black": (luminance(c.darkTrue) + 0.05) / 0.05,
			"true colour on white": 1.05 / (luminance(c.lightTrue) + 0.05),
			"256 on black":         (luminance(indexed(c.dark256)) + 0.05) / 0.05,
			"256 on white":         1.05 / (luminance(indexed(c.light256)) + 0.05),
		} {
			if contrast < 4.5 {
				t.Errorf("role %d, %s: %.2f", role, name, contrast)
			}
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
