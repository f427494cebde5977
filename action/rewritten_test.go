package action_test

import (
	"encoding/json"
	"testing"
	"time"

	"claimdeck/action"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// told is an activity of a claim, so many seconds after the answer.
func told(t *testing.T, n, seconds int, kind, data string) activity.Activity {
	t.Helper()
	at := time.Date(2026, 11, 20, 15, 0, seconds, 0, time.UTC)
	a, err := activity.Decode(json.RawMessage(asJSON(t, map[string]any{
		"activityId": string(rune('a' + n)), "createdAt": at.Format(time.RFC3339), "claimId": "c1", "type": kind, "data": json.RawMessage(data),
	})))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A service that adds something to our text confirms what it accepted, and nothing of anybody else ever does.
func TestRewrittenConfirmsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	type row struct {
		seconds    int
		kind, data string
	}
	message := action.Values{"message": {"Please go on."}}
	payment := action.Values{"checkAmount": {"10222"}, "sentAt": {"2026-11-20"}, "trackingNumber": {"1Z-999"}}
	change := action.Values{"odometer": {"41500"}, "lenderName": {"Bank of Nowhere"}}
	const ours = `{"sentByLossExpress":false,"sentBy":"API User","message":"Please go on.  (sent by the API)"}`
	const paid = `{"checkAmount":10222,"sentAt":"2026-11-20T00:00:00.000Z","trackingNumber":"1Z999 checked"}`
	const changed = `{"update":{"odometer":41500,"lenderName":"Bank of Nowhere (unverified)"}}`
	for _, c := range []struct {
		name, action string
		values       action.Values
		rows         []row
		want         bool
	}{
		{"our message", "message.send", message, []row{{2, "direct-message-added", ours}}, true},
		{"our message by a clock that is behind", "message.send", message, []row{{-12, "direct-message-added", ours}}, true},
		{"long before", "message.send", message, []row{{-40, "direct-message-added", ours}}, false},
		{"long after", "message.send", message, []row{{40, "direct-message-added", ours}}, false},
		{"two that may be ours", "message.send", message, []row{{2, "direct-message-added", ours}, {3, "direct-message-added", ours}}, false},
		{"a colleague's", "message.send", message, []row{{2, "direct-message-added", `{"sentByLossExpress":false,"message":"Please stop. Please go on."}`}}, false},
		{"of LossExpress", "message.send", message, []row{{2, "direct-message-added", `{"sentByLossExpress":true,"message":"Please go on. Or not."}`}}, false},
		{"of nobody knows whom", "message.send", message, []row{{2, "direct-message-added", `{"message":"Please go on. Or not."}`}}, false},
		{"without any letter", "message.send", action.Values{"message": {"!"}}, []row{{2, "direct-message-added", ours}}, false},

		{"our payment", "payoff.sent", payment, []row{{2, "payment-sent", paid}}, true},
		{"with another tracking number", "payoff.sent", payment, []row{{2, "payment-sent", `{"checkAmount":10222,"sentAt":"2026-11-20","trackingNumber":"1Z998"}`}}, false},
		{"of another day", "payoff.sent", payment, []row{{2, "payment-sent", `{"checkAmount":10222,"sentAt":"2026-11-21","trackingNumber":"1Z999 checked"}`}}, false},
		{"of another amount", "payoff.sent", payment, []row{{2, "payment-sent", `{"checkAmount":10223,"sentAt":"2026-11-20","trackingNumber":"1Z999 checked"}`}}, false},

		{"our change", "claim.update", change, []row{{2, "claim-updated", changed}}, true},
		{"of LossExpress", "claim.update", change, []row{{2, "claim-updated", `{"update":{"odometer":41500,"lenderName":"Bank of Nowhere (unverified)"},"updatedByLossExpress":true}`}}, false},
		{"of another number", "claim.update", change, []row{{2, "claim-updated", `{"update":{"odometer":415001,"lenderName":"Bank of Nowhere (unverified)"}}`}}, false},
		{"of a part", "claim.update", change, []row{{2, "claim-updated", `{"update":{"lenderName":"Bank of Nowhere (unverified)"}}`}}, false},
	} {
		r := action.New(action.Deps{})
		var since []activity.Activity
		for i, row := range c.rows {
			since = append(since, told(t, i, row.seconds, row.kind, row.data))
		}
		e := outbox.Entry{
			Action: c.action, ClaimID: "c1", State: outbox.Accepted, Attempts: 1, Input: json.RawMessage(asJSON(t, map[string]any{"values": c.values})),
			SentAt: time.Date(2026, 11, 20, 14, 59, 59, 0, time.UTC), AnsweredAt: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC),
		}
		if _, whole := r.Match(e, since); whole != c.want {
			t.Errorf("%s, %s: %v", c.action, c.name, whole)
		}
		again := e
		again.Attempts = 2
		doubted := e
		doubted.State = outbox.Unknown
		for _, e := range []outbox.Entry{again, doubted} {
			if _, whole := r.Match(e, since); whole {
				t.Errorf("%s, %s: confirmed in doubt", c.action, c.name)
			}
		}
	}
}

// What created a claim is known by the claim that its answer names, also under another number.
func TestCreatedUnderAnotherNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	e := b.settle(b.prepare("claim.create", "", newClaim("EX-5")))
	id := action.ClaimIDOf(e)
	if e.State != outbox.Accepted || id == "" {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	if _, err := b.syncer.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := action.Journal(b.store).Candidates(t.Context(), outbox.Entry{ID: e.ID, ClaimNumber: "EX-5 as it was typed", Answer: e.Answer}, e.SentAt.Add(-time.Minute))
	if err != nil || len(found) == 0 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	for _, a := range found {
		if a.ClaimID != id {
			t.Errorf("%s of claim %s", a.Type, a.ClaimID)
		}
	}
}
