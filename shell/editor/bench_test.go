package editor

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// BenchmarkFrame is one drawing: laid out, styled and written.
func BenchmarkFrame(b *testing.B) {
	for _, length := range []int{10, 100, 1000, 100000} {
		for _, candidates := range []int{0, 200} {
			b.Run(fmt.Sprintf("line=%d/menu=%d", length, candidates), func(b *testing.B) {
				s := newScreen(io.Discard, DefaultTheme(true), func() (int, int) { return 80, 24 })
				line := strings.Repeat("key=12 wxyz ", length/12+1)[:length]
				f := frame{prompt: "\x1b[1mtest>\x1b[0m ", line: line, cursor: len(line), spans: []Span{{0, 3, "32"}, {4, 6, "35"}}}
				if candidates > 0 {
					c := Completion{Title: "a title"}
					for i := range candidates {
						c.Candidates = append(c.Candidates, Candidate{Text: fmt.Sprintf("candidate-%03d", i), Columns: []string{"str", "what it means"}})
					}
					f.menu = newMenu(c, newBuffer(line))
				}
				for b.Loop() {
					s.show(f)
				}
			})
		}
	}
}
