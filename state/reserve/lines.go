package reserve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// SumLabel is what every figure of this package is to be called where it is shown.
const SumLabel = "sum of transactions"

// Line is the sum of the transactions of one exposure, cost type and cost category, in one currency.
type Line struct {
	Exposure     *Exposure // nil: of the whole claim
	Coverages    []Code    // of its transactions, each once; usually one
	CostType     Code
	CostCategory Code
	Currency     string // upper case: "USD"; empty when the service did not say
	Sum          decimal.Decimal
	Waiting      decimal.Decimal // sum of transactions that wait for approval: not in Sum
	Reserves     []string        // ids of the transactions behind Sum and Waiting
	Refused      []string        // ids of the transactions that were refused or withdrawn: in neither
	Unread       int             // amounts that are missing or no number: in neither
}

// String names the line: "(1) 1st Party Vehicle - Ray Newton / Claim Cost / Auto body".
func (l Line) String() string {
	name := "Whole claim"
	if l.Exposure != nil {
		name = cmp.Or(l.Exposure.Name, l.Exposure.ID, "Exposure without a name")
	}
	return name + " / " + cmp.Or(l.CostType.String(), "no cost type") + " / " + cmp.Or(l.CostCategory.String(), "no cost category")
}

// Total is what the lines of one currency come to.
type Total struct {
	Currency     string
	Sum, Waiting decimal.Decimal
	Unread       int
}

// standing is what becomes of a transaction in a sum.
type standing int

const (
	counted standing = iota
	waiting
	refused
)

// The codes that keep a transaction out of the sum. They are the base entries of two typelists that customers
// extend: any other code counts, and is shown by its name.
var (
	waitingStatus   = []string{"draft", "pendingapproval"}
	refusedStatus   = []string{"rejected", "denied", "cancelled", "canceled", "voided"}
	waitingApproval = []string{"unapproved", "pendingapproval"}
	refusedApproval = []string{"rejected", "denied"}
)

// standingOf decides by the status of the transaction and by the approval of the set it came in.
func standingOf(r Reserve, set Set) standing {
	switch {
	case r.Status.is(refusedStatus), set.Approval.is(refusedApproval):
		return refused
	case r.Status.is(waitingStatus), set.Approval.is(waitingApproval):
		return waiting
	}
	return counted
}

// setOf maps the ids of transactions to the sets they came in.
func (b Book) setOf() map[string]Set {
	sets := map[string]Set{}
	for _, s := range b.Sets {
		for _, id := range s.Reserves {
			sets[id] = s
		}
	}
	return sets
}

// lineKey is what makes two transactions change the same reserve.
type lineKey struct{ exposure, costType, costCategory, currency string }

// Lines sums the transactions by exposure, cost type, cost category and currency, in the order in which the lines
// first appear, except that those of the whole claim come last. Only reserving amounts are added: the other amounts of
// a line item are the same money in other currencies. A transaction that is there twice counts once.
func (b Book) Lines() []Line {
	var lines []*Line
	byKey, seen, sets := map[lineKey]*Line{}, map[string]bool{}, b.setOf()
	for _, r := range b.Reserves {
		if r.ID != "" && seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		for currency, items := range r.byCurrency() {
			key := r.key(currency)
			l := byKey[key]
			if l == nil {
				l = &Line{Exposure: r.Exposure, CostType: r.CostType, CostCategory: r.CostCategory, Currency: currency}
				byKey[key] = l
				lines = append(lines, l)
			}
			l.add(r, items, standingOf(r, sets[r.ID]))
		}
	}
	slices.SortStableFunc(lines, func(x, y *Line) int { return cmp.Compare(rank(x), rank(y)) })
	out := make([]Line, len(lines))
	for i, l := range lines {
		out[i] = *l
	}
	return out
}

func rank(l *Line) int {
	if l.Exposure == nil {
		return 1
	}
	return 0
}

func (r Reserve) key(currency string) lineKey {
	k := lineKey{costType: r.CostType.key(), costCategory: r.CostCategory.key(), currency: currency}
	if r.Exposure != nil {
		k.exposure = "exposure " + cmp.Or(r.Exposure.ID, r.Exposure.Name)
	}
	return k
}

func (c Code) key() string { return strings.ToLower(cmp.Or(c.Code, c.Name)) }

// byCurrency yields the items of r by the currency of their reserving amount, in the order of the items. A reserve
// without items yields its own currency with one item that has no amount, so that it is seen to be missing.
func (r Reserve) byCurrency() func(yield func(string, []Item) bool) {
	return func(yield func(string, []Item) bool) {
		items := r.Items
		if len(items) == 0 {
			items = []Item{{}}
		}
		groups, order := map[string][]Item{}, []string(nil)
		for _, item := range items {
			currency := upper(cmp.Or(item.Reserving.Currency, r.Currency.Code))
			if groups[currency] == nil {
				order = append(order, currency)
			}
			groups[currency] = append(groups[currency], item)
		}
		for _, currency := range order {
			if !yield(currency, groups[currency]) {
				return
			}
		}
	}
}

func upper(currency string) string { return strings.ToUpper(strings.TrimSpace(currency)) }

func (l *Line) add(r Reserve, items []Item, s standing) {
	if r.Coverage != (Code{}) && !slices.Contains(l.Coverages, r.Coverage) {
		l.Coverages = append(l.Coverages, r.Coverage)
	}
	if s == refused {
		l.Refused = append(l.Refused, r.ID)
		return
	}
	l.Reserves = append(l.Reserves, r.ID)
	for _, item := range items {
		value, ok := item.Reserving.Value()
		switch {
		case !ok:
			l.Unread++
		case s == waiting:
			l.Waiting = l.Waiting.Add(value)
		default:
			l.Sum = l.Sum.Add(value)
		}
	}
}

// Totals adds lines up by currency, in alphabetical order.
func Totals(lines []Line) []Total {
	var totals []Total
	for _, l := range lines {
		i := slices.IndexFunc(totals, func(t Total) bool { return t.Currency == l.Currency })
		if i < 0 {
			i, totals = len(totals), append(totals, Total{Currency: l.Currency})
		}
		t := &totals[i]
		t.Sum, t.Waiting, t.Unread = t.Sum.Add(l.Sum), t.Waiting.Add(l.Waiting), t.Unread+l.Unread
	}
	slices.SortFunc(totals, func(x, y Total) int { return cmp.Compare(x.Currency, y.Currency) })
	return totals
}
