package lossexpress

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCreateClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	a := b.good("POST", "/claims", carrierClaim)
	id, _ := a.object(t)["claimId"].(string)
	if a.status != 201 || id == "" || len(a.object(t)) != 1 {
		t.Fatalf("create: %d %s", a.status, a.body)
	}
	created := b.last(id, "claim-created")
	for key, want := range map[string]any{
		"accountNumber": "TEST-AN", "ownerRetained": false, "settlementAmount": 5553.1, "lenderName": "ally bank",
		"vehicle": map[string]any{"make": "Nissan", "model": "Altima", "year": 2018.0},
	} {
		if fmt.Sprint(created.Data[key]) != fmt.Sprint(want) {
			t.Errorf("claim-created %s: got %v, want %v", key, created.Data[key], want)
		}
	}
	for _, absent := range []string{"ownersRetained", "lenderAddress", "claimNumber", "vehicleLocation"} {
		if _, there := created.Data[absent]; there {
			t.Errorf("claim-created has %s", absent)
		}
	}
	if created.ClaimNumber != "ex-1001" {
		t.Errorf("claim number %q", created.ClaimNumber)
	}
	if w := b.Writes(); len(w) != 1 || w[0].Kind != WroteClaim || w[0].ClaimID != id || w[0].Detail != "ex-1001" {
		t.Errorf("writes: %v", w)
	}
}

func TestFetchClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id, _ := b.good("POST", "/claims", carrierClaim).object(t)["claimId"].(string)
	fetched := b.good("GET", "/claims/"+id, "").object(t)
	c, _ := fetched["claim"].(map[string]any)
	if c["claimId"] != id || c["lenderId"] == nil || c["createdAt"] != "2026-11-20T15:00:00.000Z" || c["documents"] == nil ||
		fetched["requestUrl"] != "https://xapi.lossexpress.com/claims/"+id {
		t.Errorf("fetched: %v", fetched)
	}
	if !strings.Contains(b.good("GET", "/claims/"+id, "").body, `"settlementAmount":5553.10`) {
		t.Error("the amount does not come back as it was sent")
	}
}

func TestClaimFlavours(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{}, func(o *Options) { o.Flavour = FlavourVendor })
	body := `{"carrierId":"c","claimNumber":"V-1","financeType":"Lease","vin":"1N4AL3AP8JC231503","externalId":"COO-30022"}`
	if a := b.do("POST", "/claims", body); a.status != 400 || !strings.Contains(a.body, "lenderName is required") {
		t.Errorf("no lender: %d %s", a.status, a.body)
	}
	lenderID := b.lenders[2].ID
	id, _ := b.good("POST", "/claims", with(body, "lenderId", lenderID)).object(t)["claimId"].(string)
	if got := b.last(id, "claim-created"); got.ExternalID != "COO-30022" || got.Data["lenderName"] != "Wells Fargo Auto" {
		t.Errorf("claim-created: %+v", got)
	}
	if a := b.do("POST", "/claims", without(body, "carrierId")); !strings.Contains(a.body, "carrierId is required") {
		t.Errorf("no carrier: %s", a.body)
	}
	b.good("PUT", "/claims/"+id, `{"externalId":"NEW"}`)
	b.Trigger(id, "call-made") //nolint:errcheck // checked by what follows
	if got := b.last(id, "call-made"); got.ExternalID != "NEW" {
		t.Errorf("external id after update: %q", got.ExternalID)
	}
}

func TestWithholdAccountNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{WithholdAccountNumber: true})
	id, _ := b.good("POST", "/claims", carrierClaim).object(t)["claimId"].(string)
	if _, there := b.last(id, "claim-created").Data["accountNumber"]; there {
		t.Error("claim-created has the account number")
	}
	if !strings.Contains(b.good("GET", "/claims/"+id, "").body, "TEST-AN") {
		t.Error("the claim object lacks the account number")
	}
}

func TestUpdateClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	id, _ := b.good("POST", "/claims", carrierClaim).object(t)["claimId"].(string)
	b.clock.forward(time.Minute)
	flat := b.good("PUT", "/claims/"+id, `{"odometer":41000,"ownersRetained":true,"deductible":400}`).object(t)
	if flat["claimId"] != id || flat["odometer"] != 41000.0 || flat["ownerRetained"] != true || flat["claim"] != nil ||
		flat["updatedAt"] != "2026-11-20T15:01:00.000Z" {
		t.Errorf("flat answer: %v", flat)
	}
	data := b.last(id, "claim-updated").Data
	want := map[string]any{
		"update":   map[string]any{"odometer": 41000.0, "ownerRetained": true},
		"previous": map[string]any{"odometer": 39993.0, "ownerRetained": false}, "updatedByLossExpress": false,
	}
	if fmt.Sprint(data) != fmt.Sprint(want) {
		t.Errorf("claim-updated: got %v, want %v", data, want)
	}
	b.good("PUT", "/claims/"+id, `{"odometer":41000}`)
	if n := b.count(id, "claim-updated"); n != 1 {
		t.Errorf("an update without a change was announced: %d", n)
	}
	b.good("PUT", "/claims/"+id, `{"lenderName":"chase auto","vin":"1FAHP3EN7BW114135"}`)
	c := b.good("GET", "/claims/"+id, "").object(t)["claim"].(map[string]any)
	if c["lenderId"] != b.lenders[3].ID || fmt.Sprint(c["vehicle"]) != "map[make:Ford model:Focus year:2011]" {
		t.Errorf("lender or vehicle did not follow: %v %v", c["lenderId"], c["vehicle"])
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	one := b.AddClaim(ClaimSeed{ClaimNumber: "EX-1", VIN: "1N4AL3AP8JC231503"})
	two := b.AddClaim(ClaimSeed{ClaimNumber: "EX-2", VIN: "1N4AL3AP8JC231503"})
	tests := []struct {
		query  string
		change func(*Behaviour)
		want   []string
		status int
	}{
		{"claimNumber=ex-1", nil, []string{one}, 200},
		{"vin=1n4al3ap8jc231503", nil, []string{one, two}, 200},
		{"vin=1N4AL3AP8JC231503&claimNumber=EX-2", nil, []string{two}, 200},
		{"vin=1N4AL3AP8JC231503&claimNumber=EX-9", nil, nil, 200},
		{"vin=1N4AL3AP8JC231503&claimNumber=EX-9", func(b *Behaviour) { b.SearchEither = true }, []string{one, two}, 200},
		{"claimNumber=EX-9", func(b *Behaviour) { b.SearchEmpty404 = true }, nil, 404},
		{"claimNumber=EX-1", func(b *Behaviour) { b.SearchSummary = true }, []string{one}, 200},
	}
	for _, test := range tests {
		b.Change(func(b *Behaviour) {
			*b = Behaviour{}
			if test.change != nil {
				test.change(b)
			}
		})
		a := b.do("GET", "/claims?"+test.query, "")
		var got struct{ Claims []map[string]any }
		a.into(t, &got)
		var ids []string
		for _, c := range got.Claims {
			ids = append(ids, c["claimId"].(string))
			if (c["odometer"] == nil) != b.Behaviour().SearchSummary {
				t.Errorf("%s: summary switch ignored: %v", test.query, c)
			}
		}
		if a.status != test.status || !slices.Equal(ids, test.want) {
			t.Errorf("%s: got %d %v, want %d %v", test.query, a.status, ids, test.status, test.want)
		}
		if a.status == 200 && got.Claims == nil {
			t.Errorf("%s: claims is null: %s", test.query, a.body)
		}
	}
}

func TestLenders(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	tests := []struct {
		query string
		want  int
	}{
		{"", 9},
		{"?name=ally", 1},
		{"?name=TFS", 1},
		{"?integratedPayoffOnly=true", 4},
		{"?customerAuthorizationRequired=true", 2},
		{"?customerAuthorizationRequired=false", 7},
		{"?name=nobody", 0},
	}
	for _, test := range tests {
		var got struct {
			Lenders    []lender
			RequestURL string
		}
		b.good("GET", "/lenders"+test.query, "").into(t, &got)
		if len(got.Lenders) != test.want || got.Lenders == nil || got.RequestURL != publicURL+"/lenders"+test.query {
			t.Errorf("%s: got %d lenders, want %d, %s", test.query, len(got.Lenders), test.want, got.RequestURL)
		}
	}
}
