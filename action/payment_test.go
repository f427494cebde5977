package action_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// payable is a claim with a payoff of $10,222.33 good through Nov 30, $2.345 a day after it, and both addresses.
func payable() action.Subject {
	c := known()
	c.Payoff.Standard = &claim.Remittance{Payee: "Ally", Street: "PO Box 8110", City: "Cockeysville", State: "MD", ZIP: "21030"}
	c.Payoff.Overnight = &claim.Remittance{Payee: "Ally", Attn: "Payoffs", Street: "6716 Grade Lane", Street2: "Bldg 9", City: "Louisville", State: "KY", ZIP: "40213"}
	return action.Subject{Claim: c, Now: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
}

func paid(pairs ...string) action.Values {
	return with(action.Values{"checkAmount": {"10222.33"}, "cents": {"exact"}, "sentAt": {"2026-11-20"}}, pairs...)
}

func TestPaymentOpens(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("payoff.sent")
	want := action.Values{"checkAmount": {"10,222.33"}, "sentAt": {"2026-11-20"}}
	if diff := cmp.Diff(want, a.Start(payable(), nil)); diff != "" {
		t.Error(diff)
	}
	late := payable()
	late.Now = time.Date(2026, 12, 3, 23, 30, 0, 0, time.FixedZone("CST", -6*3600))
	if v := a.Start(late, nil); v["checkAmount"][0] != "10,229.37" || v["sentAt"][0] != "2026-12-03" { // 3 days of 2.345
		t.Errorf("three days late: %v", v)
	}
}

// Cents are never rounded without being asked.
func TestCents(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	a, _ := r.Get("payoff.sent")
	for _, c := range []struct{ amount, cents, sent string }{
		{"$10,222.33", "", ""},
		{"10222.33", "exact", "10222.33"},
		{"10222.33", "down", "10222"},
		{"10222.33", "up", "10223"},
		{"10222", "", "10222"},
		{"10222.00", "", "10222"},
		{"10222", "up", "10222"},
		{"0.50", "", ""},
	} {
		p, err := r.Prepare(t.Context(), a, payable(), paid("checkAmount", c.amount, "cents", c.cents))
		if err != nil {
			t.Fatal(err)
		}
		if c.sent == "" {
			if !strings.Contains(p.Problems["cents"], "choose whole dollars") || len(p.Drafts) > 0 {
				t.Errorf("%s: %v", c.amount, p.Problems)
			}
			continue
		}
		v, err := action.DecodeInput(p.Draft.Input)
		if err != nil || v["checkAmount"][0] != c.sent || len(v["cents"]) > 0 {
			t.Errorf("%s %s sends %v (%v), %v", c.amount, c.cents, v, err, p.Problems)
		}
		preview, err := a.Preview(payable(), paid("checkAmount", c.amount, "cents", c.cents))
		if err != nil || !strings.Contains(preview.Body, `"checkAmount": `+c.sent+",") {
			t.Errorf("%s %s: %v\n%s", c.amount, c.cents, err, preview.Body)
		}
	}
}

// The check goes where its way of sending leads, unless a person says otherwise.
func TestAddressOfPayment(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	a, _ := r.Get("payoff.sent")
	const standard, overnight = "PO Box 8110 Cockeysville MD 21030", "6716 Grade Lane Bldg 9 Louisville KY 40213"
	for _, c := range []struct {
		name, via, kind, street string
		to                      string
		warns                   string
	}{
		{"nothing said", "", "", "", standard, ""},
		{"by mail", "USPS", "", "", standard, ""},
		{"by courier", "FedEx", "", "", overnight, ""},
		{"by another courier", "ups ground", "", "", overnight, ""},
		{"by overnight mail", "USPS Priority Mail Express", "", "", overnight, ""},
		{"courier to the PO box", "FedEx", "standard", "", standard, "sent via FedEx to the standard address"},
		{"mail to the courier's address", "USPS", "overnight", "", overnight, "sent via USPS to the overnight address"},
		{"elsewhere", "USPS", "other", "1 Main Street", "1 Main Street", ""},
		{"elsewhere, without saying so", "FedEx", "", "1 Main Street", "1 Main Street", ""},
		{"not said", "USPS", "none", "", "", ""},
	} {
		p, err := r.Prepare(t.Context(), a, payable(), paid("sentVia", c.via, "sentTo", c.kind, "sentTo.streetAddress", c.street))
		if err != nil || len(p.Drafts) != 1 {
			t.Fatalf("%s: %v %v", c.name, err, p.Problems)
		}
		odd := slices.DeleteFunc(p.Warnings, func(w string) bool { return strings.Contains(w, "is not known here") })
		if (len(odd) > 0) != (c.warns != "") || c.warns != "" && !strings.Contains(odd[0], c.warns) {
			t.Errorf("%s: %q", c.name, odd)
		}
		if to := strings.HasSuffix(p.Draft.Title, " to "+c.to); to != (c.to != "") && c.to != "" || c.to == "" && strings.Contains(p.Draft.Title, " to ") {
			t.Errorf("%s: %q", c.name, p.Draft.Title)
		}
	}
	p, err := r.Prepare(t.Context(), a, payable(), paid("sentTo", "other"))
	if err != nil || p.Problems["sentTo.streetAddress"] == "" {
		t.Errorf("another address that is not given: %v %v", p.Problems, err)
	}
}

func TestOddPayments(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	a, _ := r.Get("payoff.sent")
	for _, c := range []struct {
		name string
		v    action.Values
		want []string
	}{
		{"as quoted", paid(), nil},
		{"with ten days of interest", paid("checkAmount", "10245.78", "sentAt", "2026-11-30"), []string{"Sent on: Nov 30, 2026 has not come yet"}},
		{"a cent less", paid("checkAmount", "10222.32"), []string{"the check is $10,222.32, and the payoff on Nov 20 is $10,222.33 with $2.345 a day"}},
		{"too much", paid("checkAmount", "10300"), []string{"the check is $10,300.00, and the payoff on Nov 20 is $10,222.33 with $2.345 a day"}},
		{"too late", paid("sentAt", "2026-12-01"), []string{
			"Sent on: Dec 1, 2026 has not come yet", "the payoff was good through Nov 30, 2026: the lender may want more",
			"the check is $10,222.33, and the payoff on Dec 1 is $10,224.68 with $2.345 a day",
		}},
		{"odd address", paid("sentTo", "other", "sentTo.streetAddress", "1 Main", "sentTo.state", "Texas", "sentTo.zipCode", "752"), []string{
			"752 is no ZIP code of 5 or 5-4 digits", "Texas is no US state in two letters, such as TX",
		}},
	} {
		p, err := r.Prepare(t.Context(), a, payable(), c.v)
		if err != nil || len(p.Drafts) != 1 {
			t.Fatalf("%s: %v %v", c.name, err, p.Problems)
		}
		if diff := cmp.Diff(c.want, p.Warnings); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if p, err := r.Prepare(t.Context(), a, payable(), paid("checkAmount", "0")); err != nil || p.Problems["checkAmount"] == "" {
		t.Errorf("nothing: %v %v", p.Problems, err)
	}
	paidBefore := payable()
	paidBefore.Claim.Payments = []claim.Payment{{At: paidBefore.Now.Add(-48 * time.Hour)}}
	if ready := a.Preflight(paidBefore); !ready.OK || ready.Reason != "a payment was recorded already on Nov 18" {
		t.Errorf("%+v", ready)
	}
	if ready := a.Preflight(action.Subject{}); !ready.OK || ready.Fix != "payoff.request" {
		t.Errorf("%+v", ready)
	}
}

// The service takes an integer; with the switch it takes cents. Either way it gets what the person saw.
func TestPaymentWithCents(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	v := paid("trackingNumber", "1Z", "sentTo", "other", "sentTo.streetAddress", "1 Main Street", "sentTo.zipCode", "07520")
	e := b.settle(b.prepare("payoff.sent", id, v))
	if e.State != outbox.Rejected || e.Problem.Fields["checkAmount"] != "checkAmount must be an integer" {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	b.service.Change(func(s *sandbox.Behaviour) { s.DecimalCheckAmount = true })
	if _, err := b.box.Retry(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if e = b.finish(e); e.State != outbox.Accepted {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	payments := b.subject(id).Claim.Payments
	if len(payments) != 1 || payments[0].Amount.String() != "10222.33" || payments[0].SentAt != "2026-11-20" ||
		payments[0].Tracking != "1Z" || payments[0].To != "1 Main Street, 07520" {
		t.Errorf("%+v", payments)
	}
}

func TestMatchPayment(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("payoff.sent")
	v := action.Values{"checkAmount": {"10222"}, "sentAt": {"2026-11-20"}, "trackingNumber": {"1Z"}}
	for data, want := range map[string]bool{
		`{"checkAmount":10222,"sentAt":"2026-11-20T00:00:00.000Z","trackingNumber":"1Z"}`: true,
		`{"checkAmount":10222.00,"sentAt":"2026-11-20"}`:                                  true,
		`{"checkAmount":10223,"sentAt":"2026-11-20","trackingNumber":"1Z"}`:               false,
		`{"checkAmount":10222,"sentAt":"2026-11-21","trackingNumber":"1Z"}`:               false,
		`{"checkAmount":10222,"sentAt":"2026-11-20","trackingNumber":"1Z9"}`:              false,
	} {
		if _, whole := a.Match(outbox.Entry{}, v, []activity.Activity{decode(t, "payment-sent", data)}); whole != want {
			t.Errorf("%s: %v", data, whole)
		}
	}
	if _, whole := a.Match(outbox.Entry{}, action.Values{"checkAmount": {"x"}}, []activity.Activity{decode(t, "payment-sent", `{}`)}); whole {
		t.Error("an amount that is none was seen")
	}
}
