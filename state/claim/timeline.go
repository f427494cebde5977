package claim

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
)

// The service says one fact up to three times: by the older type, by order-status-changed, and by the request that
// an order stands for. A timeline has it once.

// fact is what an activity says, as far as another activity may say the same.
type fact struct {
	subject  string // "payoff", "guarantee", or an order; empty: nothing else says it
	change   string // an order status
	document string // id; empty: none named
	amount   *decimal.Decimal
}

const (
	aboutPayoff    = "payoff"
	aboutGuarantee = "guarantee"
)

// factOf returns the fact that a states.
func (f *folder) factOf(a *activity.Activity) fact {
	switch d := a.Data.(type) {
	case activity.NewOrder:
		return fact{subject: subject(d.OrderID, f.typeOf(d.OrderID, d.OrderType)), change: activity.StatusPending}
	case activity.CancelledOrder:
		return fact{subject: subject(d.OrderID, f.typeOf(d.OrderID, "")), change: activity.StatusCancelled}
	case activity.FulfilledOrder:
		return fact{
			subject: subject(d.OrderID, f.typeOf(d.OrderID, d.OrderType)), change: activity.StatusFulfilled, document: d.ID,
		}
	case activity.OrderStatus:
		o := d.Updated
		said := fact{subject: subject(o.ID, f.typeOf(o.ID, o.Type)), change: o.Status, document: o.Document.ID}
		if o.Payoff != nil {
			said.amount = o.Payoff.Amount
		}
		return said
	case activity.Guarantee:
		return fact{subject: aboutGuarantee, change: activity.StatusFulfilled, document: d.ID}
	case activity.GuaranteeRequest:
		return fact{subject: aboutGuarantee, change: activity.StatusPending}
	case activity.PayoffData:
		return fact{subject: aboutPayoff, change: activity.StatusFulfilled, document: d.ID, amount: d.Amount}
	}
	switch a.Type {
	case activity.PayoffRequestCreated:
		return fact{subject: aboutPayoff, change: activity.StatusPending}
	case activity.PayoffRequestCancelled:
		return fact{subject: aboutPayoff, change: activity.StatusCancelled}
	case activity.LetterOfGuaranteeRequestCancelled:
		return fact{subject: aboutGuarantee, change: activity.StatusCancelled}
	default:
		return fact{}
	}
}

// subject names what an order stands for.
func subject(orderID, orderType string) string {
	switch {
	case activity.IsPayoffOrder(orderType):
		return aboutPayoff
	case activity.IsGuaranteeOrder(orderType):
		return aboutGuarantee
	case orderID == "":
		return ""
	}
	return "order " + orderID
}

// sameFactWithin is how far apart the service may say one fact twice.
const sameFactWithin = 5 * time.Minute

// maxCompared bounds how many events of one kind an activity is compared with.
const maxCompared = 64

// group is the activities of one fact.
type group struct {
	fact
	acts []*activity.Activity // oldest first
}

// timeline collects groups, oldest first.
type timeline struct {
	groups []*group
	open   map[string][]*group // by subject and change
}

// add puts a into the group that says the same, or starts one. Activities must come oldest first.
func (t *timeline) add(a *activity.Activity, said fact) {
	key := said.subject + "\x00" + said.change
	if said.subject != "" {
		if g := t.match(key, a, said); g != nil {
			g.acts = append(g.acts, a)
			if g.document == "" {
				g.document = said.document
			}
			if g.amount == nil {
				g.amount = said.amount
			}
			return
		}
	}
	g := &group{fact: said, acts: []*activity.Activity{a}}
	t.groups = append(t.groups, g)
	if said.subject != "" {
		if t.open == nil {
			t.open = map[string][]*group{}
		}
		t.open[key] = append(t.open[key], g)
	}
}

// match finds the group that a belongs to: one that shares the document or the amount if possible, otherwise the
// nearest in time that does not contradict.
func (t *timeline) match(key string, a *activity.Activity, said fact) *group {
	var best *group
	bestScore := 0
	groups := t.open[key]
	for _, g := range slices.Backward(groups[max(0, len(groups)-maxCompared):]) {
		if score := g.score(a, said); score > bestScore {
			best, bestScore = g, score
		}
	}
	return best
}

// score says how surely a states the fact of g: 0 for not at all. One type never says a fact twice, so that a
// second part of a payoff is news.
func (g *group) score(a *activity.Activity, said fact) int {
	if slices.ContainsFunc(g.acts, func(b *activity.Activity) bool { return b.Type == a.Type }) {
		return 0
	}
	sameDocument := g.document != "" && g.document == said.document
	if !sameDocument && g.document != "" && said.document != "" {
		return 0
	}
	sameAmount := g.amount != nil && said.amount != nil && g.amount.Equal(*said.amount)
	if !sameAmount && g.amount != nil && said.amount != nil {
		return 0
	}
	near := a.CreatedAt.Sub(g.acts[0].CreatedAt) <= sameFactWithin
	switch {
	case sameDocument:
		return 3
	case !near:
		return 0
	case sameAmount:
		return 2
	}
	return 1
}

// events returns the timeline, newest first.
func (t *timeline) events(orderTypes, documentTypes map[string]string) []Event {
	if len(t.groups) == 0 {
		return nil
	}
	events := make([]Event, 0, len(t.groups))
	for _, g := range slices.Backward(t.groups) {
		best := g.acts[0]
		for _, a := range g.acts[1:] {
			if telling(a) > telling(best) {
				best = a
			}
		}
		e := Event{
			At:      g.acts[0].CreatedAt,
			Type:    best.Type,
			Summary: best.SummaryIn(orderTypes, documentTypes),
			Key:     best.Key,
		}
		for _, a := range g.acts {
			if a != best {
				e.Also = append(e.Also, a.Key)
			}
		}
		events = append(events, e)
	}
	return events
}

// telling weighs how well an activity tells its fact: amounts and estimates first, then the type that carries most.
func telling(a *activity.Activity) int {
	weight := 0
	switch d := a.Data.(type) {
	case activity.OrderStatus:
		weight = 2
		if d.Updated.Document.ID != "" {
			weight++
		}
		if d.Updated.Payoff != nil && d.Updated.Payoff.Amount != nil {
			weight += 2
		}
	case activity.PayoffData:
		if d.Amount != nil {
			weight = 4
		}
	case activity.FulfilledOrder:
		if d.ID != "" {
			weight = 2
		}
	case activity.Guarantee:
		if d.ID != "" {
			weight = 2
		}
	case activity.GuaranteeRequest:
		weight = 5
	case activity.Bare:
		weight = 3
	}
	return weight
}
