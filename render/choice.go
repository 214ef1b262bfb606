package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
)

// A ChoiceError is the choice of a branch that a command does not have.
type ChoiceError struct {
	Tag     string   // the dotted name of the tag, as it was given but for the indices of lists
	AtValue bool     // the tag is right and its value is not
	Message string   // what is wrong
	Near    []string // tags or values that may have been meant, best first
}

func (e *ChoiceError) Error() string {
	if len(e.Near) == 0 {
		return e.Message
	}
	return e.Message + "; did you mean: " + strings.Join(e.Near, ", ")
}

// fewValues is how many values an error lists though it names the near ones.
const fewValues = 12

// wrongValue is the error for a value of a tag that chooses none of the valid ones.
func wrongValue(tag, value string, valid []string) *ChoiceError {
	e := &ChoiceError{Tag: tag, AtValue: true, Near: qapi.Nearest(value, valid)}
	among := strings.Join(valid, ", ")
	if len(valid) > fewValues && len(e.Near) > 0 {
		among = fmt.Sprintf("its %d values", len(valid))
	}
	e.Message = fmt.Sprintf("%s: %q is not one of %s", tag, value, among)
	return e
}

// wrongChoice is an error for a choice that is wrong, or that nothing was chosen by.
func (d *description) wrongChoice() error {
	if d.bad != nil {
		return d.bad
	}
	for _, name := range slices.Sorted(maps.Keys(d.choices)) {
		if !slices.Contains(d.tags, name) {
			return &ChoiceError{Tag: name, Message: name + " chooses no branch here", Near: qapi.Nearest(name, d.tags)}
		}
	}
	return nil
}
