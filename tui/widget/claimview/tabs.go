package claimview

import (
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/widget/row"
)

// timeline is the claim's story, newest first; one fact told by two activities is one line.
func (p *page) timeline(c claim.Claim) {
	if len(c.Timeline) == 0 {
		p.none("Nothing has happened on this claim yet, or its history has not been read.")
		return
	}
	day := ""
	for _, e := range c.Timeline {
		if d := p.day(e.At); d != day {
			p.gap()
			p.add(row.Styled([]byte{' '}, p.look.Pens.Dim, d, p.w-1, p.tail()))
			day = d
		}
		b := row.Styled([]byte("  "), p.look.Pens.Dim, e.At.In(p.Now.Location()).Format("15:04"), 5, "")
		b = append(b, ' ', ' ')
		p.add(row.Fit(b, e.Summary, p.w-10, p.tail()))
	}
}

// orders are all orders with their attempts and notes.
func (p *page) orders(c claim.Claim) {
	if len(c.Orders) == 0 {
		p.none(join(" ", "No orders yet.", p.offer("order.create", "orders documents from the lender")))
		return
	}
	for _, o := range slices.Backward(c.Orders) {
		p.order(o)
		if o.LastNote != "" {
			p.para(o.LastNote, 4, p.look.Pens.Dim)
		}
	}
	p.gap()
	p.none(join("  ", p.offer("order.create", "orders more"), p.offer("order.cancel", "cancels pending orders")))
}

// documents are the claim's documents and what is still missing.
func (p *page) documents(c claim.Claim) {
	if len(c.Documents) == 0 {
		p.none("No documents yet.")
	}
	name := clamp(p.w*2/5, 18, 40)
	for _, d := range slices.Backward(c.Documents) {
		by := d.By
		if d.ByLossExpress {
			by = "LossExpress"
		}
		sent := ""
		if d.SentToLender {
			sent = "sent to the lender"
		}
		b := row.Fit([]byte("  "), fallback(d.Type, "document"), name, p.tail())
		b = append(b, ' ', ' ')
		b = row.Styled(b, p.look.Pens.Dim, p.day(d.At), 7, "")
		p.add(row.Styled(b, p.look.Pens.Dim, join(", ", by, sent), p.w-name-12, p.tail()))
	}
	if missing := c.MissingDocuments(); len(missing) > 0 {
		p.gap()
		p.para("Still needed before a payoff or letter of guarantee request: "+strings.Join(missing, " and ")+".", 1, p.look.Pens.Warn)
	}
}

// payoff is the quote, where the check goes, and what was paid.
func (p *page) payoff(c claim.Claim) {
	p.money(c)
	p.guarantee(c)
	p.remittance("By mail (standard)", c.Payoff.Standard)
	p.remittance("By courier (overnight)", c.Payoff.Overnight)
	if c.Payoff.Amount != nil {
		p.section("On the check")
		p.fact("Account number", p.secret(c.AccountNumber))
		p.fact("VIN", c.VIN)
		p.fact("Claim", c.Number)
	}
	for _, pay := range c.Payments {
		p.section("Payment recorded " + p.day(pay.At))
		if pay.Amount != nil {
			p.fact("Amount", money.Format(*pay.Amount))
		}
		p.fact("Sent", join(" ", p.date(pay.SentAt), pay.Via, pay.Tracking))
		p.fact("To", pay.To)
	}
	p.gap()
	p.none(join("  ", p.offer("payoff.request", "requests a payoff"), p.offer("payoff.cancel", "cancels the request")))
}

func (p *page) guarantee(c claim.Claim) {
	g := c.Guarantee
	note := "not requested"
	switch g.State {
	case claim.Pending:
		note = "requested " + p.day(g.At)
		if !g.Estimate.IsZero() {
			note += ", expected " + p.day(g.Estimate)
		}
	case claim.Fulfilled:
		note = "arrived " + p.day(g.At)
	case claim.Cancelled:
		note = "request cancelled " + p.day(g.At)
	default:
	}
	p.section("Letter of guarantee")
	p.none(" " + note)
}

func (p *page) remittance(title string, r *claim.Remittance) {
	if r == nil {
		return
	}
	p.section(title)
	for _, line := range []string{r.Payee, r.Attn, r.Street, r.Street2, strings.TrimSpace(join(", ", r.City, r.State) + " " + r.ZIP)} {
		if line != "" {
			p.add(row.Fit([]byte("  "), line, p.w-3, p.tail()))
		}
	}
}

// messages is the thread, newest first, with who said it and whether it asks for something.
func (p *page) messages(c claim.Claim) {
	if len(c.Messages) == 0 {
		p.none("No messages yet.")
		return
	}
	for _, m := range slices.Backward(c.Messages) {
		who := fallback(m.By, "you")
		if m.ByLossExpress {
			who = "LossExpress"
		}
		p.gap()
		b := row.Styled([]byte{' '}, p.look.Pens.Title, who, row.Width(who), "")
		b = append(b, ' ', ' ')
		note := join("  ", p.moment(m.At), strings.ToLower(m.Category))
		b = row.Styled(b, p.look.Pens.Dim, note, min(row.Width(note), p.w-row.Width(who)-4), p.tail())
		if m.ActionRequired {
			b = append(b, ' ', ' ')
			b = row.Styled(b, p.look.Pens.Warn, "needs an answer", 15, "")
		}
		p.lines = append(p.lines, row.Cut(string(b), p.w, p.tail()))
		p.para(m.Text, 3, row.Pen{})
	}
}

// Position says where a scrolled body stands: "lines 12-30 of 44".
func Position(top, shown, total int) string {
	if total <= shown {
		return ""
	}
	return fmt.Sprintf("%d-%d of %d", top+1, min(total, top+shown), total)
}
