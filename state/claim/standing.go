package claim

import (
	"fmt"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// The parties that a claim may wait for.
const (
	You       = "you"
	TheLender = "the lender"
)

// The thresholds of a claim's standing.
const (
	payoffSoon   = 3 // business days before a payoff ends
	letterBD     = 5 // business days after which a letter of guarantee without an estimate is late
	manyAttempts = 3 // failed attempts after which an order is stuck
	sendPayment  = "send the payment"
)

// standing is where a claim stands: in a word, and who must do what.
type standing struct{ headline, who, what string }

// Headline says where the claim stands, the most urgent first: "Settlement counter open", "Payoff expires today".
// It is empty when nothing is known. The day is that of now, in its zone.
func (c Claim) Headline(now time.Time) string { return c.standing(now).headline }

// WaitingOn says who must act, and what is to be done: "you", "answer the counter". Both are empty when nobody must.
func (c Claim) WaitingOn(now time.Time) (who, what string) {
	s := c.standing(now)
	return s.who, s.what
}

// standing asks the rules in the order of urgency.
func (c Claim) standing(now time.Time) standing {
	for _, rule := range [...]func(Claim, time.Time) (standing, bool){
		ruleMessage, ruleCounter, ruleExpiry, ruleDocuments, ruleLateLetter, ruleStuckOrder, ruleReady,
		rulePending, rulePaid, ruleQuote, ruleNothingAsked,
	} {
		if s, applies := rule(c, now); applies {
			return s
		}
	}
	return standing{}
}

func ruleMessage(c Claim, _ time.Time) (standing, bool) {
	_, waits := c.Unanswered()
	return standing{"LossExpress needs an answer", You, "answer LossExpress"}, waits
}

func ruleCounter(c Claim, _ time.Time) (standing, bool) {
	_, open := c.OpenCounter()
	return standing{"Settlement counter open", You, "answer the counter"}, open
}

// ruleExpiry speaks up when a quote ends soon or has ended, nothing was paid, and no new quote is on its way.
func ruleExpiry(c Claim, now time.Time) (standing, bool) {
	days, known := c.daysLeft(now)
	if !known || c.Payoff.Amount == nil || len(c.Payments) > 0 || c.PayoffRequest.State == Pending {
		return standing{}, false
	}
	left, _ := c.BusinessDaysLeft(now)
	switch {
	case days < 0:
		return standing{"Payoff expired " + dayWords(c.Payoff.ValidThrough, now), You, "ask for a new payoff, or add the per diem"}, true
	case days == 0:
		return standing{"Payoff expires today", You, sendPayment + " today"}, true
	case days == 1:
		return standing{"Payoff expires tomorrow", You, sendPayment + " today"}, true
	case left <= payoffSoon:
		return standing{"Payoff expires " + dayWords(c.Payoff.ValidThrough, now), You, sendPayment}, true
	}
	return standing{}, false
}

// ruleDocuments needs the whole history: a document that was attached before it began is not missing.
func ruleDocuments(c Claim, _ time.Time) (standing, bool) {
	missing := c.MissingDocuments()
	whole := !c.SnapshotAt.IsZero() || !c.CreatedAt.IsZero()
	asked := c.PayoffRequest.State != NotRequested || c.Guarantee.State != NotRequested || c.Payoff.Amount != nil
	if len(missing) == 0 || !whole || asked || len(c.Payments) > 0 {
		return standing{}, false
	}
	return standing{"Documents missing", You, "attach " + strings.Join(missing, " and ")}, true
}

func ruleLateLetter(c Claim, now time.Time) (standing, bool) {
	g := c.Guarantee
	late := g.State == Pending && !g.At.IsZero()
	if g.Estimate.IsZero() {
		late = late && businessDays(dayOf(g.At.In(now.Location())), dayOf(now)) > letterBD
	} else {
		late = late && now.After(g.Estimate)
	}
	return standing{"Letter of guarantee late", TheLender, "the letter of guarantee"}, late
}

func ruleStuckOrder(c Claim, now time.Time) (standing, bool) {
	today := now.Format(time.DateOnly)
	for _, o := range c.Orders {
		if settled(o.Status) {
			continue
		}
		if o.Attempts >= manyAttempts {
			return standing{fmt.Sprintf("%s: %d failed attempts", orderName(o), o.Attempts), TheLender, orderName(o)}, true
		}
		if o.FollowUp != "" && o.FollowUp < today {
			return standing{orderName(o) + ": follow-up was due " + dayWords(o.FollowUp, now), TheLender, orderName(o)}, true
		}
	}
	return standing{}, false
}

func ruleReady(c Claim, _ time.Time) (standing, bool) {
	ready := c.Payoff.Amount != nil && c.PayoffRequest.State != Pending && c.Guarantee.State == Fulfilled && len(c.Payments) == 0
	return standing{"Ready to pay", You, sendPayment}, ready
}

func rulePending(c Claim, _ time.Time) (standing, bool) {
	var pending []string
	for _, o := range c.Orders {
		if !settled(o.Status) && !activity.IsPayoffOrder(o.Type) && !activity.IsGuaranteeOrder(o.Type) {
			pending = append(pending, orderName(o))
		}
	}
	switch {
	case c.PayoffRequest.State == Pending:
		return standing{"Payoff pending", TheLender, "the payoff"}, true
	case c.Guarantee.State == Pending:
		return standing{"Letter of guarantee pending", TheLender, "the letter of guarantee"}, true
	case len(pending) == 1:
		return standing{pending[0] + " pending", TheLender, pending[0]}, true
	case len(pending) > 1:
		return standing{fmt.Sprintf("%d orders pending", len(pending)), TheLender, strings.Join(pending, ", ")}, true
	}
	return standing{}, false
}

func rulePaid(c Claim, _ time.Time) (standing, bool) {
	return standing{"Payment sent", TheLender, "the title and the lien release"}, len(c.Payments) > 0
}

func ruleQuote(c Claim, now time.Time) (standing, bool) {
	if c.Payoff.Amount == nil {
		return standing{}, false
	}
	headline := "Payoff in hand"
	if c.Payoff.ValidThrough != "" {
		headline += ", good to " + dayWords(c.Payoff.ValidThrough, now)
	}
	return standing{headline, You, "ask for the letter of guarantee, or " + sendPayment}, true
}

// ruleNothingAsked is for a claim that is known and waits for its first request.
func ruleNothingAsked(c Claim, _ time.Time) (standing, bool) {
	if c.ID == "" {
		return standing{}, false
	}
	if c.PayoffRequest.State == Cancelled {
		return standing{"Payoff request cancelled", "", ""}, true
	}
	return standing{"Payoff not requested", You, "request the payoff"}, true
}

// orderName is the type of an order for people.
func orderName(o Order) string {
	if o.Type == "" {
		return "Order"
	}
	return o.Type
}

// dayWords writes a day: "Jan 18", with the year unless it is this one.
func dayWords(ymd string, now time.Time) string {
	t, err := time.Parse(time.DateOnly, ymd)
	switch {
	case err != nil:
		return ymd
	case t.Year() == now.Year():
		return t.Format("Jan 2")
	}
	return t.Format("Jan 2, 2006")
}
