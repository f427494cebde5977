package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
)

// leastOfLender is how much of a lender's name LossExpress searches by.
const leastOfLender = 3

// lender is the noun of the lender directory.
func (p *Program) lender() *cobra.Command {
	return noun("lender", "Look up the lenders that LossExpress knows", p.lenderSearch())
}

func (p *Program) lenderSearch() *cobra.Command {
	var integrated bool
	cmd := &cobra.Command{
		Use:   "search NAME",
		Short: "Ask LossExpress for lenders by a part of their name",
		Long: "Asks the lender directory of LossExpress, which vendor accounts have. NAME is at least three letters of a name or\n" +
			"of an alias; finding none is exit code 1. Printed are the id, the name, whether the payoff is integrated, which means\n" +
			"that the lender answers without a call, and the aliases.",
		Example: "claimdeck lender search ally\nclaimdeck lender search \"wells fargo\" --json\nclaimdeck lender search fin --integrated",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q := lossexpress.LenderQuery{Name: strings.TrimSpace(args[0]), IntegratedPayoffOnly: integrated}
			if utf8.RuneCountInString(q.Name) < leastOfLender {
				return usage("%q is too short: give at least three letters of the lender's name", args[0])
			}
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			lenders, err := s.account.Client().Lenders(cmd.Context(), q)
			if err != nil {
				return noLenders(err)
			}
			return p.printLenders(q.Name, lenders)
		},
	}
	cmd.Flags().BoolVar(&integrated, "integrated", false, "only lenders with integrated payoff")
	return cmd
}

// noLenders says what it means when the service does not know the question.
func noLenders(err error) error {
	if errors.Is(err, api.ErrNotFound) || errors.Is(err, api.ErrForbidden) {
		return fmt.Errorf("this account has no lender directory, LossExpress offers it to vendors; a claim takes any lender's name: %w", err)
	}
	return err
}

// lenderView is a lender as --json prints it, with the names of the API.
type lenderView struct {
	LenderID         string   `json:"lenderId"`
	LenderName       string   `json:"lenderName"`
	Aliases          []string `json:"aliases"`
	IntegratedPayoff bool     `json:"integratedPayoff"`
}

func (p *Program) printLenders(name string, lenders []lossexpress.Lender) error {
	if p.json {
		views := make([]lenderView, 0, len(lenders))
		for _, l := range lenders {
			views = append(views, lenderView{l.LenderID, l.LenderName, append([]string{}, l.Aliases...), l.IntegratedPayoff})
		}
		if err := p.printJSON(views); err != nil {
			return err
		}
	} else {
		for _, l := range lenders {
			if err := p.print(lenderLine(l)); err != nil {
				return err
			}
		}
	}
	if len(lenders) == 0 {
		return fmt.Errorf("LossExpress knows no lender by %q; a new one is accepted on a claim, and verified then", name)
	}
	return nil
}

// lenderLine is a lender in one line, as the other lists have it: its id first.
func lenderLine(l lossexpress.Lender) string {
	payoff := ""
	if l.IntegratedPayoff {
		payoff = "integrated payoff"
	}
	return strings.TrimRight(fmt.Sprintf("%-36s  %-28s  %-17s  %s", l.LenderID, l.LenderName, payoff, strings.Join(l.Aliases, ", ")), " ")
}
