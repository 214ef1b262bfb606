package syntax

import (
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
)

// schema returns the newest saved schema.
func schema(tb testing.TB) *qapi.Schema {
	tb.Helper()
	return saved.Schema(tb, "11.1", qapi.Parse)
}
