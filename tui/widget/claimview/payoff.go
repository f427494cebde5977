package claimview

import (
	"fmt"
	"strings"
	"time"

	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/widget/row"
)

// payoff is the clock of the payoff, where the check goes, and what was paid.
func (p *page) payoff(c claim.Claim) {
	p.clock(c)
	for _, pay := range c.Payments {
		p.Section("Payment recorded " + p.Day(pay.At))
		if pay.Amount != nil {
			p.Fact("Amount", money.Format(*pay.Amount))
		}
		p.Fact("Sent", join(" ", p.Date(pay.SentAt), pay.Via, pay.Tracking))
		p.Fact("To", pay.To)
	}
	p.guarantee(c)
	p.remittances(c)
	if c.Payoff.Amount != nil {
		p.Section("On the check")
		p.Fact("Account number", p.Secret(c.AccountNumber))
		p.Fact("VIN", c.VIN)
		p.Fact("Claim", c.Number)
	}
	p.Gap()
	request := p.offer("payoff.request", "requests a payoff")
	if c.PayoffRequest.State == claim.Pending {
		request = p.offer("payoff.cancel", "cancels the request")
	}
	p.None(join("  ", p.offer("payoff.sent", "records a payment"), request))
}

// arrives is the day on which the check is to be there.
func (p *page) arrives() time.Time {
	if p.view.Arrives.IsZero() {
		return p.Now
	}
	return p.view.Arrives
}

// clock says what closes the loan if the check arrives on a day that the person moves, and what that leaves.
func (p *page) clock(c claim.Claim) {
	if c.Payoff.Amount == nil {
		p.money(c)
		return
	}
	day := p.arrives()
	p.arrival(day)
	due, known := c.PayoffOn(day)
	if !known {
		p.labelled("Payoff", "-", p.Look.Pens.Warn, p.unknownOn(c, day))
	} else {
		note, pen := p.onDay(c, day)
		p.labelled("Payoff", money.FormatExact(due), pen, note)
	}
	if c.Settlement != nil {
		p.labelled("Settlement", money.Format(*c.Settlement), row.Pen{}, "")
		if known {
			p.gapBetween(due.Sub(*c.Settlement))
		}
	}
	p.Gap()
	p.quote(c)
}

// arrival is the line with the day, and the keys that move it.
func (p *page) arrival(day time.Time) {
	kind := "business day"
	pen := row.Pen{}
	if !claim.BusinessDay(day) {
		kind, pen = "no business day: it arrives "+claim.NextBusinessDay(day).Format("Mon Jan 2"), p.Look.Pens.Warn
	}
	when := day.Format("Mon Jan 2")
	if day.Year() != p.Now.Year() {
		when = day.Format("Mon Jan 2, 2006")
	}
	lead := "If the check arrives"
	b := row.Styled([]byte{' '}, p.Look.Pens.Dim, lead, row.Width(lead), "")
	b = append(b, "   "...)
	b = row.Styled(b, p.Look.Pens.Title, when, row.Width(when), "")
	b = append(b, "   "...)
	room := p.W - row.Width(lead) - row.Width(when) - 9
	keys := join("  ", p.offer("claim.earlier", "earlier"), p.offer("claim.later", "later"))
	keys = strings.ReplaceAll(keys, ".", "")
	switch {
	case row.Width(kind) > room:
		p.Add(b)
		p.Para(kind, 1, pen)
	case row.Width(kind)+3+row.Width(keys) > room:
		p.Add(row.Styled(b, pen, kind, row.Width(kind), ""))
	default:
		b = append(row.Styled(b, pen, kind, row.Width(kind), ""), "   "...)
		p.Add(row.Styled(b, p.Look.Pens.Dim, keys, row.Width(keys), ""))
		return
	}
	p.Para(keys, 1, p.Look.Pens.Dim)
}

// onDay says why the payoff is what it is on a day.
func (p *page) onDay(c claim.Claim, day time.Time) (string, row.Pen) {
	left, _ := c.BusinessDaysLeft(day)
	good, err := time.Parse(time.DateOnly, c.Payoff.ValidThrough)
	if err != nil {
		return "", row.Pen{}
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	late := int(at.Sub(good) / (24 * time.Hour))
	switch {
	case late == 0:
		return "the last day of the quote", p.Look.Pens.Warn
	case late < 0 && left == 0:
		return "as quoted, the last business day of the quote", p.Look.Pens.Warn
	case late < 0:
		return "as quoted, " + counted(left, "business day") + " to spare", row.Pen{}
	}
	return fmt.Sprintf("%s past the quote, per diem added", counted(late, "day")), p.Look.Pens.Bad
}

// unknownOn says what is missing to tell the payoff on a day.
func (p *page) unknownOn(c claim.Claim, day time.Time) string {
	switch {
	case c.Payoff.ValidThrough == "":
		return "quoted " + money.Format(*c.Payoff.Amount) + ", without a good-through date"
	case c.Payoff.PerDiem == nil:
		return "past the quote on " + day.Format("Jan 2") + ", and no per diem is known: ask for a new payoff"
	}
	return "the good-through date cannot be read: " + c.Payoff.ValidThrough
}

// quote is what the lender said.
func (p *page) quote(c claim.Claim) {
	note, pen := p.validity(c)
	p.labelled("Quoted", money.FormatExact(*c.Payoff.Amount), pen, note)
	if c.Payoff.PerDiem != nil {
		p.labelled("Per diem", money.FormatExact(*c.Payoff.PerDiem), row.Pen{}, "a day after the quote ends")
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (p *page) guarantee(c claim.Claim) {
	g := c.Guarantee
	note := "not requested"
	switch g.State {
	case claim.Pending:
		note = "requested " + p.Day(g.At)
		if !g.Estimate.IsZero() {
			note += ", expected " + p.Day(g.Estimate)
		} else {
			note += ", no estimate was given"
		}
	case claim.Fulfilled:
		note = "arrived " + p.Day(g.At)
	case claim.Cancelled:
		note = "request cancelled " + p.Day(g.At)
	default:
		note = join(". ", note, p.offer("guarantee.request", "requests it"))
	}
	p.Section("Letter of guarantee")
	p.None(" " + note)
}

// remittances are the addresses for the check, side by side where there is room.
func (p *page) remittances(c claim.Claim) {
	if p.W < 76 || c.Payoff.Standard == nil || c.Payoff.Overnight == nil {
		p.remittance(standardTitle, c.Payoff.Standard)
		p.remittance(overnightTitle, c.Payoff.Overnight)
		return
	}
	col := p.W / 2
	left, right := newPage(p.view, col), newPage(p.view, p.W-col)
	left.remittance(standardTitle, c.Payoff.Standard)
	right.remittance(overnightTitle, c.Payoff.Overnight)
	p.Gap()
	p.Lines = append(p.Lines, Beside(left.Lines, right.Lines, col)...)
}

// What the two addresses are for.
const (
	standardTitle  = "By mail (standard)"
	overnightTitle = "By courier (overnight)"
)

func (p *page) remittance(title string, r *claim.Remittance) {
	if r == nil {
		return
	}
	p.Section(title)
	for _, line := range []string{r.Payee, r.Attn, r.Street, r.Street2, strings.TrimSpace(join(", ", r.City, r.State) + " " + r.ZIP)} {
		if line != "" {
			p.Add(row.Fit([]byte("  "), line, p.W-3, p.Tail()))
		}
	}
}
