package claim_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
)

func TestCheckAmount(t *testing.T) {
	t.Parallel()
	amount, perDiem := decimal.RequireFromString("10222.33"), decimal.RequireFromString("2.345")
	c := claim.Claim{Payoff: claim.Payoff{Amount: &amount, PerDiem: &perDiem, ValidThrough: "2026-11-30"}}
	on := func(day string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" 23:59", time.FixedZone("", -8*3600))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for day, want := range map[string]string{
		"2026-11-20": "10222.33", "2026-11-30": "10222.33", "2026-12-01": "10224.68", "2026-12-02": "10227.02", "2027-01-01": "10297.37",
	} {
		if got, ok := claim.CheckAmount(c, on(day)); !ok || got.String() != want {
			t.Errorf("%s: %s %v, want %s", day, got, ok, want)
		}
	}
	if _, ok := claim.CheckAmount(claim.Claim{}, on("2026-11-20")); ok {
		t.Error("nothing known has an amount")
	}
	for _, f := range []struct {
		amount, day string
		days        int
		want        bool
	}{
		{"10222.33", "2026-11-20", 10, true},
		{"10222.32", "2026-11-20", 10, false},
		{"10222.34", "2026-11-20", 10, false},
		{"10224.68", "2026-11-21", 10, true},
		{"10224.69", "2026-11-21", 10, false},
		{"10222.33", "2026-12-01", 10, false},
		{"10224.68", "2026-12-01", 0, true},
		{"10224.69", "2026-12-01", 0, false},
	} {
		if got := claim.Fits(c, decimal.RequireFromString(f.amount), on(f.day), f.days); got != f.want {
			t.Errorf("%s mailed %s within %d days: %v", f.amount, f.day, f.days, got)
		}
	}
	if !claim.Fits(claim.Claim{}, amount, on("2026-11-20"), 1) {
		t.Error("an unknown payoff does not fit")
	}
	c.Payoff.PerDiem = nil
	if !claim.Fits(c, amount, on("2026-11-29"), 10) || claim.Fits(c, amount.Add(perDiem), on("2026-11-29"), 10) {
		t.Error("without a per diem the amount is what was quoted")
	}
}
