package screen

import (
	"claimdeck/action"
	"claimdeck/keymap"
	"claimdeck/state/claim"
)

// claimKeys are the actions on a claim, in the order of the footer.
func claimKeys() []keymap.ID {
	return []keymap.ID{
		keymap.CounterAnswer, keymap.MessageSend, keymap.DocumentAdd, keymap.OrderCreate, keymap.PayoffRequest,
		keymap.LetterRequest, keymap.PaymentSent, keymap.OrderCancel, keymap.PayoffCancel, keymap.LetterCancel,
		keymap.OrderRefresh, keymap.PayoffRefresh, keymap.LetterRefresh, keymap.CounterAccept, keymap.CounterDispute,
		keymap.ClaimUpdate, keymap.CaseSubmit,
	}
}

// ClaimOffers are the actions on c that do something now, and why the others do not.
func ClaimOffers(env *Env, c claim.Claim) []keymap.Offer {
	var out []keymap.Offer
	for _, id := range claimKeys() {
		out = append(out, OfferOf(env, c, id))
	}
	return append(out, Yes(keymap.ClaimDocuments))
}

// OfferOf is one action on c, and why it does nothing now where it does not.
func OfferOf(env *Env, c claim.Claim, id keymap.ID) keymap.Offer {
	name := string(id)
	if id == keymap.CounterAnswer {
		name = "counter.dispute"
	}
	a, ok := env.Actions.Get(name)
	if !ok {
		return No(id, "this action is not available")
	}
	if a.Preflight == nil {
		return Yes(id)
	}
	if r := a.Preflight(action.Subject{Claim: c, Now: env.At}); !r.OK || r.Reason != "" {
		return No(id, r.Reason)
	}
	return Yes(id)
}
