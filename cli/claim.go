package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"claimdeck/state/claim"
	"claimdeck/state/store"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/claimview"
)

// textWidth is how wide a claim is printed.
const textWidth = 80

// claim is the noun of claims.
func (p *Program) claim() *cobra.Command {
	return noun("claim", "Show and find claims", p.claimShow(), p.claimSearch())
}

func (p *Program) claimShow() *cobra.Command {
	var reveal, timeline bool
	cmd := &cobra.Command{
		Use:     "show CLAIM",
		Short:   "Print a claim: money, orders, what is missing, who waits",
		Long:    "Prints a claim as the console shows it. CLAIM is a claim id, a claim number in any case, or a VIN; what is not\nstored is searched for at LossExpress. Account and phone numbers are masked unless --reveal is given.",
		Example: "claimdeck claim show EX-1001\nclaimdeck claim show EX-1001 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			s, _, err := p.profileSession(ctx, nil)
			if err != nil {
				return err
			}
			defer s.close()
			row, err := s.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			on, err := s.subject(ctx, p, row)
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(masked(on.Claim, reveal))
			}
			return p.print(p.claimText(on.Claim, reveal, timeline))
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show account and phone numbers")
	cmd.Flags().BoolVar(&timeline, "timeline", false, "print the whole story too")
	return cmd
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
		Example: "claimdeck claim search 1FAHP3EN7BW114135",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			rows, err := s.ask(cmd.Context(), args[0])
			if err != nil {
				return asExit(err)
			}
			if p.json {
				return p.printJSON(claimRows(rows))
			}
			if len(rows) == 0 {
				return fmt.Errorf("LossExpress has no claim with the number or VIN %s", args[0])
			}
			for _, r := range rows {
				if err := p.print(fmt.Sprintf("%s  %-12s  %-17s  %-24s  %s", r.ID, r.Number, r.VIN, r.Lender, r.Vehicle)); err != nil {
					return err
				}
			}
			return nil
		},
	}
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
