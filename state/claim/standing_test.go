package claim

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
)

func on(day string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" 17:30", time.FixedZone("CST", -6*3600))
	if err != nil {
		panic(err)
	}
	return t
}

func dollars(s string) *decimal.Decimal {
	d := decimal.RequireFromString(s)
	return &d
}

func TestPayoffOn(t *testing.T) {
	t.Parallel()
	full := Payoff{Amount: dollars("10222.33"), PerDiem: dollars("2.305"), ValidThrough: "2021-01-18"}
	for name, c := range map[string]struct {
		payoff Payoff
		on     string
		want   string
		ok     bool
	}{
		"before":           {full, "2021-01-10", "10222.33", true},
		"the last day":     {full, "2021-01-18", "10222.33", true},
		"a day late":       {full, "2021-01-19", "10224.635", true},
		"over a month end": {full, "2021-03-01", "10319.14", true},
		"no per diem":      {Payoff{Amount: dollars("5"), ValidThrough: "2021-01-18"}, "2021-01-19", "0", false},
		"none needed":      {Payoff{Amount: dollars("5"), ValidThrough: "2021-01-18"}, "2021-01-18", "5", true},
		"no amount":        {Payoff{PerDiem: dollars("5"), ValidThrough: "2021-01-18"}, "2021-01-18", "0", false},
		"no last day":      {Payoff{Amount: dollars("5"), PerDiem: dollars("5")}, "2021-01-18", "0", false},
	} {
		got, ok := Claim{Payoff: c.payoff}.PayoffOn(on(c.on))
		if ok != c.ok || got.String() != c.want {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
}

func TestShortfall(t *testing.T) {
	t.Parallel()
	c := Claim{Settlement: dollars("5553"), Payoff: Payoff{Amount: dollars("10222.33")}}
	if got, ok := c.Shortfall(); !ok || got.String() != "4669.33" {
		t.Errorf("%s, %v", got, ok)
	}
	c.Settlement = dollars("20000")
	if got, ok := c.Shortfall(); !ok || got.String() != "-9777.67" {
		t.Errorf("%s, %v", got, ok)
	}
	for _, c := range []Claim{{Settlement: dollars("1")}, {Payoff: Payoff{Amount: dollars("1")}}} {
		if _, ok := c.Shortfall(); ok {
			t.Errorf("%+v has one", c)
		}
	}
}

func TestBusinessDaysLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		until, now string
		want       int
	}{
		{"2021-01-18", "2021-01-18", 0}, // a holiday, and the last day
		{"2021-01-18", "2021-01-15", 0}, // Friday before Martin Luther King Day
		{"2021-01-19", "2021-01-15", 1},
		{"2021-01-22", "2021-01-15", 4},
		{"2021-01-16", "2021-01-15", 0}, // Saturday
		{"2021-01-15", "2021-01-16", -1},
		{"2021-01-15", "2021-01-18", -1},
		{"2021-01-15", "2021-01-20", -2},
		{"2021-01-31", "2020-12-31", 19},
		{"2031-01-08", "2021-01-08", 2595}, // far away, it is counted by weeks
	} {
		got, ok := Claim{Payoff: Payoff{ValidThrough: c.until}}.BusinessDaysLeft(on(c.now))
		if !ok || got != c.want {
			t.Errorf("to %s from %s: %d, want %d", c.until, c.now, got, c.want)
		}
	}
	for _, until := range []string{"", "soon", "2021-02-30"} {
		if _, ok := (Claim{Payoff: Payoff{ValidThrough: until}}).BusinessDaysLeft(start); ok {
			t.Errorf("%q has business days", until)
		}
	}
	// The day is that of now in its zone: late on the 18th in Chicago it is the 19th in UTC.
	c := Claim{Payoff: Payoff{ValidThrough: "2021-01-18", Amount: dollars("1")}}
	if got := c.Headline(time.Date(2021, 1, 18, 23, 0, 0, 0, time.FixedZone("CST", -6*3600))); got != "Payoff expires today" {
		t.Errorf("late in the evening: %q", got)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	at := on("2021-01-08")
	quote := Payoff{Amount: dollars("10"), PerDiem: dollars("2"), ValidThrough: "2021-01-18", At: at}
	asks := Message{At: at, ByLossExpress: true, ActionRequired: true, Text: "photo"}
	pending := Request{Pending, at}
	whole := []Document{{ID: "d", Type: activity.CombinedReport}}
	for name, c := range map[string]struct {
		claim           Claim
		now             string
		headline, waits string
	}{
		"nothing": {Claim{}, "2021-01-08", "", ": "},
		"message first": {
			Claim{Messages: []Message{asks}, Counters: []Counter{{}}, Payoff: quote},
			"2021-01-18",
			"LossExpress needs an answer", "you: answer LossExpress",
		},
		"message answered, counter": {
			Claim{Messages: []Message{asks, {At: at, By: "Ana"}}, Counters: []Counter{{}}, Payoff: quote},
			"2021-01-18",
			"Settlement counter open", "you: answer the counter",
		},
		"another message of theirs is no answer": {
			Claim{Messages: []Message{asks, {At: at, ByLossExpress: true}}},
			"2021-01-18",
			"LossExpress needs an answer", "you: answer LossExpress",
		},
		"answered by a document": {
			Claim{Messages: []Message{asks}, Documents: []Document{{ID: "p", At: at.Add(time.Hour)}}, Payoff: quote},
			"2021-01-18",
			"Payoff expires today", "you: send the payment today",
		},
		"their own document is no answer": {
			Claim{Messages: []Message{asks}, Documents: []Document{{ID: "p", At: at.Add(time.Hour), ByLossExpress: true}}},
			"2021-01-18",
			"LossExpress needs an answer", "you: answer LossExpress",
		},
		"counter answered":    {Claim{Counters: []Counter{{Answered: true}}, Payoff: quote}, "2021-01-18", "Payoff expires today", "you: send the payment today"},
		"expires tomorrow":    {Claim{Payoff: quote}, "2021-01-17", "Payoff expires tomorrow", "you: send the payment today"},
		"expires soon":        {Claim{Payoff: quote}, "2021-01-13", "Payoff expires Jan 18", "you: send the payment"},
		"expires later":       {Claim{Payoff: quote}, "2021-01-08", "Payoff in hand, good to Jan 18", "you: ask for the letter of guarantee, or send the payment"},
		"expired":             {Claim{Payoff: quote}, "2021-01-19", "Payoff expired Jan 18", "you: ask for a new payoff, or add the per diem"},
		"expired last year":   {Claim{Payoff: quote}, "2022-01-19", "Payoff expired Jan 18, 2021", "you: ask for a new payoff, or add the per diem"},
		"expired, asked anew": {Claim{Payoff: quote, PayoffRequest: pending}, "2021-01-19", "Payoff pending", "the lender: the payoff"},
		"expired, paid":       {Claim{Payoff: quote, Payments: []Payment{{}}}, "2021-01-19", "Payment sent", "the lender: the title and the lien release"},
		"ready":               {Claim{Payoff: quote, Guarantee: Guarantee{Request: Request{Fulfilled, at}}}, "2021-01-08", "Ready to pay", "you: send the payment"},
		"documents":           {Claim{ID: "c", CreatedAt: at}, "2021-01-08", "Documents missing", "you: attach settlement breakdown and valuation report"},
		"one document": {
			Claim{ID: "c", SnapshotAt: at, Documents: []Document{{ID: "d", Type: "total loss evaluation"}}},
			"2021-01-08",
			"Documents missing", "you: attach settlement breakdown",
		},
		"history not whole":    {Claim{ID: "c"}, "2021-01-08", "Payoff not requested", "you: request the payoff"},
		"nothing asked":        {Claim{ID: "c", CreatedAt: at, Documents: whole}, "2021-01-08", "Payoff not requested", "you: request the payoff"},
		"withdrawn":            {Claim{ID: "c", Documents: whole, PayoffRequest: Request{Cancelled, at}}, "2021-01-08", "Payoff request cancelled", ": "},
		"payoff pending":       {Claim{PayoffRequest: pending}, "2021-01-08", "Payoff pending", "the lender: the payoff"},
		"letter pending":       {Claim{Guarantee: Guarantee{Request: pending}}, "2021-01-15", "Letter of guarantee pending", "the lender: the letter of guarantee"},
		"letter late":          {Claim{Guarantee: Guarantee{Request: pending}}, "2021-01-19", "Letter of guarantee late", "the lender: the letter of guarantee"},
		"letter estimate":      {Claim{Guarantee: Guarantee{Request: pending, Estimate: on("2021-02-10")}}, "2021-01-19", "Letter of guarantee pending", "the lender: the letter of guarantee"},
		"letter over it":       {Claim{Guarantee: Guarantee{Request: pending, Estimate: at}}, "2021-01-09", "Letter of guarantee late", "the lender: the letter of guarantee"},
		"order pending":        {Claim{Orders: []Order{{Type: "Copy of Title", Status: "pending"}, {Type: "x", Status: "fulfilled"}}}, "2021-01-08", "Copy of Title pending", "the lender: Copy of Title"},
		"orders pending":       {Claim{Orders: []Order{{Type: "A", Status: "pending"}, {Status: "on hold"}}}, "2021-01-08", "2 orders pending", "the lender: A, Order"},
		"order stuck":          {Claim{Orders: []Order{{Type: "A", Status: "pending", Attempts: 3}}, PayoffRequest: pending}, "2021-01-08", "A: 3 failed attempts", "the lender: A"},
		"order overdue":        {Claim{Orders: []Order{{Type: "A", Status: "pending", FollowUp: "2021-01-07"}}}, "2021-01-08", "A: follow-up was due Jan 7", "the lender: A"},
		"order due today":      {Claim{Orders: []Order{{Type: "A", Status: "pending", FollowUp: "2021-01-08"}}}, "2021-01-08", "A pending", "the lender: A"},
		"amount without a day": {Claim{Payoff: Payoff{Amount: dollars("1")}}, "2021-01-08", "Payoff in hand", "you: ask for the letter of guarantee, or send the payment"},
	} {
		who, what := c.claim.WaitingOn(on(c.now))
		if headline := c.claim.Headline(on(c.now)); headline != c.headline || who+": "+what != c.waits {
			t.Errorf("%s: %q, %q", name, headline, who+": "+what)
		}
	}
}

func TestMissingDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ has, want []string }{
		"nothing":      {nil, []string{"settlement breakdown", "valuation report"}},
		"breakdown":    {[]string{"Settlement Breakdown", "police report"}, []string{"valuation report"}},
		"valuation":    {[]string{"valuation report"}, []string{"settlement breakdown"}},
		"both":         {[]string{"valuation report", "settlement breakdown"}, nil},
		"evaluation":   {[]string{"Total Loss Evaluation", "settlement breakdown"}, nil},
		"combined":     {[]string{"valuation report & settlement breakdown"}, nil},
		"combined too": {[]string{"Settlement Breakdown & Valuation Report"}, nil},
	} {
		var claim Claim
		for _, typ := range c.has {
			claim.Documents = append(claim.Documents, Document{Type: typ})
		}
		if diff := cmp.Diff(c.want, claim.MissingDocuments()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDiffOf(t *testing.T) {
	t.Parallel()
	h := (&history{t: t}).
		add(0, activity.ClaimUpdated, `{"update":{"financeType":"Lease","accountNumber":"123456789","ownersPhoneNumber":"+12223334444","vehicleLocation":null,"settlementAmount":6000,"ownerRetained":true,"titledState":"TX"},
			"previous":{"financeType":"Retail","accountNumber":"TEST-AN","vehicleLocation":"yard","settlementAmount":5553,"ownerRetained":false}}`).
		add(1, activity.CallMade, `{}`)
	want := []Diff{
		{"account number", "••••-••", "•••••6789"},
		{"finance type", "Retail", "Lease"},
		{"owner phone", "", "+•••••••4444"},
		{"owner retained", "no", "yes"},
		{"settlement amount", "5,553.00", "6,000.00"},
		{"vehicle location", "yard", ""},
		{"titled state", "", "TX"},
	}
	if diff := cmp.Diff(want, DiffOf(h.acts[0])); diff != "" {
		t.Error(diff)
	}
	if DiffOf(h.acts[1]) != nil {
		t.Error("a call changes nothing")
	}
}

func BenchmarkFold(b *testing.B) {
	h := &history{t: b}
	for i := range 20 {
		h.add(i, activity.OrderCreated, titleCreated).add(i, activity.PayoffDataAdded, payoffFull).
			add(i, activity.OrderStatusChanged, changed(order("o1", "Copy of Title", "fulfilled", document("t1")))).
			add(i, activity.DirectMessageAdded, `{"message":"hello","sentByLossExpress":true}`).add(i, activity.CallMade, `{"callLength":1}`)
	}
	b.ReportAllocs()
	for b.Loop() {
		h.fold()
	}
}
