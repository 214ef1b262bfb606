package render

// The Linux console has 256 or 512 characters, those of the first PCs in the main: lines with square corners, few blocks,
// no braille. What it lacks it draws as one and the same sign, so that bars, charts and borders mean nothing there.

// ConsoleRune is a character that the Linux console can draw, of the same width, in the place of one that it cannot.
func ConsoleRune(r rune) rune {
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
	case '×':
		return 'x'
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
	if r >= '\u2800' && r <= '\u28ff' { // braille
		return '·'
	}
	return r
}
