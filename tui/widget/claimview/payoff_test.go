package claimview

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/tui/screen"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/row"
)

// drawn is how claims are drawn on a Friday morning.
func drawn() View {
	keys := map[string]string{"claim.later": "+", "claim.earlier": "-", "payoff.sent": "$", "document.add": "a"}
	return View{
		Look: screen.NewLook(theme.New(theme.Options{Dark: true})), Now: time.Date(2026, time.November, 20, 9, 30, 0, 0, time.UTC),
		Hint: func(id string) string { return keys[id] },
	}
}

func dollars(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }

func priced() claim.Claim {
	return claim.Claim{
		ID: "c1", Number: "EX-1", Settlement: dollars("10250.00"),
		Payoff: claim.Payoff{Amount: dollars("10222.33"), PerDiem: dollars("2.305"), ValidThrough: "2026-11-24"},
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days   int
		change func(*claim.Claim)
		want   []string
	}{
		"today":        {0, func(*claim.Claim) {}, []string{"Fri Nov 20   business day   - earlier  + later", "10,222.33   as quoted, 2 business days to spare", "Over by", "27.67   goes to the owner"}},
		"weekend":      {1, func(*claim.Claim) {}, []string{"Sat Nov 21   no business day: it arrives Mon Nov 23", "as quoted"}},
		"last":         {4, func(*claim.Claim) {}, []string{"Tue Nov 24   business day", "the last day of the quote"}},
		"almost":       {3, func(c *claim.Claim) { c.Payoff.ValidThrough = "2026-11-26" }, []string{"Mon Nov 23   business day", "as quoted, 2 business days to spare"}},
		"Thanksgiving": {5, func(c *claim.Claim) { c.Payoff.ValidThrough = "2026-11-26" }, []string{"Wed Nov 25", "as quoted, the last business day of the quote"}},
		"holiday":      {6, func(*claim.Claim) {}, []string{"Thu Nov 26   no business day: it arrives Fri Nov 27", "10,226.94   2 days past the quote, per diem added"}},
		"late":         {17, func(*claim.Claim) {}, []string{"10,252.295   13 days past", "Short by", "2.295   ask about GAP"}},
		"next year": {
			60, func(c *claim.Claim) { c.Payoff.PerDiem = nil },
			[]string{"Tue Jan 19, 2027", "Payoff                 -   past the quote on Jan 19, and no per diem is known"},
		},
		"no date": {0, func(c *claim.Claim) { c.Payoff.ValidThrough = "" }, []string{"quoted 10,222.33, without a good-through date"}},
		"broken":  {0, func(c *claim.Claim) { c.Payoff.ValidThrough = "soon" }, []string{"cannot be read: soon"}},
		"even":    {0, func(c *claim.Claim) { c.Settlement = c.Payoff.Amount }, []string{"payoff and settlement are the same"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of := priced()
			c.change(&of)
			v := drawn()
			v.Arrives = v.Now.AddDate(0, 0, c.days)
			got := ansi.Strip(strings.Join(v.Body(Payoff, of, 100), "\n"))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing:\n%s", want, got)
				}
			}
		})
	}
}

func rich() claim.Claim {
	at := time.Date(2026, time.November, 19, 9, 0, 0, 0, time.UTC)
	c := priced()
	key := activity.KeyOf
	c.Timeline = []claim.Event{{At: at, Summary: "Second", Key: key("e2")}, {At: at.AddDate(0, 0, -1), Summary: "First", Key: key("e1")}}
	c.Orders = []claim.Order{{ID: "o1", Type: "Copy of Title", Status: "pending", LastNote: "Fax is busy", CreatedAt: at}, {ID: "o2", Type: "Payment History", Status: "pending", CreatedAt: at}}
	c.Documents = []claim.Document{{ID: "d1", Type: "valuation report", At: at}, {ID: "d2", At: at, ByLossExpress: true, SentToLender: true}}
	c.Messages = []claim.Message{
		{At: at, ByLossExpress: true, Text: "Odometer?\nPhoto please.", Category: "TITLE", ActionRequired: true, Key: key("m1")},
		{At: at.Add(time.Hour), By: "Dana", Text: "Here it is.", Key: key("m2")},
	}
	return c
}

// Every row of a tab is where Rows says, and the marker stands on the selected one alone.
func TestRows(t *testing.T) {
	t.Parallel()
	for tab, want := range map[Tab][]string{
		Timeline: {EventKey(activity.KeyOf("e2")), EventKey(activity.KeyOf("e1"))}, Orders: {"o2", "o1"}, Documents: {"d2", "d1"},
		Messages: {EventKey(activity.KeyOf("m2")), EventKey(activity.KeyOf("m1"))}, Overview: nil, Payoff: nil,
	} {
		_, rows := drawn().Rows(tab, rich(), 80)
		if len(rows) != len(want) {
			t.Fatalf("%s has %d rows, want %d", tab.Name(), len(rows), len(want))
		}
		for i, r := range rows {
			v := drawn()
			v.Selected = want[i]
			lines, _ := v.Rows(tab, rich(), 80)
			marked := 0
			for y, line := range lines {
				if strings.HasPrefix(line, v.Look.Glyphs.Marker) {
					marked++
					if y != r.From || r.Key != want[i] {
						t.Errorf("%s: the marker of %s is on line %d, its lines are %d to %d", tab.Name(), want[i], y, r.From, r.To)
					}
				}
				if row.Width(ansi.Strip(line)) > 80 {
					t.Errorf("%q is too wide", line)
				}
			}
			if marked != 1 {
				t.Errorf("%s: %d markers", tab.Name(), marked)
			}
		}
	}
}

func TestTabsSayWhatIsNeeded(t *testing.T) {
	t.Parallel()
	docs := ansi.Strip(strings.Join(drawn().Body(Documents, rich(), 120), "\n"))
	for _, want := range []string{"Still needed", "settlement breakdown", "a attaches it", "sent to the lender", "document"} {
		if !strings.Contains(docs, want) {
			t.Errorf("%q is missing:\n%s", want, docs)
		}
	}
	c := rich()
	talk := ansi.Strip(strings.Join(drawn().Body(Messages, c, 90), "\n"))
	if !strings.Contains(talk, "asked for something, answered since") || strings.Contains(talk, "needs an answer") {
		t.Errorf("an answered request:\n%s", talk)
	}
	c.Messages = c.Messages[:1]
	if talk = ansi.Strip(strings.Join(drawn().Body(Messages, c, 90), "\n")); !strings.Contains(talk, "! needs an answer") {
		t.Errorf("an open request:\n%s", talk)
	}
}
