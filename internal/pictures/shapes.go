package main

import (
	"bytes"
	"fmt"
	"strings"
)

// arms says to which sides the line in a box character goes.
func arms(r rune) (up, right, down, left, ok bool) {
	switch r {
	case '─', '╌', '┄':
		return false, true, false, true, true
	case '│':
		return true, false, true, false, true
	case '╭', '┌':
		return false, true, true, false, true
	case '╮', '┐':
		return false, false, true, true, true
	case '╰', '└':
		return true, true, false, false, true
	case '╯', '┘':
		return true, false, false, true, true
	case '├':
		return true, true, true, false, true
	case '┤':
		return true, false, true, true, true
	case '┬':
		return false, true, true, true, true
	case '┴':
		return true, true, false, true, true
	case '┼':
		return true, true, true, true, true
	}
	return false, false, false, false, false
}

// filled is the part of its cell that a block character fills, from the left and from the bottom.
func filled(r rune) (width, height float64, ok bool) {
	switch {
	case r >= '▁' && r <= '█': // from an eighth up to the whole
		return 1, float64(r-'▁'+1) / 8, true
	case r >= '▉' && r <= '▏': // from seven eighths down to one
		return float64('▏'-r+1) / 8, 1, true
	}
	return 0, 0, false
}

// isShape reports whether a character is drawn as a shape.
func isShape(r rune) bool {
	if _, _, ok := filled(r); ok || isBraille(r) {
		return true
	}
	_, _, _, _, ok := arms(r)
	return ok
}

func isBraille(r rune) bool { return r >= '\u2800' && r <= '\u28ff' }

// dots draws a braille character, of which charts are made: each bit of its number is a dot of two columns and four rows.
func dots(path *strings.Builder, r rune, x, y float64) {
	for bit, at := range [8][2]float64{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}} {
		if r&(1<<bit) != 0 {
			box(path, x+(at[0]+0.5)*cellWidth/2-0.8, y+(at[1]+0.5)*cellHeight/4-0.8, 1.6, 1.6)
		}
	}
}

// drawShapes draws a run of block and box characters as two paths: what is filled, and the lines.
func drawShapes(b *bytes.Buffer, run []cell, x, y float64, fg string) {
	var fill, line strings.Builder
	for i := 0; i < len(run); {
		n := 1
		for i+n < len(run) && run[i+n].r == run[i].r {
			n++
		}
		at, length := x+float64(i)*cellWidth, float64(n)*cellWidth
		if isBraille(run[i].r) {
			for j := range n {
				dots(&fill, run[i].r, at+float64(j)*cellWidth, y)
			}
		} else if width, height, ok := filled(run[i].r); ok {
			if width == 1 {
				box(&fill, at, y+cellHeight*(1-height), length, cellHeight*height)
			} else {
				for j := range n {
					box(&fill, at+float64(j)*cellWidth, y, cellWidth*width, cellHeight)
				}
			}
		} else {
			lines(&line, run[i].r, n, at, y)
		}
		i += n
	}
	opacity := ""
	if run[0].dim {
		opacity = ` opacity="0.6"`
	}
	if fill.Len() > 0 {
		fmt.Fprintf(b, `<path fill="%s"%s d="%s"/>`+"\n", fg, opacity, fill.String())
	}
	if line.Len() > 0 {
		fmt.Fprintf(b, `<path fill="none" stroke="%s"%s d="%s"/>`+"\n", fg, opacity, line.String())
	}
}

func box(path *strings.Builder, x, y, width, height float64) {
	fmt.Fprintf(path, "M%s %sh%sv%sh-%sz", num(x), num(y), num(width), num(height), num(width))
}

// lines draws n box characters of one kind beside each other.
func lines(path *strings.Builder, r rune, n int, x, y float64) {
	up, right, down, left, _ := arms(r)
	middleX, middleY := x+cellWidth/2, y+cellHeight/2
	if left && right && !up && !down {
		fmt.Fprintf(path, "M%s %sh%s", num(x), num(middleY), num(float64(n)*cellWidth))
		return
	}
	if strings.ContainsRune("╭╮╰╯", r) {
		arc(path, right, down, x, y)
		return
	}
	for range n {
		arm := func(goes bool, toX, toY float64) {
			if goes {
				fmt.Fprintf(path, "M%s %sL%s %s", num(middleX), num(middleY), num(toX), num(toY))
			}
		}
		arm(up, middleX, y)
		arm(right, middleX+cellWidth/2, middleY)
		arm(down, middleX, y+cellHeight)
		arm(left, middleX-cellWidth/2, middleY)
		middleX += cellWidth
	}
}

// arc draws a round corner, from the side to the top or bottom of the cell.
func arc(path *strings.Builder, right, down bool, x, y float64) {
	sideX, endY := x, y
	if right {
		sideX += cellWidth
	}
	if down {
		endY += cellHeight
	}
	middleX, middleY := x+cellWidth/2, y+cellHeight/2
	fmt.Fprintf(path, "M%s %sQ%s %s %s %s", num(sideX), num(middleY), num(middleX), num(middleY), num(middleX), num(endY))
}
