package action_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

func TestMessageWarnsOfMissingAttachment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.service.AddClaim(sandbox.ClaimSeed{Documents: []string{"police report"}, CreatedAt: b.clock.Now().Add(-29 * time.Minute)})
	on := b.subject(id)
	for text, word := range map[string]string{
		"The report is attached.": "attached", "ENCLOSED please find": "ENCLOSED", "see attachment": "attachment",
		"the owner is attaching it": "attaching", "unattached": "", "Verified in person.": "",
	} {
		if p := b.try("message.send", on, action.Values{"message": {text}}); len(p.Warnings) > 0 {
			t.Errorf("%q with a document of a moment ago: %q", text, p.Warnings)
		}
		on := on
		on.Now = on.Now.Add(2 * time.Minute)
		p := b.try("message.send", on, action.Values{"message": {text}})
		if (len(p.Warnings) == 1) != (word != "") || word != "" && !strings.Contains(p.Warnings[0], `"`+word+`"`) {
			t.Errorf("%q: %q", text, p.Warnings)
		}
	}
}

func TestMessageWarnsOfOpenPlaces(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("message.send")
	p, err := action.New(action.Deps{}).Prepare(t.Context(), a, action.Subject{Claim: claim.Claim{ID: "x"}},
		action.Values{"message": {"We pay {payoff} for {vin}, see {this}."}})
	if err != nil || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "{payoff}, {vin}, which") {
		t.Errorf("%q %v", p.Warnings, err)
	}
}

func TestEmptyMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	if p := b.try("message.send", b.subject(id), action.Values{"message": {" \n "}}); p.Problems["message"] != "Message is required" {
		t.Errorf("%v", p.Problems)
	}
	e := b.settle(b.draft("message.send", id, nil))
	if e.State != outbox.Rejected || !strings.Contains(e.Problem.Message, "message is empty") {
		t.Errorf("%s %+v", e.State, e.Problem)
	}
}

func TestMatchMessage(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("message.send")
	v := action.Values{"message": {"Verified\nin person."}}
	for data, want := range map[string]bool{
		`{"sentByLossExpress":false,"message":"Verified\nin person.","actionRequired":false}`: true,
		`{"message":"Verified in person."}`:                                                   true,
		`{"sentByLossExpress":true,"message":"Verified\nin person."}`:                         false,
		`{"sentByLossExpress":false,"message":"Verified in person. Really."}`:                 false,
	} {
		if _, whole := a.Match(outbox.Entry{}, v, []activity.Activity{decode(t, "direct-message-added", data)}); whole != want {
			t.Errorf("%s: %v", data, whole)
		}
	}
}

func known() claim.Claim {
	amount, perDiem, settlement := decimal.RequireFromString("10222.33"), decimal.RequireFromString("2.345"), decimal.RequireFromString("5553")
	return claim.Claim{
		ID: "c30ae9da", Number: "EX-1001", VIN: "1N4AL3AP8JC231503", Vehicle: claim.Vehicle{Year: 2018, Make: "Nissan", Model: "Altima"},
		Lender: "Ally", Owner: claim.Person{Name: "Pat Doe"}, Settlement: &settlement,
		Payoff: claim.Payoff{Amount: &amount, PerDiem: &perDiem, ValidThrough: "2026-11-30"},
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for template, want := range map[string]string{
		"{claim}: {vehicle}, {vin}, of {owner}, {lender}.": "EX-1001: 2018 Nissan Altima, 1N4AL3AP8JC231503, of Pat Doe, Ally.",
		"{payoff} + {per_diem}/day until {good_through}":   "$10,222.33 + $2.345/day until November 30",
		"{settlement} {} {x y} {Claim} {{claim}}":          "$5,553.00 {} {x y} {Claim} {EX-1001}",
		"no variables": "no variables",
		"":             "",
	} {
		if got, err := action.Expand(template, known(), now); err != nil || got != want {
			t.Errorf("%q is %q (%v), want %q", template, got, err, want)
		}
	}
	if got, _ := action.Expand("{good_through}", known(), now.AddDate(1, 0, 0)); got != "November 30, 2026" {
		t.Errorf("in another year: %q", got)
	}
	if got, err := action.Expand("pay {payoff} to {lender}", claim.Claim{}, now); err != nil || got != "pay {payoff} to {lender}" {
		t.Errorf("of nothing known: %q %v", got, err)
	}
	_, err := action.Expand("{claim} {deductible} {who} {who}", known(), now)
	if err == nil || !strings.Contains(err.Error(), "{deductible}, {who}, which does not exist") || !strings.Contains(err.Error(), "{good_through}") {
		t.Errorf("%v", err)
	}
}

// A value is put in as it is: what looks like a variable in it is not filled again.
func TestExpandOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := claim.Claim{Lender: rapid.String().Draw(t, "lender"), Number: "N"}
		if c.Lender == "" {
			return
		}
		if got, err := action.Expand("{lender}|{claim}", c, time.Time{}); err != nil || got != c.Lender+"|N" {
			t.Fatalf("%q %v", got, err)
		}
	})
}
