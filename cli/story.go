package cli

import (
	"github.com/spf13/cobra"

	"claimdeck/state/claim"
)

// claimStory prints the story of a claim, to be handed over or pasted into a file note.
func (p *Program) claimStory() *cobra.Command {
	var o claim.StoryOptions
	cmd := &cobra.Command{
		Use:   "story CLAIM",
		Short: "Print the story of a claim for a file note: standing, money, orders, what is open, what happened",
		Long: "Prints the story of a claim in plain lines, to be pasted into a file note or handed to a colleague. Account and\n" +
			"phone numbers are masked unless --reveal is given; that they were revealed is logged.",
		Example: "claimdeck claim story EX-1001\nclaimdeck claim story EX-1001 --json --reveal",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			on, err := p.readClaim(cmd, args[0], o.Reveal)
			if err != nil {
				return err
			}

			now := p.Now().Local()
			if !p.json {
				return p.print(claim.Story(on.Claim, now, o))
			}
			story, err := claim.StoryJSON(on.Claim, now, o)
			if err != nil {
				return err
			}
			return p.printJSON(story)
		},
	}
	cmd.Flags().BoolVar(&o.Reveal, "reveal", false, "write account and phone numbers out")
	cmd.Flags().IntVar(&o.Events, "events", 0, "how much of what happened is told, the newest; 0 is all")
	return cmd
}
