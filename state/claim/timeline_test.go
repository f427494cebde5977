package claim

import (
	"slices"
	"testing"

	"claimdeck/state/activity"
)

func TestOneFactIsOneEvent(t *testing.T) {
	t.Parallel()
	letter := order("l1", "Letter of Guarantee", "fulfilled", document("g1"))
	payoff := order("p1", "Loan Payoff Request", "fulfilled", `,"fulfillmentData":{"payoffAmount":100,"validThroughDate":"2021-01-18"}`)
	for name, c := range map[string]struct {
		h    *history
		want []string
	}{
		"letter of guarantee": {
			(&history{t: t}).add(0, activity.LetterOfGuaranteeAdded, `{"documentUrl":"https://xapi.lossexpress.com/documents/g1"}`).
				add(1, activity.OrderStatusChanged, changed(letter)),
			[]string{"Letter of guarantee arrived"},
		},
		"the same letter an hour later": {
			(&history{t: t}).add(0, activity.LetterOfGuaranteeAdded, `{"documentUrl":"https://xapi.lossexpress.com/documents/g1"}`).
				add(60, activity.OrderStatusChanged, changed(letter)),
			[]string{"Letter of guarantee arrived"},
		},
		"another letter": {
			(&history{t: t}).add(0, activity.LetterOfGuaranteeAdded, `{"documentUrl":"https://xapi.lossexpress.com/documents/g2"}`).
				add(0, activity.OrderStatusChanged, changed(letter)),
			[]string{"Letter of guarantee arrived", "Letter of guarantee arrived"},
		},
		"order fulfilled": {
			(&history{t: t}).add(0, activity.OrderFulfilled, titleCreated).
				add(0, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "fulfilled", document("t1")))),
			[]string{"Copy of Title arrived"},
		},
		"two orders fulfilled": {
			(&history{t: t}).add(0, activity.OrderFulfilled, titleCreated).
				add(0, activity.OrderStatusChanged, changed(order("o2", "Copy of Title", "fulfilled", ""))),
			[]string{"Copy of Title fulfilled", "Copy of Title fulfilled"},
		},
		"order cancelled": {
			(&history{t: t}).add(0, activity.OrderCancelled, `{"orderId":"o1"}`).
				add(0, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "cancelled", ""))),
			[]string{"Copy of Title cancelled"},
		},
		"payoff": {
			(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`).
				add(5, activity.PayoffDataAdded, `{"payoffAmount":100}`).add(5, activity.OrderStatusChanged, changed(payoff)).
				add(6, activity.PayoffDataAdded, `{"perDiem":2}`),
			[]string{"Payoff update: per diem 2.00", "Payoff 100.00, good to Jan 18", "Payoff requested"},
		},
		"two payoffs": {
			(&history{t: t}).add(0, activity.PayoffDataAdded, `{"payoffAmount":99}`).add(0, activity.OrderStatusChanged, changed(payoff)),
			[]string{"Payoff 100.00, good to Jan 18", "Payoff 99.00"},
		},
		"payoff cancelled": {
			(&history{t: t}).add(0, activity.PayoffRequestCancelled, `{}`).
				add(1, activity.OrderStatusChanged, changed(order("p1", "Loan Payoff Request", "cancelled", ""))),
			[]string{"Payoff request cancelled"},
		},
		"payoff cancelled twice": {
			(&history{t: t}).add(0, activity.PayoffRequestCancelled, `{}`).
				add(30, activity.OrderStatusChanged, changed(order("p1", "Loan Payoff Request", "cancelled", ""))),
			[]string{"Loan Payoff Request cancelled", "Payoff request cancelled"},
		},
		"letter request cancelled": {
			(&history{t: t}).add(0, activity.LetterOfGuaranteeRequestCancelled, `{}`).
				add(0, activity.OrderStatusChanged, changed(order("l1", "Letter of Guarantee", "cancelled", ""))),
			[]string{"Letter of guarantee request cancelled"},
		},
		"requests and their orders": {
			(&history{t: t}).add(0, activity.PayoffRequestCreated, `{}`).add(0, activity.OrderCreated, `{"orderId":"p1","orderType":"Loan Payoff Request"}`).
				add(1, activity.OrderStatusChanged, changed(order("p1", "Loan Payoff Request", "pending", ""))).
				add(9, activity.LetterOfGuaranteeRequestCreated, `{"estimatedResponseTime":"2021-01-20T00:00:00Z"}`).
				add(9, activity.OrderCreated, `{"orderId":"l1","orderType":"Letter of Guarantee"}`),
			[]string{"Letter of guarantee requested, expected Jan 20", "Payoff requested"},
		},
		"what nothing else says": {
			(&history{t: t}).add(0, activity.CallMade, `{}`).add(0, activity.CallMade, `{}`).add(0, "foo-bar", `{}`).add(0, "foo-bar", `{}`),
			[]string{"Something new: foo bar", "Something new: foo bar", "Call to lender", "Call to lender"},
		},
		"named by what is known": {
			(&history{t: t}).add(0, activity.OrderCancelled, `{"orderId":"o1"}`).add(1, activity.DocumentSentToLender, `{"documentUrl":"https://x/d1"}`).
				add(2, activity.OrderAttempted, `{"orderId":"o1","type":"Copy of Title"}`).add(3, activity.DocumentAdded, `{"documentUrl":"https://y/d1","type":"police report"}`),
			[]string{"Document added: police report", "Order failed: Copy of Title", "Police report sent to lender", "Copy of Title cancelled"},
		},
	} {
		got := c.h.fold()
		list := summaries(got)
		if name == "what nothing else says" { // one millisecond: in the order of their keys
			slices.Sort(list)
			slices.Reverse(list)
		}
		if !slices.Equal(list, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, list, c.want)
		}
		keys := map[activity.Key]bool{}
		for _, e := range got.Timeline {
			for _, k := range append([]activity.Key{e.Key}, e.Also...) {
				if keys[k] {
					t.Errorf("%s: an activity is in two events", name)
				}
				keys[k] = true
			}
		}
		if len(keys) != len(c.h.acts) {
			t.Errorf("%s: %d of %d activities", name, len(keys), len(c.h.acts))
		}
		if !slices.IsSortedFunc(got.Timeline, func(a, b Event) int { return b.At.Compare(a.At) }) {
			t.Errorf("%s: not newest first", name)
		}
	}
}

func TestEventTellsTheBest(t *testing.T) {
	t.Parallel()
	h := (&history{t: t}).
		add(0, activity.OrderFulfilled, titleCreated).
		add(1, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "fulfilled", document("t1"))))
	e := h.fold().Timeline[0]
	if e.Key != h.key(1) || !slices.Equal(e.Also, []activity.Key{h.key(0)}) || e.Type != activity.OrderStatusChanged || !e.At.Equal(minute(0)) {
		t.Errorf("%+v", e)
	}
}
