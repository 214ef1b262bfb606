package render

import (
	"strings"
)

// A Role is what a piece of text is, for its colour.
type Role int

// The roles. Colour supports words and never replaces them: a text without any is complete.
const (
	RolePlain    Role = iota
	RoleKey           // the name of a member
	RoleString        // a string
	RoleNumber        // a number
	RoleBool          // true, false
	RoleNull          // null
	RoleHeader        // the head of a column or a section
	RoleGuide         // branches, rules, borders of panes without focus
	RoleDim           // what may be overlooked: hints, descriptions, ages
	RoleGood          // running, ready, completed
	RoleWarn          // paused, degraded, deprecated
	RoleBad           // failed, lost, the label of an error
	RoleCaret         // the marks under a mistake
	RoleEvent         // the name of an event
	RoleTime          // a time of day
	RoleCommand       // a command that the server has
	RoleUnknown       // a name that nobody knows
	RoleGhost         // a suggestion behind the cursor
	RoleTitle         // a pane's title, a heading
	RoleFocus         // the border of the pane with the focus
	RoleSelected      // the chosen row of a list
	RoleAccent        // progress bars, the first series of a chart
	RoleSecond        // the second series of a chart
	roleCount
)

// A Profile is what an output can show.
type Profile int

// The profiles, from poor to rich.
const (
	NoStyle   Profile = iota // no escape sequences at all
	Mono                     // bold, dim, underline and reverse, no colours
	ANSI16                   // the 16 colours of the terminal's own palette
	ANSI256                  // the fixed palette of 256
	TrueColor                // 24 bits
)

// A ColorMode is what the user asked for.
type ColorMode int

// The modes of --color.
const (
	ColorAuto ColorMode = iota
	ColorAlways
	ColorNever
)

// ColorProfile decides what an output can show, from what the user asked for, whether it is a terminal, and the
// environment (NO_COLOR, TERM, COLORTERM), which env looks up. It asks the terminal nothing. A full-screen program that
// must mark what is selected uses Mono where this says NoStyle.
func ColorProfile(mode ColorMode, terminal bool, env func(name string) string) Profile {
	term := env("TERM")
	switch {
	case mode == ColorNever:
		return NoStyle
	case mode == ColorAuto && (!terminal || env("NO_COLOR") != "" || term == "dumb"):
		return NoStyle
	}
	switch env("COLORTERM") {
	case "truecolor", "24bit":
		return TrueColor
	}
	switch {
	case strings.HasSuffix(term, "-direct"):
		return TrueColor
	case strings.Contains(term, "256color"), env("WT_SESSION") != "":
		return ANSI256
	}
	return ANSI16
}

// LightBackground reports whether the environment says that the terminal's background is light. It knows COLORFGBG
// alone; without it the answer is no.
func LightBackground(env func(name string) string) bool {
	value := env("COLORFGBG")
	background := value[strings.LastIndexByte(value, ';')+1:]
	return background == "7" || background == "15"
}

// A Theme gives each role its escape sequence. The zero value has none and leaves text as it is.
type Theme struct {
	sgr     *[roleCount]string
	profile Profile
	light   bool
}

// NewTheme is the theme for a profile and a background.
func NewTheme(profile Profile, light bool) Theme {
	if profile <= NoStyle {
		return Theme{}
	}
	t := Theme{sgr: new([roleCount]string), profile: profile, light: light}
	for role := range t.sgr {
		t.sgr[role] = styleOf(Role(role)).sequence(profile, light)
	}
	return t
}

// Profile is the profile that the theme was made for.
func (t Theme) Profile() Profile { return t.profile }

// Light reports whether the theme was made for a light background.
func (t Theme) Light() bool { return t.light }

// SGR is the escape sequence that begins a role, or "" when the role has no style of its own here.
func (t Theme) SGR(role Role) string {
	if t.sgr == nil || role < 0 || role >= roleCount {
		return ""
	}
	return t.sgr[role]
}

// reset ends every style.
const reset = "\x1b[m"

// Paint gives a text the style of a role. The text itself must hold no escape sequences that end a style.
func (t Theme) Paint(role Role, text string) string {
	sgr := t.SGR(role)
	if sgr == "" || text == "" {
		return text
	}
	return sgr + text + reset
}

// roleOf is the role of a scalar.
func roleOf(kind kind) Role {
	switch kind {
	case stringKind:
		return RoleString
	case numberKind:
		return RoleNumber
	case boolKind:
		return RoleBool
	case nullKind:
		return RoleNull
	default:
		return RolePlain
	}
}
