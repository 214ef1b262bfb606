package cmd

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/qmpsh/qmpsh/syntax"
)

// errNoSecret is what asking for a secret ends with where nobody can be asked.
var errNoSecret = errors.New("\"?\" asks for a secret, and standard input is no terminal: give its value")

// fill asks for the secrets that were typed as "?", without echo.
func (a *app) fill(bound *syntax.Bound) error {
	for i, ask := range bound.Asks {
		in, ok := a.stdin.(*os.File)
		if !ok || !isTerminal(a.stdin) {
			return &usageError{errNoSecret}
		}
		fmt.Fprintf(a.stderr, "%s (not shown): ", ask.Member)
		secret, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(a.stderr)
		if err != nil {
			return &usageError{fmt.Errorf("read %s: %w", ask.Member, err)}
		}
		bound.Answer(i, string(secret))
	}
	return nil
}
