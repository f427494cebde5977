package claimview

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/widget/row"
)

// wide is from how many cells on the overview stands in two columns.
const wide = 100

// overview is what a specialist needs to answer a call: the money, the orders, what is missing, who waits.
func (p *page) overview(c claim.Claim) {
	if p.W < wide {
		p.money(c)
		p.waiting(c)
		p.requests(c)
		p.latest(c)
		p.particulars(c)
		return
	}
	col := max(figuresWide, p.W*48/100-1)
	left, right := newPage(p.view, col), newPage(p.view, p.W-col)
	left.money(c)
	left.waiting(c)
	left.latest(c)
	right.requests(c)
	right.particulars(c)
	p.Lines = append(p.Lines, Beside(left.Lines, right.Lines, col)...)
}

// money is the settlement against the payoff.
func (p *page) money(c claim.Claim) {
	pens := p.Look.Pens
	if c.Settlement != nil {
		note := ""
		if c.Deductible != nil {
			note = "deductible " + money.Format(*c.Deductible)
		}
		p.labelled("Settlement", money.Format(*c.Settlement), row.Pen{}, note)
	}
	if c.Payoff.Amount == nil {
		p.labelled("Payoff", "-", pens.Dim, p.payoffState(c))
		return
	}
	note, pen := p.validity(c)
	p.labelled("Payoff", money.Format(*c.Payoff.Amount), pen, note)
	if c.Payoff.PerDiem != nil {
		p.labelled("Per diem", money.FormatExact(*c.Payoff.PerDiem), row.Pen{}, "")
	}
	if gap, ok := c.Shortfall(); ok {
		p.gapBetween(gap)
	}
}

// gapBetween is payoff minus settlement: what is short, or what is left for the owner.
func (p *page) gapBetween(gap decimal.Decimal) {
	switch {
	case gap.IsPositive():
		p.labelled("Short by", money.FormatExact(gap), p.Look.Pens.Warn, "ask about GAP")
	case gap.IsNegative():
		p.labelled("Over by", money.FormatExact(gap.Neg()), row.Pen{}, "goes to the owner")
	default:
		p.labelled("Short by", money.Format(gap), row.Pen{}, "payoff and settlement are the same")
	}
}

// validity says until when the payoff holds, in business days.
func (p *page) validity(c claim.Claim) (string, row.Pen) {
	if c.Payoff.ValidThrough == "" {
		return "no good-through date", row.Pen{}
	}
	days, ok := c.BusinessDaysLeft(p.Now)
	if !ok {
		return "good to " + p.Date(c.Payoff.ValidThrough), row.Pen{}
	}
	switch {
	case days < 0:
		return "expired " + p.Date(c.Payoff.ValidThrough), p.Look.Pens.Bad
	case days == 0:
		return "expires today", p.Look.Pens.Bad
	case days <= 3:
		return fmt.Sprintf("good to %s (%d bd)", p.Date(c.Payoff.ValidThrough), days), p.Look.Pens.Warn
	}
	return fmt.Sprintf("good to %s (%d bd)", p.Date(c.Payoff.ValidThrough), days), row.Pen{}
}

func (p *page) payoffState(c claim.Claim) string {
	switch c.PayoffRequest.State {
	case claim.Pending:
		return "requested " + p.Day(c.PayoffRequest.At)
	case claim.Cancelled:
		return "request cancelled " + p.Day(c.PayoffRequest.At)
	case claim.Fulfilled:
		return "answered without an amount"
	default:
	}
	if missing := c.MissingDocuments(); len(missing) > 0 {
		return "needs " + strings.Join(missing, " and ")
	}
	return join(" ", "not requested yet", p.paren(p.key("payoff.request")))
}

func (p *page) paren(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// requests are the orders in short: those that wait first, then the newest.
func (p *page) requests(c claim.Claim) {
	p.Section("Orders")
	if len(c.Orders) == 0 {
		p.None(join(" ", "None yet.", p.offer("order.create", "orders documents")))
		return
	}
	shown := 0
	for _, pending := range []bool{true, false} {
		for _, o := range slices.Backward(c.Orders) {
			if (o.Status == "pending") == pending && shown < 6 {
				p.order(o)
				shown++
			}
		}
	}
	if more := len(c.Orders) - shown; more > 0 {
		p.None(fmt.Sprintf("  and %d more", more))
	}
}

func (p *page) offer(action, does string) string {
	if k := p.key(action); k != "" {
		return k + " " + does + "."
	}
	return ""
}

func (p *page) order(o claim.Order) {
	pen := row.Pen{}
	switch o.Status {
	case "fulfilled":
		pen = p.Look.Pens.Good
	case "cancelled":
		pen = p.Look.Pens.Dim
	}
	name := clamp(p.W*2/5, 20, 24)
	b := row.Fit([]byte("  "), o.Type, name, p.Tail())
	b = append(b, ' ')
	b = row.Styled(b, pen, o.Status, 10, p.Tail())
	note := p.orderNote(o)
	if room := p.W - name - 15; row.Width(note) > room { // it stands below where it would be cut
		p.Add(b)
		p.Para(note, 4, p.Look.Pens.Dim)
		return
	}
	b = append(b, ' ')
	p.Add(row.Styled(b, p.Look.Pens.Dim, note, row.Width(note), ""))
}

func (p *page) orderNote(o claim.Order) string {
	switch {
	case o.Status == "pending" && o.FollowUp != "":
		return join(", ", tries(o), "follow-up "+p.Date(o.FollowUp))
	case o.Status == "pending":
		return fallback(tries(o), "since "+p.Day(o.CreatedAt))
	case o.ChangedAt.IsZero():
		return ""
	}
	return p.Day(o.ChangedAt)
}

func tries(o claim.Order) string {
	switch o.Attempts {
	case 0:
		return ""
	case 1:
		return "1 try"
	}
	return fmt.Sprintf("%d tries", o.Attempts)
}

// waiting says who must move, and what is missing.
func (p *page) waiting(c claim.Claim) {
	p.Gap()
	who, what := c.WaitingOn(p.Now)
	if who == "" {
		return
	}
	pen := row.Pen{}
	if who == "you" {
		pen = p.Look.Pens.Warn
	}
	lead := row.Styled([]byte{' '}, p.Look.Pens.Title, "Waiting on", waitingLabel, p.Tail())
	for _, line := range row.Wrap(join(": ", who, what), p.W-waitingLabel-2) {
		p.Add(row.Styled(lead, pen, line, row.Width(line), ""))
		lead = row.Pad(nil, waitingLabel+1)
	}
	if counter, ok := c.OpenCounter(); ok {
		p.Para(join(" ", "Counter of "+p.Day(counter.At)+":", counter.Description), 2, row.Pen{})
		p.None(" " + join(" ", p.offer("counter.answer", "accepts or disputes it")))
	}
	if missing := c.MissingDocuments(); len(missing) > 0 {
		p.Para("Before a payoff or letter of guarantee can be requested: "+strings.Join(missing, " and ")+".", 2, p.Look.Pens.Dim)
	}
}

// waitingLabel is the room of the words in front of who must move.
const waitingLabel = 12

// latestEvents is how much of the story the overview tells.
const latestEvents = 6

// latest is the newest part of the story.
func (p *page) latest(c claim.Claim) {
	if len(c.Timeline) == 0 {
		return
	}
	p.Section("Latest")
	for _, e := range c.Timeline[:min(latestEvents, len(c.Timeline))] {
		when := p.Moment(e.At)
		b := row.Styled([]byte("  "), p.Look.Pens.Dim, when, row.Width(when), "")
		b = append(b, ' ', ' ')
		p.Add(row.Fit(b, e.Summary, p.W-row.Width(when)-5, p.Tail()))
	}
}

// particulars are the facts of the claim that people ask for on the phone.
func (p *page) particulars(c claim.Claim) {
	p.Section("Claim")
	p.Fact("Account number", p.Secret(c.AccountNumber))
	p.Fact("Date of loss", p.Date(c.DateOfLoss))
	if c.Odometer != nil {
		p.Fact("Odometer", strings.TrimSuffix(money.Format(*c.Odometer), ".00"))
	}
	if c.OwnerRetained != nil && *c.OwnerRetained {
		p.Fact("Owner retained", "yes: settlement less salvage, lender must agree")
	}
	p.Whole("Owner's address", c.Owner.Address)
	p.Whole("Adjuster", join(", ", c.Adjuster.Name, p.Secret(c.Adjuster.Phone), c.Adjuster.Email))
	p.Whole("Title goes to", c.TitleRemittance)
	p.Whole("Vehicle at", c.VehicleLocation)
	if !c.CreatedAt.IsZero() {
		p.Fact("Created", p.Moment(c.CreatedAt))
	}
	if !c.LastActivity.IsZero() {
		p.Fact("Last activity", p.Moment(c.LastActivity))
	}
}
