package claimview

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
)

func view(o theme.Options) View {
	return View{
		Look: screen.NewLook(theme.New(o)), Now: time.Date(2026, time.November, 20, 9, 30, 0, 0, time.UTC),
		Hint: func(id string) string {
			return map[string]string{"order.create": "O", "payoff.request": "p", "counter.answer": "c"}[id]
		},
	}
}

func plain(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

func amount(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }

func at(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, time.UTC) }

func full() claim.Claim {
	return claim.Claim{
		ID: "3f1c1c3e-0000-4000-8000-000000000001", Number: "EX-20441", VIN: "JHMGE8H35DC074448", Lender: "Ally Financial", FinanceType: "Retail",
		InsurerType: "First Party", CauseOfLoss: "Fire", Vehicle: claim.Vehicle{Year: 2021, Make: "Honda", Model: "Accord"},
		Owner: claim.Person{Name: "Dana Whitfield", Phone: "+17025550199"}, AccountNumber: "123-456-7890",
		Settlement: amount("5553"), Payoff: claim.Payoff{Amount: amount("10222.33"), PerDiem: amount("2.3"), ValidThrough: "2026-11-24"},
		Orders: []claim.Order{
			{ID: "1", Type: "Copy of Title", Status: "pending", CreatedAt: at(18, 9), Attempts: 2, FollowUp: "2026-11-24"},
			{ID: "2", Type: "Letter of Guarantee", Status: "fulfilled", CreatedAt: at(17, 9), ChangedAt: at(18, 12)},
		},
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	got := plain(view(theme.Options{}).Strip(full(), 100))
	for _, want := range []string{"EX-20441", "2021 Honda Accord", "JHMGE8H35DC074448", "Ally Financial", "Retail · first party · fire", "Dana Whitfield", "••••••••0199"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Contains(got, "+1702555") {
		t.Error("the phone number is shown")
	}
	got = plain(view(theme.Options{}).Strip(claim.Claim{ID: "some-id"}, 80))
	for _, want := range []string{"some-id", "vehicle not known", "lender not known"} {
		if !strings.Contains(got, want) {
			t.Errorf("of an unknown claim %q is missing:\n%s", want, got)
		}
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	v := view(theme.Options{})
	for name, c := range map[string]struct {
		change func(c *claim.Claim)
		want   []string
	}{
		"short":      {func(*claim.Claim) {}, []string{"10,222.33", "good to Nov 24 (2 bd)", "Per diem", "Short by", "4,669.33", "ask about GAP"}},
		"over":       {func(c *claim.Claim) { c.Settlement = amount("12000") }, []string{"Over by", "1,777.67", "goes to the owner"}},
		"today":      {func(c *claim.Claim) { c.Payoff.ValidThrough = "2026-11-20" }, []string{"expires today"}},
		"expired":    {func(c *claim.Claim) { c.Payoff.ValidThrough = "2026-11-17" }, []string{"expired Nov 17"}},
		"no date":    {func(c *claim.Claim) { c.Payoff.ValidThrough = "" }, []string{"no good-through date"}},
		"not a date": {func(c *claim.Claim) { c.Payoff.ValidThrough = "soon" }, []string{"good to soon"}},
		"requested": {func(c *claim.Claim) {
			c.Payoff.Amount = nil
			c.PayoffRequest = claim.Request{State: claim.Pending, At: at(19, 9)}
		}, []string{"requested Nov 19"}},
		"withdrawn": {func(c *claim.Claim) {
			c.Payoff.Amount = nil
			c.PayoffRequest = claim.Request{State: claim.Cancelled, At: at(19, 9)}
		}, []string{"request cancelled Nov 19"}},
		"not ordered": {func(c *claim.Claim) { c.Payoff.Amount = nil }, []string{"Payoff", "-"}},
	} {
		claim := full()
		c.change(&claim)
		got := plain(v.Body(Overview, claim, 90))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, got)
			}
		}
	}
}

func TestOrdersInWords(t *testing.T) {
	t.Parallel()
	got := plain(view(theme.Options{}).Body(Orders, full(), 80))
	for _, want := range []string{"Copy of Title", "pending", "2 tries, follow-up Nov 24", "Letter of Guarantee", "fulfilled", "Nov 18", "O orders more"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}

// TestEmptyTabsSayWhatBelongsThere: no tab is blank.
func TestEmptyTabsSayWhatBelongsThere(t *testing.T) {
	t.Parallel()
	for tab := range Tab(Count) {
		if got := strings.TrimSpace(plain(view(theme.Options{}).Body(tab, claim.Claim{ID: "x"}, 80))); got == "" {
			t.Errorf("%s is blank", tab.Name())
		}
	}
}

func TestMasking(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "", "123-456-7890": "•••-•••-7890", "1234567890": "••••••7890", "1234": "••••", "12": "••", "12345": "•2345", "äöüß7890": "••••7890",
	} {
		if got := view(theme.Options{}).secret(s); got != want {
			t.Errorf("%q is masked %q, want %q", s, got, want)
		}
		v := view(theme.Options{})
		v.Revealed = true
		if got := v.secret(s); got != s {
			t.Errorf("%q is revealed as %q", s, got)
		}
	}
}

// tabNames counts the tabs in a line of them.
func tabNames(line string) int {
	n := 0
	for tab := range Tab(Count) {
		if strings.Contains(line, tab.Name()) || (tab == Documents && strings.Contains(line, "Docs")) {
			n++
		}
	}
	return n
}

// Figures have their notes beside them, in full, on every page that a terminal can have; so have the facts of a claim.
func TestNothingThatCountsIsCut(t *testing.T) {
	t.Parallel()
	v := view(theme.Options{})
	quoted, withdrawn := full(), full()
	withdrawn.Payoff.Amount = nil
	withdrawn.PayoffRequest = claim.Request{State: claim.Cancelled, At: at(19, 9)}
	quoted.Owner.Address = "3021 Peachtree Road NE Atlanta GA 30305"
	quoted.Adjuster = claim.Person{Name: "Sofia Brandt", Phone: "+17025550112", Email: "sofia.brandt@meridianmutual.example"}
	for w := 46; w < 200; w++ {
		for _, c := range []struct {
			of     claim.Claim
			beside string // on the line of the figure
		}{{quoted, "10,222.33   good to Nov 24 (2 bd)"}, {withdrawn, "-   request cancelled Nov 19"}} {
			body := plain(v.Body(Overview, c.of, w))
			want := c.beside
			if w < figuresWide {
				want = strings.Replace(want, "   ", "  ", 1)
			}
			if !strings.Contains(body, want) && (w >= figuresWide || c.of.Payoff.Amount != nil) {
				t.Fatalf("%q is not whole in %d cells:\n%s", want, w, body)
			}
			if strings.Contains(body, "…") {
				t.Fatalf("something is cut in %d cells:\n%s", w, body)
			}
		}
	}
}

func TestTabs(t *testing.T) {
	t.Parallel()
	v := view(theme.Options{})
	for active := range Tab(Count) {
		for w := 20; w < 120; w++ {
			line := v.Tabs(active, full(), w)
			if n := ansi.StringWidth(line); n > w {
				t.Fatalf("%d cells in %d: %q", n, w, line)
			}
			plain := ansi.Strip(line)
			if !strings.Contains(plain, "["+active.Name()) && (active != Documents || !strings.Contains(plain, "[Docs")) {
				t.Fatalf("the active tab is not in %d cells: %q", w, line)
			}
			if whole := tabNames(plain) == Count; whole == strings.Contains(plain, "…") {
				t.Fatalf("%d cells do not say whether there are more tabs: %q", w, plain)
			}
			if w >= 60 && tabNames(plain) != Count {
				t.Fatalf("a tab is missing in %d cells: %q", w, plain)
			}
		}
	}
	if got := ansi.Strip(v.Tabs(Orders, full(), 100)); !strings.Contains(got, "[Orders 2]") || !strings.Contains(got, "Overview") {
		t.Errorf("the tabs are %q", got)
	}
}

// TestFitsAnyWidth: whatever the texts, no line is wider than the room.
func TestFitsAnyWidth(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	texts := []string{"", "Ally", "株式会社みずほ銀行オートローン", strings.Repeat("long ", 80), strings.Repeat("x", 200), "e\u0301tude 🇩🇪 👩"}
	text := func() string { return texts[rng.IntN(len(texts))] }
	for _, o := range []theme.Options{{}, {ASCII: true}} {
		v := view(o)
		for range 60 {
			c := full()
			c.Number, c.Lender, c.FinanceType, c.Owner.Name, c.Owner.Address = text(), text(), text(), text(), text()
			c.AccountNumber, c.Adjuster.Name, c.VehicleLocation, c.Payoff.ValidThrough = text(), text(), text(), text()
			c.Payoff.Standard = &claim.Remittance{Payee: text(), Street: text(), City: text()}
			for i := range 12 {
				c.Orders = append(c.Orders, claim.Order{ID: fmt.Sprint(i), Type: text(), Status: text(), LastNote: text(), FollowUp: text()})
				c.Documents = append(c.Documents, claim.Document{Type: text(), At: at(1, i), By: text()})
				c.Messages = append(c.Messages, claim.Message{Text: text(), By: text(), Category: text(), At: at(2, i), ActionRequired: i%2 == 0})
				c.Timeline = append(c.Timeline, claim.Event{At: at(3+i, 0), Summary: text()})
			}
			w := 44 + rng.IntN(160) // the narrowest pane is 46 cells
			lines := append(v.Strip(c, w), v.Tabs(Tab(rng.IntN(Count)), c, w))
			for tab := range Tab(Count) {
				lines = append(lines, v.Body(tab, c, w)...)
			}
			for _, line := range lines {
				if n := ansi.StringWidth(line); n > w {
					t.Fatalf("%d cells in %d: %q", n, w, line)
				}
				if strings.Contains(line, "\n") {
					t.Fatalf("two lines in one: %q", line)
				}
			}
		}
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		top, shown, total int
		want              string
	}{{0, 10, 10, ""}, {0, 10, 5, ""}, {0, 10, 25, "1-10 of 25"}, {15, 10, 25, "16-25 of 25"}, {20, 10, 25, "21-25 of 25"}} {
		if got := Position(c.top, c.shown, c.total); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	v, c := view(theme.Options{}), full()
	b.ReportAllocs()
	for b.Loop() {
		v.Strip(c, 120)
		v.Body(Overview, c, 120)
	}
}
