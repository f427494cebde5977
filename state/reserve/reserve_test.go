package reserve

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

var (
	claimCost = Code{"claimcost", "Claim Cost"}
	expense   = Code{"aoexpense", "Expense - A&O"}
	body      = Code{"body", "Auto body"}
	other     = Code{"other", "Other"}
	rental    = Code{"rental", "Rental"}
	submitted = Code{"submitted", "Submitted"}

	vehicle = &Exposure{ID: "demo_sample:10001", Name: "(1) 1st Party Vehicle - Ray Newton"}
	car     = &Exposure{ID: "demo_sample:10002", Name: "(2) Rental - Ray Newton"}
)

// transaction is a reserve of one line item.
func transaction(id string, e *Exposure, costType, category Code, amount, currency string) Reserve {
	return Reserve{
		ID: id, Exposure: e, CostType: costType, CostCategory: category, Status: submitted,
		Coverage: Code{"PACollisionCov", "Collision"}, Currency: Code{Code: currency},
		Items: []Item{{ID: id + "-1", Reserving: Amount{amount, currency}}},
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// equal compares decimals by value.
func equal() cmp.Option {
	return cmp.Comparer(func(x, y decimal.Decimal) bool { return x.Equal(y) })
}

// sampleBook is a claim with an increase, a decrease, a reserve of the whole claim and two currencies.
func sampleBook() Book {
	return Book{
		ClaimID: "demo_sample:3", Number: "235-53-425891", At: time.Date(2026, 11, 20, 12, 0, 0, 123, time.UTC),
		Sets: []Set{
			{ID: "cc:310", Approval: Code{"approved", "Approved"}, ApprovedAt: time.Date(2026, 10, 5, 14, 30, 0, 0, time.UTC), RequestedBy: "Betty Baker", Reserves: []string{"a", "b", "c"}},
			{ID: "cc:314", Approval: Code{"approved", "Approved"}, ApprovedAt: time.Date(2026, 10, 19, 9, 5, 0, 0, time.UTC), RequestedBy: "Betty Baker", Reserves: []string{"d", "e"}},
		},
		Reserves: []Reserve{
			transaction("a", vehicle, claimCost, body, "8000.00", "usd"),
			transaction("b", nil, expense, other, "600.00", "usd"),
			transaction("c", vehicle, claimCost, body, "1250.3750", "cad"),
			transaction("d", vehicle, claimCost, body, "-750.50", "USD"),
			transaction("e", car, claimCost, rental, "300", "usd"),
		},
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	collision := []Code{{"PACollisionCov", "Collision"}}
	want := []Line{
		{Exposure: vehicle, Coverages: collision, CostType: claimCost, CostCategory: body, Currency: "USD", Sum: dec("7249.5"), Reserves: []string{"a", "d"}},
		{Exposure: vehicle, Coverages: collision, CostType: claimCost, CostCategory: body, Currency: "CAD", Sum: dec("1250.375"), Reserves: []string{"c"}},
		{Exposure: car, Coverages: collision, CostType: claimCost, CostCategory: rental, Currency: "USD", Sum: dec("300"), Reserves: []string{"e"}},
		{Coverages: collision, CostType: expense, CostCategory: other, Currency: "USD", Sum: dec("600"), Reserves: []string{"b"}},
	}
	lines := sampleBook().Lines()
	if d := cmp.Diff(want, lines, equal()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Total{{Currency: "CAD", Sum: dec("1250.375")}, {Currency: "USD", Sum: dec("8149.5")}}, Totals(lines), equal()); d != "" {
		t.Error(d)
	}
	if got := lines[0].String(); got != "(1) 1st Party Vehicle - Ray Newton / Claim Cost / Auto body" {
		t.Error(got)
	}
	if got := lines[3].String(); got != "Whole claim / Expense - A&O / Other" {
		t.Error(got)
	}
	if got := (Line{Exposure: &Exposure{}}).String(); got != "Exposure without a name / no cost type / no cost category" {
		t.Error(got)
	}
	if (Book{}).Lines() == nil || len(Totals(nil)) != 0 {
		t.Error("an empty book")
	}
}

// What is not approved, was refused, came twice or cannot be read is in no sum, and is not lost either.
func TestWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	with := func(id, amount, status string) Reserve {
		r := transaction(id, vehicle, claimCost, body, amount, "usd")
		r.Status = Code{Code: status}
		return r
	}
	empty := with("none", "", "submitted")
	empty.Items = nil
	odd := with("odd", "five", "submitted")
	odd.Items = append(odd.Items, Item{Reserving: Amount{"1.5", "usd"}})
	b := Book{
		Sets: []Set{
			{ID: "s1", Approval: Code{Code: "unapproved"}, Reserves: []string{"in-unapproved"}},
			{ID: "s2", Approval: Code{Name: "Rejected"}, Reserves: []string{"in-rejected"}},
			{ID: "s3", Approval: Code{Code: "ext_blessed"}, Reserves: []string{"in-unknown"}},
		},
		Reserves: []Reserve{
			with("plain", "100", "submitted"), with("plain", "100", "submitted"), with("on its way", "10", "submitting"),
			with("unknown status", "1", "ext_new"), with("in-unknown", "1000", "submitted"),
			with("pending", "5", "pendingapproval"), with("in-unapproved", "7", "submitted"),
			with("rejected", "9", "rejected"), with("in-rejected", "9", "submitted"), empty, odd,
		},
	}
	lines := b.Lines()
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	l := lines[0]
	if !l.Sum.Equal(dec("1112.5")) || !l.Waiting.Equal(dec("12")) || l.Unread != 2 ||
		cmp.Diff(l.Refused, []string{"rejected", "in-rejected"}) != "" || len(l.Reserves) != 8 {
		t.Errorf("%+v", l)
	}
	if r, ok := b.Reserve("odd"); !ok || len(r.Items) != 2 {
		t.Errorf("%+v, %v", r, ok)
	}
	if _, ok := b.Reserve("no such"); ok {
		t.Error("found what is not there")
	}
}

// Two exposures of one name are two, two spellings of a code are one, and a transaction may have two currencies.
func TestWhatIsOneLine(t *testing.T) {
	t.Parallel()
	namesake := &Exposure{ID: "another", Name: vehicle.Name}
	loud := transaction("d", vehicle, Code{Code: "CLAIMCOST"}, Code{Code: "Body"}, "4", " USD ")
	both := transaction("e", vehicle, claimCost, body, "1", "usd")
	both.Items = append(both.Items, Item{Reserving: Amount{"2", "cad"}}, Item{Reserving: Amount{"3", ""}})
	lines := Book{Reserves: []Reserve{
		transaction("a", vehicle, claimCost, body, "1", "usd"), transaction("b", namesake, claimCost, body, "2", "usd"),
		transaction("c", nil, claimCost, body, "3", "usd"), loud, both,
	}}.Lines()
	var got []string
	for _, l := range lines {
		got = append(got, l.Currency+" "+l.Sum.String())
	}
	if d := cmp.Diff([]string{"USD 9", "USD 2", "CAD 2", "USD 3"}, got); d != "" {
		t.Error(d)
	}
}

func TestSumsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want, exposures := map[string]decimal.Decimal{}, []*Exposure{vehicle, car, nil}
		var b Book
		for i := range rapid.IntRange(0, 40).Draw(t, "transactions") {
			value := decimal.New(rapid.Int64Range(-1e12, 1e12).Draw(t, "digits"), -rapid.Int32Range(0, 6).Draw(t, "decimals"))
			currency := rapid.SampledFrom([]string{"usd", "cad", "eur"}).Draw(t, "currency")
			r := transaction(string(rune('a'+i)), rapid.SampledFrom(exposures).Draw(t, "exposure"),
				rapid.SampledFrom([]Code{claimCost, expense}).Draw(t, "type"), rapid.SampledFrom([]Code{body, other}).Draw(t, "category"),
				value.String(), currency)
			b.Reserves = append(b.Reserves, r)
			want[upper(currency)] = want[upper(currency)].Add(value)
		}
		lines := b.Lines()
		totals := Totals(lines)
		if len(totals) != len(want) {
			t.Fatalf("%d totals, want %d", len(totals), len(want))
		}
		for _, total := range totals {
			if !total.Sum.Equal(want[total.Currency]) {
				t.Fatalf("%s: %s, want %s", total.Currency, total.Sum, want[total.Currency])
			}
		}
		seen := 0
		for i, l := range lines {
			seen += len(l.Reserves)
			if l.Exposure == nil && i+1 < len(lines) && lines[i+1].Exposure != nil {
				t.Fatal("a line of the whole claim is not last")
			}
		}
		if seen != len(b.Reserves) {
			t.Fatalf("%d transactions in lines, want %d", seen, len(b.Reserves))
		}
		for i := len(b.Reserves) - 1; i > 0; i-- { // the order does not matter to the totals
			j := rapid.IntRange(0, i).Draw(t, "swap")
			b.Reserves[i], b.Reserves[j] = b.Reserves[j], b.Reserves[i]
		}
		if d := cmp.Diff(totals, Totals(b.Lines()), equal()); d != "" {
			t.Fatal(d)
		}
	})
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	b := sampleBook()
	b.Sets = append(b.Sets,
		Set{ID: "cc:400", Approval: Code{"unapproved", "Unapproved"}, RequestedBy: "Chris Craft", Reserves: []string{"x"}},
		Set{ID: "cc:401", Approval: Code{"rejected", "Rejected"}}, Set{ID: "cc:402"})
	var got []string
	for _, a := range b.Approvals() {
		got = append(got, a.SetID+": "+a.Text(nil))
	}
	want := []string{
		"cc:400: Unapproved, requested by Chris Craft: 1 reserve",
		"cc:314: Approved on 2026-10-19, requested by Betty Baker: 2 reserves",
		"cc:310: Approved on 2026-10-05, requested by Betty Baker: 3 reserves",
		"cc:401: Rejected: 0 reserves", "cc:402: Approval not known: 0 reserves",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if first := b.Approvals()[0]; !first.Waits || first.Refused || !b.Approvals()[3].Refused {
		t.Errorf("%+v", b.Approvals())
	}
	west := time.FixedZone("PDT", -7*3600)
	a := Approval{Status: Code{Name: "Approved"}, At: time.Date(2021, 8, 8, 5, 0, 0, 0, time.UTC)}
	if got := a.Text(west); got != "Approved on 2021-08-07: 0 reserves" {
		t.Error(got)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, b := range []Book{{}, sampleBook()} {
		raw, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(b, got); d != "" {
			t.Error(d)
		}
	}
	for _, raw := range []string{`{"format":2,"book":{}}`, `{"format":1}`, `{}`, `null`} {
		if _, err := Decode([]byte(raw)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	for _, raw := range []string{``, `{`, `[]`, `{"format":1,"book":{"at":"yesterday"}}`} {
		if _, err := Decode([]byte(raw)); err == nil || errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	raw, err := sampleBook().Encode()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(raw), `{}`, `{"format":1,"book":{"reserves":[{"items":[{"reserving":{"amount":"1e999999999"}}]}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Decode(raw)
		if err != nil {
			return
		}
		again, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(again); err != nil {
			t.Error(err)
		}
		b.Lines()
		b.Approvals()
	})
}
