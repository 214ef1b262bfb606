package qapi

import (
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

func BenchmarkParse(b *testing.B) {
	text := saved.Introspection(b, "11.1")
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseCompact(b *testing.B) {
	data := saved.Schema(b, "11.1", Parse).AppendCompact(nil)
	b.ReportAllocs()
	b.ReportMetric(float64(len(data)), "bytes")
	for b.Loop() {
		if _, err := ParseCompact(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommand(b *testing.B) {
	s := saved.Schema(b, "11.1", Parse)
	b.ReportAllocs()
	for b.Loop() {
		if s.Command("query-status") == nil || s.Command("blockdev-add") == nil || s.Command("nothing") != nil {
			b.Fatal("look-up failed")
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	s := saved.Schema(b, "11.1", Parse)
	arguments := []byte(`{"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"x.qcow2"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if problems := s.Check("blockdev-add", arguments); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
