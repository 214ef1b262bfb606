package demo_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

// Every query that needs no arguments answers what the schema promises, at the start and an hour later.
func TestQueriesAnswerAsTheSchemaSays(t *testing.T) {
	k := begin(t, demo.Options{})
	for _, age := range []time.Duration{0, time.Minute, time.Hour} {
		k.pass(age)
		for _, c := range k.schema.Commands() {
			if len(c.Name) > 6 && c.Name[:6] == "query-" {
				var v json.RawMessage
				k.get(c.Name, "", &v)
			}
		}
	}
}
