package lossexpress

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// documentedTypes are those of the remote documents' lists, with the two that only the newer one has.
func documentedTypes() []string {
	return []string{
		"account-number-viewed", "call-made", "claim-created", "claim-updated", "direct-message-added", "document-added",
		"document-sent-to-lender", "letter-of-guarantee-added", "letter-of-guarantee-request-created",
		"letter-of-guarantee-request-cancelled", "lender-alias-verified", "new-lender-verified", "order-attempted",
		"order-created", "order-cancelled", "order-fulfilled", "order-status-changed", "order-updated", "payment-sent",
		"payoff-data-added", "payoff-request-created", "payoff-request-cancelled", "request-pending-lender-contacted",
		"settlement-counter-added", "settlement-counter-updated",
	}
}

func seeded(t *testing.T, seed int64) *bench {
	t.Helper()
	b := newBench(t, Behaviour{}, func(o *Options) { o.Seed = seed })
	b.SeedDemo()
	return b
}

func TestSeedDemoIsDeterministic(t *testing.T) {
	t.Parallel()
	one, same, other := seeded(t, 1).Truth(), seeded(t, 1).Truth(), seeded(t, 2).Truth()
	if !slices.EqualFunc(one, same, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
		t.Error("one seed gave two histories")
	}
	if bytes.Equal(one[0], other[0]) {
		t.Error("two seeds gave one history")
	}
}

func TestSeedDemoHistory(t *testing.T) {
	t.Parallel()
	for seed := range int64(12) {
		b := seeded(t, seed)
		all := decodeAll(t, b.Truth())
		kinds, ids, day := map[string]int{}, map[string]bool{}, 0
		for _, a := range all {
			kinds[a.Type]++
			ids[a.ActivityID] = true
			day += btoi(checkTime(t, a, b.clock.Now()) < 24*time.Hour)
		}
		for _, kind := range documentedTypes() {
			if kinds[kind] == 0 {
				t.Errorf("seed %d: no %s", seed, kind)
			}
		}
		if len(kinds) != len(documentedTypes()) || len(ids) != len(all) || kinds["claim-created"] != demoClaims {
			t.Errorf("seed %d: types %v, %d ids of %d", seed, kinds, len(ids), len(all))
		}
		if day < 60 || len(all) < 400 {
			t.Errorf("seed %d: %d activities, %d of the last day", seed, len(all), day)
		}
		if !slices.IsSortedFunc(all, func(a, b activity) int { return strings.Compare(a.CreatedAt+a.ActivityID, b.CreatedAt+b.ActivityID) }) {
			t.Errorf("seed %d: Truth is out of order", seed)
		}
		if len(b.Writes()) != 0 {
			t.Errorf("seed %d: set-up counts as writes", seed)
		}
	}
}

// checkTime checks the form and the range of an activity's time and returns its age.
func checkTime(t *testing.T, a activity, now time.Time) time.Duration {
	t.Helper()
	at, err := time.Parse(time.RFC3339, a.CreatedAt)
	age := now.Sub(at)
	if err != nil || age < 0 || age > demoHistory || len(a.CreatedAt) != len("2021-01-08T22:03:09.598Z") {
		t.Errorf("%s created at %s (%v)", a.Type, a.CreatedAt, err)
	}
	return age
}

func TestSeedDemoClaims(t *testing.T) {
	t.Parallel()
	b := seeded(t, 3)
	today := b.clock.Now().Format(time.DateOnly)
	numbers, lenders := map[string]bool{}, map[string]bool{}
	for _, c := range b.claims {
		vin := c.text("vin")
		if checkDigit(vin) != vin[8] || c.vehicle == nil {
			t.Errorf("%s: VIN %s, vehicle %v", c.number(), vin, c.vehicle)
		}
		if !strings.HasPrefix(c.number(), "EX-20") || numbers[c.number()] {
			t.Errorf("claim number %q", c.number())
		}
		numbers[c.number()] = true
		lenders[c.text("lenderName")] = true
		if c.money("settlementAmount").LessThan(c.money("deductible")) || c.text("ownersName") == "" || c.text("dateOfLoss") >= today {
			t.Errorf("%s is not believable: %v", c.number(), c.fields)
		}
	}
	if len(lenders) < 8 {
		t.Errorf("%d lenders", len(lenders))
	}
}

// TestSeedDemoWork: there is something to do of every kind.
func TestSeedDemoWork(t *testing.T) {
	t.Parallel()
	b := seeded(t, 3)
	today := b.clock.Now().Format(time.DateOnly)
	soon := b.clock.Now().AddDate(0, 0, 4).Format(time.DateOnly)
	through := func(c *claim) string {
		if c.payoff == nil || c.payoff.data["validThroughDate"] == nil {
			return ""
		}
		return c.payoff.data["validThroughDate"].(string)[:10]
	}
	for name, work := range map[string]struct {
		least int
		is    func(*claim) bool
	}{
		"open counters":      {3, func(c *claim) bool { return c.openCounter() != nil }},
		"messages that wait": {5, waits},
		"quotes expiring":    {3, func(c *claim) bool { return through(c) >= today && through(c) < soon }},
		"quotes expired":     {3, func(c *claim) bool { return through(c) != "" && through(c) < today }},
		"quotes in part":     {3, func(c *claim) bool { return c.payoff != nil && through(c) == "" }},
		"letters":            {8, func(c *claim) bool { return c.letter != nil && c.letter.paper != nil }},
		"paid":               {5, func(c *claim) bool { return c.paid }},
		"documents missing":  {3, func(c *claim) bool { return !c.ready(Behaviour{}) }},
		"failing orders": {3, func(c *claim) bool {
			return slices.ContainsFunc(c.orders, func(o *order) bool { return o.attempts >= 2 })
		}},
	} {
		if n := b.claimsThat(work.is); n < work.least {
			t.Errorf("%s: %d, want at least %d", name, n, work.least)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestCheckDigit(t *testing.T) {
	t.Parallel()
	for vin, want := range map[string]byte{
		"11111111111111111": '1', "1M8GDM9AXKP042788": 'X', "5GZCZ43D13S812715": '1', "1N4AL3AP8JC231503": '8',
		"JHMGE8H35DC074448": '5', "JHMGE8H35DC075558": '6', "JHMGE8H35DC076668": '7', "1GCHC29U62E147776": '2',
	} {
		if got := checkDigit(vin); got != want {
			t.Errorf("%s: got %c, want %c", vin, got, want)
		}
	}
}

func TestDecodeVIN(t *testing.T) {
	t.Parallel()
	for _, m := range models() {
		for year := m.from; year <= m.to; year++ {
			got := decode(strings.ToLower(m.vin(year, 123456)))
			if got == nil || *got != (vehicle{m.make, m.name, year}) {
				t.Errorf("%s %d: %v", m.name, year, got)
			}
		}
	}
	for _, vin := range []string{"", "SHORT", "WAUZZZ8K9BA000000"} {
		if got := decode(vin); got != nil {
			t.Errorf("%q: %v", vin, got)
		}
	}
}

// TestAddClaim: what the seed does not say is invented, what it says is kept.
func TestAddClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	at := b.clock.Now().Add(-time.Hour)
	id := b.AddClaim(ClaimSeed{ClaimNumber: "EX-1", VIN: "1FAHP3EN7BW114135", LenderName: "Chase Auto", CreatedAt: at, Documents: papers()})
	c := b.claimIDs[id]
	if c.number() != "EX-1" || c.text("vin") != "1FAHP3EN7BW114135" || c.text("lenderId") != b.lenders[3].ID || !c.createdAt.Equal(at) {
		t.Errorf("claim: %+v", c)
	}
	if b.count(id, "document-added") != 2 || b.count(id, "claim-created") != 1 {
		t.Errorf("activities: %v", b.types(id))
	}
}
