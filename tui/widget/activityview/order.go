package activityview

import (
	"slices"
	"strconv"

	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/money"
	"claimdeck/tui/widget/row"
)

// order names an order.
func (p *page) order(id, orderType string) {
	p.Fact("Order", orderType)
	p.Whole("Order id", id)
}

func (p *page) attempt(d activity.OrderAttempt) {
	p.order(d.OrderID, d.OrderType)
	if d.Count > 0 {
		p.Fact("Tries so far", strconv.Itoa(d.Count))
	}
	p.block("What the lender said", d.Message)
}

// status is one order that changed, and all orders as they were then.
func (p *page) status(d activity.OrderStatus) {
	p.Section("The order that changed")
	p.order(d.Updated.ID, d.Updated.Type)
	p.Fact("Status", d.Updated.Status)
	p.document(d.Updated.Document)
	if d.Updated.Payoff != nil {
		p.Section("What it brought")
		p.payoff(*d.Updated.Payoff)
	}
	if len(d.Orders) > 0 {
		p.Section("All orders of the claim at that moment")
		p.orders(d.Orders)
	}
}

// orders is a table of type, status and what came of each.
func (p *page) orders(orders []activity.OrderState) {
	name := max(12, min(26, p.W*2/5))
	for _, o := range orders {
		pen := row.Pen{}
		switch o.Status {
		case activity.StatusFulfilled:
			pen = p.Look.Pens.Good
		case activity.StatusCancelled:
			pen = p.Look.Pens.Dim
		}
		note := ""
		switch {
		case o.Payoff != nil && o.Payoff.Amount != nil:
			note = "payoff " + money.Format(*o.Payoff.Amount)
		case o.Document.ID != "":
			note = "document " + o.Document.ID
		}
		b := row.Fit([]byte("  "), fallback(o.Type, "order "+o.ID), name, p.Tail())
		b = append(b, ' ')
		b = row.Styled(b, pen, o.Status, 10, p.Tail())
		b = append(b, ' ')
		b = row.Styled(b, p.Look.Pens.Dim, note, p.W-name-14, p.Tail())
		p.Lines = append(p.Lines, row.Cut(string(b), p.W, p.Tail()))
	}
}

// Order tells the story of one order: how it stands, and every activity of it, newest first. Others among acts are left
// out.
func (v View) Order(o claim.Order, acts []activity.Activity, w int) []string {
	p := v.page(w)
	p.Para(join(", ", fallback(o.Type, "Order"), o.Status), 1, p.Look.Pens.Title)
	p.Gap()
	if !o.CreatedAt.IsZero() {
		p.Fact("Ordered", p.Moment(o.CreatedAt))
	}
	if !o.ChangedAt.IsZero() && !o.ChangedAt.Equal(o.CreatedAt) {
		p.Fact("Changed", p.Moment(o.ChangedAt))
	}
	if o.Attempts > 0 {
		p.Fact("Tries so far", strconv.Itoa(o.Attempts))
	}
	p.Fact("Next follow-up", p.Date(o.FollowUp))
	p.Whole("Document id", o.DocumentID)
	p.Whole("Order id", o.ID)
	p.Section("Its story")
	for _, a := range slices.Backward(inOrder(acts)) {
		if About(a, o.ID) {
			p.event(a, o)
		}
	}
	return p.Lines
}

// event is one activity of an order with the words and figures it brought.
func (p *page) event(a activity.Activity, o claim.Order) {
	words := a.SummaryIn(map[string]string{o.ID: o.Type}, nil)
	attempt, tried := a.Data.(activity.OrderAttempt)
	if tried {
		words = join(" ", "Try", count(attempt.Count), "failed")
	}
	when := p.Moment(a.CreatedAt)
	b := row.Styled([]byte("  "), p.Look.Pens.Dim, when, row.Width(when), "")
	b = append(b, ' ', ' ')
	p.Add(row.Fit(b, words, p.W-row.Width(when)-5, p.Tail()))
	if tried {
		p.Para(attempt.Message, 4+row.Width(when), p.Look.Pens.Dim)
	}
	if d, ok := a.Data.(activity.OrderStatus); ok && d.Updated.Payoff != nil {
		p.brought(*d.Updated.Payoff)
	}
}

func count(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (p *page) brought(d activity.PayoffData) {
	inner := &page{p.Sheet}
	before := len(inner.Lines)
	inner.payoff(d)
	p.Lines = append(p.Lines[:before:before], indent(inner.Lines[before:])...)
	p.Gap()
}

func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = "   " + line
		}
	}
	return out
}

func inOrder(acts []activity.Activity) []activity.Activity {
	return slices.SortedStableFunc(slices.Values(acts), func(a, b activity.Activity) int {
		return a.CreatedAt.Compare(b.CreatedAt)
	})
}

// About reports whether a is about the order with an id.
func About(a activity.Activity, id string) bool {
	switch d := a.Data.(type) {
	case activity.NewOrder:
		return d.OrderID == id
	case activity.CancelledOrder:
		return d.OrderID == id
	case activity.FulfilledOrder:
		return d.OrderID == id
	case activity.OrderAttempt:
		return d.OrderID == id
	case activity.OrderFollowUp:
		return d.OrderID == id
	case activity.OrderStatus:
		return d.Updated.ID == id
	default:
		return false
	}
}
