package qapi

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

func TestCompactIsTheSameSchema(t *testing.T) {
	for _, version := range []string{"7.2", "11.1"} {
		s := saved.Schema(t, version, Parse)
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
	data := saved.Schema(t, "7.2", Parse).Restrict([]string{"query-status", "stop", "block-commit"}).AppendCompact(nil)
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
