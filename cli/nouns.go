package cli

import (
	"github.com/spf13/cobra"

	"claimdeck/action"
)

// createExample is a claim with everything that a carrier's claim needs.
const createExample = `claimdeck claim create --claim-number EX-9001 --vin 1N4AL3AP8JC231503 --date-of-loss 2026-11-02 ` +
	`--cause-of-loss Flood --insurer-type "First Party" --finance-type Retail --odometer 42000 --owners-name "Pat Doe" ` +
	`--owners-phone-number +12145550100 --owners-street-address "12200 Test Avenue Dallas TX 75204" --owners-retained no ` +
	`--lender-name "Ally Financial" --account-number 228-1193-44 --settlement-amount 18250.40 --deductible 500 ` +
	`--title-remittance-address "1000 Main Street Dallas TX 75204"`

// order is the noun of orders to the lender.
func (p *Program) order(acts *action.Registry) *cobra.Command {
	return noun("order", "Order documents from the lender",
		p.orderTypes(),
		p.verb(acts, "order.create", "claimdeck order create EX-1001 --type \"Copy of Title\" --type \"Payment History\""),
		p.verb(acts, "order.cancel", "claimdeck order cancel EX-1001 24907dea-2bd2-4547-bae6-8305b4256256"),
		p.verb(acts, "order.refresh", "claimdeck order refresh EX-1001 --type \"Copy of Title\" --yes"))
}

// payoff is the noun of payoffs: from the request to the check.
func (p *Program) payoff(acts *action.Registry) *cobra.Command {
	return noun("payoff", "Request a payoff from the lender, and record its payment",
		p.verb(acts, "payoff.request", "claimdeck payoff request EX-1001"),
		p.verb(acts, "payoff.cancel", "claimdeck payoff cancel EX-1001"),
		p.verb(acts, "payoff.refresh", "claimdeck payoff refresh EX-1001 --yes"),
		p.verb(acts, "payoff.sent", "claimdeck payoff sent EX-1001 --amount 10222 --sent-at 2026-11-20 --via USPS --tracking 1Z999AA10123456784"))
}

// guarantee is the noun of letters of guarantee.
func (p *Program) guarantee(acts *action.Registry) *cobra.Command {
	return noun("guarantee", "Request a letter of guarantee from the lender",
		p.verb(acts, "guarantee.request", "claimdeck guarantee request EX-1001"),
		p.verb(acts, "guarantee.cancel", "claimdeck guarantee cancel EX-1001"),
		p.verb(acts, "guarantee.refresh", "claimdeck guarantee refresh EX-1001 --yes"))
}

// message is the noun of messages to the claim specialists.
func (p *Program) message(acts *action.Registry) *cobra.Command {
	return noun("message", "Write to the LossExpress specialists of a claim",
		p.verb(acts, "message.send", "claimdeck message send EX-1001 --message \"Verified in person.\""))
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
