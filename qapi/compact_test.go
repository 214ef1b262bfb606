package qapi

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"reflect"
	"testing"
)

func TestCompactIsTheSameSchema(t *testing.T) {
	for _, version := range []string{"7.2", "11.1"} {
		s := saved(t, version)
		data := s.AppendCompact(nil)
		got, err := ParseCompact(data)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(printSchema(got), printSchema(s)) {
			t.Errorf("%s: read back, the schema is another one", version)
		}
		if !bytes.Equal(got.Introspection(), s.Introspection()) {
			t.Errorf("%s: read back, the introspection is another one", version)
		}
		if !bytes.Equal(got.AppendCompact(nil), data) {
			t.Errorf("%s: written again, the bytes differ", version)
		}
		if !reflect.DeepEqual(got.Command("blockdev-add").Features, s.Command("blockdev-add").Features) {
			t.Errorf("%s: features differ", version)
		}
	}
}

func TestCompactRefusesDamage(t *testing.T) {
	data := saved(t, "7.2").Restrict([]string{"query-status", "stop", "block-commit"}).AppendCompact(nil)
	for i := range data {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0x20
		if _, err := ParseCompact(damaged); err == nil {
			t.Fatalf("byte %d of %d is wrong, and nobody saw it", i, len(data))
		}
		if _, err := ParseCompact(data[:i]); err == nil {
			t.Fatalf("the file ends after %d of %d bytes, and nobody saw it", i, len(data))
		}
	}
}

// reseal gives damaged data the right checksum.
func reseal(data []byte) []byte {
	if len(data) < len(compactMagic)+4 {
		return data
	}
	data = bytes.Clone(data)
	copy(data, compactMagic)
	sum := data[len(compactMagic):]
	binary.LittleEndian.PutUint32(sum, crc32.ChecksumIEEE(sum[4:]))
	return data
}

func FuzzCompact(f *testing.F) {
	f.Add(saved(f, "7.2").Restrict([]string{"query-status", "stop", "blockdev-snapshot-sync", "new"}).AppendCompact(nil))
	f.Add([]byte(compactMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseCompact(reseal(data))
		if err != nil {
			return
		}
		walk(t, s)
		again, err := ParseCompact(s.AppendCompact(nil))
		if err != nil {
			t.Fatalf("what was read cannot be read again once it is written: %v", err)
		}
		if !bytes.Equal(printSchema(s), printSchema(again)) {
			t.Fatal("written and read again, it is another schema")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"meta-type":"object","name":"1","members":[{"name":"m","type":"[1]","default":null}]},
		{"meta-type":"array","name":"[1]","element-type":"1"},{"meta-type":"command","name":"c","arg-type":"1"}]`))
	f.Add([]byte(`[{"meta-type":"alternate","name":"1","members":[{"type":"[1]"},{"type":"2"}]},
		{"meta-type":"array","name":"[1]","element-type":"1"},{"meta-type":"enum","name":"2","values":["a","b"]},
		{"meta-type":"object","name":"3","members":[{"name":"a","type":"1"}],"tag":"a","variants":[{"case":"a","type":"4"}]},
		{"meta-type":"object","name":"4","members":[]},{"meta-type":"event","name":"E","arg-type":"3"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		walk(t, s)
		if _, err := Parse(printSchema(s)); err != nil {
			t.Fatalf("printed, it cannot be read: %v\n%s", err, printSchema(s))
		}
	})
}

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
