package action_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/outbox"
)

// fresh is what claim.create acts on.
func (b *bench) fresh() action.Subject { return action.Subject{Now: b.clock.Now()} }

func (b *bench) try(id string, on action.Subject, v action.Values) action.Prepared {
	b.t.Helper()
	p, err := b.actions.Prepare(b.t.Context(), b.action(id), on, v)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// with returns v with some values replaced; an empty one is taken out.
func with(v action.Values, pairs ...string) action.Values {
	v = maps.Clone(v)
	for pair := range slices.Chunk(pairs, 2) {
		delete(v, pair[0])
		if value := pair[len(pair)-1]; value != "" {
			v[pair[0]] = []string{value}
		}
	}
	return v
}

// What is typed in a person's way is created in the service's.
func TestCreateClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := with(newClaim("EX-77"), "lenderAddress.streetAddress", "1 Bank Street", "lenderAddress.zipCode", "07520",
		"adjusterPhoneNumber", "+44 20 7946 0000 x5", "vehicleLocation", "Yard 5")
	p := b.try("claim.create", b.fresh(), v)
	want := []string{"Adjuster's phone: +•• •• •••• 0000 •5 is no phone number that can be called as it is: write it as +13332225555, an extension in a message"}
	if len(p.Problems) > 0 || len(p.Warnings) != len(want) {
		t.Fatalf("%v %q", p.Problems, p.Warnings)
	}
	d := p.Draft
	if d.ClaimID != "" || d.ClaimNumber != "EX-77" || d.Title != "Create claim EX-77 (1N4AL3AP8JC231503, Ally Financial)" {
		t.Errorf("%+v", d)
	}
	d.Origin = outbox.FromCLI
	e := b.settle(d)
	id := action.ClaimIDOf(e)
	if e.State != outbox.Accepted || id == "" {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	created := map[string]json.RawMessage{}
	for _, raw := range b.service.Truth() {
		var a struct {
			Type, ClaimID string
			Data          map[string]json.RawMessage
		}
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		if a.Type == "claim-created" && a.ClaimID == id {
			created = a.Data
		}
	}
	for name, want := range map[string]string{
		"vin": `"1N4AL3AP8JC231503"`, "dateOfLoss": `"2026-11-02"`, "odometer": `42000`, "settlementAmount": `18250.4`,
		"deductible": `500`, "ownersPhoneNumber": `"+12145550100"`, "adjusterPhoneNumber": `"+44 20 7946 0000 x5"`,
		"accountNumber": `"228-1193-44"`, "vehicleLocation": `"Yard 5"`,
	} {
		if got := strings.Replace(string(created[name]), "18250.40", "18250.4", 1); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if kept := string(created["ownersRetained"]) + string(created["ownerRetained"]); kept != "false" {
		t.Errorf("ownersRetained is %s", kept)
	}
}

// The preview is what is sent, but for what is not for every eye.
func TestCreateClaimPreview(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r, err := b.action("claim.create").Preview(b.fresh(), with(newClaim("EX-77"), "lenderAddress.city", "Dallas"))
	if err != nil || r.Method != "POST" || r.Path != "/claims" {
		t.Fatalf("%s %s %v", r.Method, r.Path, err)
	}
	for _, want := range []string{
		`"vin": "1N4AL3AP8JC231503"`, `"settlementAmount": 18250.4`, `"ownersRetained": false`, `"city": "Dallas"`,
		`"accountNumber": "•••-••93-44"`, `"dateOfLoss": "2026-11-02"`,
	} {
		if !strings.Contains(r.Body, want) {
			t.Errorf("no %s in\n%s", want, r.Body)
		}
	}
	if strings.Contains(r.Body, "228") || strings.Contains(r.Body, "2145550") {
		t.Errorf("the preview tells the account or the phone number:\n%s", r.Body)
	}
}

func TestCreateClaimRequired(t *testing.T) {
	t.Parallel()
	carrier := []string{
		"accountNumber", "causeOfLoss", "claimNumber", "dateOfLoss", "deductible", "financeType", "insurerType", "lenderName",
		"odometer", "ownersName", "ownersPhoneNumber", "ownersRetained", "ownersStreetAddress", "settlementAmount",
		"titleRemittanceAddress", "vin",
	}
	for flavour, want := range map[action.Flavour][]string{
		action.Carrier: carrier, action.Vendor: {"carrierId", "claimNumber", "financeType", "lenderName", "vin"},
	} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			b := newBenchOf(t, flavour)
			p := b.try("claim.create", b.fresh(), nil)
			if got := slices.Sorted(maps.Keys(p.Problems)); !slices.Equal(got, want) || len(p.Drafts) > 0 {
				t.Errorf("required are %v, want %v", got, want)
			}
		})
	}
}

func TestCreateClaimAsVendor(t *testing.T) {
	t.Parallel()
	b := newBenchOf(t, action.Vendor)
	v := action.Values{
		"carrierId": {"5e5a2d3e-9c5c-4c5c-8f6e-0d6d5ad9a0b1"}, "claimNumber": {"V-1"}, "financeType": {"Lease"}, "vin": {"1FAHP3EN7BW114135"},
		"lenderId": {"aa2d3e5e-9c5c-4c5c-8f6e-0d6d5ad9a0b1"}, "externalId": {"our-9"},
	}
	p := b.try("claim.create", b.fresh(), v)
	if len(p.Problems)+len(p.Warnings) > 0 {
		t.Fatalf("%v %q", p.Problems, p.Warnings)
	}
	p.Draft.Origin = outbox.FromCLI
	e := b.settle(p.Draft)
	if e.State != outbox.Accepted {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	if c := b.subject(action.ClaimIDOf(e)).Claim; c.ExternalID != "our-9" || c.OwnerRetained != nil {
		t.Errorf("external id %q, owner retained %v", c.ExternalID, c.OwnerRetained)
	}
}

// Odd values are worth a word each and stop nothing.
func TestOddClaims(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	good := newClaim("EX-77")
	for _, c := range []struct {
		name string
		v    action.Values
		want []string
	}{
		{"nothing", good, nil},
		{"short VIN", with(good, "vin", "1N4AL3AP8JC23150"), []string{"VIN: 1N4AL3AP8JC23150 has 16 characters, not 17; LossExpress may refuse it"}},
		{"letter O", with(good, "vin", "1N4AL3AP8JC2315O3"), []string{"VIN: 1N4AL3AP8JC2315O3 has O, which no VIN has: is it 1N4AL3AP8JC231503?"}},
		{"check digit", with(good, "vin", "JHMGE8H35DC075558"), []string{"VIN: the check digit of JHMGE8H35DC075558 is 5 and should be 6: look for a slip. Vehicles made outside North America often have another one"}},
		{"no loss yet", with(good, "dateOfLoss", "2026-11-21"), []string{"Date of loss: Nov 21, 2026 has not come yet"}},
		{"loss today", with(good, "dateOfLoss", "2026-11-20"), nil},
		{"no miles", with(good, "odometer", "0"), []string{"Odometer: 0 miles"}},
		{"many miles", with(good, "odometer", "500,001"), []string{"Odometer: more than 500,000 miles; look for a digit too many"}},
		{"as many miles as may be", with(good, "odometer", "500000"), nil},
		{"small settlement", with(good, "settlementAmount", "499.99"), []string{"Settlement amount: it is less than the deductible"}},
		{"phone", with(good, "ownersPhoneNumber", "555-0100"), []string{"Owner's phone: •••-•••• is no phone number that can be called as it is: write it as +13332225555, an extension in a message"}},
		{"email", with(good, "adjusterEmailAddress", "pat at home"), []string{"Adjuster's email: pat at home is no email address"}},
		{"state and ZIP", with(good, "lenderAddress.state", "tx", "lenderAddress.zipCode", "7520"), []string{
			"Lender's state: tx is no US state in two letters, such as TX", "Lender's ZIP: 7520 is no ZIP code of 5 or 5-4 digits",
		}},
	} {
		p := b.try("claim.create", b.fresh(), c.v)
		if diff := cmp.Diff(c.want, p.Warnings); diff != "" || len(p.Problems) > 0 || len(p.Drafts) != 1 {
			t.Errorf("%s: %v %s", c.name, p.Problems, diff)
		}
	}
}

func TestClaimProblems(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, value := range map[string]string{
		"dateOfLoss": "yesterday", "deductible": "1,00", "settlementAmount": "-5", "odometer": "many", "causeOfLoss": "Meteor",
	} {
		p := b.try("claim.create", b.fresh(), with(newClaim("EX-1"), name, value))
		if len(p.Problems) != 1 || p.Problems[name] == "" || len(p.Drafts) > 0 {
			t.Errorf("%s %s: %v", name, value, p.Problems)
		}
	}
}

// Another claim of the same number or VIN is found, here and at the service, and does not forbid a new one.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "ex-77", VIN: "1M8GDM9AXKP042788"})
	here := b.service.AddClaim(sandbox.ClaimSeed{ClaimNumber: "OTHER", VIN: "1N4AL3AP8JC231503"})
	b.subject(here)
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultUnavailable, Times: -1, Match: searches("vin")})
	p := b.try("claim.create", b.fresh(), newClaim("EX-77"))
	want := []string{
		"there is already a claim with this number: ex-77 (1M8GDM9AXKP042788). Another one is billed again",
		"there is already a claim with this VIN: OTHER (1N4AL3AP8JC231503). Another one is billed again",
	}
	if len(p.Warnings) != 3 || !slices.Equal(p.Warnings[:2], want) || !strings.HasPrefix(p.Warnings[2], "LossExpress could not be searched for claims with this VIN: ") {
		t.Errorf("%q", p.Warnings)
	}
	if len(p.Drafts) != 1 {
		t.Error("a duplicate was forbidden")
	}
}

// What the service refuses comes back at its field, in the service's words.
func TestClaimRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.Change(func(s *sandbox.Behaviour) { s.AllValidationErrors = true })
	v := with(newClaim("EX-1"), "vin", "SHORT", "causeOfLoss", "Meteor", "lenderName", "", "odometer", "1", "settlementAmount", "2")
	e := b.settle(b.draft("claim.create", "", v))
	want := map[string]string{
		"vin": "vin length must be 17 characters long", "lenderName": "lenderName is required",
		"causeOfLoss": "causeOfLoss must be one of [Single-Vehicle Collision, Multi-Vehicle Collision, Wind/Hail, Fire, Flood, Vandalism, Theft, Other]",
	}
	if e.State != outbox.Rejected {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	for name, words := range want {
		if e.Problem.Fields[name] != words {
			t.Errorf("%s: %q, want %q", name, e.Problem.Fields[name], words)
		}
	}
}

// A claim of the same number that was there before is not taken for the one that was to be created.
func TestOlderClaimConfirmsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old := b.service.AddClaim(sandbox.ClaimSeed{
		ClaimNumber: "EX-77", VIN: "1N4AL3AP8JC231503", CreatedAt: b.clock.Now().Add(-3600e9),
	})
	p := b.try("claim.create", b.fresh(), newClaim("EX-77"))
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultServerError, Match: posts("/claims")})
	p.Draft.Origin = outbox.FromCLI
	e := b.settle(p.Draft)
	if e.State != outbox.Unknown || !e.Checked || len(e.ConfirmedBy) > 0 {
		t.Errorf("%s %+v, with the claim %s of an hour ago", e.State, e.Problem, old)
	}
}
