package render

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// order remembers in which order members were seen together. gojq holds objects in Go maps, so it is put back
// afterwards: an object gets the order of the constructor in the expression, or of the object in the input, that has
// the same names; where there is none, the order in which the names came up first.
type order struct {
	sets map[string][]string // by setKey of an object's names: the names in order
	rank map[string]int      // when a name came up first
}

func newOrder() *order { return &order{sets: map[string][]string{}, rank: map[string]int{}} }

// orderOf collects the object constructors of an expression.
func orderOf(query *gojq.Query) *order {
	o := newOrder()
	w := exprWalk{found: o.add}
	w.query(query)
	return o
}

// with is the order of the expression and, after it, of an input.
func (o *order) with(raw []byte) *order {
	v, err := parse(raw)
	if err != nil {
		return o
	}
	both := newOrder()
	for key, names := range o.sets {
		both.sets[key] = names
	}
	for name, rank := range o.rank {
		both.rank[name] = rank
	}
	both.addValue(v)
	return both
}

func (o *order) addValue(v value) {
	for _, item := range v.Items {
		o.addValue(item)
	}
	if len(v.Members) == 0 {
		return
	}
	names := make([]string, len(v.Members))
	for i, m := range v.Members {
		names[i] = m.Name
	}
	o.add(names)
	for _, m := range v.Members {
		o.addValue(m.Value)
	}
}

func (o *order) add(names []string) {
	for _, name := range names {
		if _, seen := o.rank[name]; !seen {
			o.rank[name] = len(o.rank)
		}
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	if key := setKey(sorted); o.sets[key] == nil {
		o.sets[key] = names
	}
}

// setKey joins sorted names in a way that no other names share: a name may hold any character.
func setKey(sorted []string) string {
	var key []byte
	for _, name := range sorted {
		key = append(strconv.AppendInt(key, int64(len(name)), 10), ':')
		key = append(key, name...)
	}
	return string(key)
}

// names are the keys of an object in their order.
func (o *order) names(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	if known := o.sets[setKey(names)]; known != nil {
		return known
	}
	rank := func(name string) int {
		if r, ok := o.rank[name]; ok {
			return r
		}
		return len(o.rank)
	}
	sort.SliceStable(names, func(i, j int) bool { return rank(names[i]) < rank(names[j]) })
	return names
}

// marshal writes a result of gojq as JSON on one line.
func (o *order) marshal(result any) (json.RawMessage, error) {
	var buf bytes.Buffer
	if err := o.write(&buf, result); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (o *order) write(buf *bytes.Buffer, result any) error {
	switch v := result.(type) {
	case map[string]any:
		buf.WriteByte('{')
		for i, name := range o.names(v) {
			if i > 0 {
				buf.WriteByte(',')
			}
			if err := o.write(buf, name); err != nil {
				return err
			}
			buf.WriteByte(':')
			if err := o.write(buf, v[name]); err != nil {
				return err
			}
		}
		buf.WriteByte('}')
	case []any:
		buf.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				buf.WriteByte(',')
			}
			if err := o.write(buf, item); err != nil {
				return err
			}
		}
		buf.WriteByte(']')
	default:
		text, err := gojq.Marshal(v)
		if err != nil {
			return err
		}
		buf.Write(text)
	}
	return nil
}

// exprWalk finds the object constructors of an expression, in the order of its text.
type exprWalk struct{ found func(names []string) }

func (w exprWalk) query(q *gojq.Query) {
	if q == nil {
		return
	}
	for _, def := range q.FuncDefs {
		w.query(def.Body)
	}
	w.query(q.Left)
	w.term(q.Term)
	w.query(q.Right)
}

func (w exprWalk) term(t *gojq.Term) {
	if t == nil {
		return
	}
	w.object(t.Object)
	w.query(t.Query)
	if t.Array != nil {
		w.query(t.Array.Query)
	}
	if t.Func != nil {
		for _, arg := range t.Func.Args {
			w.query(arg)
		}
	}
	if t.Unary != nil {
		w.term(t.Unary.Term)
	}
	if t.Label != nil {
		w.query(t.Label.Body)
	}
	w.control(t)
}

// control looks into the control structures of a term.
func (w exprWalk) control(t *gojq.Term) {
	if t.If != nil {
		w.query(t.If.Then)
		for _, elif := range t.If.Elif {
			w.query(elif.Then)
		}
		w.query(t.If.Else)
	}
	if t.Try != nil {
		w.query(t.Try.Body)
		w.query(t.Try.Catch)
	}
	if t.Reduce != nil {
		w.query(t.Reduce.Start)
		w.query(t.Reduce.Update)
	}
	if t.Foreach != nil {
		w.query(t.Foreach.Update)
		w.query(t.Foreach.Extract)
	}
}

func (w exprWalk) object(object *gojq.Object) {
	if object == nil {
		return
	}
	var names []string
	for _, kv := range object.KeyVals {
		switch {
		case kv.Key != "":
			names = append(names, strings.TrimPrefix(kv.Key, "$"))
		case kv.KeyString != nil && len(kv.KeyString.Queries) == 0:
			names = append(names, kv.KeyString.Str)
		}
	}
	if len(names) > 0 {
		w.found(names)
	}
	for _, kv := range object.KeyVals {
		w.query(kv.Val)
	}
}
