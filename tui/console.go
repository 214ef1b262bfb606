package tui

import (
	"strings"
)

// The Linux console has 256 or 512 characters, those of the first PCs in the main: lines with square corners, few blocks,
// no braille. What it lacks it draws as one and the same sign, so that bars, charts and borders mean nothing there.

// onConsole reports whether the terminal is the Linux console.
func onConsole(environ []string) bool { return setting(environ, "TERM") == "linux" }

// setting is the value of a variable, the last one of its name as for the process itself.
func setting(environ []string, name string) (value string) {
	for _, pair := range environ {
		if text, ok := strings.CutPrefix(pair, name+"="); ok {
			value = text
		}
	}
	return value
}

// consoleRune is a character that the console can draw, of the same width, in the place of one that it cannot.
func consoleRune(r rune) rune {
	switch r {
	case '╭':
		return '┌'
	case '╮':
		return '┐'
	case '╰':
		return '└'
	case '╯':
		return '┘'
	case '▸':
		return '►'
	case '●':
		return '•'
	case '✓':
		return '√'
	case '✗':
		return 'x'
	case '…':
		return '~'
	case '–':
		return '-'
	case '▁', '▂':
		return '_'
	case '▃', '▅':
		return '▄'
	case '▆', '▇', '▉', '▊', '▋':
		return '█'
	case '▍', '▎', '▏':
		return '▌'
	}
	if r >= brailleBlank && r <= brailleBlank+0xff {
		return '·'
	}
	return r
}
