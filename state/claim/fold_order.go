package claim

import (
	"cmp"
	"strings"
	"time"

	"claimdeck/state/activity"
)

// learnOrderTypes notes which order has which type.
func (f *folder) learnOrderTypes(a *activity.Activity) {
	learn := func(id, orderType string) {
		if id != "" && orderType != "" {
			f.orderTypes[id] = orderType
		}
	}
	switch d := a.Data.(type) {
	case activity.NewOrder:
		learn(d.OrderID, d.OrderType)
	case activity.OrderAttempt:
		learn(d.OrderID, d.OrderType)
	case activity.FulfilledOrder:
		learn(d.OrderID, d.OrderType)
	case activity.DirectMessage:
		for _, o := range d.Orders {
			learn(o.ID, o.Type)
		}
	case activity.OrderStatus:
		for _, o := range d.Orders {
			learn(o.ID, o.Type)
		}
		learn(d.Updated.ID, d.Updated.Type)
	}
}

// typeOf returns the type of an order: the one that came with it, or the one another activity gave.
func (f *folder) typeOf(id, sent string) string { return cmp.Or(sent, f.orderTypes[id]) }

// orderActivity takes the activities about orders; others are none of its business.
func (f *folder) orderActivity(a *activity.Activity) {
	at := a.CreatedAt
	switch d := a.Data.(type) {
	case activity.NewOrder:
		f.setStatus(activity.OrderState{ID: d.OrderID, Type: d.OrderType, Status: activity.StatusPending}, at, said)
	case activity.CancelledOrder:
		f.setStatus(activity.OrderState{ID: d.OrderID, Status: activity.StatusCancelled}, at, said)
	case activity.FulfilledOrder:
		f.setStatus(activity.OrderState{
			ID: d.OrderID, Type: d.OrderType, Status: activity.StatusFulfilled, Document: d.Document,
		}, at, said)
	case activity.OrderAttempt:
		if o := f.mentioned(d.OrderID, at); o != nil {
			o.Attempts = max(o.Attempts+1, d.Count)
			o.LastNote = d.Message
		}
	case activity.OrderFollowUp:
		if o := f.mentioned(d.OrderID, at); o != nil {
			o.FollowUp = d.Day
		}
	case activity.OrderStatus:
		f.orderStatus(d, at)
	}
}

// orderStatus takes the list of all orders as of that moment, then the one that changed.
func (f *folder) orderStatus(d activity.OrderStatus, at time.Time) {
	for _, wanted := range [...]bool{true, false} { // settled ones first: an open request is what counts
		for _, o := range d.Orders {
			if o.ID != d.Updated.ID && settled(o.Status) == wanted {
				f.listedOrder(o, at)
			}
		}
	}
	f.setStatus(d.Updated, at, said)
	if p := d.Updated.Payoff; p != nil {
		f.listed[d.Updated.ID] = *p
		f.payoffPart(at, *p)
	}
}

// listedOrder takes one order of a list. Its payoff data is news only when it differs from what the order had the
// last time: an old quote is listed again with every later change of any order.
func (f *folder) listedOrder(o activity.OrderState, at time.Time) {
	f.setStatus(o, at, listed)
	if o.Payoff == nil {
		return
	}
	if before, seen := f.listed[o.ID]; !seen || !samePayoff(before, *o.Payoff) {
		f.listed[o.ID] = *o.Payoff
		f.payoffPart(at, *o.Payoff)
	}
}

// order returns the order called id, new and pending if need be; nil without an id.
func (f *folder) order(id string, at time.Time) *Order {
	if id == "" {
		return nil
	}
	o := f.orders[id]
	if o == nil {
		o = &Order{ID: id, Type: f.orderTypes[id], CreatedAt: at, ChangedAt: at, Status: activity.StatusPending}
		f.orders[id] = o
		f.orderIDs = append(f.orderIDs, id)
	}
	return o
}

// mentioned returns an order that something happened to. One that was not known before is pending, which says
// little about the request it stands for.
func (f *folder) mentioned(id string, at time.Time) *Order {
	known := f.orders[id] != nil
	o := f.order(id, at)
	if o == nil || known {
		return o
	}
	if r := f.request(o.Type); r != nil && r.State == NotRequested {
		r.set(Pending, at)
	}
	return o
}

// source is how a status is known.
type source int

const (
	said   source = iota // by an activity about this order
	listed               // by a list of all orders that came with a change of another one
)

// setStatus takes the status and the document of an order. Activities come oldest first, so that the newest fact
// stays; a list does not open an order again that was fulfilled or cancelled, as it may have been taken a moment
// before.
func (f *folder) setStatus(o activity.OrderState, at time.Time, from source) {
	o.Type = f.typeOf(o.ID, o.Type)
	known := f.orders[o.ID]
	f.orderDocument(o, at)
	if known != nil {
		back := from == listed && settled(known.Status) && !settled(o.Status)
		if back || o.Status == "" || o.Status == known.Status {
			return
		}
	}
	if changed := f.order(o.ID, at); changed != nil && o.Status != "" {
		changed.Status, changed.ChangedAt = o.Status, at
	}
	f.requestFollows(o, at)
}

// requestFollows keeps the request that an order stands for in step with it.
func (f *folder) requestFollows(o activity.OrderState, at time.Time) {
	r := f.request(o.Type)
	if r == nil {
		return
	}
	switch o.Status {
	case activity.StatusPending, "":
		r.set(Pending, at)
	case activity.StatusFulfilled:
		r.set(Fulfilled, at)
	case activity.StatusCancelled:
		r.set(Cancelled, at)
	}
}

// request returns the request that orders of a type stand for; nil when they stand for none.
func (f *folder) request(orderType string) *Request {
	switch {
	case activity.IsPayoffOrder(orderType):
		return &f.c.PayoffRequest
	case activity.IsGuaranteeOrder(orderType):
		return &f.c.Guarantee.Request
	}
	return nil
}

// settleOrders settles the pending orders that stand for a request: the older activities about requests name no
// order.
func (f *folder) settleOrders(orderType, status string, at time.Time) {
	for _, id := range f.orderIDs {
		if o := f.orders[id]; strings.EqualFold(o.Type, orderType) && !settled(o.Status) {
			o.Status, o.ChangedAt = status, at
		}
	}
}

// orderDocument takes the document that fulfilled an order.
func (f *folder) orderDocument(o activity.OrderState, at time.Time) {
	d := o.Document
	if d.ID == "" {
		return
	}
	if order := f.order(o.ID, at); order != nil {
		order.DocumentID = d.ID
	}
	switch {
	case activity.IsPayoffOrder(o.Type):
		f.c.Payoff.DocumentID = d.ID
		f.impliedDocument(d, payoffDocument, at, true)
	case activity.IsGuaranteeOrder(o.Type):
		f.c.Guarantee.DocumentID = d.ID
		f.impliedDocument(d, activity.GuaranteeOrder, at, true)
	default:
		f.impliedDocument(d, o.Type, at, true)
	}
}
