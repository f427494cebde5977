package action

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// payoffRequest asks the lender for a payoff quote (remote document: Create Payoff Request).
func (r *Registry) payoffRequest() Action {
	return Action{
		ID: "payoff.request", Title: "Request the payoff", Risk: Writes,
		Help:      "Asks the lender for a payoff: amount, per diem, good-through date and where the check goes.",
		Preflight: readyForPayoff,
		Describe:  func(Subject, Values) string { return "Request the payoff" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.RequestPayoffRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.RequestPayoff(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.PayoffRequestCreated, activity.IsPayoffOrder, activity.StatusPending),
	}
}

// matchRequest finds a request, or its end, by the older activity of its own or by the status of its order.
func matchRequest(own activity.Type, kind func(orderType string) bool, status string) func(outbox.Entry, Values, []activity.Activity) ([]activity.Key, bool) {
	return func(_ outbox.Entry, _ Values, since []activity.Activity) ([]activity.Key, bool) {
		return one(since, func(a *activity.Activity) bool {
			d, ok := a.Data.(activity.OrderStatus)
			return a.Type == own || ok && kind(d.Updated.Type) && d.Updated.Status == status
		})
	}
}

// payoffRefresh asks for a new quote (remote document: Vendor API, Payoff Requests).
func (r *Registry) payoffRefresh() Action {
	return Action{
		ID: "payoff.refresh", Title: "Refresh the payoff", Risk: Bills, Confirm: "refresh",
		Help: "Asks the lender for a new payoff, such as after the old one has expired. It is billed again.",
		Preflight: func(s Subject) Readiness {
			if !wasOrdered(s.Claim, activity.PayoffOrder) {
				return Readiness{Reason: "no payoff request is known for this claim: there is nothing to refresh", Fix: "payoff.request"}
			}
			return readyForPayoff(s)
		},
		Describe: func(Subject, Values) string { return "Refresh the payoff, billed again" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.RefreshPayoffRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.RefreshPayoff(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.PayoffRequestCreated, activity.IsPayoffOrder, activity.StatusPending),
	}
}

// payoffCancel takes the payoff request back (remote document: Cancel Payoff Request).
func (r *Registry) payoffCancel() Action {
	return Action{
		ID: "payoff.cancel", Title: "Cancel the payoff request", Risk: Writes,
		Help: "Takes the payoff request back; what the lender has answered already stays.",
		Preflight: func(s Subject) Readiness {
			switch p := s.Claim.PayoffRequest; p.State {
			case claim.Pending:
				return Readiness{OK: true}
			case claim.NotRequested:
				return Readiness{Reason: "no payoff request is known for this claim", Fix: "payoff.request"}
			default:
				return Readiness{OK: true, Reason: "the payoff request was " + string(p.State) + on(s, p.At) + ": cancelling it changes nothing"}
			}
		},
		Describe: func(Subject, Values) string { return "Cancel the payoff request" },
		Preview: func(s Subject, _ Values) (Request, error) {
			return preview(lossexpress.CancelPayoffRequest(s.Claim.ID))
		},
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.CancelPayoff(ctx, e.ClaimID)
			return answer.Body, err
		},
		Match: matchRequest(activity.PayoffRequestCancelled, activity.IsPayoffOrder, activity.StatusCancelled),
	}
}

// readyForPayoff says what LossExpress would answer: 400 while a document is missing, and no second request while one
// is pending.
func readyForPayoff(s Subject) Readiness {
	if ready := papers(s.Claim); !ready.OK || ready.Reason != "" {
		return ready
	}
	switch p := s.Claim.PayoffRequest; p.State {
	case claim.Pending:
		return Readiness{OK: true, Reason: "a payoff request is already pending" + since(s, p.At)}
	default:
		return Readiness{OK: true}
	}
}

// papers says whether the documents are there that a payoff or a letter of guarantee needs. Of a claim whose
// history was never read that is not known.
func papers(c claim.Claim) Readiness {
	missing := c.MissingDocuments()
	switch {
	case len(missing) == 0:
		return Readiness{OK: true}
	case c.SnapshotAt.IsZero() && c.CreatedAt.IsZero():
		return Readiness{OK: true, Reason: "the documents of this claim are not known here: it may need a " + strings.Join(missing, " and a ")}
	}
	return Readiness{Reason: "needs a " + strings.Join(missing, " and a "), Fix: "document.add"}
}

// since says the day of t: " since Nov 20"; nothing when it is not known.
func since(s Subject, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " since " + day(s, t)
}

// on says the day of t: " on Nov 20"; nothing when it is not known.
func on(s Subject, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " on " + day(s, t)
}

// day is the date of t where the person is.
func day(s Subject, t time.Time) string {
	t = t.In(s.Now.Location())
	if t.Year() != s.Now.Year() {
		return t.Format("Jan 2, 2006")
	}
	return t.Format("Jan 2")
}
