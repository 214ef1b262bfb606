package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// The measures of a picture, in SVG's units: of a cell, the base line in it, and the frame around the terminal.
const (
	cellWidth  = 8.4
	cellHeight = 17.0
	baseLine   = 13.0
	margin     = 12.0
)

// The terminal's own colours.
const (
	paper = "#0d1117"
	ink   = "#d0d7de"
)

// draw makes the picture of a terminal. Text is set in runs of one style, each with its place and its length; frames,
// bars and sparklines are drawn as shapes, so that they meet whatever the reader's font is.
func draw(screen string, width, height int) []byte {
	var b bytes.Buffer
	w, h := float64(width)*cellWidth+2*margin, float64(height)*cellHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" `+
		`font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">`+"\n", num(w), num(h), num(w), num(h))
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", paper)
	for y, row := range cells(screen, width, height) {
		for x := 0; x < len(row); {
			end := x + 1
			for end < len(row) && row[end].style == row[x].style && isShape(row[end].r) == isShape(row[x].r) {
				end++
			}
			drawRun(&b, row[x:end], margin+float64(x)*cellWidth, margin+float64(y)*cellHeight)
			x = end
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// drawRun draws neighbouring cells of one style.
func drawRun(b *bytes.Buffer, run []cell, x, y float64) {
	s := run[0].style
	fg, bg := s.fg, s.bg
	if fg == "" {
		fg = ink
	}
	if s.back {
		if bg == "" {
			bg = paper
		}
		fg, bg = bg, fg
	}
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", num(x), num(y), num(float64(len(run))*cellWidth), num(cellHeight), bg)
	}
	if isShape(run[0].r) {
		drawShapes(b, run, x, y, fg)
		return
	}
	drawText(b, run, x, y, fg)
}

func drawText(b *bytes.Buffer, run []cell, x, y float64, fg string) {
	for len(run) > 0 && run[0].r == ' ' && !run[0].underline {
		run = run[1:]
		x += cellWidth
	}
	for len(run) > 0 && run[len(run)-1].r == ' ' && !run[0].underline {
		run = run[:len(run)-1]
	}
	if len(run) == 0 {
		return
	}
	// What is far apart is set apart, so that a font of another width moves nothing.
	text := string(runes(run))
	if i := strings.Index(text, "  "); i >= 0 && !run[0].underline {
		first := len([]rune(text[:i]))
		drawText(b, run[:first], x, y, fg)
		drawText(b, run[first:], x+float64(first)*cellWidth, y, fg)
		return
	}
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(text))
	fmt.Fprintf(b, `<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" fill="%s"%s xml:space="preserve">%s</text>`+"\n",
		num(x), num(y+baseLine), num(float64(len(run))*cellWidth), fg, attributes(run[0].style), escaped.String())
}

func runes(run []cell) []rune {
	text := make([]rune, len(run))
	for i, c := range run {
		text[i] = c.r
	}
	return text
}

func attributes(s style) string {
	var b strings.Builder
	if s.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.dim {
		b.WriteString(` opacity="0.6"`)
	}
	if s.italic {
		b.WriteString(` font-style="italic"`)
	}
	switch {
	case s.underline:
		b.WriteString(` text-decoration="underline"`)
	case s.struck:
		b.WriteString(` text-decoration="line-through"`)
	}
	return b.String()
}

// num writes a number with one digit behind the point at most.
func num(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
