package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/qmpsh/qmpsh/demo"
	"github.com/qmpsh/qmpsh/render"
)

// completionsCommand prints what makes a shell complete the words of its own command line. Cobra would add such a command
// by itself, and compose the texts of four of them at every start.
func (a *app) completionsCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script by which your shell completes qmpsh's flags",
		Long: `Prints a script by which your shell completes qmpsh's sub-commands and flags.
For this session:
  bash        source <(qmpsh completion bash)
  zsh         source <(qmpsh completion zsh)
  fish        qmpsh completion fish | source
  powershell  qmpsh completion powershell | Out-String | Invoke-Expression
For every session, put that line into the file that your shell reads at start.
In bash it needs the package bash-completion, in zsh autoload -U compinit and
compinit before it.`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, words []string) error {
			switch words[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return &usageError{fmt.Errorf("no completion for %q: there is one for bash, zsh, fish and powershell", words[0])}
		},
	}
}

// describeFlags tells a shell that asks what the flags of a command and of those below it take. A value that is not told
// is completed as a file.
func describeFlags(c *cobra.Command) {
	c.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		_, flag.Usage = pflag.UnquoteUsage(flag) // only help takes the quotes out that name the value
		if values, told := flagValues(flag.Name); told {
			// It fails for a flag that was told of before, and there is none.
			_ = c.RegisterFlagCompletionFunc(flag.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
	})
	for _, below := range c.Commands() {
		describeFlags(below)
	}
}

// flagValues are the values to offer for a flag; told is false where it takes a file or an address.
func flagValues(name string) (values []string, told bool) {
	switch name {
	case "output":
		return render.Formats(), true
	case "color":
		return []string{"auto", "always", "never"}, true
	case "compat":
		return []string{demo.Compat11}, true
	case "jq", "timeout", "search", "speed", "seed":
		return nil, true
	}
	return nil, false
}
