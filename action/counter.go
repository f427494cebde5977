package action

import (
	"context"
	"encoding/json"

	"claimdeck/api"
	"claimdeck/api/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
	"claimdeck/state/text"
)

// The fields of an answer to a counter, as the API calls them.
const (
	fieldBreakdown = "settlementBreakdown"
	fieldReason    = "reasonForDispute"
)

// counterAccept accepts the lender's counter with a new settlement breakdown (remote document: Accept or Dispute
// Counter).
func (r *Registry) counterAccept() Action {
	return Action{
		ID: "counter.accept", Title: "Accept the counter", Risk: Irreversible,
		Help: "Accepts the lender's settlement counter with a new settlement breakdown.",
		Fields: []Field{{
			Name: fieldBreakdown, Flag: "document", Label: "New settlement breakdown", Kind: File, Required: true,
			Help: "PDF, JPEG, TIFF, GIF or PNG with the settlement as you accept it.",
		}},
		Preflight: openCounter,
		Describe: func(_ Subject, v Values) string {
			if path := v.first(fieldBreakdown); path != "" {
				return "Accept the settlement counter with " + nameOf(path)
			}
			return "Accept the settlement counter"
		},
		Preview: r.previewAccept,
		Send: func(ctx context.Context, e outbox.Entry, _ Values) (json.RawMessage, error) {
			content, err := r.picked(e, fieldBreakdown)
			if err != nil {
				return nil, err
			}
			answer, err := r.deps.Client.AnswerCounter(ctx, e.ClaimID, lossexpress.CounterAnswer{Breakdown: content})
			return answer.Body, err
		},
		Match: func(_ outbox.Entry, _ Values, since []activity.Activity) ([]activity.Key, bool) {
			return one(since, func(a *activity.Activity) bool {
				d, ok := a.Data.(activity.CounterAnswer)
				return ok && !d.IsDispute()
			})
		},
	}
}

func (r *Registry) previewAccept(s Subject, v Values) (Request, error) {
	return r.previewFile(v.first(fieldBreakdown), func(content []byte) api.Request {
		return lossexpress.AnswerCounterRequest(s.Claim.ID, lossexpress.CounterAnswer{Breakdown: content})
	})
}

// counterDispute disputes the lender's counter (remote document: Accept or Dispute Counter).
func (r *Registry) counterDispute() Action {
	return Action{
		ID: "counter.dispute", Title: "Dispute the counter", Risk: Irreversible,
		Help: "Disputes the lender's settlement counter; the lender reads the reason.",
		Fields: []Field{{
			Name: fieldReason, Flag: "reason", Label: "Reason", Kind: LongText, Required: true,
			Help: "Why the settlement stands as it is, such as \"Verified in person.\"",
		}},
		Preflight: openCounter,
		Describe: func(_ Subject, v Values) string {
			if reason := text.Line(v.first(fieldReason)); reason != "" {
				return "Dispute the settlement counter: " + clip(reason)
			}
			return "Dispute the settlement counter"
		},
		Preview: func(s Subject, v Values) (Request, error) {
			return preview(lossexpress.AnswerCounterRequest(s.Claim.ID, dispute(v)))
		},
		Send: func(ctx context.Context, e outbox.Entry, v Values) (json.RawMessage, error) {
			answer, err := r.deps.Client.AnswerCounter(ctx, e.ClaimID, dispute(v))
			return answer.Body, err
		},
		Match: matchDispute,
	}
}

func dispute(v Values) lossexpress.CounterAnswer {
	return lossexpress.CounterAnswer{Dispute: true, Reason: v.first(fieldReason)}
}

// matchDispute wants our own reason while it is in doubt whether we disputed at all: it may have been a colleague.
func matchDispute(e outbox.Entry, v Values, since []activity.Activity) ([]activity.Key, bool) {
	ours := text.Line(v.first(fieldReason))
	return one(since, func(a *activity.Activity) bool {
		d, ok := a.Data.(activity.CounterAnswer)
		return ok && d.IsDispute() && (e.State == outbox.Accepted || d.Reason == "" || text.Line(d.Reason) == ours)
	})
}

// openCounter says whether a counter waits for an answer: LossExpress answers 404 when there never was one.
func openCounter(s Subject) Readiness {
	c, open := s.Claim.OpenCounter()
	switch {
	case open:
		return Readiness{OK: true}
	case c.At.IsZero():
		return Readiness{Reason: "no settlement counter is known for this claim"}
	case c.Disputed:
		return Readiness{Reason: "the settlement counter was disputed" + on(s, c.AnsweredAt)}
	}
	return Readiness{Reason: "the settlement counter was accepted" + on(s, c.AnsweredAt)}
}

// maxTitle is how much of a text stands in a title, in characters.
const maxTitle = 60

func clip(s string) string {
	if r := []rune(s); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return s
}
