package render

import (
	"fmt"
	"strconv"
	"strings"
)

// A style is how a role looks: attributes, and one colour for each profile and background.
type style struct {
	bold, dim, underline, reverse bool
	color                         color
}

// A color is one hue in the terminal's own palette (0 to 15), in the 256-colour palette and in 24 bits, each for both
// backgrounds.
type color struct {
	set                 bool
	ansi, lightANSI     uint8
	dark256, light256   uint8
	darkTrue, lightTrue uint32
}

func hue(ansi, dark256, light256 uint8, darkTrue, lightTrue uint32) color {
	return color{set: true, ansi: ansi, lightANSI: ansi, dark256: dark256, light256: light256, darkTrue: darkTrue, lightTrue: lightTrue}
}

func red() color     { return hue(1, 203, 124, 0xff6b6b, 0xb3261e) }
func green() color   { return hue(2, 114, 28, 0x7fd88f, 0x1a7f37) }
func yellow() color  { return hue(3, 221, 130, 0xf0c674, 0x9a6700) }
func magenta() color { return hue(5, 176, 90, 0xd2a8ff, 0x8250df) }
func cyan() color    { return hue(6, 80, 23, 0x56d4dd, 0x0a7285) }
func grey() color    { return hue(8, 245, 243, 0x8b949e, 0x6e7781) }

// blue of the terminal's own palette is nearly black in many of them, the Linux console's and xterm's among them: the
// bright one can be read on both backgrounds.
func blue() color {
	c := hue(12, 75, 25, 0x6cb6ff, 0x0550ae)
	c.lightANSI = 4
	return c
}

// styleOf is the one table of how roles look.
func styleOf(role Role) style {
	switch role {
	case RoleKey:
		return style{color: blue()}
	case RoleString, RoleGood:
		return style{color: green()}
	case RoleNumber:
		return style{color: cyan()}
	case RoleBool:
		return style{color: magenta()}
	case RoleNull, RoleGuide, RoleGhost, RoleTime, RoleDim:
		return style{dim: true, color: grey()}
	case RoleHeader, RoleTitle, RoleCommand:
		return style{bold: true}
	case RoleWarn:
		return style{color: yellow()}
	case RoleBad, RoleCaret:
		return style{bold: true, color: red()}
	case RoleUnknown:
		return style{underline: true, color: red()}
	case RoleEvent:
		return style{color: yellow()}
	case RoleFocus:
		return style{bold: true, color: blue()}
	case RoleAccent:
		return style{color: blue()}
	case RoleSecond:
		return style{color: yellow()}
	case RoleSelected:
		return style{reverse: true}
	default:
		return style{}
	}
}

// sequence is the escape sequence of a style. A dim style is grey where a grey can be relied on, which more terminals show
// well, and else dim: the bright black of some palettes is their background.
func (s style) sequence(profile Profile, light bool) string {
	var codes []string
	if s.bold {
		codes = append(codes, "1")
	}
	faint := s.dim && profile <= ANSI16
	if faint {
		codes = append(codes, "2")
	}
	if s.underline {
		codes = append(codes, "4")
	}
	if s.reverse {
		codes = append(codes, "7")
	}
	if s.color.set && profile > Mono && !faint {
		codes = append(codes, s.color.code(profile, light))
	}
	if len(codes) == 0 {
		return ""
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}

func (c color) code(profile Profile, light bool) string {
	switch profile {
	case TrueColor:
		rgb := c.rgb(light)
		return fmt.Sprintf("38;2;%d;%d;%d", rgb>>16, rgb>>8&0xff, rgb&0xff)
	case ANSI256:
		if light {
			return "38;5;" + strconv.Itoa(int(c.light256))
		}
		return "38;5;" + strconv.Itoa(int(c.dark256))
	default:
		n := int(c.ansi)
		if light {
			n = int(c.lightANSI)
		}
		if n >= 8 {
			return strconv.Itoa(90 + n - 8)
		}
		return strconv.Itoa(30 + n)
	}
}

func (c color) rgb(light bool) uint32 {
	if light {
		return c.lightTrue
	}
	return c.darkTrue
}
