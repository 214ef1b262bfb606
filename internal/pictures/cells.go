package main

import (
	"fmt"
	"strconv"
	"strings"
)

// A cell is one place of the terminal.
type cell struct {
	r rune
	style
}

// A style is how a cell looks. Colours are "#rrggbb", or "" for the terminal's own.
type style struct {
	fg, bg                                     string
	bold, dim, italic, underline, struck, back bool // back: foreground and background exchanged
}

// palette has the 16 colours of the terminal in the pictures.
var palette = [16]string{
	"#484f58", "#ff7b72", "#7fd88f", "#e3b341", "#6cb6ff", "#d2a8ff", "#76e3ea", "#c9d1d9",
	"#8b949e", "#ffa198", "#a5e8b0", "#f2cc60", "#96d0ff", "#e2c5ff", "#b3f0f5", "#f0f6fc",
}

// cells reads what a terminal shows. Every rune takes one cell: the scenes have no wide ones.
func cells(screen string, width, height int) [][]cell {
	rows := make([][]cell, 0, height)
	var now style
	for line := range strings.SplitSeq(strings.TrimSuffix(screen, "\n"), "\n") {
		var row []cell
		for line != "" {
			if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
				end := strings.IndexFunc(rest, func(r rune) bool { return r >= '@' })
				if end < 0 {
					break
				}
				if rest[end] == 'm' {
					now = now.sgr(rest[:end])
				}
				line = rest[end+1:]
				continue
			}
			for i, r := range line {
				if r >= ' ' {
					row = append(row, cell{r, now})
				}
				line = line[i+len(string(r)):]
				break
			}
		}
		rows = append(rows, row[:min(len(row), width)])
	}
	return rows[:min(len(rows), height)]
}

// sgr applies the parameters of one escape sequence for colours and attributes.
func (s style) sgr(parameters string) style {
	codes := strings.FieldsFunc(parameters, func(r rune) bool { return r == ';' || r == ':' })
	if len(codes) == 0 {
		return style{}
	}
	for i := 0; i < len(codes); i++ {
		switch n, _ := strconv.Atoi(codes[i]); n {
		case 38, 48:
			colour, used := extended(codes[i+1:])
			i += used
			*s.ground(n) = colour
		default:
			s.set(n)
		}
	}
	return s
}

// set applies one code: an attribute, or one of the 16 colours.
func (s *style) set(n int) {
	switch n {
	case 0:
		*s = style{}
	case 1:
		s.bold = true
	case 2:
		s.dim = true
	case 22:
		s.bold, s.dim = false, false
	case 3, 23:
		s.italic = n == 3
	case 4, 24:
		s.underline = n == 4
	case 7, 27:
		s.back = n == 7
	case 9, 29:
		s.struck = n == 9
	case 39, 49:
		*s.ground(n) = ""
	default:
		switch {
		case n >= 30 && n <= 37, n >= 40 && n <= 47:
			*s.ground(n) = palette[n%10]
		case n >= 90 && n <= 97, n >= 100 && n <= 107:
			*s.ground(n - 60) = palette[n%10+8]
		}
	}
}

// ground is what the codes from 30 to 49 colour: from 40 on the background.
func (s *style) ground(n int) *string {
	if n >= 40 {
		return &s.bg
	}
	return &s.fg
}

// extended reads a colour of 256, or of all, and says how many codes it took.
func extended(codes []string) (colour string, used int) {
	number := func(i int) int {
		n, _ := strconv.Atoi(codes[i])
		return n
	}
	switch {
	case len(codes) >= 4 && codes[0] == "2":
		return fmt.Sprintf("#%02x%02x%02x", number(1), number(2), number(3)), 4
	case len(codes) >= 2 && codes[0] == "5":
		return indexed(number(1)), 2
	}
	return "", len(codes)
}

func indexed(n int) string {
	switch {
	case n < 16:
		return palette[n]
	case n < 232:
		level := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	default:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
}
