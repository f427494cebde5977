package claimview

import (
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/claim"
	"claimdeck/tui/widget/row"
)

// timeline is the claim's story, newest first; one fact told by two activities is one line.
func (p *page) timeline(c claim.Claim) {
	if len(c.Timeline) == 0 {
		p.None("Nothing has happened on this claim yet, or its history has not been read.")
		return
	}
	day := ""
	for _, e := range c.Timeline {
		if d := p.Day(e.At); d != day {
			p.Gap()
			p.Add(row.Styled([]byte{' '}, p.Look.Pens.Dim, d, p.W-1, p.Tail()))
			day = d
		}
		p.begin(EventKey(e.Key))
		b := row.Styled([]byte("  "), p.Look.Pens.Dim, e.At.In(p.Now.Location()).Format("15:04"), 5, "")
		b = append(b, ' ', ' ')
		p.Add(row.Fit(b, e.Summary, p.W-10, p.Tail()))
		p.end()
	}
}

// orders are all orders with their attempts and notes.
func (p *page) orders(c claim.Claim) {
	if len(c.Orders) == 0 {
		p.None(join(" ", "No orders yet.", p.offer("order.create", "orders documents from the lender")))
		return
	}
	for _, o := range slices.Backward(c.Orders) {
		p.begin(o.ID)
		p.order(o)
		if o.LastNote != "" {
			p.Para(o.LastNote, 4, p.Look.Pens.Dim)
		}
		p.end()
	}
	cancel := ""
	if slices.ContainsFunc(c.Orders, func(o claim.Order) bool { return o.Status == "pending" }) {
		cancel = p.offer("order.cancel", "cancels pending orders")
	}
	p.Gap()
	p.None(join("  ", p.offer("order.create", "orders more"), cancel))
}

// documents are the claim's documents and what is still missing.
func (p *page) documents(c claim.Claim) {
	if missing := c.MissingDocuments(); len(missing) > 0 {
		p.Para("Still needed before a payoff or letter of guarantee request: "+strings.Join(missing, " and ")+". "+
			p.offer("document.add", "attaches it"), 1, p.Look.Pens.Warn)
		p.Gap()
	}
	if len(c.Documents) == 0 {
		p.None(join(" ", "No documents yet.", p.offer("document.add", "attaches one")))
	}
	name := clamp(p.W*2/5, 18, 40)
	for _, d := range slices.Backward(c.Documents) {
		by := d.By
		if d.ByLossExpress {
			by = "LossExpress"
		}
		sent := ""
		if d.SentToLender {
			sent = "sent to the lender"
		}
		p.begin(d.ID)
		b := row.Fit([]byte("  "), DocumentName(d), name, p.Tail())
		b = append(b, ' ', ' ')
		day := p.Day(d.At)
		b = row.Styled(b, p.Look.Pens.Dim, day, row.Width(day), "")
		b = append(b, ' ', ' ')
		p.Add(row.Styled(b, p.Look.Pens.Dim, join(", ", by, sent), p.W-name-row.Width(day)-7, p.Tail()))
		p.end()
	}
	if len(c.Documents) > 0 {
		p.Gap()
		p.None(join("  ", p.offer("claim.documents", "opens the selected one"), p.offer("document.add", "attaches another")))
	}
}

// DocumentName is what people call a document: its type, as far as that is known.
func DocumentName(d claim.Document) string { return fallback(d.Type, "document") }

// messages is the thread, newest first, with who said it and whether it asks for something.
func (p *page) messages(c claim.Claim) {
	if len(c.Messages) == 0 {
		p.None(join(" ", "No messages yet.", p.offer("message.send", "writes to LossExpress")))
		return
	}
	open, waits := c.Unanswered()
	for _, m := range slices.Backward(c.Messages) {
		p.Gap()
		p.begin(EventKey(m.Key))
		p.messageHead(m, waits && m.Key == open.Key)
		p.Para(m.Text, 4, row.Pen{})
		p.end()
	}
	p.Gap()
	p.None(p.offer("message.send", "answers"))
}

// messageHead says who wrote, when, about what, and whether it still waits for an answer.
func (p *page) messageHead(m claim.Message, waits bool) {
	who := fallback(m.By, "you")
	if m.ByLossExpress {
		who = "LossExpress"
	}
	b := row.Styled([]byte("  "), p.Look.Pens.Title, who, row.Width(who), "")
	when := p.Moment(m.At)
	b = row.Styled(append(b, ' ', ' '), p.Look.Pens.Dim, when, row.Width(when), "")
	flag, pen := "", p.Look.Pens.Dim
	switch { // it counts for more than the category, which is cut where there is no room for both
	case waits:
		flag, pen = p.Look.Glyphs.Attention+" needs an answer", p.Look.Pens.Warn
	case m.ActionRequired:
		flag = "asked for something, answered since"
	}
	if flag != "" {
		b = row.Styled(append(b, ' ', ' '), pen, flag, row.Width(flag), "")
	}
	if category := strings.ToLower(m.Category); category != "" {
		b = row.Styled(append(b, ' ', ' '), p.Look.Pens.Dim, category, row.Width(category), "")
	}
	p.Lines = append(p.Lines, row.Cut(string(b), p.W, p.Tail()))
}

// Position says where a scrolled body stands: "lines 12-30 of 44".
func Position(top, shown, total int) string {
	if total <= shown {
		return ""
	}
	return fmt.Sprintf("%d-%d of %d", top+1, min(total, top+shown), total)
}
