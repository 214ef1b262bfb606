package syntax

import (
	"compress/gzip"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/qmpsh/qmpsh/qapi"
)

// saved11 parses the newest saved schema once for all tests.
var saved11 = sync.OnceValues(func() (*qapi.Schema, error) { return saved("11.1") })

func saved(version string) (*qapi.Schema, error) {
	file, err := os.Open("../qapi/testdata/query-qmp-schema-" + version + ".json.gz")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		return nil, err
	}
	return qapi.Parse(text)
}

func schema(t testing.TB) *qapi.Schema {
	t.Helper()
	s, err := saved11()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
