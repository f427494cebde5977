package reserve

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/claim"
	"claimdeck/state/money"
)

// dollars is the currency of everything that LossExpress says.
const dollars = "USD"

// Rule says which lines are vehicle damage: those whose cost type and whose cost category are both listed, by code or
// by name, whatever the case. Everything else (medical, rental, towing, expenses) is shown apart and never compared
// with a payoff. Typelists are the customer's own, so the lists are configuration.
type Rule struct {
	CostTypes      []string
	CostCategories []string
}

// DefaultRule takes a cost type of Claim Cost with a cost category of Auto body, as in the documented sample, or one
// that is named after the vehicle or its total loss.
func DefaultRule() Rule {
	return Rule{
		CostTypes:      []string{"claimcost", "Claim Cost"},
		CostCategories: []string{"body", "Auto body", "vehicle", "vehicle damage", "total loss"},
	}
}

// Vehicle reports whether a line is vehicle damage.
func (r Rule) Vehicle(l Line) bool {
	return l.CostType.is(r.CostTypes) && l.CostCategory.is(r.CostCategories)
}

// Level is how much a finding matters.
type Level int

// The levels, from the least.
const (
	Fine Level = iota // enough is set aside
	Note              // worth knowing
	Warn              // act before a payment
)

// String names the level.
func (l Level) String() string {
	return [...]string{"fine", "note", "warning"}[min(max(l, Fine), Warn)]
}

// Finding is one sentence about the reserves.
type Finding struct {
	Level Level
	Text  string
}

// Comparison holds the vehicle reserve against what the claim will cost. All amounts are US dollars and sums of
// transactions; nil is not known.
type Comparison struct {
	On         time.Time        // the day on which the payoff is reckoned
	Comparable bool             // there is a vehicle reserve, and a payoff or a settlement
	Reserve    *decimal.Decimal // of the vehicle lines in dollars; nil when there are none
	Settlement *decimal.Decimal
	Payoff     *decimal.Decimal // on that day, with the per diem
	Estimated  bool             // the payoff has per diem in it
	Vehicle    []Line           // the lines that were compared
	Apart      []Line           // all other lines, of every currency
	Findings   []Finding        // the most urgent first; never empty
}

// Level is that of the most urgent finding.
func (c Comparison) Level() Level {
	level := Fine
	for _, f := range c.Findings {
		level = max(level, f.Level)
	}
	return level
}

// Compare holds the reserves of a claim against its settlement and its payoff on the day of on (in its zone). The
// payoff is reckoned as claim.PayoffOn does: the quoted amount, and the per diem for every day after its last day.
func Compare(b Book, c claim.Claim, on time.Time, rule Rule) Comparison {
	out := Comparison{On: on, Settlement: c.Settlement}
	if payoff, ok := c.PayoffOn(on); ok {
		out.Payoff, out.Estimated = &payoff, c.Payoff.Amount != nil && !payoff.Equal(*c.Payoff.Amount)
	}
	lines := b.Lines()
	for _, l := range lines {
		if rule.Vehicle(l) && l.Currency == dollars {
			out.Vehicle = append(out.Vehicle, l)
			continue
		}
		out.Apart = append(out.Apart, l)
	}
	if len(out.Vehicle) > 0 {
		sum := Totals(out.Vehicle)[0].Sum
		out.Reserve = &sum
	}
	out.Comparable = out.Reserve != nil && (out.Payoff != nil || out.Settlement != nil)
	if out.Comparable {
		out.weigh()
	} else {
		out.say(Note, "%s", out.why(rule, lines))
	}
	out.remark(c)
	out.foreign(rule)
	slices.SortStableFunc(out.Findings, func(x, y Finding) int { return int(y.Level - x.Level) })
	return out
}

func (c *Comparison) say(l Level, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{l, fmt.Sprintf(format, args...)})
}

// why says why nothing can be compared.
func (c *Comparison) why(rule Rule, lines []Line) string {
	if c.Reserve == nil {
		for _, l := range lines {
			if rule.Vehicle(l) {
				return fmt.Sprintf("The vehicle reserve is in %s, the payoff in USD: nothing can be compared.", orUnknown(l.Currency))
			}
		}
		if len(lines) == 0 {
			return "The claim has no reserves: nothing can be compared."
		}
		return "None of the reserves is for vehicle damage: nothing can be compared."
	}
	return "Neither payoff nor settlement is known yet: nothing can be compared."
}

func orUnknown(currency string) string {
	if currency == "" {
		return "an unknown currency"
	}
	return currency
}

// weigh compares settlement and payoff with the reserve. The carrier owes the settlement. A payoff above it is the
// owner's or a GAP waiver's to pay, so a payoff that exceeds a reserve which covers the settlement is only a note.
func (c *Comparison) weigh() {
	short := false
	if c.Settlement != nil {
		short = c.against("settlement", *c.Settlement, Warn)
	}
	if c.Payoff == nil {
		return
	}
	level := Warn
	if c.Settlement != nil && !short && c.Payoff.GreaterThan(*c.Settlement) {
		level = Note
	}
	what := "payoff"
	if c.Estimated {
		what = "payoff estimated for " + c.On.Format(time.DateOnly)
	}
	if c.against(what, *c.Payoff, level) && level == Note {
		c.say(Note, "The payoff exceeds the settlement of %s by %s, which the owner or a GAP waiver pays.",
			money.Format(*c.Settlement), money.Format(c.Payoff.Sub(*c.Settlement)))
	}
}

// against compares one amount with the reserve, and reports whether it exceeds it.
func (c *Comparison) against(what string, amount decimal.Decimal, level Level) bool {
	f := weighed(what, amount, *c.Reserve, level)
	c.Findings = append(c.Findings, f)
	return amount.GreaterThan(*c.Reserve)
}

func weighed(what string, amount, held decimal.Decimal, level Level) Finding {
	a, h := money.FormatExact(amount), money.FormatExact(held)
	switch left := held.Sub(amount); {
	case left.IsNegative():
		return Finding{level, fmt.Sprintf("The %s of %s exceeds the vehicle reserve of %s by %s.", what, a, h, money.FormatExact(left.Neg()))}
	case left.IsZero():
		return Finding{Fine, fmt.Sprintf("The vehicle reserve of %s is exactly the %s.", h, what)}
	default:
		return Finding{Fine, fmt.Sprintf("The vehicle reserve of %s covers the %s of %s; %s is left.", h, what, a, money.FormatExact(left))}
	}
}

// remark adds what makes the figures less certain than they look.
func (c *Comparison) remark(cl claim.Claim) {
	for _, t := range Totals(c.Vehicle) {
		if !t.Waiting.IsZero() {
			c.say(Note, "%s more for the vehicle waits for approval and is not counted.", money.FormatExact(t.Waiting))
		}
		if t.Unread > 0 {
			c.say(Warn, "The vehicle reserve is not complete: %s could not be read. Look at the reserves in ClaimCenter.", count(t.Unread, "amount"))
		}
		if t.Sum.IsNegative() {
			c.say(Warn, "The vehicle reserve is negative (%s): look at the reserves in ClaimCenter.", money.FormatExact(t.Sum))
		}
	}
	if c.Reserve != nil && len(cl.Payments) > 0 {
		c.say(Note, "A payment was sent already: the %s does not subtract payments.", SumLabel)
	}
	if c.Payoff == nil && cl.Payoff.Amount != nil {
		c.say(Note, "What the payoff of %s comes to on %s is not known: its last day or its per diem is missing.",
			money.FormatExact(*cl.Payoff.Amount), c.On.Format(time.DateOnly))
	}
}

// foreign mentions vehicle reserves that were left out for their currency.
func (c *Comparison) foreign(rule Rule) {
	if c.Reserve == nil {
		return // why has said it
	}
	for _, t := range Totals(slices.DeleteFunc(slices.Clone(c.Apart), func(l Line) bool { return !rule.Vehicle(l) })) {
		c.say(Note, "A vehicle reserve of %s in %s is not compared: the payoff is in %s.",
			money.FormatExact(t.Sum), orUnknown(t.Currency), dollars)
	}
}

// Payment says, before a payment of an amount in dollars, whether the vehicle reserve covers it. Without a vehicle
// reserve in dollars it is false: then there is nothing to say.
func (c Comparison) Payment(amount decimal.Decimal) (Finding, bool) {
	if c.Reserve == nil {
		return Finding{}, false
	}
	return weighed("payment", amount, *c.Reserve, Warn), true
}
