package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/action"
	"claimdeck/state/claim"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/claimview"
)

// textWidth is how wide a claim is printed.
const textWidth = 80

// claim is the noun of claims.
func (p *Program) claim(acts *action.Registry) *cobra.Command {
	return noun("claim", "Show, find, create and change claims", p.claimShow(), p.claimStory(), p.claimSearch(),
		p.verb(acts, "claim.create", createExample),
		p.verb(acts, "claim.update", "claimdeck claim update EX-1001 --odometer 42000"))
}

func (p *Program) claimShow() *cobra.Command {
	var reveal, timeline bool
	cmd := &cobra.Command{
		Use:   "show CLAIM",
		Short: "Print a claim: money, orders, what is missing, who waits",
		Long: "Prints a claim as the console shows it. " + aboutClaim + " Account and phone numbers are masked\n" +
			"unless --reveal is given.\n\n" +
			"With --json: one document, with the names of the API where it has the field; exact amounts in US dollars, times\n" +
			"in UTC; what is not known is absent, lists are always there.",
		Example: "claimdeck claim show EX-1001\nclaimdeck claim show EX-1001 --timeline --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			on, err := p.readClaim(cmd, args[0], reveal)
			if err != nil {
				return err
			}

			if p.json {
				return p.printJSON(viewClaim(on.Claim, p.Now().Local(), reveal, timeline))
			}
			return p.print(p.claimText(on.Claim, reveal, timeline))
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show account and phone numbers")
	cmd.Flags().BoolVar(&timeline, "timeline", false, "print the whole story too")
	return cmd
}

// readClaim reads a claim with its history. That its account and phone numbers are shown is logged.
func (p *Program) readClaim(cmd *cobra.Command, ref string, reveal bool) (action.Subject, error) {
	ctx := cmd.Context()
	s, _, err := p.profileSession(ctx, nil)
	if err != nil {
		return action.Subject{}, err
	}
	defer s.close()
	row, err := s.resolve(ctx, ref)
	if err != nil {
		return action.Subject{}, err
	}
	on, err := s.subject(ctx, p, row)
	if err == nil && reveal {
		s.log.Info("account and phone numbers revealed", "claim", on.Claim.Number, "by", cmd.CommandPath())
	}
	return on, err
}

// claimText is the claim as the console's overview, without colours.
func (p *Program) claimText(c claim.Claim, reveal, timeline bool) string {
	v := claimview.View{
		Look: screen.NewLook(theme.New(theme.Options{})), Now: p.Now().Local(), Revealed: reveal,
		Hint: func(string) string { return "" },
	}
	lines := append(v.Strip(c, textWidth), "")
	lines = append(lines, v.Body(claimview.Overview, c, textWidth)...)
	if timeline {
		lines = append(lines, "", " Timeline")
		lines = append(lines, v.Body(claimview.Timeline, c, textWidth)...)
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(plain(line), " ")
	}
	return strings.Join(lines, "\n")
}

func (p *Program) claimSearch() *cobra.Command {
	return &cobra.Command{
		Use:     "search NUMBER|VIN",
		Short:   "Ask LossExpress for claims by claim number or VIN",
		Long:    "Asks LossExpress, not the store. Several claims may share a VIN; finding none is exit code 1.",
		Example: "claimdeck claim search EX-1001\nclaimdeck claim search 1FAHP3EN7BW114135 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			rows, err := s.ask(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := p.printClaims(rows); err != nil {
				return err
			}
			if len(rows) == 0 {
				return fmt.Errorf("LossExpress has no claim with the number or VIN %s", args[0])
			}
			return nil
		},
	}
}

func (p *Program) printClaims(rows []store.ClaimRow) error {
	if p.json {
		return p.printJSON(claimRows(rows))
	}
	for _, r := range rows {
		if err := p.print(fmt.Sprintf("%s  %-12s  %-17s  %-24s  %s", r.ID, r.Number, r.VIN, r.Lender, r.Vehicle)); err != nil {
			return err
		}
	}
	return nil
}

type claimRowView struct {
	ClaimID     string `json:"claimId"`
	ClaimNumber string `json:"claimNumber"`
	VIN         string `json:"vin"`
	Lender      string `json:"lenderName"`
	Vehicle     string `json:"vehicle"`
}

func claimRows(rows []store.ClaimRow) []claimRowView {
	out := make([]claimRowView, 0, len(rows))
	for _, r := range rows {
		out = append(out, claimRowView{r.ID, r.Number, r.VIN, r.Lender, r.Vehicle})
	}
	return out
}
