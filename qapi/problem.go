package qapi

// A Problem is one thing that is wrong, or questionable, with a command and its arguments.
type Problem struct {
	Kind ProblemKind
	// Path leads from the arguments to the culprit: names of members, and indices of arrays in decimal. It is empty
	// when the culprit is the command or the arguments as a whole. For MissingMember it leads to the object that
	// lacks members.
	Path    []string
	AtValue bool     // the culprit is the value at the end of Path, not the member's name
	Message string   // what is wrong, one line without full stop, with the path where there is one
	Near    []string // names that may have been meant, best first
	Where   []string // UnknownMember: dotted paths from the arguments where the name would be right, shortest first
	Valid   []string // UnknownValue: every valid value; MissingMember: every member that is missing
	Warning bool     // the command may be sent all the same
}

// A ProblemKind says what sort of problem it is.
type ProblemKind int

// The kinds of problems.
const (
	UnknownCommand  ProblemKind = iota + 1 // a command that the server does not have
	UnknownMember                          // a member that the object does not have
	DuplicateMember                        // a member that is there twice
	MissingMember                          // mandatory members that are not there, all of one object at once
	WrongType                              // a value of another type, or a number out of the type's range
	UnknownValue                           // a value that the enum does not have
	WrongBranch                            // a member that the union has for another value of its tag
	DeprecatedUse                          // a warning: the schema calls it deprecated
	UnstableUse                            // a warning: the schema calls it unstable
)

// Fatal reports whether there is a problem among them that is not just a warning.
func Fatal(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}
