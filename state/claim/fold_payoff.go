package claim

import (
	"time"

	"github.com/shopspring/decimal"

	"claimdeck/state/activity"
)

// The names of documents that come without a type of their own (remote document: document-added).
const (
	payoffDocument  = "Loan Payoff Document"
	counterDocument = "Settlement Dispute (Counter-Offer)"
)

// set moves a request; At is kept while nothing changes.
func (r *Request) set(state RequestState, at time.Time) {
	if r.State != state {
		r.State, r.At = state, at
	}
}

// requestActivity takes the activities about the payoff request and the letter of guarantee.
func (f *folder) requestActivity(a *activity.Activity) {
	at := a.CreatedAt
	switch d := a.Data.(type) {
	case activity.Guarantee:
		f.c.Guarantee.set(Fulfilled, at)
		f.settleOrders(activity.GuaranteeOrder, activity.StatusFulfilled, at)
		if d.ID != "" {
			f.c.Guarantee.DocumentID = d.ID
			f.impliedDocument(d.Document, activity.GuaranteeOrder, at, true)
		}
		return
	case activity.GuaranteeRequest:
		f.c.Guarantee.set(Pending, at)
		f.c.Guarantee.Estimate = d.Estimate
		return
	}
	switch a.Type {
	case activity.PayoffRequestCreated:
		f.c.PayoffRequest.set(Pending, at)
	case activity.PayoffRequestCancelled:
		f.c.PayoffRequest.set(Cancelled, at)
		f.settleOrders(activity.PayoffOrder, activity.StatusCancelled, at)
	case activity.LetterOfGuaranteeRequestCancelled:
		f.c.Guarantee.set(Cancelled, at)
		f.settleOrders(activity.GuaranteeOrder, activity.StatusCancelled, at)
	default:
	}
}

// payoffData takes a payoff-data-added: an amount fulfils the request, a later part of it does not.
func (f *folder) payoffData(at time.Time, d activity.PayoffData) {
	f.payoffPart(at, d)
	if d.Amount != nil {
		f.c.PayoffRequest.set(Fulfilled, at)
		f.settleOrders(activity.PayoffOrder, activity.StatusFulfilled, at)
	}
}

// payoffPart merges what was sent into what is known, field by field; an address is taken whole, so that a street
// of one answer never meets the city of another.
func (f *folder) payoffPart(at time.Time, d activity.PayoffData) {
	p := &f.c.Payoff
	if d.Amount != nil {
		p.Amount = d.Amount
	}
	if d.PerDiem != nil {
		p.PerDiem = d.PerDiem
	}
	if d.ValidThrough != "" {
		p.ValidThrough = d.ValidThrough
	}
	if d.Standard != nil {
		p.Standard = (*Remittance)(d.Standard)
	}
	if d.Overnight != nil {
		p.Overnight = (*Remittance)(d.Overnight)
	}
	if d.ID != "" {
		p.DocumentID = d.ID
		f.impliedDocument(d.Document, payoffDocument, at, true)
	}
	if at.After(p.At) {
		p.At = at
	}
}

// snapshotPayoff takes the payoff of a claim object, which is all of it at that time.
func (f *folder) snapshotPayoff(s *Snapshot) {
	if !s.Payoff.Known() {
		return
	}
	f.payoffPart(s.PayoffAt, s.Payoff)
	// What happened to the request after the quote still holds.
	if s.Payoff.Amount != nil && !f.c.PayoffRequest.At.After(s.PayoffAt) {
		f.c.PayoffRequest.set(Fulfilled, s.PayoffAt)
	}
}

// snapshotLetter takes the request of a claim object. It has no state, so that without a letter it says only that
// there is or was a request.
func (f *folder) snapshotLetter(s *Snapshot) {
	g := &f.c.Guarantee
	if !s.Letter.Requested {
		return
	}
	at := firstTime(s.Letter.At, s.At)
	if s.Letter.Document.ID == "" {
		if g.State == NotRequested {
			g.set(Pending, at)
		}
		return
	}
	if !g.At.After(at) {
		g.set(Fulfilled, at)
	}
	g.DocumentID = s.Letter.Document.ID
	f.impliedDocument(s.Letter.Document, activity.GuaranteeOrder, at, true)
}

// samePayoff reports whether two parts say the same.
func samePayoff(a, b activity.PayoffData) bool {
	return sameAmount(a.Amount, b.Amount) && sameAmount(a.PerDiem, b.PerDiem) && a.ValidThrough == b.ValidThrough &&
		sameAddress(a.Standard, b.Standard) && sameAddress(a.Overnight, b.Overnight) && a.ID == b.ID
}

func sameAmount(a, b *decimal.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func sameAddress(a, b *activity.Address) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
