package demo

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// Compat11 is the Options.Compat that makes the machine speak as QEMU did just before 1.1, in early 2012.
const Compat11 = "1.1"

// schema2012 is what is served with Compat11: what QEMU 1.1 had, under the names of early 2012 where there are two.
func schema2012(handlers map[string]handler) *qapi.Schema {
	s, err := compat.Schema()
	if err != nil {
		panic(err) // embedded
	}
	commands := served(slices.Clone(s.Commands()), handlers)
	commands = slices.DeleteFunc(commands, func(c *qapi.Command) bool {
		switch c.Name {
		case "block-stream", "block-job-set-speed", "block-job-cancel", "transaction":
			return true
		}
		return false
	})
	return qapi.NewSchema(commands, s.Events())
}

// prune leaves out of a value what its type does not know: the members that came later.
func prune(t qapi.Type, v any) any {
	switch t := t.(type) {
	case *qapi.Array:
		if list, ok := v.([]object); ok {
			pruned := make([]any, 0, len(list))
			for _, elem := range list {
				pruned = append(pruned, prune(t.Elem, elem))
			}
			return pruned
		}
	case *qapi.Object:
		if o, ok := v.(object); ok {
			pruned := object{}
			for _, m := range o {
				if known := t.Member(m.name); known != nil {
					pruned = append(pruned, member{m.name, prune(known.Type, m.value)})
				}
			}
			return pruned
		}
	}
	return v
}

// hasNull reports whether there is a null anywhere, which parsers of 2012 did not know.
func hasNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case object:
		return slices.ContainsFunc(v, func(m member) bool { return hasNull(m.value) })
	case []any:
		return slices.ContainsFunc(v, hasNull)
	}
	return false
}

// clamp brings the integers of an id into 64 bits with a sign, as servers of 2012 did.
func clamp(v any) any {
	switch v := v.(type) {
	case json.Number:
		n, ok := new(big.Int).SetString(string(v), 10)
		switch {
		case !ok || n.IsInt64():
			return v
		case n.Sign() < 0:
			return int64(math.MinInt64)
		}
		return int64(math.MaxInt64)
	case object:
		result := make(object, 0, len(v))
		for _, m := range v {
			result = append(result, member{m.name, clamp(m.value)})
		}
		return result
	case []any:
		result := make([]any, 0, len(v))
		for _, elem := range v {
			result = append(result, clamp(elem))
		}
		return result
	}
	return v
}
