package syntax

// A TokenKind is a role for highlighting.
type TokenKind int

// The kinds of tokens.
const (
	TokenCommand   TokenKind = iota // a command's or an action's name
	TokenKey                        // a key with its dots, or a key in an object literal
	TokenPunct                      // = { } [ ] , : ( )
	TokenString                     // a string in quotes
	TokenNumber                     // a number, as far as it can be told without a schema
	TokenConstant                   // true, false, null, on, off and the like
	TokenWord                       // any other value
	TokenDirective                  // .name, and the lone _
	TokenRest                       // what follows a directive, and the text of a tail
	TokenOperator                   // | |! > >>
	TokenComment                    // # to the end of the row
)

// A Token is a piece of the line with one role.
type Token struct {
	Kind TokenKind
	Span Span
}

// wordToken tells the role of a bare word.
func wordToken(text string) TokenKind {
	switch text {
	case "true", "false", "null", "on", "off", "yes", "no", "True", "False", "None":
		return TokenConstant
	}
	if isNumber(text) || isInteger(text) {
		return TokenNumber
	}
	return TokenWord
}
