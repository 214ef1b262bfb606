package qapi

import "testing"

func BenchmarkParse(b *testing.B) {
	text := introspection(b, "11.1")
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseCompact(b *testing.B) {
	data := saved(b, "11.1").AppendCompact(nil)
	b.ReportAllocs()
	b.ReportMetric(float64(len(data)), "bytes")
	for b.Loop() {
		if _, err := ParseCompact(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommand(b *testing.B) {
	s := saved(b, "11.1")
	b.ReportAllocs()
	for b.Loop() {
		if s.Command("query-status") == nil || s.Command("blockdev-add") == nil || s.Command("nothing") != nil {
			b.Fatal("look-up failed")
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	s := saved(b, "11.1")
	arguments := []byte(`{"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"x.qcow2"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if problems := s.Check("blockdev-add", arguments); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
