package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestDraw(t *testing.T) {
	for _, tt := range []struct{ name, screen, want string }{
		{"text has its place and length", "ab", `<text x="12" y="25" textLength="16.8" lengthAdjust="spacingAndGlyphs" fill="#d0d7de" xml:space="preserve">ab</text>`},
		{"words far apart are set apart", "a   b", `<text x="45.6" y="25" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#d0d7de" xml:space="preserve">b</text>`},
		{"a style goes on in the next row", "\x1b[1;32ma\nb", `y="42" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#7fd88f" font-weight="bold" xml:space="preserve">b<`},
		{"a true colour", "\x1b[38;2;1;2;255mx", `fill="#0102ff"`},
		{"a colour of 256", "\x1b[38;5;196mx", `fill="#ff0000"`},
		{"a background", "\x1b[41m \x1b[0m", `<rect x="12" y="12" width="8.4" height="17" fill="#ff7b72"/>`},
		{"colours exchanged", "\x1b[7mx", `<rect x="12" y="12" width="8.4" height="17" fill="#d0d7de"/>`},
		{"a bar is one shape", "██▌", `<path fill="#d0d7de" d="M12 12h16.8v17h-16.8zM28.8 12h4.2v17h-4.2z"/>`},
		{"a frame's side", "──", `<path fill="none" stroke="#d0d7de" d="M12 20.5h16.8"/>`},
		{"a chart's dots", "⢀", `d="M17.5 26.1h1.6v1.6h-1.6z"`},
		{"markup is escaped", "a<b&c", `>a&lt;b&amp;c</text>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := string(draw(tt.screen+"\n", 10, 3))
			if !strings.Contains(got, tt.want) {
				t.Errorf("no %s in\n%s", tt.want, got)
			}
			for d := xml.NewDecoder(strings.NewReader(got)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
