package action_test

import (
	"slices"
	"strings"
	"testing"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/claim"
	"claimdeck/state/outbox"
)

// The answer and the activity may say when the letter comes, or not.
func TestGuaranteeEstimate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, estimate := range map[string]sandbox.LetterEstimate{
		"given": sandbox.EstimateGiven, "absent": sandbox.EstimateAbsent, "null": sandbox.EstimateNull,
	} {
		b.service.Change(func(s *sandbox.Behaviour) { s.LetterEstimate = estimate })
		id := b.claim()
		e := b.settle(b.prepare("guarantee.request", id, nil))
		if e.State != outbox.Accepted {
			t.Fatalf("%s: %s %+v", name, e.State, e.Problem)
		}
		on := b.subject(id)
		if e, err := b.store.Entry(t.Context(), e.ID); err != nil || on.Claim.Guarantee.State != claim.Pending {
			t.Errorf("%s: %s %v, the letter is %s", name, e.State, err, on.Claim.Guarantee.State)
		}
		if got := on.Claim.Guarantee.Estimate; got.IsZero() == (estimate == sandbox.EstimateGiven) {
			t.Errorf("%s: the estimate is %s", name, got)
		}
		if ready := b.action("guarantee.request").Preflight(on); !ready.OK || !strings.HasPrefix(ready.Reason, "a letter of guarantee is already requested since") {
			t.Errorf("%s: %+v", name, ready)
		}
		if ready := b.action("guarantee.cancel").Preflight(on); !ready.OK || ready.Reason != "" {
			t.Errorf("%s: %+v", name, ready)
		}
	}
}

// Each documented refusal is told in the service's words, and what can be known before is.
func TestLenderRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	bare := b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "BARE"})
	for _, c := range []struct {
		id      string
		v       action.Values
		message string
		field   string
		reason  string // of the preflight
		fix     string
	}{
		{"guarantee.request", nil, missingPapers, "", "needs a settlement breakdown and a valuation report", "document.add"},
		{"guarantee.cancel", nil, "Letter of Guarantee does not exist for this claim.", "", "no request for a letter of guarantee is known for this claim", "guarantee.request"},
		{"payoff.request", nil, missingPapers, "", "needs a settlement breakdown and a valuation report", "document.add"},
		{"payoff.cancel", nil, "A payoff request does not exist for this claim.", "", "no payoff request is known for this claim", "payoff.request"},
		{"counter.dispute", action.Values{"reasonForDispute": {"no"}}, "A settlement counter does not exist for this claim.", "", "no settlement counter is known for this claim", ""},
		{"order.refresh", action.Values{"types": {"Moon"}}, "0 must be one of", "types", "no order is known for this claim: there is nothing to repeat", "order.create"},
		{"claim.update", action.Values{"vin": {"SHORT"}}, "vin length must be 17 characters long", "vin", "", ""},
		{"claim.update", action.Values{"dateOfLoss": {"soon"}}, "dateOfLoss must be a valid ISO 8601 date", "dateOfLoss", "", ""},
	} {
		on := b.subject(bare)
		if a := b.action(c.id); a.Preflight != nil {
			if ready := a.Preflight(on); ready.OK || ready.Reason != c.reason || ready.Fix != c.fix {
				t.Errorf("%s: %+v", c.id, ready)
			}
		}
		e := b.settle(b.draft(c.id, bare, c.v))
		if e.State != outbox.Rejected || !strings.HasPrefix(e.Problem.Message, c.message) {
			t.Errorf("%s: %s %+v", c.id, e.State, e.Problem)
			continue
		}
		if c.field != "" && !strings.HasPrefix(e.Problem.Fields[c.field], c.message) {
			t.Errorf("%s: %+v", c.id, e.Problem.Fields)
		}
	}
	for _, id := range []string{"claim.update", "message.send", "payoff.sent", "guarantee.request"} {
		v := action.Values{"odometer": {"1"}, "message": {"m"}, "checkAmount": {"1"}, "sentAt": {"2026-11-20"}}
		if e := b.settle(b.draft(id, "no-such-claim", v)); e.State != outbox.Rejected || e.Problem.Status != 404 {
			t.Errorf("%s of no claim: %s %+v", id, e.State, e.Problem)
		}
	}
}

func TestGuaranteeOfRetainedVehicle(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("guarantee.request")
	on := action.Subject{Claim: claim.Claim{OwnerRetained: new(true), Documents: []claim.Document{{Type: "valuation report & settlement breakdown"}}}}
	if ready := a.Preflight(on); !ready.OK || !strings.HasPrefix(ready.Reason, "the owner keeps the vehicle") {
		t.Errorf("%+v", ready)
	}
	on.Claim.Guarantee.State = claim.Fulfilled
	if ready := a.Preflight(on); !ready.OK || ready.Reason != "a letter of guarantee has arrived already" {
		t.Errorf("%+v", ready)
	}
}

func TestRefreshTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	b.ended(id, "Copy of Title")
	if _, err := b.account.Client().RequestPayoff(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	a := b.action("order.refresh")
	if a.Confirm != "refresh" || a.Risk != action.Bills {
		t.Errorf("%q %s", a.Confirm, a.Risk)
	}
	options, err := a.Fields[0].Options(t.Context(), b.subject(id))
	if err != nil || len(options) != 11 {
		t.Fatalf("%d types, %v", len(options), err)
	}
	for _, o := range options {
		want := action.Option{Value: o.Value, Label: o.Value, Note: "was never ordered, as far as is known here"}
		switch o.Value {
		case "Copy of Title":
			want.Note = ""
		case "Loan Payoff Request":
			want.Note, want.Disabled = "already pending", true
		}
		if o != want {
			t.Errorf("%+v, want %+v", o, want)
		}
	}
}

// When one type fails the answer is 500, and the others are ordered all the same: what was seen of them is kept, and the
// write is never sent again by itself.
func TestRefreshPartly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	b.ended(id, "Copy of Title")
	b.ended(id, "Payment History")
	v := action.Values{"types": {"Copy of Title", "Bill of Sale", "Payment History"}}
	p := b.try("order.refresh", b.subject(id), v)
	if len(p.Warnings) != 1 || !strings.HasPrefix(p.Warnings[0], "Bill of Sale: was never ordered") {
		t.Errorf("%q", p.Warnings)
	}
	p.Draft.Origin = outbox.FromCLI
	e := b.settle(p.Draft)
	if e.State != outbox.Unknown || !e.Checked || len(e.ConfirmedBy) != 2 || !strings.Contains(e.Problem.Message, "the others are ordered all the same") {
		t.Fatalf("%s %+v, confirmed by %d", e.State, e.Problem, len(e.ConfirmedBy))
	}
	if n := b.effects(sandbox.WroteOrderRefresh, id); n != 2 {
		t.Errorf("%d orders were repeated", n)
	}
	if _, err := b.box.Retry(t.Context(), e.ID); err == nil {
		t.Error("what was done in part was sent again")
	}
}

// Every action is whole, and its fields can be told apart.
func TestActionsAreWhole(t *testing.T) {
	t.Parallel()
	for _, a := range action.New(action.Deps{}).All() {
		if a.Title == "" || a.Help == "" || a.Describe(action.Subject{}, nil) == "" || a.Preview == nil || a.Send == nil || a.Match == nil {
			t.Errorf("%s is not whole", a.ID)
		}
		names := map[string]bool{}
		for _, f := range a.Fields {
			if names[f.Name] || names["--"+f.Flag] || f.Label == "" {
				t.Errorf("%s: %+v", a.ID, f)
			}
			names[f.Name], names["--"+f.Flag] = true, true
			if (f.Kind == action.Choice || f.Kind == action.MultiChoice) && f.Options == nil {
				t.Errorf("%s: %s has nothing to choose from", a.ID, f.Name)
			}
		}
	}
}

// Commands are how the actions are called on the command line, and in the docs.
func TestCommands(t *testing.T) {
	t.Parallel()
	r := action.New(action.Deps{})
	got := map[string]string{}
	var ids []string
	for _, a := range r.All() {
		got[a.ID] = a.Command()
		ids = append(ids, a.ID)
	}
	for id, want := range map[string]string{
		"document.add":     "claimdeck document add CLAIM DOCUMENT... --description DESCRIPTION",
		"order.refresh":    "claimdeck order refresh CLAIM --type TYPE... --yes",
		"message.send":     "claimdeck message send CLAIM --message MESSAGE",
		"guarantee.cancel": "claimdeck guarantee cancel CLAIM",
		"payoff.refresh":   "claimdeck payoff refresh CLAIM --yes",
		"webhook.register": "claimdeck webhook register URL [--types TYPES...]",
		"webhook.off":      "claimdeck webhook off",
	} {
		if got[id] != want {
			t.Errorf("%s is %q, want %q", id, got[id], want)
		}
	}
	if !strings.HasPrefix(got["claim.create"], "claimdeck claim create --claim-number CLAIM-NUMBER ") {
		t.Errorf("%q", got["claim.create"])
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 20 {
		t.Errorf("%v", ids)
	}
	if !strings.Contains(r.DocsTable(), "| Repeat orders | `claimdeck order refresh CLAIM --type TYPE... --yes` |") {
		t.Error(r.DocsTable())
	}
}
