package action

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

// orderCreate orders documents (remote document: Create Order(s) Request).
func (r *Registry) orderCreate() Action {
	return Action{
		ID: "order.create", Title: "New orders", Risk: Bills,
		Help: "Orders documents from the lender; LossExpress follows up until they arrive. Orders may be billed.",
		Fields: []Field{{
			Name: "types", Flag: "type", Label: "Order types", Kind: MultiChoice, Required: true, Options: r.typeOptions, Remote: true,
			Help: "What to order, as LossExpress offers it now.",
		}},
		Describe: func(_ Subject, v Values) string { return "Order " + listed(v["types"], "documents") },
		Preview: func(s Subject, v Values) (Request, error) {
			return preview(lossexpress.CreateOrdersRequest(s.Claim.ID, v["types"]))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.CreateOrders(ctx, e.ClaimID, v["types"])
			return answer.Body, err
		},
		Match: matchOrders,
	}
}

// listed joins names; where there are none yet it says what they will be.
func listed(names []string, what string) string { return cmp.Or(strings.Join(names, ", "), what) }

// typeOptions lists what can be ordered, with a note at what is already on its way.
func (r *Registry) typeOptions(ctx context.Context, s Subject) ([]Option, error) {
	types, err := r.orderTypes(ctx)
	if err != nil {
		return nil, err
	}
	options := make([]Option, 0, len(types))
	for _, t := range types {
		o := Option{Value: t, Label: t}
		switch {
		case isPending(s.Claim, t):
			o.Note, o.Disabled = "already pending", true
		case activity.IsPayoffOrder(t) || activity.IsGuaranteeOrder(t):
			if ready := papers(s.Claim); !ready.OK {
				o.Note = ready.Reason
			}
		}
		options = append(options, o)
	}
	return options, nil
}

// isPending reports whether an order of the type waits for the lender. The payoff and the letter of guarantee may be
// known by their requests alone.
func isPending(c claim.Claim, orderType string) bool {
	switch {
	case activity.IsPayoffOrder(orderType) && c.PayoffRequest.State == claim.Pending,
		activity.IsGuaranteeOrder(orderType) && c.Guarantee.State == claim.Pending:
		return true
	}
	return slices.ContainsFunc(c.Orders, func(o claim.Order) bool {
		return o.Status == activity.StatusPending && strings.EqualFold(o.Type, orderType)
	})
}

// placed is one order that a write asked for, with its id if the service told it.
type placed struct {
	ID   string `json:"orderId"`
	Type string `json:"type"`
	Old  string `json:"orderType"` // the feed's name of type
}

// placedBy pairs the types of a write with the orders in its answer: by type, and where the service writes types in
// another way, by their place.
func placedBy(types []string, answer json.RawMessage) []placed {
	var told struct {
		Orders []placed `json:"orders"`
	}
	if len(answer) > 0 && json.Unmarshal(answer, &told) != nil {
		told.Orders = nil // an answer of another shape: match by type
	}
	all := make([]placed, len(types))
	var nameless []int
	for i, t := range types {
		all[i].Type = t
		k := slices.IndexFunc(told.Orders, func(o placed) bool {
			return strings.EqualFold(text.Line(cmp.Or(o.Type, o.Old)), t)
		})
		if k < 0 {
			nameless = append(nameless, i)
			continue
		}
		all[i].ID = told.Orders[k].ID
		told.Orders = slices.Delete(told.Orders, k, k+1)
	}
	if len(nameless) == len(told.Orders) {
		for k, i := range nameless {
			all[i].ID = told.Orders[k].ID
		}
	}
	return all
}

func matchOrders(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	wanted := placedBy(v["types"], e.Answer)
	return each(len(wanted), since, func(i int, a *activity.Activity) bool { return wanted[i].shownBy(a) })
}

// shownBy reports whether a shows that the order was placed. A payoff and a letter of guarantee are announced as
// requests.
func (p placed) shownBy(a *activity.Activity) bool {
	switch d := a.Data.(type) {
	case activity.NewOrder:
		if p.ID != "" && d.OrderID != "" {
			return p.ID == d.OrderID
		}
		return strings.EqualFold(p.Type, d.OrderType)
	case activity.OrderStatus:
		return p.ID != "" && p.ID == d.Updated.ID
	}
	switch a.Type {
	case activity.PayoffRequestCreated:
		return activity.IsPayoffOrder(p.Type)
	case activity.LetterOfGuaranteeRequestCreated:
		return activity.IsGuaranteeOrder(p.Type)
	default:
		return false
	}
}

// orderCancel cancels orders (remote document: Cancel Order(s) Request).
func (r *Registry) orderCancel() Action {
	return Action{
		ID: "order.cancel", Title: "Cancel orders", Risk: Writes,
		Help: "Cancels orders that are still pending; to have them after all they are ordered anew.",
		Fields: []Field{{
			Name: "orderIds", Flag: "order-id", Args: true, Label: "Orders", Kind: MultiChoice, Required: true,
			Options: pendingOptions, Open: true, Help: "The pending orders to cancel.",
		}},
		Preflight: func(s Subject) Readiness {
			if len(pendingOrders(s.Claim)) == 0 {
				return Readiness{Reason: "no order is pending"}
			}
			return Readiness{OK: true}
		},
		Describe: func(s Subject, v Values) string {
			return "Cancel " + listed(orderNames(s.Claim, v["orderIds"]), "orders")
		},
		Preview: func(s Subject, v Values) (Request, error) {
			return preview(lossexpress.CancelOrdersRequest(s.Claim.ID, v["orderIds"]))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.CancelOrders(ctx, e.ClaimID, v["orderIds"])
			return answer.Body, err
		},
		Match: matchCancelled,
	}
}

func pendingOrders(c claim.Claim) []claim.Order {
	return slices.DeleteFunc(slices.Clone(c.Orders), func(o claim.Order) bool { return o.Status != activity.StatusPending })
}

func pendingOptions(_ context.Context, s Subject) ([]Option, error) {
	var options []Option
	for _, o := range pendingOrders(s.Claim) {
		label := cmp.Or(o.Type, "Order "+o.ID)
		if !o.CreatedAt.IsZero() {
			label += " of " + day(s, o.CreatedAt)
		}
		options = append(options, Option{Value: o.ID, Label: label})
	}
	return options, nil
}

// orderNames are the types of orders; one that is not known here goes by its id.
func orderNames(c claim.Claim, ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "order " + id
		if k := slices.IndexFunc(c.Orders, func(o claim.Order) bool { return o.ID == id }); k >= 0 && c.Orders[k].Type != "" {
			names[i] = c.Orders[k].Type
		}
	}
	return names
}

func matchCancelled(_ outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	ids := v["orderIds"]
	return each(len(ids), since, func(i int, a *activity.Activity) bool {
		switch d := a.Data.(type) {
		case activity.CancelledOrder:
			return d.OrderID == ids[i]
		case activity.OrderStatus:
			return d.Updated.ID == ids[i] && d.Updated.Status == activity.StatusCancelled
		}
		return false
	})
}
