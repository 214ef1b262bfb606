package syntax

import (
	"slices"

	"github.com/qmpsh/qmpsh/qapi"
)

// convert turns a bare word into the JSON that a type wants. It reports false, and gives a string, when the word does
// not fit. A nil type takes words that look like JSON as JSON, and all others as strings.
func convert(text string, t qapi.Type) (string, bool) {
	switch t := t.(type) {
	case *qapi.Builtin:
		return convertBuiltin(text, t)
	case *qapi.Enum:
	case *qapi.Alternate:
		return convertAlternate(text, t)
	case *qapi.Array, *qapi.Object:
		return Quote(text), false
	case nil:
		return guess(text), true
	}
	return Quote(text), true
}

// guess is unguided: JSON and Python scalars are what they say, all else is a string.
func guess(text string) string {
	if isNumber(text) {
		return text
	}
	switch text {
	case "true", "True":
		return "true"
	case "false", "False":
		return "false"
	case "null", "None":
		return "null"
	}
	return Quote(text)
}

func convertBuiltin(text string, t *qapi.Builtin) (string, bool) {
	switch t.JSON {
	case "string":
		return Quote(text), true
	case "int":
		if digits, ok := integer(text); ok {
			return digits, true
		}
		return Quote(text), false
	case "number":
		if isNumber(text) {
			return text, true
		}
		if digits, ok := integer(text); ok {
			return digits, true
		}
		return Quote(text), false
	case "boolean":
		value, ok := boolean(text)
		if !ok {
			return Quote(text), false
		}
		if value {
			return "true", true
		}
		return "false", true
	case "null":
		if text == "null" || text == "None" {
			return "null", true
		}
		return Quote(text), false
	}
	return guess(text), true
}

// convertAlternate lets the word's own look choose: null, then a number, then a truth value or an enum's, then a string.
func convertAlternate(text string, t *qapi.Alternate) (string, bool) {
	var word qapi.Type
	for _, json := range []string{"null", "int", "number", "boolean", "string"} {
		for _, choice := range t.Choices {
			b, ok := choice.(*qapi.Builtin)
			if ok && json == "string" && b.JSON == "string" {
				word = choice
			}
			if !ok || b.JSON != json || json == "string" || json == "boolean" && isEnumValue(text, t) {
				continue
			}
			if value, fits := convertBuiltin(text, b); fits {
				return value, true
			}
		}
	}
	for _, choice := range t.Choices {
		if e, ok := choice.(*qapi.Enum); ok {
			word = e
		}
		if b, ok := choice.(*qapi.Builtin); ok && b.JSON == "value" {
			word = b
		}
	}
	if word == nil {
		return Quote(text), false
	}
	return convert(text, word)
}

// isEnumValue reports whether an alternate has an enum with that value.
func isEnumValue(text string, t *qapi.Alternate) bool {
	return slices.ContainsFunc(t.Choices, func(choice qapi.Type) bool {
		e, ok := choice.(*qapi.Enum)
		return ok && slices.ContainsFunc(e.Values, func(v qapi.EnumValue) bool { return v.Name == text })
	})
}

// wanted says what a bare word should have been.
func wanted(t qapi.Type) string {
	if b, ok := t.(*qapi.Builtin); ok {
		switch b.JSON {
		case "int":
			return "an integer: write 10, 0x1000, 10G or 1.5M"
		case "number":
			return "a number: write 10, 0.5 or 10G"
		case "boolean":
			return "on or off (yes, no, true and false do as well)"
		case "null":
			return "null"
		}
	}
	switch t.(type) {
	case *qapi.Object:
		return "an object: give its members one by one, or as {…}"
	case *qapi.Array:
		return "a list: write [ … ]"
	case *qapi.Alternate:
		return t.Describe()
	}
	return "a value"
}

// isString reports whether a type is a plain string, which may begin with a bracket.
func isString(t qapi.Type) bool {
	b, ok := t.(*qapi.Builtin)
	return ok && b.JSON == "string"
}

func isArray(t qapi.Type) bool {
	_, ok := t.(*qapi.Array)
	return ok
}

// ListOf returns the list that a type is, or may be; else nil.
func ListOf(t qapi.Type) *qapi.Array {
	switch t := t.(type) {
	case *qapi.Array:
		return t
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			if a, ok := choice.(*qapi.Array); ok {
				return a
			}
		}
	}
	return nil
}

// ObjectOf returns the object that a type is, or may be; else nil.
func ObjectOf(t qapi.Type) *qapi.Object {
	switch t := t.(type) {
	case *qapi.Object:
		return t
	case *qapi.Alternate:
		for _, choice := range t.Choices {
			if o, ok := choice.(*qapi.Object); ok {
				return o
			}
		}
	}
	return nil
}
