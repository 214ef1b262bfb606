package syntax

import "github.com/qmpsh/qmpsh/qapi"

// A TagLookup tells the value that was typed for a union's tag; ok is false while there is none.
type TagLookup func(tag string) (value string, ok bool)

// MemberOf finds a member of an object by name: among those that all variants share, then in the variant that the tag
// chose, or in any variant as long as there is no tag. It returns nil for none; object may be nil.
func MemberOf(object *qapi.Object, tag TagLookup, name string) *qapi.Member {
	if object == nil {
		return nil
	}
	if m := object.Member(name); m != nil {
		return m
	}
	value, known := "", false
	if len(object.Variants) > 0 {
		value, known = tag(object.Tag)
	}
	for _, v := range object.Variants {
		if known && v.Case != value {
			continue
		}
		if m := MemberOf(v.Object, tag, name); m != nil {
			return m
		}
	}
	return nil
}
