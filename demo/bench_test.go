package demo_test

import (
	"testing"

	"github.com/qmpsh/qmpsh/demo"
)

// BenchmarkNew is what `qmpsh demo` pays before the first byte.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		demo.New(demo.Options{})
	}
}
