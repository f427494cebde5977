package action_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// updatable is a claim whose values are known to the test.
func (b *bench) updatable() string {
	return b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "EX-1", Fields: map[string]json.RawMessage{
		"odometer": json.RawMessage(`41000`), "deductible": json.RawMessage(`500.00`), "causeOfLoss": json.RawMessage(`"Meteor"`),
		"accountNumber": json.RawMessage(`"228-1193-44"`), "ownersRetained": json.RawMessage(`false`),
	}})
}

// The form opens with what is known, and that alone is nothing to send.
func TestUpdateOpens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	on := b.subject(b.updatable())
	a := b.action("claim.update")
	v := a.Start(on, nil)
	for name, want := range map[string]string{"odometer": "41000", "causeOfLoss": "Meteor", "ownersRetained": "no", "claimNumber": "EX-1"} {
		if got := v[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s opens with %q, want %s", name, got, want)
		}
	}
	if p := b.try("claim.update", on, v); p.Problems[""] != "nothing was changed: LossExpress has these values already" || len(p.Drafts) > 0 {
		t.Errorf("unchanged: %v", p.Problems)
	}
	if _, err := a.Preview(on, v); err == nil {
		t.Error("there is a preview of nothing")
	}
}

// Sent is what differs, and nothing else.
func TestUpdateClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.updatable()
	on, a := b.subject(id), b.action("claim.update")
	// An unchanged value in another spelling is unchanged; an emptied field stays as it is.
	v := with(a.Start(on, nil), "odometer", "42,000", "deductible", "$500", "accountNumber", "999-1111-22", "lenderName", "", "ownersRetained", "yes")
	p := b.try("claim.update", on, v)
	if len(p.Problems) > 0 || len(p.Warnings) > 0 {
		t.Fatalf("%v %q", p.Problems, p.Warnings)
	}
	const title = "Change odometer 41,000 → 42,000, owner keeps the vehicle no → yes, account number •••-••93-44 → •••-••11-22"
	if p.Draft.Title != title {
		t.Errorf("the title is %q", p.Draft.Title)
	}
	r, err := a.Preview(on, v)
	if err != nil || r.Method != "PUT" || r.Path != "/claims/"+id ||
		r.Body != "{\n  \"accountNumber\": \"•••-••11-22\",\n  \"odometer\": 42000,\n  \"ownersRetained\": true\n}" {
		t.Errorf("%s %s %v\n%s", r.Method, r.Path, err, r.Body)
	}
	p.Draft.Origin = outbox.FromCLI
	if e := b.settle(p.Draft); e.State != outbox.Accepted {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	writes := b.service.Writes()
	changed := strings.Split(writes[len(writes)-1].Detail, ",")
	slices.Sort(changed)
	if !slices.Equal(changed, []string{"accountNumber", "odometer", "ownersRetained"}) {
		t.Errorf("changed were %v", changed)
	}
}

func TestStartKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	on := b.subject(b.claim())
	v := b.action("claim.update").Start(on, action.Values{"odometer": {"7"}})
	if v["odometer"][0] != "7" || v["claimNumber"][0] != "EX-1001" {
		t.Errorf("%v", v)
	}
	if v := b.action("message.send").Start(on, nil); len(v) != 0 {
		t.Errorf("an action without initial values opens with %v", v)
	}
}

// Only what is sent is looked at: an odd value that was there before is not the person's doing now.
func TestUpdateWarnsOfChangesOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.service.AddClaim(sandbox.ClaimSeed{VIN: "JHMGE8H35DC075558"})
	on := b.subject(id)
	v := b.action("claim.update").Start(on, nil)
	if p := b.try("claim.update", on, with(v, "ownersName", "Someone Else")); len(p.Warnings) > 0 {
		t.Errorf("%q", p.Warnings)
	}
	if p := b.try("claim.update", on, with(v, "vin", "JHMGE8H35DC076668")); len(p.Warnings) != 1 {
		t.Errorf("%q", p.Warnings)
	}
}

func TestUpdateFields(t *testing.T) {
	t.Parallel()
	for flavour, extra := range map[action.Flavour][]string{action.Carrier: nil, action.Vendor: {"externalId", "lenderId"}} {
		a, _ := action.New(action.Deps{Flavour: flavour}).Get("claim.update")
		var names []string
		for _, f := range a.Fields {
			names = append(names, f.Name)
			if f.Required || f.Section == "" {
				t.Errorf("%s: %+v", flavour, f)
			}
		}
		for _, name := range []string{"lenderPhoneNumber", "lenderAddress.city", "carrierId"} {
			if slices.Contains(names, name) {
				t.Errorf("%s cannot be changed", name)
			}
		}
		for _, name := range []string{"externalId", "lenderId"} {
			if slices.Contains(names, name) != slices.Contains(extra, name) {
				t.Errorf("%s has %v", flavour, names)
			}
		}
	}
}

// A change confirms when it is ours: all of it while in doubt, none of it contradicted when it was accepted.
func TestMatchUpdate(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("claim.update")
	v := action.Values{"odometer": {"42000"}, "accountNumber": {"999"}, "lenderName": {"Ally"}}
	for _, c := range []struct {
		name, data        string
		accepted, unknown bool
	}{
		{"ours", `{"update":{"odometer":42000,"accountNumber":"999","lenderName":"Ally"},"updatedByLossExpress":false}`, true, true},
		{"the account number withheld", `{"update":{"odometer":42000,"lenderName":"Ally"}}`, true, true},
		{"a part of ours", `{"update":{"odometer":42000}}`, true, false},
		{"contradicts us", `{"update":{"odometer":42000,"lenderName":"Chase"}}`, false, false},
		{"of LossExpress", `{"update":{"odometer":42000,"accountNumber":"999","lenderName":"Ally"},"updatedByLossExpress":true}`, false, false},
		{"something else", `{"update":{"deductible":5}}`, false, false},
	} {
		act := decode(t, "claim-updated", c.data)
		for state, want := range map[outbox.State]bool{outbox.Accepted: c.accepted, outbox.Unknown: c.unknown} {
			if _, whole := a.Match(outbox.Entry{State: state}, v, []activity.Activity{act}); whole != want {
				t.Errorf("%s, %s: %v, want %v", c.name, state, whole, want)
			}
		}
	}
}

// A claim that was quiet for two weeks tells of no change in the feed: the claim itself does.
func TestSeenUpdate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	p := b.try("claim.update", b.subject(id), action.Values{"odometer": {"42001"}, "ownersRetained": {"yes"}})
	e := outbox.Entry{Action: "claim.update", ClaimID: id, Input: p.Draft.Input}
	if seen, err := b.actions.Seen(t.Context(), e); seen || err != nil {
		t.Errorf("before: %v %v", seen, err)
	}
	p.Draft.Origin = outbox.FromCLI
	b.settle(p.Draft)
	if seen, err := b.actions.Seen(t.Context(), e); !seen || err != nil {
		t.Errorf("after: %v %v", seen, err)
	}
	e.ClaimID = "no-such-claim"
	if seen, err := b.actions.Seen(t.Context(), e); seen || err == nil {
		t.Errorf("of no claim: %v %v", seen, err)
	}
}
