package cli

import (
	"github.com/spf13/cobra"

	"claimdeck/action"
)

// order is the noun of orders to the lender.
func (p *Program) order(acts *action.Registry) *cobra.Command {
	return noun("order", "Order documents from the lender",
		p.orderTypes(),
		p.verb(acts, "order.create", "claimdeck order create EX-1001 --type \"Copy of Title\" --type \"Payment History\""),
		p.verb(acts, "order.cancel", "claimdeck order cancel EX-1001 24907dea-2bd2-4547-bae6-8305b4256256"))
}

// payoff is the noun of payoff requests.
func (p *Program) payoff(acts *action.Registry) *cobra.Command {
	return noun("payoff", "Request a payoff from the lender",
		p.verb(acts, "payoff.request", "claimdeck payoff request EX-1001"),
		p.verb(acts, "payoff.cancel", "claimdeck payoff cancel EX-1001"))
}

// counter is the noun of the lender's settlement counters.
func (p *Program) counter(acts *action.Registry) *cobra.Command {
	return noun("counter", "Answer the lender's settlement counter",
		p.verb(acts, "counter.accept", "claimdeck counter accept EX-1001 --document breakdown.pdf"),
		p.verb(acts, "counter.dispute", "claimdeck counter dispute EX-1001 --reason \"Verified in person.\""))
}

// orderTypes prints what can be ordered.
func (p *Program) orderTypes() *cobra.Command {
	return &cobra.Command{
		Use: "types", Short: "Print the types of order that can be placed, as LossExpress lists them now",
		Example: "claimdeck order types", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, _, err := p.profileSession(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer s.close()
			types, err := s.account.Client().OrderTypes(cmd.Context())
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(types)
			}
			for _, t := range types {
				if err := p.print(t); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
