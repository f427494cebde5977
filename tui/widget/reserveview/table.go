package reserveview

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"claimdeck/state/money"
	"claimdeck/state/reserve"
	"claimdeck/tui/widget/claimview"
	"claimdeck/tui/widget/row"
)

const (
	// besideFrom is the page from which the reserve sets stand beside the sums.
	besideFrom = 116
	// widest is how far the figures stand from their names at most: further apart they are not read together.
	widest = 68
)

// table is the sums by currency, and the reserve sets below or beside them.
func (p *page) table(b reserve.Book) {
	lines, approvals := b.Lines(), b.Approvals()
	if p.W < besideFrom {
		p.sums(lines)
		p.sets(approvals)
		return
	}
	left := p.view.page(widest)
	left.sums(lines)
	right := p.view.page(p.W - widest - 3)
	right.sets(approvals)
	p.Gap()
	p.Lines = append(p.Lines, claimview.Beside(left.Lines, right.Lines, widest+3)...)
}

// sums are the lines of each currency with their total.
func (p *page) sums(lines []reserve.Line) {
	totals := reserve.Totals(lines)
	slices.SortStableFunc(totals, func(x, y reserve.Total) int { return cmp.Compare(rank(x.Currency), rank(y.Currency)) })
	for _, total := range totals {
		of := slices.DeleteFunc(slices.Clone(lines), func(l reserve.Line) bool { return l.Currency != total.Currency })
		p.currency(of, total)
	}
}

// rank puts dollars first: the payoff is in them.
func rank(currency string) int {
	if currency == "USD" {
		return 0
	}
	return 1
}

// currency is the lines of one currency: amounts of several are never under each other.
func (p *page) currency(lines []reserve.Line, total reserve.Total) {
	t := column{page: p, w: min(p.W-2, widest-2)}
	for _, l := range lines {
		t.fit(l.Sum, l.Waiting)
	}
	t.fit(total.Sum, total.Waiting)
	p.Gap()
	t.heading("Reserves in "+currencyName(total.Currency), reserve.SumLabel)
	exposure := ""
	for i, l := range lines {
		if name := exposureOf(l); i == 0 || name != exposure {
			p.Add(row.Fit([]byte{' '}, name, min(row.Width(name), p.W-2), p.Tail()))
			exposure = name
		}
		t.line(l)
	}
	t.figure(row.Pen{}, 1, "Total", total.Sum)
	t.rest(3, total.Waiting, total.Unread, 0)
}

// line is the sum of one cost type and category, and what is not in it.
func (t *column) line(l reserve.Line) {
	name := cmp.Or(l.CostType.String(), "no cost type") + " / " + cmp.Or(l.CostCategory.String(), "no cost category")
	note := ""
	if reserve.DefaultRule().Vehicle(l) {
		note = "vehicle"
	}
	t.noted(3, name, note, l.Sum)
	t.rest(5, l.Waiting, l.Unread, len(l.Refused))
}

// rest is what a sum does not have in it.
func (t *column) rest(indent int, waiting decimal.Decimal, unread, refused int) {
	if !waiting.IsZero() {
		t.figure(t.Look.Pens.Warn, indent, "waits for approval", waiting)
	}
	if unread > 0 {
		t.Para(counted(unread, "amount")+" could not be read", indent, t.Look.Pens.Warn)
	}
	if refused > 0 {
		t.Para(counted(refused, "transaction")+" refused, not counted", indent, t.Look.Pens.Dim)
	}
}

func exposureOf(l reserve.Line) string {
	if l.Exposure == nil {
		return "Whole claim"
	}
	return cmp.Or(l.Exposure.Name, l.Exposure.ID, "Exposure without a name")
}

// column is a column of figures of one currency, their decimal points under each other.
type column struct {
	*page
	w        int // of the page up to the end of the figures
	decimals int // of the figure that has most
}

func (t *column) fit(amounts ...decimal.Decimal) {
	for _, d := range amounts {
		t.decimals = max(t.decimals, decimals(money.FormatExact(d)))
	}
}

func decimals(s string) int {
	_, behind, _ := strings.Cut(s, ".")
	return len(behind)
}

// aligned is a figure with its decimal point where those of the column are.
func (t *column) aligned(d decimal.Decimal) string {
	s := money.FormatExact(d)
	return s + strings.Repeat(" ", t.decimals-decimals(s))
}

func (t *column) heading(left, right string) {
	l := row.Styled([]byte{' '}, t.Look.Pens.Title, left, min(row.Width(left), t.w), t.Tail())
	if gap := t.w - row.Width(left) - row.Width(right); gap >= 2 {
		l = row.Styled(row.Pad(l, gap), t.Look.Pens.Dim, right, row.Width(right), "")
		t.Add(l)
		return
	}
	t.Add(l)
	t.Para(right, 1, t.Look.Pens.Dim)
}

// figure is a line of name and amount.
func (t *column) figure(pen row.Pen, indent int, name string, d decimal.Decimal) {
	amount := t.aligned(d)
	room := max(1, t.w+1-indent-row.Width(amount)-2)
	b := row.Styled(row.Pad(nil, indent), pen, name, room, t.Tail())
	b = append(b, ' ', ' ')
	t.Add(row.Styled(b, pen, amount, row.Width(amount), ""))
}

// noted is figure with a dim word behind the name, where there is room for it.
func (t *column) noted(indent int, name, note string, d decimal.Decimal) {
	amount := t.aligned(d)
	room := max(1, t.w+1-indent-row.Width(amount)-2)
	if note == "" || row.Width(name)+row.Width(note)+3 > room {
		t.figure(row.Pen{}, indent, name, d)
		return
	}
	b := append(row.Pad(nil, indent), name...)
	note = t.Look.Glyphs.Dot + " " + note
	b = row.Styled(append(b, ' '), t.Look.Pens.Dim, note, room-row.Width(name)-1, "")
	b = append(b, ' ', ' ')
	t.Add(append(b, amount...))
}

// sets are the reserve sets: what waits first, then the newest.
func (p *page) sets(approvals []reserve.Approval) {
	if len(approvals) == 0 {
		return
	}
	p.Section("Reserve sets")
	var status, day, count int // the widest of each
	for _, a := range approvals {
		status = min(statusWide, max(status, row.Width(statusOf(a))))
		day = max(day, row.Width(p.dayOf(a)))
		count = max(count, row.Width(counted(a.Reserves, "reserve")))
	}
	for _, a := range approvals {
		mark, pen := p.Look.Glyphs.Good, p.Look.Pens.Good
		switch {
		case a.Waits:
			mark, pen = p.Look.Glyphs.Attention, p.Look.Pens.Warn
		case a.Refused, a.Status.String() == "":
			mark, pen = p.Look.Glyphs.Dot, p.Look.Pens.Dim
		}
		b := append(row.Styled([]byte{' '}, pen, mark, 1, ""), ' ')
		b = append(row.Styled(b, pen, statusOf(a), status, p.Tail()), ' ', ' ')
		b = append(row.Fit(b, p.dayOf(a), day, ""), ' ', ' ')
		b = append(row.Fit(b, counted(a.Reserves, "reserve"), count, ""), ' ', ' ')
		who, room := a.RequestedBy, p.W-status-day-count-10
		if both := join("  ", who, a.SetID); row.Width(both) <= room || who == "" {
			who = both
		}
		b = row.Styled(b, p.Look.Pens.Dim, who, max(0, min(row.Width(who), room)), p.Tail())
		p.Lines = append(p.Lines, row.Cut(string(b), p.W, p.Tail()))
	}
}

// statusWide is how much of an approval's status is shown: it is of the customer's own list.
const statusWide = 18

func statusOf(a reserve.Approval) string { return cmp.Or(a.Status.String(), "not told") }

// dayOf is the day of an approval; empty when there was none.
func (p *page) dayOf(a reserve.Approval) string {
	if a.At.IsZero() {
		return ""
	}
	return p.Day(a.At)
}
