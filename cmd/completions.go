package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
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
For every session, put that line into the file that your shell reads at start.`,
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
