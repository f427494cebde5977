package action

import (
	"context"
	"encoding/json"
	"strings"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// orderRefresh repeats orders (remote document: Vendor API, Refresh Orders).
func (r *Registry) orderRefresh() Action {
	return Action{
		ID: "order.refresh", Title: "Repeat orders", Risk: Bills, Confirm: "refresh",
		Help: "Orders again what was fulfilled or cancelled, such as a payoff that has expired. Each is billed again.",
		Fields: []Field{{
			Name: "types", Flag: "type", Label: "Order types", Kind: MultiChoice, Required: true, Options: refreshOptions,
			Help: "What to order again.",
		}},
		Preflight: func(s Subject) Readiness {
			if len(s.Claim.Orders) == 0 && s.Claim.PayoffRequest.State == claim.NotRequested && s.Claim.Guarantee.State == claim.NotRequested {
				return Readiness{Reason: "no order is known for this claim: there is nothing to repeat", Fix: "order.create"}
			}
			return Readiness{OK: true}
		},
		Describe: func(_ Subject, v Values) string {
			return "Order again, billed again: " + listed(v["types"], "documents")
		},
		Preview: func(s Subject, v Values) (Request, error) {
			return preview(lossexpress.RefreshOrdersRequest(s.Claim.ID, v["types"]))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.RefreshOrders(ctx, e.ClaimID, v["types"])
			return answer.Body, err
		},
		Match: matchOrders,
		doubt: "when one type cannot be ordered again, the others are ordered all the same",
	}
}

// refreshOptions are the types that can be repeated, with a note at those that have nothing to repeat.
func refreshOptions(_ context.Context, s Subject) ([]Option, error) {
	options := named(lossexpress.RefreshTypes()...)
	for i := range options {
		o := &options[i]
		switch {
		case isPending(s.Claim, o.Value):
			o.Note, o.Disabled = "already pending", true
		case !wasOrdered(s.Claim, o.Value):
			o.Note = "was never ordered, as far as is known here"
		}
	}
	return options, nil
}

func wasOrdered(c claim.Claim, orderType string) bool {
	for _, o := range c.Orders {
		if strings.EqualFold(o.Type, orderType) {
			return true
		}
	}
	return (activity.IsPayoffOrder(orderType) && c.PayoffRequest.State != claim.NotRequested) ||
		(activity.IsGuaranteeOrder(orderType) && c.Guarantee.State != claim.NotRequested)
}
