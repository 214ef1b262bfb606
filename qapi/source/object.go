package source

// An object hands out the fields of an object value one by one, and knows which were not asked for.
type object struct {
	*value
	p     *parser
	taken map[string]bool
}

func (o *object) find(key string) *value {
	for _, f := range o.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

func (o *object) has(key string) bool { return o.find(key) != nil }

// take returns what the key holds, or nil.
func (o *object) take(key string) *value {
	if o.taken == nil {
		o.taken = make(map[string]bool)
	}
	o.taken[key] = true
	return o.find(key)
}

// must is take of a key that has to be there.
func (o *object) must(key string) *value {
	v := o.take(key)
	if v == nil {
		o.p.fail(o.pos, "'%s' is missing", key)
	}
	return v
}

// text takes a string; it is "" when the key is not there.
func (o *object) text(key string) string {
	v := o.take(key)
	if v == nil || !o.p.is(v, stringValue) {
		return ""
	}
	return v.text
}

// flag takes a boolean. The dialect of 2012 wrote 'no' and 'yes'.
func (o *object) flag(key string, otherwise bool) bool {
	v := o.take(key)
	switch {
	case v == nil:
		return otherwise
	case v.kind == stringValue && (v.text == "no" || v.text == "yes"):
		return v.text == "yes"
	case !o.p.is(v, boolValue):
		return otherwise
	}
	return v.truth
}

// rest warns of the fields that nobody asked for. A language newer than this package may have them.
func (o *object) rest() {
	for _, f := range o.fields {
		if !o.taken[f.key] {
			o.p.warn(f.pos, "'%s' is not known here and ignored", f.key)
		}
	}
}

// skip marks all fields as asked for.
func (o *object) skip() {
	for _, f := range o.fields {
		o.take(f.key)
	}
}

// is reports whether the value is of the kind, and fails otherwise.
func (p *parser) is(v *value, kind valueKind) bool {
	if v.kind != kind {
		p.fail(v.pos, "expected %s, found %s", kind, v.kind)
	}
	return v.kind == kind
}
