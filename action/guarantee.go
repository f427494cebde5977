package action

import (
	"context"
	"encoding/json"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// guaranteeRequest asks the lender for a letter of guarantee (remote document: Create Letter of Guarantee Request).
func (r *Registry) guaranteeRequest() Action {
	return Action{
		ID: "guarantee.request", Title: "Request a letter of guarantee", Risk: Writes,
		Help:      "Asks the lender for a letter of guarantee: its promise to release the lien once the stated amount is paid.",
		Preflight: readyForGuarantee,
		Describe:  func(Subject, Values) string { return "Request a letter of guarantee" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.RequestGuaranteeRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.RequestGuarantee(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.LetterOfGuaranteeRequestCreated, activity.IsGuaranteeOrder, activity.StatusPending),
	}
}

// guaranteeRefresh asks for a new letter (remote document: Vendor API, Letter of Guarantee Requests).
func (r *Registry) guaranteeRefresh() Action {
	return Action{
		ID: "guarantee.refresh", Title: "Refresh the letter of guarantee", Risk: Bills, Confirm: "refresh",
		Help: "Asks the lender for a new letter of guarantee, such as after the payoff has changed. It is billed again.",
		Preflight: func(s Subject) Readiness {
			if !wasOrdered(s.Claim, activity.GuaranteeOrder) {
				return Readiness{Reason: "no request for a letter of guarantee is known for this claim: there is nothing to refresh", Fix: "guarantee.request"}
			}
			if ready := papers(s.Claim); !ready.OK || ready.Reason != "" || s.Claim.Guarantee.State != claim.Pending {
				return ready
			}
			return Readiness{OK: true, Reason: "a letter of guarantee is already requested" + since(s, s.Claim.Guarantee.At)}
		},
		Describe: func(Subject, Values) string { return "Refresh the letter of guarantee, billed again" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.RefreshGuaranteeRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.RefreshGuarantee(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.LetterOfGuaranteeRequestCreated, activity.IsGuaranteeOrder, activity.StatusPending),
	}
}

// guaranteeCancel takes the request back (remote document: Cancel Letter of Guarantee Request).
func (r *Registry) guaranteeCancel() Action {
	return Action{
		ID: "guarantee.cancel", Title: "Cancel the letter of guarantee", Risk: Writes,
		Help: "Takes the request for a letter of guarantee back; a letter that has arrived stays.",
		Preflight: func(s Subject) Readiness {
			switch g := s.Claim.Guarantee; g.State {
			case claim.Pending:
				return Readiness{OK: true}
			case claim.NotRequested:
				return Readiness{Reason: "no request for a letter of guarantee is known for this claim", Fix: "guarantee.request"}
			default:
				return Readiness{OK: true, Reason: "the request for a letter of guarantee was " + string(g.State) + on(s, g.At) + ": cancelling it changes nothing"}
			}
		},
		Describe: func(Subject, Values) string { return "Cancel the request for a letter of guarantee" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.CancelGuaranteeRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.CancelGuarantee(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.LetterOfGuaranteeRequestCancelled, activity.IsGuaranteeOrder, activity.StatusCancelled),
	}
}

// readyForGuarantee says what LossExpress would answer, and what the lender may.
func readyForGuarantee(s Subject) Readiness {
	if ready := papers(s.Claim); !ready.OK || ready.Reason != "" {
		return ready
	}
	switch g := s.Claim.Guarantee; {
	case g.State == claim.Pending:
		return Readiness{OK: true, Reason: "a letter of guarantee is already requested" + since(s, g.At)}
	case g.State == claim.Fulfilled:
		return Readiness{OK: true, Reason: "a letter of guarantee has arrived already" + on(s, g.At)}
	case s.Claim.OwnerRetained != nil && *s.Claim.OwnerRetained:
		return Readiness{OK: true, Reason: "the owner keeps the vehicle: lenders look at such a letter of guarantee one by one"}
	}
	return Readiness{OK: true}
}
