package claimview

import (
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/widget/row"
)

// wide is from how many cells on the overview stands in two columns.
const wide = 100

// overview is what a specialist needs to answer a call: the money, the orders, what is missing, who waits.
func (p *page) overview(c claim.Claim) {
	if p.w < wide {
		p.money(c)
		p.waiting(c)
		p.requests(c)
		p.latest(c)
		p.particulars(c)
		return
	}
	col := p.w*48/100 - 1
	left, right := newPage(p.View, col), newPage(p.View, p.w-col)
	left.money(c)
	left.waiting(c)
	left.latest(c)
	right.requests(c)
	right.particulars(c)
	p.lines = append(p.lines, Beside(left.lines, right.lines, col)...)
}

// money is the settlement against the payoff.
func (p *page) money(c claim.Claim) {
	pens := p.look.Pens
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
		switch {
		case gap.IsPositive():
			p.labelled("Short by", money.Format(gap), pens.Warn, "ask about GAP")
		case gap.IsNegative():
			p.labelled("Over by", money.Format(gap.Neg()), row.Pen{}, "goes to the owner")
		}
	}
}

// validity says until when the payoff holds, in business days.
func (p *page) validity(c claim.Claim) (string, row.Pen) {
	if c.Payoff.ValidThrough == "" {
		return "no good-through date", row.Pen{}
	}
	days, ok := c.BusinessDaysLeft(p.Now)
	if !ok {
		return "good to " + p.date(c.Payoff.ValidThrough), row.Pen{}
	}
	switch {
	case days < 0:
		return "expired " + p.date(c.Payoff.ValidThrough), p.look.Pens.Bad
	case days == 0:
		return "expires today", p.look.Pens.Bad
	case days <= 3:
		return fmt.Sprintf("good to %s (%d bd)", p.date(c.Payoff.ValidThrough), days), p.look.Pens.Warn
	}
	return fmt.Sprintf("good to %s (%d bd)", p.date(c.Payoff.ValidThrough), days), row.Pen{}
}

func (p *page) payoffState(c claim.Claim) string {
	switch c.PayoffRequest.State {
	case claim.Pending:
		return "requested " + p.day(c.PayoffRequest.At)
	case claim.Cancelled:
		return "request cancelled " + p.day(c.PayoffRequest.At)
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
	p.section("Orders")
	if len(c.Orders) == 0 {
		p.none(join(" ", "None yet.", p.offer("order.create", "orders documents")))
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
		p.none(fmt.Sprintf("  and %d more", more))
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
		pen = p.look.Pens.Good
	case "cancelled":
		pen = p.look.Pens.Dim
	}
	name := clamp(p.w*2/5, 18, 24)
	b := row.Fit([]byte("  "), o.Type, name, p.tail())
	b = append(b, ' ')
	b = row.Styled(b, pen, o.Status, 10, p.tail())
	b = append(b, ' ')
	p.add(row.Styled(b, p.look.Pens.Dim, p.orderNote(o), p.w-name-15, p.tail()))
}

func (p *page) orderNote(o claim.Order) string {
	switch {
	case o.Status == "pending" && o.FollowUp != "":
		return join(", ", tries(o), "follow-up "+p.date(o.FollowUp))
	case o.Status == "pending":
		return fallback(tries(o), "since "+p.day(o.CreatedAt))
	case o.ChangedAt.IsZero():
		return ""
	}
	return p.day(o.ChangedAt)
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
	p.gap()
	who, what := c.WaitingOn(p.Now)
	if who == "" {
		return
	}
	pen := row.Pen{}
	if who == "you" {
		pen = p.look.Pens.Warn
	}
	b := row.Styled([]byte{' '}, p.look.Pens.Title, "Waiting on", 12, p.tail())
	p.add(row.Styled(b, pen, join(": ", who, what), p.w-14, p.tail()))
	if counter, ok := c.OpenCounter(); ok {
		p.para(join(" ", "Counter of "+p.day(counter.At)+":", counter.Description), 2, row.Pen{})
		p.none(" " + join(" ", p.offer("counter.answer", "accepts or disputes it")))
	}
	if missing := c.MissingDocuments(); len(missing) > 0 {
		p.para("Before a payoff or letter of guarantee can be requested: "+strings.Join(missing, " and ")+".", 2, p.look.Pens.Dim)
	}
}

// latestEvents is how much of the story the overview tells.
const latestEvents = 6

// latest is the newest part of the story.
func (p *page) latest(c claim.Claim) {
	if len(c.Timeline) == 0 {
		return
	}
	p.section("Latest")
	for _, e := range c.Timeline[:min(latestEvents, len(c.Timeline))] {
		when := p.moment(e.At)
		b := row.Styled([]byte("  "), p.look.Pens.Dim, when, row.Width(when), "")
		b = append(b, ' ', ' ')
		p.add(row.Fit(b, e.Summary, p.w-row.Width(when)-5, p.tail()))
	}
}

// particulars are the facts of the claim that people ask for on the phone.
func (p *page) particulars(c claim.Claim) {
	p.section("Claim")
	p.fact("Account number", p.secret(c.AccountNumber))
	p.fact("Date of loss", p.date(c.DateOfLoss))
	if c.Odometer != nil {
		p.fact("Odometer", strings.TrimSuffix(money.Format(*c.Odometer), ".00"))
	}
	if c.OwnerRetained != nil && *c.OwnerRetained {
		p.fact("Owner retained", "yes: settlement less salvage, lender must agree")
	}
	p.fact("Owner's address", c.Owner.Address)
	p.fact("Adjuster", join(", ", c.Adjuster.Name, p.secret(c.Adjuster.Phone), c.Adjuster.Email))
	p.fact("Title goes to", c.TitleRemittance)
	p.fact("Vehicle at", c.VehicleLocation)
	if !c.CreatedAt.IsZero() {
		p.fact("Created", p.moment(c.CreatedAt))
	}
	if !c.LastActivity.IsZero() {
		p.fact("Last activity", p.moment(c.LastActivity))
	}
}
