package reserveview

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"claimdeck/action/systems"
	"claimdeck/state/claim"
	"claimdeck/state/reserve"
	"claimdeck/state/side"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
)

func view(o theme.Options) View {
	keys := map[string]string{
		"claim.later": "+", "claim.earlier": "-", "claim.detail": "i", "claim.refresh": "R", "reserve.link": "C",
	}
	return View{
		Look: screen.NewLook(theme.New(o)), Now: time.Date(2026, time.November, 20, 9, 30, 0, 0, time.UTC),
		Hint: func(id string) string { return keys[id] },
	}
}

func dollars(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }

var (
	vehicle = &reserve.Exposure{ID: "cc:6001", Name: "(1) 1st Party Vehicle - Dana Whitfield"}
	rental  = &reserve.Exposure{ID: "cc:6002", Name: "(2) Rental - Dana Whitfield"}

	costClaim = reserve.Code{Code: "claimcost", Name: "Claim Cost"}
	expense   = reserve.Code{Code: "aoexpense", Name: "Expense - A&O"}
	body      = reserve.Code{Code: "body", Name: "Auto body"}
	other     = reserve.Code{Code: "other", Name: "Other"}
	car       = reserve.Code{Code: "rental", Name: "Rental"}
)

func transaction(id, status string, e *reserve.Exposure, costType, category reserve.Code, amount, currency, comments string) reserve.Reserve {
	a := reserve.Amount{Text: amount, Currency: currency}
	return reserve.Reserve{
		ID: id, Exposure: e, CostType: costType, CostCategory: category, Status: reserve.Code{Code: strings.ToLower(status), Name: status},
		Coverage: reserve.Code{Code: "PACollisionCov", Name: "Collision"},
		Items:    []reserve.Item{{ID: id + "-1", Category: other, Reserving: a, Transaction: a, Comments: comments}},
	}
}

// book is a claim with everything: two currencies, a line of the whole claim, what waits, what was refused, what cannot
// be read, and an amount with more decimals than others.
func book() reserve.Book {
	b := reserve.Book{
		ClaimID: "cc:5001", Number: "EX-1", At: time.Date(2026, 11, 20, 9, 18, 0, 0, time.UTC),
		Sets: []reserve.Set{
			{ID: "cc:1", Approval: reserve.Code{Name: "Approved"}, ApprovedAt: time.Date(2026, 11, 6, 14, 0, 0, 0, time.UTC), RequestedBy: "Andy Applegate", Reserves: []string{"cc:11", "cc:12"}},
			{ID: "cc:2", Approval: reserve.Code{Name: "Approved"}, ApprovedAt: time.Date(2025, 12, 31, 9, 5, 0, 0, time.UTC), RequestedBy: "Betty Baker", Reserves: []string{"cc:13"}},
			{ID: "cc:3", Approval: reserve.Code{Code: "unapproved", Name: "Unapproved"}, RequestedBy: "Betty Baker", Reserves: []string{"cc:14"}},
			{ID: "cc:4", Approval: reserve.Code{Code: "rejected", Name: "Rejected"}, Reserves: []string{"cc:15"}},
		},
		Reserves: []reserve.Reserve{
			transaction("cc:11", "Submitted", vehicle, costClaim, body, "4200.00", "usd", "Actual cash value, before the valuation"),
			transaction("cc:12", "Submitted", nil, expense, other, "350", "usd", "Appraiser"),
			transaction("cc:13", "Submitted", rental, costClaim, car, "-30.1255", "usd", ""),
			transaction("cc:14", "Pendingapproval", vehicle, costClaim, body, "1500", "usd", "Counter of the lender:\nmissing options"),
			transaction("cc:15", "Rejected", vehicle, costClaim, body, "9", "usd", ""),
			transaction("cc:16", "Submitted", rental, costClaim, car, "five", "usd", ""),
			transaction("cc:17", "Submitted", vehicle, costClaim, body, "100.00", "cad", ""),
		},
	}
	b.Reserves[6].Items[0].Claim = reserve.Amount{Text: "72.50", Currency: "usd"}
	return b
}

func known() Reserves {
	return Reserves{
		Configured: true,
		Claim: claim.Claim{
			ID: "c1", Number: "EX-1", Settlement: dollars("4200"),
			Payoff: claim.Payoff{Amount: dollars("4300"), PerDiem: dollars("2.5"), ValidThrough: "2026-11-24"},
		},
		Known: systems.View{Link: side.Link{Ref: "cc:5001", How: side.ByNumber}, Book: book()},
	}
}

func plain(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

func TestBody(t *testing.T) {
	t.Parallel()
	want := strings.TrimPrefix(`
 ClaimCenter cc:5001   found by the claim number                read 12 min ago

 If the check arrives   Fri Nov 20   - earlier  + later
 · The payoff of 4,300.00 exceeds the vehicle reserve of 4,200.00 by 100.00.
 · The payoff exceeds the settlement of 4,200.00 by 100.00, which the owner or
   a GAP waiver pays.
 · 1,500.00 more for the vehicle waits for approval and is not counted.
 · A vehicle reserve of 100.00 in CAD is not compared: the payoff is in USD.
 + The vehicle reserve of 4,200.00 is exactly the settlement.

 Reserves in USD                                sum of transactions
 (1) 1st Party Vehicle - Dana Whitfield
   Claim Cost / Auto body · vehicle                      4,200.00
     waits for approval                                  1,500.00
     1 transaction refused, not counted
 (2) Rental - Dana Whitfield
   Claim Cost / Rental                                     -30.1255
     1 amount could not be read
 Whole claim
   Expense - A&O / Other                                   350.00
 Total                                                   4,519.8745
   waits for approval                                    1,500.00
   1 amount could not be read

 Reserves in CAD                                sum of transactions
 (1) 1st Party Vehicle - Dana Whitfield
   Claim Cost / Auto body · vehicle                          100.00
 Total                                                       100.00

 Reserve sets
 ! Unapproved              1 reserve   Betty Baker  cc:3
 + Approved    Nov  6      2 reserves  Andy Applegate  cc:1
 + Approved    2025-12-31  1 reserve   Betty Baker  cc:2
 · Rejected                1 reserve   cc:4

 i shows all line items, R reads again, C links another id.`, "\n")
	if diff := cmp.Diff(want, trimmed(view(theme.Options{Dark: true}).Body(known(), 80))); diff != "" {
		t.Error(diff)
	}
}

// trimmed are lines without styles and without the spaces at their ends.
func trimmed(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.TrimRight(ansi.Strip(line), " ")
	}
	return strings.Join(out, "\n")
}

// Every state of the tab says what it is in words, and what to do next; what was read stays.
func TestStates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Reserves)
		want   []string
		gone   []string
	}{
		"not configured": {func(r *Reserves) { *r = Reserves{} }, []string{"ClaimCenter has no account", "claimdeck login claimcenter"}, []string{"sum of", "R "}},
		"configured wrong": {func(r *Reserves) {
			*r = Reserves{Why: errors.New("the address that gives out tokens is missing")}
		}, []string{"! The address that gives out tokens is missing."}, []string{"R "}},
		"never read": {func(r *Reserves) { r.Known = systems.View{} }, []string{
			"ClaimCenter   not linked yet", "never read", "R reads them, C links the claim by its ClaimCenter id.",
		}, []string{"sum of", "line items"}},
		"reading the first time": {func(r *Reserves) { r.Known, r.Reading = systems.View{}, true }, []string{"reading"}, []string{"never", "R reads"}},
		"reading again":          {func(r *Reserves) { r.Reading = true }, []string{"reading again; read 12 min ago", "4,519.8745"}, nil},
		"not found": {func(r *Reserves) {
			r.Known = systems.View{Problem: "there is no claim EX-1 that this account may read", ProblemAt: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)}
		}, []string{"! Not read just now: there is no claim EX-1 that this account may read.", "C links the claim by its ClaimCenter id, R tries again."}, []string{"sum of"}},
		"down, with data": {func(r *Reserves) {
			r.Known.Problem, r.Known.ProblemAt = "no connection to cc.example: connection refused", time.Date(2026, 11, 20, 9, 28, 0, 0, time.UTC)
		}, []string{"read 12 min ago", "! Not read again 2 min ago: no connection to cc.example: connection refused.", "4,519.8745", "R reads again"}, nil},
		"down, being asked":  {func(r *Reserves) { r.Known.Problem, r.Reading = "no connection", true }, []string{"reading again"}, []string{"no connection"}},
		"linked by a person": {func(r *Reserves) { r.Known.Link.How = side.ByPerson }, []string{"cc:5001   linked by you"}, nil},
		"old":                {func(r *Reserves) { r.Known.Book.At = r.Known.Book.At.AddDate(0, 0, -3) }, []string{"! read 3 days ago"}, nil},
		"of this morning":    {func(r *Reserves) { r.Known.Book.At = r.Known.Book.At.Add(-5 * time.Hour) }, []string{"read 5 h ago"}, []string{"! read"}},
		"the store failed":   {func(r *Reserves) { r.Failed = errors.New("disk full") }, []string{"! What is remembered of the reserves could not be read: disk full."}, nil},
		"no reserves":        {func(r *Reserves) { r.Known.Book.Reserves, r.Known.Book.Sets = nil, nil }, []string{"The claim has no reserves"}, []string{"sum of", "Reserve sets", "Total"}},
		"no payoff":          {func(r *Reserves) { r.Claim.Payoff = claim.Payoff{} }, []string{"is exactly the settlement"}, []string{"If the check arrives", "payoff of"}},
	} {
		r := known()
		c.change(&r)
		got := plain(view(theme.Options{}).Body(r, 100))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, got)
			}
		}
		for _, gone := range c.gone {
			if strings.Contains(got, gone) {
				t.Errorf("%s: %q is there:\n%s", name, gone, got)
			}
		}
	}
}

// The day that is chosen changes the payoff that is compared.
func TestDay(t *testing.T) {
	t.Parallel()
	v, r := view(theme.Options{}), known()
	r.Claim.Settlement = nil
	v.Arrives = v.Now.AddDate(0, 0, 14)
	got := trimmed(v.Body(r, 100))
	for _, want := range []string{"If the check arrives   Fri Dec 4", "! The payoff estimated for 2026-12-04 of 4,325.00 exceeds the vehicle reserve of 4,200.00 by\n   125.00."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	v.Arrives = v.Now.AddDate(0, 0, 1)
	if got = plain(v.Body(r, 100)); !strings.Contains(got, "Sat Nov 21, no business day") {
		t.Error(got)
	}
	v.Arrives = v.Now.AddDate(0, 0, 60)
	if got = plain(v.Body(r, 100)); !strings.Contains(got, "Tue Jan 19, 2027") {
		t.Error(got)
	}
}

func TestItems(t *testing.T) {
	t.Parallel()
	got := trimmed(view(theme.Options{}).Items(book(), 76))
	for _, want := range []string{
		" ClaimCenter cc:5001, read Nov 20 09:18. A reserve is a change: the reserve\n of a line is the sum of its transactions.",
		" (1) 1st Party Vehicle - Dana Whitfield / Claim Cost / Auto body\n  Collision, 4,200.00 USD is the sum of transactions",
		"   cc:11  Submitted, set cc:1 approved Nov  6\n           4,200.00 USD  Other\n                         Actual cash value, before the valuation",
		"   cc:14  Pendingapproval, set cc:3 unapproved\n           1,500.00 USD  Other\n                         Counter of the lender:\n                         missing options",
		"   cc:15  Rejected, set cc:4 rejected",
		"   cc:16  Submitted\n     five USD  Other",
		"             100.00 CAD  Other\n                         claim 72.50 USD",
		" Whole claim / Expense - A&O / Other",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Contains(got, "transaction 4,200") {
		t.Error("the same amount is told twice")
	}
	if got := plain(view(theme.Options{}).Items(reserve.Book{}, 60)); !strings.Contains(got, "no reserves") {
		t.Error(got)
	}
}

// Whatever ClaimCenter writes: no line is wider than the room, none is two lines, and nothing is lost of an amount.
func TestFitsAnyWidth(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "Submitted", "株式会社みずほ銀行オートローン", strings.Repeat("long ", 60), strings.Repeat("x", 150), "e\u0301tude 🇩🇪 👩",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := func(of string) string { return rapid.SampledFrom(texts).Draw(t, of) }
		r := known()
		r.Known.Link.Ref, r.Known.Problem = text("ref"), text("problem")
		b := &r.Known.Book
		for i := range rapid.IntRange(0, 8).Draw(t, "reserves") {
			one := transaction(fmt.Sprint("x", i, text("id")), text("status"), &reserve.Exposure{Name: text("exposure")}, reserve.Code{Name: text("type")},
				reserve.Code{Name: text("category")}, rapid.SampledFrom([]string{"1", "-123456789012.123456", "", "none"}).Draw(t, "amount"),
				rapid.SampledFrom([]string{"usd", "", "eur", text("currency")}).Draw(t, "currency"), text("comments"))
			b.Reserves = append(b.Reserves, one)
			b.Sets = append(b.Sets, reserve.Set{ID: text("set"), Approval: reserve.Code{Name: text("approval")}, RequestedBy: text("by"), Reserves: []string{one.ID}})
		}
		v := view(theme.Options{ASCII: rapid.Bool().Draw(t, "ascii")})
		w := rapid.IntRange(44, 220).Draw(t, "width")
		for _, line := range append(v.Body(r, w), v.Items(*b, w)...) {
			if n := ansi.StringWidth(line); n > w {
				t.Fatalf("%d cells in %d: %q", n, w, line)
			}
			if strings.Contains(line, "\n") {
				t.Fatalf("two lines in one: %q", line)
			}
		}
	})
}

func BenchmarkBody(b *testing.B) {
	v, r := view(theme.Options{}), known()
	b.ReportAllocs()
	for b.Loop() {
		v.Body(r, 120)
	}
}
