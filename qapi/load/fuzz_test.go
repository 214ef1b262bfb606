package load

import (
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

// FuzzCacheFile reads any file as one of the cache: it must not panic, and what has a schema has a key, which is told in
// one line.
func FuzzCacheFile(f *testing.F) {
	schema, err := qapi.Parse([]byte(introspection))
	if err != nil {
		f.Fatal(err)
	}
	key := "version 7.2.22\npackage \"Debian \\\"1\\\"\"\nbinary \"/usr/bin/qemu\" 1 2\n"
	f.Add(schema.AppendCompact([]byte(header + key + "\n")))
	f.Add([]byte(header + key))
	f.Add([]byte(header + "\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, schema := parseFile(data)
		if schema == nil {
			return
		}
		if !strings.HasSuffix(text, "\n") {
			t.Errorf("the key %q has no end", text)
		}
		describeKey(text)
	})
}

// FuzzKey describes any key.
func FuzzKey(f *testing.F) {
	f.Add("version 7.2.22\npackage \"Debian\"\naddress \"tcp:h:1\"\nthreads 1\n")
	f.Add("package \"a\\nb\"\nbinary \"")
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(describeKey(text), "QEMU ") {
			t.Errorf("%q is described as %q", text, describeKey(text))
		}
	})
}
