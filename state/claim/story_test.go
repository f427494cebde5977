package claim

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// busy is a claim in the middle of its life: quoted, countered, asked about.
func busy() Claim {
	retained := true
	return Claim{
		ID: "c1", Number: "EX-1001", VIN: "1FAHP3EN7BW114135", Vehicle: Vehicle{2011, "Ford", "Focus"}, Lender: "Ally Financial",
		Owner: Person{Name: "Maria Lopez", Phone: "+13332225555"}, AccountNumber: "0012345678", FinanceType: "Retail",
		InsurerType: "First Party", DateOfLoss: "2020-12-30", Settlement: dollars("5553"), Deductible: dollars("400"), OwnerRetained: &retained,
		Payoff: Payoff{
			Amount: dollars("10222.33"), PerDiem: dollars("2.3"), ValidThrough: "2021-01-18",
			Standard:  &Remittance{Payee: "Ally Financial", Attn: "Payoffs", Street: "PO Box 380901", City: "Bloomington", State: "MN", ZIP: "55438"},
			Overnight: &Remittance{Payee: "Ally Financial", Street: "6716 Grade Lane", Street2: "Building 9", City: "Louisville", State: "KY", ZIP: "40213"},
		},
		PayoffRequest: Request{State: Fulfilled, At: minute(5)},
		Guarantee:     Guarantee{Request: Request{State: Pending, At: minute(6)}, Estimate: minute(2000)},
		Orders: []Order{
			{ID: "o1", Type: "Letter of Guarantee", Status: "pending", CreatedAt: minute(6), Attempts: 2, LastNote: "Wait time too long", FollowUp: "2021-01-11"},
			{ID: "o2", Type: "Copy of Title", Status: "fulfilled", CreatedAt: minute(1), ChangedAt: minute(1500)},
		},
		Counters:   []Counter{{At: minute(30), Description: "missing options:\n  leather"}},
		Messages:   []Message{{At: minute(40), ByLossExpress: true, ActionRequired: true, Text: "Please send\nthe title."}},
		SnapshotAt: minute(1),
		Timeline: []Event{
			{At: minute(40), Summary: "LossExpress needs: Please send"},
			{At: minute(30), Summary: "Counter from the lender"},
			{At: minute(5), Summary: "Payoff 10,222.33, good to Jan 18"},
			{At: minute(0), Summary: "Claim created"},
		},
	}
}

func chicago(t *testing.T) *time.Location {
	t.Helper()
	return time.FixedZone("CST", -6*3600)
}

func TestStory(t *testing.T) {
	t.Parallel()
	now := minute(60).In(chicago(t))
	want := strings.TrimSpace(`
Claim EX-1001 as of 2021-01-08 07:00 CST
Vehicle: 2011 Ford Focus, VIN 1FAHP3EN7BW114135
Owner: Maria Lopez, +•••••••5555, First Party
Lender: Ally Financial, account ••••••5678, Retail
Date of loss: 2020-12-30
The owner keeps the vehicle: the lender must agree
Standing: LossExpress needs an answer
Waiting on: you
Next step: answer LossExpress
Money
  Settlement 5,553.00, deductible 400.00
  Payoff 10,222.33, per diem 2.30, good to Jan 18 (5 business days left)
  Short by 4,669.33: ask about GAP
Orders
  Letter of Guarantee: pending since Jan 8, 2 attempts, last: Wait time too long, follow-up Jan 11
  Copy of Title: fulfilled Jan 9
Open
  LossExpress asks since Jan 8: Please send the title.
  Lender's counter of Jan 8 is not answered: missing options: leather
  Letter of guarantee requested Jan 8, not here yet, expected Jan 9
  Payment not sent
What happened
  2021-01-08 06:00  Claim created
  2021-01-08 06:05  Payoff 10,222.33, good to Jan 18
  2021-01-08 06:30  Counter from the lender
  2021-01-08 06:40  LossExpress needs: Please send`)
	if diff := cmp.Diff(want, Story(busy(), now, StoryOptions{})); diff != "" {
		t.Error(diff)
	}
}

func TestStoryRevealedAndShort(t *testing.T) {
	t.Parallel()
	got := Story(busy(), minute(60), StoryOptions{Reveal: true, Events: 1})
	for _, want := range []string{"account 0012345678", "+13332225555", "What happened\n  (3 earlier)\n  2021-01-08 12:40  LossExpress needs"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "Claim created") {
		t.Errorf("more than one event in\n%s", got)
	}
}

func TestStoryOfOtherClaims(t *testing.T) {
	t.Parallel()
	paid := busy()
	paid.Payments = []Payment{{Amount: dollars("20000"), SentAt: "2021-01-09", Via: "USPS", Tracking: "1Z9", To: "Box 1"}, {}}
	over := busy()
	over.Settlement, over.Payoff.ValidThrough, over.Payoff.PerDiem = dollars("20000"), "2021-01-06", nil
	last := busy()
	last.Payoff.ValidThrough = "2021-01-08"
	soon := busy()
	soon.Payoff.ValidThrough, soon.Orders[0].Attempts = "2021-01-11", 1
	for name, test := range map[string]struct {
		claim Claim
		want  []string
		not   string
	}{
		"one of each":      {soon, []string{"good to Jan 11 (1 business day left)", "1 attempt, last:"}, "1 attempts"},
		"paid":             {paid, []string{"  Paid 20,000.00 sent Jan 9 by USPS, tracking 1Z9, to Box 1", "  Paid an unknown amount"}, "Payment not sent"},
		"over and expired": {over, []string{"Over by 9,777.67: goes to the owner", "Payoff 10,222.33, good to Jan 6 (2 business days past)"}, "GAP"},
		"last day":         {last, []string{"good to Jan 8 (the last business day)"}, "business days left"},
		"bare": {
			Claim{ID: "c9", SnapshotAt: minute(1)},
			[]string{"Claim c9 as of", "Standing: Documents missing", "Documents missing: settlement breakdown, valuation report", "Payoff not requested", "Letter of guarantee not requested"},
			"Lender",
		},
		"cancelled": {
			Claim{ID: "c9", PayoffRequest: Request{Cancelled, minute(1)}, Guarantee: Guarantee{Request: Request{Cancelled, minute(2)}}},
			[]string{"Payoff request cancelled Jan 8", "Letter of guarantee request cancelled Jan 8"},
			"Documents missing",
		},
		"pending": {
			Claim{ID: "c9", PayoffRequest: Request{Pending, minute(1)}, Guarantee: Guarantee{Request: Request{Fulfilled, minute(2)}}},
			[]string{"Payoff requested Jan 8, not here yet"},
			"Letter of guarantee",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Story(test.claim, minute(60), StoryOptions{})
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			if strings.Contains(got, test.not) {
				t.Errorf("%q is in\n%s", test.not, got)
			}
		})
	}
}

func TestStoryJSON(t *testing.T) {
	t.Parallel()
	raw, err := StoryJSON(busy(), minute(60), StoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Claim struct{ ClaimNumber, AccountNumber, OwnerPhone string }
		Money struct {
			Payoff, Shortfall string
			BusinessDaysLeft  int
		}
		Orders, Events     []struct{ What string }
		Open               []string
		WaitsFor, NextStep string
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.Claim.ClaimNumber != "EX-1001" || got.Claim.AccountNumber != "••••••5678" || got.Money.Payoff != "10222.33" ||
		got.Money.Shortfall != "4669.33" || got.Money.BusinessDaysLeft != 5 || len(got.Orders) != 2 || len(got.Events) != 4 ||
		len(got.Open) != 4 || got.WaitsFor != You || got.NextStep != "answer LossExpress" {
		t.Errorf("got %s", raw)
	}
	empty, err := StoryJSON(Claim{}, minute(60), StoryOptions{})
	if err != nil || strings.Contains(string(empty), "null") {
		t.Errorf("lists are lists: %s, %v", empty, err)
	}
}

// Nothing sensitive is in a story unless it was asked for, whatever the numbers look like.
func TestStoryMasks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := busy()
		c.AccountNumber = rapid.StringMatching(`[0-9A-Z]{5,20}`).Draw(t, "account")
		c.Owner.Phone = rapid.StringMatching(`\+1[0-9]{10}`).Draw(t, "phone")
		c.VIN, c.Orders, c.Timeline = "", nil, nil
		raw, err := StoryJSON(c, minute(60), StoryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, told := range []string{Story(c, minute(60), StoryOptions{}), string(raw)} {
			for _, secret := range []string{c.AccountNumber, c.Owner.Phone} {
				if strings.Contains(told, secret) {
					t.Fatalf("%q is in\n%s", secret, told)
				}
			}
		}
	})
}

func TestPayeeBlock(t *testing.T) {
	t.Parallel()
	c := busy()
	if got, want := PayeeBlock(c, false), "Ally Financial\nAttn: Payoffs\nPO Box 380901\nBloomington, MN 55438"; got != want {
		t.Errorf("standard: %q", got)
	}
	if got, want := PayeeBlock(c, true), "Ally Financial\n6716 Grade Lane\nBuilding 9\nLouisville, KY 40213"; got != want {
		t.Errorf("overnight: %q", got)
	}
	c.Payoff.Overnight = nil
	if got := PayeeBlock(c, true); got != "" {
		t.Errorf("the standard address is no overnight address: %q", got)
	}
	if got := PayeeBlock(Claim{Payoff: Payoff{Standard: &Remittance{ZIP: "55438"}}}, false); got != "55438" {
		t.Errorf("what is known of it: %q", got)
	}
}

func TestCheckMemo(t *testing.T) {
	t.Parallel()
	if got, want := CheckMemo(busy()), "Acct 0012345678, VIN 1FAHP3EN7BW114135, Claim EX-1001, Maria Lopez"; got != want {
		t.Errorf("got %q", got)
	}
	if got := CheckMemo(Claim{Number: "EX-1"}); got != "Claim EX-1" {
		t.Errorf("got %q", got)
	}
	if got := CheckMemo(Claim{}); got != "" {
		t.Errorf("got %q", got)
	}
}

// A story takes nothing from the claim it tells.
func TestStoryLeavesTheClaim(t *testing.T) {
	t.Parallel()
	c := busy()
	before := slices.Clone(c.Timeline)
	Tell(c, minute(60), StoryOptions{Events: 2})
	if !slices.EqualFunc(before, c.Timeline, func(a, b Event) bool { return a.Summary == b.Summary && a.At.Equal(b.At) }) {
		t.Error("the timeline changed")
	}
}
