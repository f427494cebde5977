package activity

import (
	"strings"

	"claimdeck/state/activity/wire"
	"claimdeck/state/text"
)

// Type is the feed's name of what happened. The set is open.
type Type string

// The documented types (remote document: Activity Types).
const (
	AccountNumberViewed               Type = "account-number-viewed"
	CallMade                          Type = "call-made"
	ClaimCreated                      Type = "claim-created"
	ClaimUpdated                      Type = "claim-updated"
	DirectMessageAdded                Type = "direct-message-added"
	DocumentAdded                     Type = "document-added"
	DocumentSentToLender              Type = "document-sent-to-lender"
	LetterOfGuaranteeAdded            Type = "letter-of-guarantee-added"
	LetterOfGuaranteeRequestCreated   Type = "letter-of-guarantee-request-created"
	LetterOfGuaranteeRequestCancelled Type = "letter-of-guarantee-request-cancelled"
	LenderAliasVerified               Type = "lender-alias-verified"
	NewLenderVerified                 Type = "new-lender-verified"
	OrderAttempted                    Type = "order-attempted"
	OrderCancelled                    Type = "order-cancelled"
	OrderCreated                      Type = "order-created"
	OrderFulfilled                    Type = "order-fulfilled"
	OrderStatusChanged                Type = "order-status-changed"
	OrderUpdated                      Type = "order-updated"
	PaymentSent                       Type = "payment-sent"
	PayoffDataAdded                   Type = "payoff-data-added"
	PayoffRequestCancelled            Type = "payoff-request-cancelled"
	PayoffRequestCreated              Type = "payoff-request-created"
	RequestPendingLenderContacted     Type = "request-pending-lender-contacted"
	SettlementCounterAdded            Type = "settlement-counter-added"
	SettlementCounterUpdated          Type = "settlement-counter-updated"
)

// origin is who causes a type of activity.
type origin int

const (
	byEither origin = iota // only the data can tell
	byLossExpress
	byCarrier
)

// kind is what is known of one documented type.
type kind struct {
	typ    Type
	label  string
	origin origin
	decode func(*wire.Reader) Data
}

// kinds are the documented types, in the order of the document.
var kinds = [...]kind{
	{AccountNumberViewed, "Account number viewed", byLossExpress, readAccountView},
	{CallMade, "Call to lender", byLossExpress, readCall},
	{ClaimCreated, "Claim created", byCarrier, readNewClaim},
	{ClaimUpdated, "Claim updated", byEither, readClaimChange},
	{DirectMessageAdded, "Message", byEither, readDirectMessage},
	{DocumentAdded, "Document added", byEither, readNewDocument},
	{DocumentSentToLender, "Document sent to lender", byLossExpress, readSentDocument},
	{LetterOfGuaranteeAdded, "Letter of guarantee", byLossExpress, readGuarantee},
	{LetterOfGuaranteeRequestCreated, "Letter of guarantee requested", byCarrier, readGuaranteeRequest},
	{LetterOfGuaranteeRequestCancelled, "Letter of guarantee cancelled", byEither, bare("Letter of guarantee request cancelled", Neutral)},
	{LenderAliasVerified, "Lender alias", byLossExpress, readLenderAlias},
	{NewLenderVerified, "New lender", byLossExpress, readNewLender},
	{OrderAttempted, "Order attempt", byLossExpress, readOrderAttempt},
	{OrderCancelled, "Order cancelled", byEither, readCancelledOrder},
	{OrderCreated, "Order created", byCarrier, readNewOrder},
	{OrderFulfilled, "Order fulfilled", byLossExpress, readFulfilledOrder},
	{OrderStatusChanged, "Order status", byLossExpress, readOrderStatus},
	{OrderUpdated, "Order follow-up", byLossExpress, readOrderFollowUp},
	{PaymentSent, "Payment sent", byCarrier, readPayment},
	{PayoffDataAdded, "Payoff quote", byLossExpress, readPayoffData},
	{PayoffRequestCancelled, "Payoff request cancelled", byEither, bare("Payoff request cancelled", Neutral)},
	{PayoffRequestCreated, "Payoff requested", byCarrier, bare("Payoff requested", Neutral)},
	{RequestPendingLenderContacted, "Lender contacted", byLossExpress, bare("LossExpress contacted the lender", Muted)},
	{SettlementCounterAdded, "Settlement counter", byLossExpress, readCounter},
	{SettlementCounterUpdated, "Counter answered", byCarrier, readCounterAnswer},
}

// kindOf returns what is known of t; nil when it is not documented.
func kindOf(t Type) *kind {
	for i := range kinds {
		if kinds[i].typ == t {
			return &kinds[i]
		}
	}
	return nil
}

// Types returns all documented types, in the order of the document.
func Types() []Type {
	types := make([]Type, len(kinds))
	for i := range kinds {
		types[i] = kinds[i].typ
	}
	return types
}

// Label returns a short name of a type for people, such as "Settlement counter". The name of a type that is not
// documented is made readable.
func Label(t Type) string {
	if k := kindOf(t); k != nil {
		return k.label
	}
	if s := humanise(t); s != "" {
		return sentence(s)
	}
	return "Unnamed"
}

// humanise turns "foo-bar" into "foo bar".
func humanise(t Type) string {
	return clip(text.Line(strings.NewReplacer("-", " ", "_", " ", ".", " ").Replace(string(t))), maxName)
}

// FromLossExpress reports whether LossExpress (or the lender through it) did a; known is false when neither the
// type nor the data tells.
func (a Activity) FromLossExpress() (fromLX, known bool) {
	if by := stated(a.Data); by != nil {
		return *by, true
	}
	k := kindOf(a.Type)
	if k == nil || k.origin == byEither {
		return false, false
	}
	return k.origin == byLossExpress, true
}

// stated returns what the data itself says of its origin.
func stated(d Data) *bool {
	switch d := d.(type) {
	case AccountView:
		return d.ByLossExpress
	case ClaimChange:
		return d.ByLossExpress
	case DirectMessage:
		return d.fromLossExpress()
	case NewDocument:
		return d.fromLossExpress()
	}
	return nil
}
