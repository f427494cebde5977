package action_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/scalepoint"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
	"claimdeck/state/reserve"
)

// center is ClaimCenter as it is remembered here, and as far as a claim can be linked there.
type center struct {
	book   reserve.Book
	known  bool
	err    error
	number string
	linked []string
}

func (c *center) Book(context.Context, string) (reserve.Book, bool, error) {
	return c.book, c.known, c.err
}

func (c *center) Link(_ context.Context, claimID, ref string) (string, error) {
	c.linked = append(c.linked, claimID+" "+ref)
	return c.number, c.err
}

// vehicle is a book with a reserve for the vehicle.
func vehicle(amount, currency string) reserve.Book {
	return reserve.Book{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Reserves: []reserve.Reserve{{
		ID: "cc:1", CostType: reserve.Code{Code: "claimcost"}, CostCategory: reserve.Code{Code: "body"},
		Items: []reserve.Item{{Reserving: reserve.Amount{Text: amount, Currency: currency}}},
	}}}
}

// A payment that exceeds what is set aside is warned of, from what was read last: nobody is asked.
func TestPaymentAboveTheReserve(t *testing.T) {
	t.Parallel()
	const over = "the payment of 10,222.33 exceeds the vehicle reserve of 8,000.00 by 2,222.33 (sum of transactions at ClaimCenter, read Nov 20, 06:00)"
	for name, c := range map[string]struct {
		service action.ReserveService
		want    []string
	}{
		"no account":        {nil, nil},
		"never read":        {&center{}, nil},
		"covered":           {&center{known: true, book: vehicle("12000", "usd")}, nil},
		"exactly":           {&center{known: true, book: vehicle("10222.33", "usd")}, nil},
		"above":             {&center{known: true, book: vehicle("8000", "usd")}, []string{over}},
		"nothing to pay of": {&center{known: true, book: reserve.Book{}}, nil},
		"another currency":  {&center{known: true, book: vehicle("1", "cad")}, nil},
		"unreadable":        {&center{err: errors.New("the store is locked")}, []string{"whether the reserve covers the payment is not known: the store is locked"}},
	} {
		on := payable()
		on.Now = on.Now.In(time.FixedZone("CST", -6*3600))
		r := action.New(action.Deps{Reserves: c.service})
		a, _ := r.Get("payoff.sent")
		p, err := r.Prepare(t.Context(), a, on, paid())
		if err != nil || len(p.Drafts) != 1 {
			t.Fatalf("%s: %v, %v", name, err, p.Problems)
		}
		if diff := cmp.Diff(c.want, p.Warnings); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What goes to another system says so, and nothing else does.
func TestEveryActionNamesItsSystem(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	others := map[string]string{"reserve.link": "ClaimCenter", "case.submit": "Scalepoint"}
	for _, a := range r.All() {
		want := others[a.ID]
		if want == "" {
			want = action.LossExpress
		}
		if a.System != want || a.ToldByFeed() != (want == action.LossExpress) {
			t.Errorf("%s goes to %q, told by the feed: %v", a.ID, a.System, a.ToldByFeed())
		}
		if want != action.LossExpress && (strings.Contains(a.Help, "LossExpress") || strings.Contains(a.Describe(payable(), nil), "LossExpress")) {
			t.Errorf("%s speaks of LossExpress", a.ID)
		}
	}
}

// Without an account nothing is journaled: the words say what to do first.
func TestNoAccount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unusable func(string) error
		want     map[string]string
	}{
		"none": {nil, map[string]string{
			"reserve.link": "ClaimCenter has no account in this profile: claimdeck login claimcenter",
			"case.submit":  "Scalepoint has no account in this profile: claimdeck login scalepoint",
		}},
		"one that cannot be used": {func(system string) error { return errors.New(system + ": the address is missing") }, map[string]string{
			"reserve.link": "claimcenter: the address is missing", "case.submit": "scalepoint: the address is missing",
		}},
		"nothing wrong": {func(string) error { return nil }, map[string]string{
			"case.submit": "Scalepoint has no account in this profile: claimdeck login scalepoint",
		}},
	} {
		r := action.New(action.Deps{Unusable: c.unusable})
		for id, want := range c.want {
			a, _ := r.Get(id)
			p, err := r.Prepare(t.Context(), a, payable(), action.Values{"caseToken": {"ok-1"}, "claimCenterId": {"cc:1"}})
			if err != nil || len(p.Drafts) > 0 || p.Problems[""] != want {
				t.Errorf("%s, %s: %v, %+v", name, id, err, p)
			}
			if v := a.Start(payable(), nil); len(v) > 0 {
				t.Errorf("%s opens with %v", id, v)
			}
		}
	}
}

// office is Scalepoint with one case that was sent before.
type office struct {
	last scalepoint.Case
	sent []scalepoint.Case
	a    scalepoint.Answer
	err  error
}

func (o *office) Account() (country, tenant string) { return "dk", "abcinsurance" }

func (o *office) Submit(_ context.Context, _ string, which scalepoint.Case) (scalepoint.Answer, error) {
	o.sent = append(o.sent, which)
	return o.a, o.err
}

func (o *office) Last(context.Context, string) (scalepoint.Case, bool, error) {
	return o.last, o.last != (scalepoint.Case{}), o.err
}

// The form of a case opens with the account's country and tenant, and with the case of last time.
func TestCaseOpens(t *testing.T) {
	t.Parallel()
	o := &office{}
	r := action.New(action.Deps{Cases: o})
	a, _ := r.Get("case.submit")
	recalled := func() action.Values {
		v, err := a.Recall(t.Context(), payable())
		if err != nil {
			t.Fatal(err)
		}
		return a.Start(payable(), v)
	}
	if diff := cmp.Diff(action.Values{"country": {"dk"}, "tenant": {"abcinsurance"}}, recalled()); diff != "" {
		t.Error(diff)
	}
	o.last = scalepoint.Case{Country: "se", Tenant: "other", Token: "ok-7"}
	if diff := cmp.Diff(action.Values{"country": {"se"}, "tenant": {"other"}, "caseToken": {"ok-7"}}, recalled()); diff != "" {
		t.Error(diff)
	}
	for v, want := range map[string]string{"": "Submit a case to Scalepoint", "ok-7": "Submit the case ok-7 to Scalepoint"} {
		if got := a.Describe(payable(), action.Values{"caseToken": {v}}); got != want {
			t.Error(got)
		}
	}
}

// A link changes nothing that could be taken back, so it is not held; a case is.
func TestWhatIsHeld(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{Cases: &office{}, Reserves: &center{}})
	for id, want := range map[string]bool{"reserve.link": true, "case.submit": false} {
		a, _ := r.Get(id)
		p, err := r.Prepare(t.Context(), a, payable(), action.Values{"caseToken": {"ok-1"}, "claimCenterId": {"cc:1"}})
		if err != nil || len(p.Drafts) != 1 || p.Draft.AtOnce != want {
			t.Errorf("%s: %v, %+v", id, err, p)
		}
	}
}

// What goes to another system stands in a line of its own, and nobody looks into the feed for it.
func TestSideSystemsHoldNothingUp(t *testing.T) {
	t.Parallel()
	fed := 0
	r := action.New(action.Deps{Backfill: func(context.Context, string, time.Time) error { fed++; return nil }})
	lanes := map[string]bool{}
	for _, id := range []string{"order.create", "message.send", "reserve.link", "case.submit"} {
		e := outbox.Entry{ID: "entry", ClaimID: "claim", Action: id}
		lanes[r.Lane(e)] = true
		if err := r.Recheck(t.Context(), e); err != nil {
			t.Error(err)
		}
	}
	if len(lanes) != 3 {
		t.Errorf("%d lanes: %v", len(lanes), lanes)
	}
	if fed != 2 {
		t.Errorf("the feed was looked into %d times", fed)
	}
	if r.Lane(outbox.Entry{ID: "entry", Action: "webhook.off"}) != "entry" {
		t.Error("what is about no claim has no lane of its own")
	}
}

// What became of a case is what Scalepoint said, whatever the HTTP status; the feed of LossExpress has no part in it.
func TestOutcomeOfACase(t *testing.T) {
	t.Parallel()
	failed := &api.Error{System: "Scalepoint", Status: 500, Message: "it may be submitted", Sent: true}
	for name, c := range map[string]struct {
		a    scalepoint.Answer
		err  error
		want outbox.State
		says string
	}{
		"submitted":         {scalepoint.Answer{Outcome: scalepoint.Submitted}, nil, outbox.Accepted, ""},
		"submitted before":  {scalepoint.Answer{Outcome: scalepoint.AlreadySubmitted}, nil, outbox.Accepted, ""},
		"no lines":          {scalepoint.Answer{Outcome: scalepoint.NotSubmitted, Code: scalepoint.CodeNoLines}, scalepoint.ErrNotSubmitted, outbox.Rejected, "has no lines"},
		"refused":           {scalepoint.Answer{Outcome: scalepoint.Refused}, &api.Error{Status: 400, Message: "not open", Sent: true}, outbox.Rejected, "not open"},
		"nobody knows":      {scalepoint.Answer{Outcome: scalepoint.Unknown}, failed, outbox.Unknown, "it may be submitted"},
		"no connection":     {scalepoint.Answer{}, &api.Error{Message: "no connection", Kind: api.ErrUnreachable}, outbox.Rejected, "not sent: no connection"},
		"no words about it": {scalepoint.Answer{Outcome: scalepoint.Unknown}, errors.New("cut"), outbox.Unknown, "cut"},
	} {
		o := &office{a: c.a, err: c.err}
		r := action.New(action.Deps{Cases: o})
		a, _ := r.Get("case.submit")
		raw, err := action.EncodeInput(a, action.Values{"caseToken": {"ok-1"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e := outbox.Entry{Action: "case.submit", ClaimID: "claim", Input: raw, Attempts: 1}
		got := r.Send(t.Context(), e)
		words := ""
		if got.Problem != nil {
			words = got.Problem.Message
		}
		if got.State != c.want || !strings.Contains(words, c.says) {
			t.Errorf("%s: %s, %q", name, got.State, words)
		}
		if !slices.Equal(o.sent, []scalepoint.Case{{Country: "dk", Tenant: "abcinsurance", Token: "ok-1"}}) {
			t.Errorf("%s: sent %v", name, o.sent)
		}
		if keys, whole := r.Match(e, []activity.Activity{{}}); len(keys) > 0 || whole {
			t.Errorf("%s: the feed confirms it", name)
		}
	}
}
