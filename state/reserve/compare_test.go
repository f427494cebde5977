package reserve

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"claimdeck/state/claim"
)

var day = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

// costs is a claim with a settlement and a payoff, good through the day; "" leaves one out.
func costs(settlement, payoff string) claim.Claim {
	var c claim.Claim
	if settlement != "" {
		d := dec(settlement)
		c.Settlement = &d
	}
	if payoff != "" {
		d, per := dec(payoff), dec("2.3")
		c.Payoff = claim.Payoff{Amount: &d, PerDiem: &per, ValidThrough: "2026-11-20"}
	}
	return c
}

// held is a book with a vehicle reserve of an amount.
func held(amount, currency string) Book {
	return Book{Reserves: []Reserve{
		transaction("v", vehicle, claimCost, body, amount, currency), transaction("r", car, claimCost, rental, "99999", currency),
	}}
}

// told is the findings as lines: "warning: The payoff ...".
func told(c Comparison) []string {
	var out []string
	for _, f := range c.Findings {
		out = append(out, f.Level.String()+": "+f.Text)
	}
	return out
}

func TestCompare(t *testing.T) {
	t.Parallel()
	late := day.AddDate(0, 0, 10)
	noPerDiem := costs("", "10222.33")
	noPerDiem.Payoff.PerDiem = nil
	paid := costs("8000", "")
	paid.Payments = []claim.Payment{{}}
	waits := held("8000", "usd")
	extra := transaction("w", vehicle, claimCost, body, "1500", "usd")
	extra.Status = Code{Code: "pendingapproval"}
	waits.Reserves = append(waits.Reserves, extra)
	for name, tt := range map[string]struct {
		b          Book
		c          claim.Claim
		on         time.Time
		comparable bool
		want       []string
	}{
		"the payoff exceeds it": {held("8000.00", "usd"), costs("", "10222.33"), day, true, []string{
			"warning: The payoff of 10,222.33 exceeds the vehicle reserve of 8,000.00 by 2,222.33.",
		}},
		"with the per diem": {held("10222.33", "usd"), costs("", "10222.33"), late, true, []string{
			"warning: The payoff estimated for 2026-11-30 of 10,245.33 exceeds the vehicle reserve of 10,222.33 by 23.00.",
		}},
		"both are covered": {held("12000", "usd"), costs("11000.50", "10222.33"), day, true, []string{
			"fine: The vehicle reserve of 12,000.00 covers the settlement of 11,000.50; 999.50 is left.",
			"fine: The vehicle reserve of 12,000.00 covers the payoff of 10,222.33; 1,777.67 is left.",
		}},
		"exactly": {held("5553", "usd"), costs("5553.00", ""), day, true, []string{
			"fine: The vehicle reserve of 5,553.00 is exactly the settlement.",
		}},
		"both exceed it": {held("5000", "usd"), costs("9000", "10222.33"), day, true, []string{
			"warning: The settlement of 9,000.00 exceeds the vehicle reserve of 5,000.00 by 4,000.00.",
			"warning: The payoff of 10,222.33 exceeds the vehicle reserve of 5,000.00 by 5,222.33.",
		}},
		"the rest is the owner's": {held("9000", "usd"), costs("9000", "10222.33"), day, true, []string{
			"note: The payoff of 10,222.33 exceeds the vehicle reserve of 9,000.00 by 1,222.33.",
			"note: The payoff exceeds the settlement of 9,000.00 by 1,222.33, which the owner or a GAP waiver pays.",
			"fine: The vehicle reserve of 9,000.00 is exactly the settlement.",
		}},
		"four decimals": {held("8000.1250", "usd"), costs("", "8000.1251"), day, true, []string{
			"warning: The payoff of 8,000.1251 exceeds the vehicle reserve of 8,000.125 by 0.0001.",
		}},
		"negative": {held("-20", "usd"), costs("100", ""), day, true, []string{
			"warning: The settlement of 100.00 exceeds the vehicle reserve of -20.00 by 120.00.",
			"warning: The vehicle reserve is negative (-20.00): look at the reserves in ClaimCenter.",
		}},
		"more waits for approval": {waits, costs("9000", ""), day, true, []string{
			"warning: The settlement of 9,000.00 exceeds the vehicle reserve of 8,000.00 by 1,000.00.",
			"note: 1,500.00 more for the vehicle waits for approval and is not counted.",
		}},
		"unreadable": {held("five", "usd"), costs("100", ""), day, true, []string{
			"warning: The settlement of 100.00 exceeds the vehicle reserve of 0.00 by 100.00.",
			"warning: The vehicle reserve is not complete: 1 amount could not be read. Look at the reserves in ClaimCenter.",
		}},
		"a payment was sent": {held("8000", "usd"), paid, day, true, []string{
			"note: A payment was sent already: the sum of transactions does not subtract payments.",
			"fine: The vehicle reserve of 8,000.00 is exactly the settlement.",
		}},
		"two currencies": {sampleBook(), costs("7000", ""), day, true, []string{
			"note: A vehicle reserve of 1,250.375 in CAD is not compared: the payoff is in USD.",
			"fine: The vehicle reserve of 7,249.50 covers the settlement of 7,000.00; 249.50 is left.",
		}},
		"another currency": {held("8000", "cad"), costs("100", "100"), day, false, []string{
			"note: The vehicle reserve is in CAD, the payoff in USD: nothing can be compared.",
		}},
		"no currency": {held("8000", ""), costs("100", "100"), day, false, []string{
			"note: The vehicle reserve is in an unknown currency, the payoff in USD: nothing can be compared.",
		}},
		"no reserves": {Book{}, costs("100", "100"), day, false, []string{
			"note: The claim has no reserves: nothing can be compared.",
		}},
		"no vehicle": {Book{Reserves: []Reserve{transaction("r", car, claimCost, rental, "9", "usd")}}, costs("100", ""), day, false, []string{
			"note: None of the reserves is for vehicle damage: nothing can be compared.",
		}},
		"an expense is no damage": {Book{Reserves: []Reserve{transaction("r", vehicle, expense, body, "9", "usd")}}, costs("100", ""), day, false, []string{
			"note: None of the reserves is for vehicle damage: nothing can be compared.",
		}},
		"neither is known": {held("1", "usd"), costs("", ""), day, false, []string{
			"note: Neither payoff nor settlement is known yet: nothing can be compared.",
		}},
		"past its last day without a per diem": {held("1", "usd"), noPerDiem, late, false, []string{
			"note: Neither payoff nor settlement is known yet: nothing can be compared.",
			"note: What the payoff of 10,222.33 comes to on 2026-11-30 is not known: its last day or its per diem is missing.",
		}},
	} {
		got := Compare(tt.b, tt.c, tt.on, DefaultRule())
		if d := cmp.Diff(tt.want, told(got)); d != "" || got.Comparable != tt.comparable {
			t.Errorf("%s: comparable %v\n%s", name, got.Comparable, d)
		}
		if want, _, _ := strings.Cut(tt.want[0], ":"); got.Level().String() != want {
			t.Errorf("%s: level %s", name, got.Level())
		}
	}
}

func TestLinesAreShownApart(t *testing.T) {
	t.Parallel()
	c := Compare(sampleBook(), costs("7000", "10222.33"), day.AddDate(0, 0, 1), DefaultRule())
	if len(c.Vehicle) != 1 || len(c.Apart) != 3 || !c.Reserve.Equal(dec("7249.5")) || !c.Payoff.Equal(dec("10224.63")) || !c.Estimated {
		t.Errorf("%+v", c)
	}
	if c = Compare(sampleBook(), costs("", "10222.33"), day, DefaultRule()); c.Estimated {
		t.Error("the quoted amount is called an estimate")
	}
}

func TestRule(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		costType, category Code
		want               bool
	}{
		"the sample":      {claimCost, body, true},
		"by name":         {Code{Code: "x1", Name: "claim cost"}, Code{Code: "x2", Name: "AUTO BODY"}, true},
		"total loss":      {claimCost, Code{Code: "total_loss"}, true},
		"medical":         {claimCost, Code{"medical", "Medical"}, false},
		"rental":          {claimCost, rental, false},
		"expense":         {expense, body, false},
		"nothing":         {Code{}, Code{}, false},
		"part of a name":  {claimCost, Code{Name: "Auto body glass"}, false},
		"a customer's":    {claimCost, Code{"acv_ext", "Actual cash value"}, false},
		"a bodily injury": {claimCost, Code{"bodily_injury", "Bodily injury"}, false},
	} {
		if got := DefaultRule().Vehicle(Line{CostType: tt.costType, CostCategory: tt.category}); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	own := Rule{CostTypes: []string{"claimcost"}, CostCategories: []string{"acv_ext"}}
	if !own.Vehicle(Line{CostType: claimCost, CostCategory: Code{Code: "acv_ext"}}) || own.Vehicle(Line{CostType: claimCost, CostCategory: body}) {
		t.Error("a rule of one's own")
	}
}

func TestPayment(t *testing.T) {
	t.Parallel()
	c := Compare(held("8000", "usd"), claim.Claim{}, day, DefaultRule())
	if f, ok := c.Payment(dec("8000.01")); !ok || f.Level != Warn || f.Text != "The payment of 8,000.01 exceeds the vehicle reserve of 8,000.00 by 0.01." {
		t.Errorf("%+v, %v", f, ok)
	}
	if f, ok := c.Payment(dec("7999")); !ok || f.Level != Fine || f.Text != "The vehicle reserve of 8,000.00 covers the payment of 7,999.00; 1.00 is left." {
		t.Errorf("%+v, %v", f, ok)
	}
	if _, ok := Compare(held("8000", "cad"), claim.Claim{}, day, DefaultRule()).Payment(dec("1")); ok {
		t.Error("dollars were compared with another currency")
	}
}

// Whatever the amounts are: a cost above the reserve is never called covered, and other currencies change nothing.
func TestCompareIsRight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cents := func(name string) decimal.Decimal { return decimal.New(rapid.Int64Range(0, 5_000_00).Draw(t, name), -2) }
		reserved, settlement, payoff := cents("reserve"), cents("settlement"), cents("payoff")
		b := held(reserved.String(), "usd")
		c := Compare(b, costs(settlement.String(), payoff.String()), day, DefaultRule())
		want := Fine
		switch {
		case settlement.GreaterThan(reserved), payoff.GreaterThan(reserved) && !payoff.GreaterThan(settlement):
			want = Warn
		case payoff.GreaterThan(reserved):
			want = Note
		}
		if c.Level() != want {
			t.Fatalf("reserve %s, settlement %s, payoff %s: %s", reserved, settlement, payoff, c.Level())
		}
		b.Reserves = append(b.Reserves, transaction("x", vehicle, claimCost, body, cents("abroad").String(), "eur"))
		other := Compare(b, costs(settlement.String(), payoff.String()), day, DefaultRule())
		if !other.Reserve.Equal(*c.Reserve) || len(other.Vehicle) != 1 {
			t.Fatal("another currency was mixed in")
		}
	})
}
