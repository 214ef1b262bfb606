package machine

import "testing"

func TestEveryQueryHasACommandOfItsOwn(t *testing.T) {
	seen := map[string]Query{}
	for q := range queryCount {
		name := q.Command()
		if name == "" {
			t.Errorf("query %d has no command", q)
		}
		if other, ok := seen[name]; ok {
			t.Errorf("queries %d and %d are both %s", other, q, name)
		}
		seen[name] = q
	}
	if got := queryCount.Command(); got != "" {
		t.Errorf("past the last query: %q", got)
	}
}

func TestStaleSets(t *testing.T) {
	s := StaleOf(QueryBlock, QueryStatus)
	if !s.Has(QueryBlock) || !s.Has(QueryStatus) || s.Has(QueryName) {
		t.Errorf("wrong members: %s", s)
	}
	if got := s.String(); got != "query-status query-block" {
		t.Errorf("printed as %q", got)
	}
	for q := range queryCount {
		if !StaleAll.Has(q) {
			t.Errorf("StaleAll lacks %s", q.Command())
		}
	}
}
