package action_test

import (
	"slices"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
)

// write is one of the writes, with a claim made ready for it.
type write struct {
	id     string
	kind   string // of its effect in the sandbox
	values func(b *bench, claimID string) action.Values
	untold bool // no activity tells of it: the service is asked
}

// newNumber is the number of the claim that claim.create makes in the case of claimID.
func newNumber(claimID string) string { return "NEW-" + claimID[:8] }

// happened counts what a write did.
func (b *bench) happened(w write, claimID string) int {
	detail := newNumber(claimID)
	switch {
	case w.untold:
		detail = b.hook(claimID)
	case w.id != "claim.create":
		return b.effects(w.kind, claimID)
	}
	n := 0
	for _, done := range b.service.Writes() {
		if done.Kind == w.kind && done.Detail == detail {
			n++
		}
	}
	return n
}

func none(*bench, string) action.Values { return nil }

// hook is an address of a claim's case that answers everything with 200.
func (b *bench) hook(claimID string) string { return b.hooks + "/" + claimID }

var writes = []write{
	{id: "order.create", kind: sandbox.WroteOrder, values: func(*bench, string) action.Values {
		return action.Values{"types": {"Copy of Title"}}
	}},
	{id: "order.cancel", kind: sandbox.WroteOrderCancel, values: func(b *bench, claimID string) action.Values {
		o, err := b.account.Client().CreateOrders(b.t.Context(), claimID, []string{"Payment History"})
		if err != nil {
			b.t.Fatal(err)
		}
		return action.Values{"orderIds": {o.Orders[0].OrderID}}
	}},
	{id: "payoff.request", kind: sandbox.WrotePayoffRequest, values: none},
	{id: "payoff.cancel", kind: sandbox.WrotePayoffCancel, values: func(b *bench, claimID string) action.Values {
		if _, err := b.account.Client().RequestPayoff(b.t.Context(), claimID); err != nil {
			b.t.Fatal(err)
		}
		return nil
	}},
	{id: "counter.accept", kind: sandbox.WroteCounterAccept, values: func(b *bench, claimID string) action.Values {
		b.counter(claimID)
		return action.Values{"settlementBreakdown": {b.breakdown(pdf)}}
	}},
	{id: "counter.dispute", kind: sandbox.WroteCounterDispute, values: func(b *bench, claimID string) action.Values {
		b.counter(claimID)
		return action.Values{"reasonForDispute": {"Verified in person.\nSee the photos."}}
	}},
	{id: "claim.create", kind: sandbox.WroteClaim, values: func(_ *bench, claimID string) action.Values {
		return newClaim(newNumber(claimID))
	}},
	{id: "claim.update", kind: sandbox.WroteUpdate, values: func(*bench, string) action.Values {
		return action.Values{"odometer": {"41,500"}, "lenderName": {"Bank of Nowhere"}, "ownersRetained": {"yes"}}
	}},
	{id: "message.send", kind: sandbox.WroteMessage, values: func(*bench, string) action.Values {
		return action.Values{"message": {"The owner has the title.\nPlease go on."}}
	}},
	{id: "document.add", kind: sandbox.WroteDocument, values: func(b *bench, _ string) action.Values {
		return action.Values{"document": {b.file("report.pdf", pdf)}, "description": {"police report"}}
	}},
	{id: "guarantee.request", kind: sandbox.WroteLetterRequest, values: none},
	{id: "payoff.refresh", kind: sandbox.WrotePayoffRequest, values: func(b *bench, claimID string) action.Values {
		b.trigger(claimID, "payoff-request-cancelled")
		return nil
	}},
	{id: "guarantee.refresh", kind: sandbox.WroteLetterRequest, values: func(b *bench, claimID string) action.Values {
		b.trigger(claimID, "letter-of-guarantee-added")
		return nil
	}},
	{id: "guarantee.cancel", kind: sandbox.WroteLetterCancel, values: func(b *bench, claimID string) action.Values {
		if _, err := b.account.Client().RequestGuarantee(b.t.Context(), claimID); err != nil {
			b.t.Fatal(err)
		}
		return nil
	}},
	{id: "order.refresh", kind: sandbox.WroteOrderRefresh, values: func(b *bench, claimID string) action.Values {
		b.ended(claimID, "Copy of Title")
		return action.Values{"types": {"Copy of Title"}}
	}},
	{id: "payoff.sent", kind: sandbox.WrotePayoffSent, values: func(*bench, string) action.Values {
		return action.Values{
			"checkAmount": {"$10,222.33"}, "cents": {"down"}, "sentAt": {"11/20/2026"}, "sentVia": {"USPS"}, "trackingNumber": {"1Z999"},
		}
	}},
}

// webhooks are the writes that are about no claim.
var webhooks = []write{
	{id: "webhook.register", kind: sandbox.WroteWebhook, untold: true, values: func(b *bench, claimID string) action.Values {
		return action.Values{"endpoint": {b.hook(claimID)}, "types": {"call-made", "payoff-data-added"}}
	}},
	{id: "webhook.off", kind: sandbox.WroteWebhookOff, untold: true, values: func(b *bench, claimID string) action.Values {
		if answer, err := b.account.Client().RegisterWebhook(b.t.Context(), b.hook(claimID)); err != nil || !answer.Success {
			b.t.Fatal(answer, err)
		}
		return nil
	}},
}

// newClaim is what a carrier fills in.
func newClaim(number string) action.Values {
	return action.Values{
		"claimNumber": {number}, "vin": {"1n4al3ap-8jc 231503"}, "dateOfLoss": {"11/02/2026"}, "causeOfLoss": {"Flood"},
		"insurerType": {"First Party"}, "financeType": {"Retail"}, "odometer": {"42,000"}, "ownersName": {"Pat Doe"},
		"ownersPhoneNumber": {"(214) 555-0100"}, "ownersStreetAddress": {"12200 Test Avenue Dallas TX 75204"},
		"ownersRetained": {"no"}, "lenderName": {"Ally Financial"}, "accountNumber": {"228-1193-44"},
		"settlementAmount": {"$18,250.40"}, "deductible": {"500"}, "titleRemittanceAddress": {"1000 Main Street Dallas TX 75204"},
	}
}

// ended orders a document and cancels the order.
func (b *bench) ended(claimID, orderType string) {
	b.t.Helper()
	c := b.account.Client()
	o, err := c.CreateOrders(b.t.Context(), claimID, []string{orderType})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := c.CancelOrders(b.t.Context(), claimID, []string{o.Orders[0].OrderID}); err != nil {
		b.t.Fatal(err)
	}
}

// counter lets the lender of a claim counter its settlement.
func (b *bench) counter(claimID string) {
	b.t.Helper()
	b.trigger(claimID, "settlement-counter-added")
}

// trigger lets LossExpress or the lender act on a claim.
func (b *bench) trigger(claimID, activityType string) {
	b.t.Helper()
	if err := b.service.Trigger(claimID, activityType); err != nil {
		b.t.Fatal(err)
	}
}

// allWrites are those on a claim and those about none.
func allWrites() []write { return slices.Concat(writes, webhooks) }
