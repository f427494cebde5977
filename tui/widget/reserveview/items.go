package reserveview

import (
	"cmp"
	"strings"

	"claimdeck/state/money"
	"claimdeck/state/reserve"
	"claimdeck/tui/widget/row"
)

// Items are all reserve transactions with their line items, as they were read last.
func (v View) Items(b reserve.Book, w int) []string {
	p := v.page(w)
	p.Para("ClaimCenter "+b.ClaimID+", read "+p.Moment(b.At)+". A reserve is a change: the reserve of a line is the sum of its transactions.", 1, p.Look.Pens.Dim)
	sets := map[string]reserve.Approval{}
	byID := map[string]reserve.Approval{}
	for _, a := range b.Approvals() {
		byID[a.SetID] = a
	}
	for _, s := range b.Sets {
		for _, id := range s.Reserves {
			sets[id] = byID[s.ID]
		}
	}
	for _, l := range b.Lines() {
		p.Gap()
		p.Para(l.String(), 1, p.Look.Pens.Title)
		p.None(" " + join(", ", coverages(l), money.FormatExact(l.Sum)+" "+currencyName(l.Currency)+" is the "+reserve.SumLabel))
		for _, id := range append(append([]string(nil), l.Reserves...), l.Refused...) {
			if r, ok := b.Reserve(id); ok {
				p.transaction(r, sets[id], l.Currency)
			}
		}
	}
	if len(b.Reserves) == 0 {
		p.Gap()
		p.None("The claim has no reserves.")
	}
	return p.Lines
}

func coverages(l reserve.Line) string {
	names := make([]string, len(l.Coverages))
	for i, c := range l.Coverages {
		names[i] = c.String()
	}
	return strings.Join(names, ", ")
}

// transaction is one reserve: its status, the set it came in, and its items in one currency.
func (p *page) transaction(r reserve.Reserve, set reserve.Approval, currency string) {
	p.Gap()
	b := row.Styled([]byte("   "), p.Look.Pens.Title, r.ID, min(row.Width(r.ID), p.W-4), p.Tail())
	note := cmp.Or(r.Status.String(), "no status")
	if set.SetID != "" {
		note += ", set " + set.SetID + " " + strings.ToLower(statusOf(set))
		if !set.At.IsZero() {
			note += " " + p.Day(set.At)
		}
	}
	if room := p.W - 5 - row.Width(r.ID); row.Width(note) <= room {
		p.Add(row.Styled(append(b, ' ', ' '), p.Look.Pens.Dim, note, row.Width(note), ""))
	} else {
		p.Add(b)
		p.Para(note, 5, p.Look.Pens.Dim)
	}
	items := 0
	for _, i := range r.Items {
		if of := strings.ToUpper(strings.TrimSpace(cmp.Or(i.Reserving.Currency, r.Currency.Code))); of == currency {
			p.item(i, currency)
			items++
		}
	}
	if items == 0 {
		p.Para("no line items were told", 5, p.Look.Pens.Warn)
	}
}

// The columns of a line item: its amount, then its currency, then what it is for, with the comments below that where the
// page is wide enough.
const (
	amountWide = 14
	commentsAt = 5 + amountWide + 1 + 3 + 2
	narrow     = 64
)

func (p *page) item(i reserve.Item, currency string) {
	amount, number := exact(i.Reserving)
	b := []byte("     ")
	if !number {
		b = row.Styled(b, p.Look.Pens.Warn, amount, row.Width(amount), "")
	} else {
		b = row.Right(b, amount, max(amountWide, row.Width(amount)), "")
	}
	b = append(b, ' ')
	b = row.Styled(b, p.Look.Pens.Dim, currency, max(3, row.Width(currency)), "")
	b = append(append(b, ' ', ' '), i.Category.String()...)
	p.Lines = append(p.Lines, row.Cut(string(b), p.W, p.Tail()))
	indent := commentsAt
	if p.W < narrow {
		indent = 7
	}
	if other := others(i); other != "" {
		p.Para(other, indent, p.Look.Pens.Dim)
	}
	if i.Comments != "" {
		p.Para(i.Comments, indent, row.Pen{})
	}
}

// exact is an amount for people, or as it came where it is no number.
func exact(a reserve.Amount) (text string, number bool) {
	d, ok := a.Value()
	if !ok {
		return cmp.Or(a.Text, "no amount"), false
	}
	return money.FormatExact(d), true
}

// others are the amounts of a line item that are not what its reserving amount says: the same money in other currencies.
func others(i reserve.Item) string {
	var parts []string
	for _, o := range []struct {
		what string
		a    reserve.Amount
	}{{"transaction", i.Transaction}, {"claim", i.Claim}, {"reporting", i.Reporting}} {
		if o.a != (reserve.Amount{}) && o.a != i.Reserving {
			text, _ := exact(o.a)
			parts = append(parts, join(" ", o.what, text, strings.ToUpper(o.a.Currency)))
		}
	}
	return strings.Join(parts, ", ")
}
