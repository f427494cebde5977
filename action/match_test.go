package action_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

func feedOf(t *testing.T, rows ...string) []activity.Activity {
	t.Helper()
	list := make([]activity.Activity, len(rows))
	for i, row := range rows {
		kind, data, _ := strings.Cut(row, " ")
		raw := asJSON(t, map[string]any{
			"activityId": "a" + string(rune('0'+i)), "createdAt": "2026-11-20T15:00:00.000Z", "claimId": "c1", "type": kind,
			"data": json.RawMessage(data),
		})
		var err error
		if list[i], err = activity.Decode(json.RawMessage(raw)); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func TestMatch(t *testing.T) {
	t.Parallel()
	const title, history = `order-created {"orderId":"o1","orderType":"Copy of Title"}`, `order-created {"orderId":"o2","orderType":"Payment History"}`
	two := action.Values{"types": {"Copy of Title", "Payment History"}}
	told := `{"orders":[{"orderId":"o1","type":"Copy of Title"},{"orderId":"o2","orderType":"payment history"}]}`
	reason := action.Values{"reasonForDispute": {"Verified\n in person."}}
	tests := []struct {
		name, action string
		values       action.Values
		state        outbox.State
		answer       string
		feed         []string
		want         string // the positions of the matching rows
		whole        bool
	}{
		{"both by type", "order.create", two, outbox.Unknown, "", []string{title, history}, "01", true},
		{"both by id", "order.create", two, outbox.Accepted, told, []string{history, title}, "10", true},
		{"one of two", "order.create", two, outbox.Unknown, "", []string{title}, "0", false},
		{"another order of the type", "order.create", two, outbox.Accepted, told, []string{
			`order-created {"orderId":"x","orderType":"Copy of Title"}`, history,
		}, "1", false},
		{
			"one row for two of a type", "order.create",
			action.Values{"types": {"Copy of Title", "copy of title"}},
			outbox.Unknown, "",
			[]string{title},
			"0", false,
		},
		{"an answer of another shape", "order.create", two, outbox.Accepted, `["done"]`, []string{title, history}, "01", true},
		{
			"an answer in other words", "order.create", two, outbox.Accepted, `{"orders":[{"orderId":"o2","type":"Title"},{"orderId":"o1"}]}`,
			[]string{`order-created {"orderId":"o1","orderType":"x"}`, `order-created {"orderId":"o2","orderType":"y"}`},
			"01", true,
		},
		{"seen by its fulfilment", "order.create", action.Values{"types": {"Copy of Title"}}, outbox.Accepted, told, []string{
			`order-status-changed {"updatedOrder":{"orderId":"o1","orderType":"Copy of Title","status":"fulfilled"},"orders":[]}`,
		}, "0", true},
		{
			"a payoff ordered", "order.create",
			action.Values{"types": {"Loan Payoff Request"}},
			outbox.Unknown, "",
			[]string{"payoff-request-created {}"},
			"0", true,
		},
		{
			"a letter ordered", "order.create",
			action.Values{"types": {"Letter of Guarantee"}},
			outbox.Unknown, "",
			[]string{"payoff-request-created {}", "letter-of-guarantee-request-created {}"},
			"1", true,
		},

		{
			"cancelled, the old way", "order.cancel",
			action.Values{"orderIds": {"o1"}},
			outbox.Unknown, "",
			[]string{`order-cancelled {"orderId":"o2"}`, `order-cancelled {"orderId":"o1"}`},
			"1", true,
		},
		{"cancelled, the new way", "order.cancel", action.Values{"orderIds": {"o1", "o2"}}, outbox.Unknown, "", []string{
			`order-status-changed {"updatedOrder":{"orderId":"o2","status":"cancelled"},"orders":[]}`,
			`order-status-changed {"updatedOrder":{"orderId":"o1","status":"fulfilled"},"orders":[]}`,
		}, "0", false},

		{"requested", "payoff.request", nil, outbox.Unknown, "", []string{title, "payoff-request-created {}"}, "1", true},
		{"request cancelled is no request", "payoff.request", nil, outbox.Unknown, "", []string{"payoff-request-cancelled {}"}, "", false},
		{"request cancelled, the new way", "payoff.cancel", nil, outbox.Unknown, "", []string{
			`order-status-changed {"updatedOrder":{"orderId":"o9","orderType":"Loan Payoff Request","status":"cancelled"},"orders":[]}`,
		}, "0", true},
		{"another order cancelled", "payoff.cancel", nil, outbox.Unknown, "", []string{
			`order-status-changed {"updatedOrder":{"orderId":"o9","orderType":"Bill of Sale","status":"cancelled"},"orders":[]}`,
		}, "", false},

		{"accepted", "counter.accept", nil, outbox.Unknown, "", []string{
			`settlement-counter-updated {"disputed":true,"reasonForDispute":"no"}`, `settlement-counter-updated {"disputed":false}`,
		}, "1", true},
		{"a colleague's dispute", "counter.dispute", reason, outbox.Unknown, "", []string{
			`settlement-counter-updated {"disputed":true,"reasonForDispute":"Wrong mileage."}`,
		}, "", false},
		{"our dispute", "counter.dispute", reason, outbox.Unknown, "", []string{
			`settlement-counter-updated {"disputed":true,"reasonForDispute":"Verified in person. "}`,
		}, "0", true},
		{"a dispute that was accepted", "counter.dispute", reason, outbox.Accepted, `{"success":true}`, []string{
			`settlement-counter-updated {"disputed":true,"reasonForDispute":"Verified…"}`,
		}, "0", true},
		{"an action of a newer version", "moon.land", nil, outbox.Accepted, "", []string{title}, "", false},
	}
	r := action.New(action.Deps{Now: func() time.Time { return time.Time{} }})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := outbox.Entry{
				Action: tt.action, State: tt.state, Answer: json.RawMessage(tt.answer),
				Input: json.RawMessage(asJSON(t, map[string]any{"values": tt.values})),
			}
			feed := feedOf(t, tt.feed...)
			keys, whole := r.Match(e, feed)
			got := ""
			for _, k := range keys {
				for i, a := range feed {
					if a.Key == k {
						got += string(rune('0' + i))
					}
				}
			}
			if want := tt.want; len(got) != len(want) || !sameRows(got, want) || whole != tt.whole {
				t.Errorf("rows %q whole %v, want %q %v", got, whole, tt.want, tt.whole)
			}
		})
	}
}

func sameRows(got, want string) bool {
	return strings.IndexFunc(want, func(r rune) bool { return !strings.ContainsRune(got, r) }) < 0
}

// The service may send the older activities, the newer ones, or both: each write is confirmed, by one row or by
// asking.
func TestConfirmedInEveryDialect(t *testing.T) {
	t.Parallel()
	for name, dialect := range map[string]func(*sandbox.Behaviour){
		"old and new": func(*sandbox.Behaviour) {},
		"new alone":   func(s *sandbox.Behaviour) { s.DropLegacy = true },
		"old alone":   func(s *sandbox.Behaviour) { s.DropStatusChanged = true },
		"hostile":     func(s *sandbox.Behaviour) { s.HostileStrings = true },
		"strange":     func(s *sandbox.Behaviour) { s.UnknownTypes, s.UnknownEnums, s.DevHost = true, true, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for _, w := range allWrites() {
				t.Run(w.id, func(t *testing.T) {
					b := b.with(t)
					b.service.Change(func(s *sandbox.Behaviour) { *s = sandbox.Behaviour{NoDefaultAge: true} })
					claimID := b.claim()
					d := b.prepare(w.id, claimID, w.values(b, claimID))
					b.service.Change(dialect)
					rows := 1
					if w.untold {
						rows = 0
					}
					if e := b.truth(w, b.settle(d), true, false); len(e.ConfirmedBy) != rows {
						t.Errorf("confirmed by %d rows, want %d", len(e.ConfirmedBy), rows)
					}
				})
			}
		})
	}
}
